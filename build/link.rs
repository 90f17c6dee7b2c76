//! How the program is linked: what a process waits for before it begins, and what lies where.

use std::env;
use std::ffi::OsStr;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

/// On Linux the program is linked to a fixed address: a position-independent one writes 160
/// pages of addresses before it begins, a quarter of the time of a process that does nothing.
/// Where the linker can, it is linked to its libraries for good too: finding and binding three
/// of them takes as long again.
pub fn flags(out: &Path) {
    #[allow(clippy::disallowed_methods, reason = "cargo speaks to build scripts so")]
    let of_target =
        |name: &str| env::var(format!("CARGO_CFG_TARGET_{name}")).unwrap_or_default();
    if of_target("OS") != "linux" || of_target("ENV") != "gnu" {
        return;
    }
    let mut flags = vec!["-no-pie".to_owned()];
    if links_statically(out) {
        flags.push(format!("-L{}", out.join("static").display()));
        flags.push("-static".to_owned());
    }
    let mut tried = vec![vec![WRITTEN_AT_ONCE.to_owned()], vec![NOT_ALIGNED.to_owned()]];
    tried.push(UNREGISTERED.map(|name| format!("-Wl,--defsym={name}=0")).to_vec());
    tried.push(vec![side_by_side(out)]);
    for together in tried {
        let before = flags.len();
        flags.extend(together);
        if !links_with(out, &flags) {
            flags.truncate(before);
        }
    }
    flags.iter().for_each(|flag| println!("cargo:rustc-link-arg-bins={flag}"));
}

/// Lets what a query calls lie side by side, the constants of all first: 4.3 MB of 20 that begin where
/// the kernel can map 2 MiB at once, where the program lies in its cache in pieces of that size
/// ([`WRITTEN_AT_ONCE`], `large_pieces` of `src/main.rs`), and else maps 64 KiB around each place that
/// is touched. Of 190 faults of a search 65 were for these.
///
/// What runs before `main` asks for such pieces lies by itself behind all other code: the kernel reads
/// what is around a page that it has not, 4 MiB on either side where a disk is set so, in single pages,
/// and where it has one of those it no longer reads a large piece.
///
/// Names that the program does not have are no harm, nor is it if it has none of them.
fn side_by_side(out: &Path) -> String {
    let names = fs::read_to_string("data/hot.txt").expect("part of the project");
    let named = || names.lines().filter(|line| !line.starts_with('#'));
    let (objects, functions): (Vec<&str>, Vec<&str>) =
        named().partition(|name| name.contains(".a:"));
    // Objects of libraries have no section for each function, and are for several processors, each in
    // a section that is called by it: one of them runs.
    let mut script = format!("SECTIONS {{ .text.start : ALIGN(0x1000) {{\n{STARTS}\n");
    let processors = ["evex* .text.avx512*", "", "avx*", "*"];
    for processor in processors {
        for name in &objects {
            let sections = match processor {
                "" => ".text .rodata .rodata.*".to_owned(),
                of => format!(".text.{of}"),
            };
            writeln!(script, "{name}({sections})").expect("memory");
        }
    }
    script.push_str("} } INSERT AFTER .text;\n");
    // The dictionary, of which a search touches a dozen places, has a name of its own.
    script.push_str("SECTIONS { .text.first : ALIGN(0x200000) {\n");
    writeln!(script, "{CONSTANTS}").expect("memory");
    for name in functions {
        // What the compiler takes for cold too: a list that grows. And where it jumps to.
        writeln!(script, "*(.text.{name} .text.unlikely.{name} .rodata.{name})")
            .expect("memory");
    }
    // Beside the linker's own script, not in its place.
    script.push_str("} } INSERT BEFORE .rodata;\n");
    let path = out.join("hot.ld");
    fs::write(&path, script).expect("the folder is ours");
    format!("-T{}", path.display())
}

/// What runs before `main` asks for large pieces, but for the objects of the C library in `data/hot.txt`.
const STARTS: &str = "*crt1.o(.text)\n\
    *(.text.main .text.*large_pieces* .text.*ARGV_INIT_ARRAY*)\n*libc.a:getauxval.o(.text)";

/// What has no name that lasts.
const CONSTANTS: &str = "*(.rodata..Lanon.* .rodata._RNv* .rodata.cst* .rodata.str1.*)\n\
    *zstd_decompress*(.rodata .rodata.*)\n*huf_decompress*(.text)\n*libm*.a:*_data.o(.rodata .rodata.*)";

/// What a statically linked program calls before it begins and at its end, if it is there, to say where
/// the tables for unwinding are. They are found without, by the headers of the program; from version
/// 13 on, GCC's reads all of them, and any reads the first page, which is among the constants.
const UNREGISTERED: [&str; 2] = ["__register_frame_info", "__deregister_frame_info"];

/// A program that was written in one piece lies in the kernel's cache in large pieces, one that
/// was written page by page, which is what lld does where it maps its output, in pages: then
/// each page that a process touches costs it several times as much, a sixth of a search in all.
/// The flag says the opposite of what it does (lld 22: without it the output is mapped, as it is
/// with `--no-mmap-output-file`); where that is mended, it does nothing.
const WRITTEN_AT_ONCE: &str = "-Wl,--mmap-output-file";

/// Where what is 2 MiB in the file is 2 MiB in memory too, as it is from lld's own address on, the
/// kernel maps such a piece whole: that saves a fiftieth of a search, and counts as 6 MB of memory
/// that the process has. A copy of the program is mapped in smaller pieces at any address.
const NOT_ALIGNED: &str = "-Wl,--image-base=0x210000";

/// True where the linker that Rust uses takes these flags: lld does, others some.
fn links_with(out: &Path, flags: &[String]) -> bool {
    #[allow(clippy::disallowed_methods, reason = "cargo speaks to build scripts so")]
    let of_cargo = |name: &str| env::var(name).unwrap_or_default();
    let folder = out.join("written");
    let (source, program) = (folder.join("probe.rs"), folder.join("probe"));
    let mut rustc = Command::new(of_cargo("RUSTC"));
    let own = of_cargo("CARGO_ENCODED_RUSTFLAGS");
    rustc.args(own.split('\x1f').filter(|flag| !flag.is_empty()));
    let linker = of_cargo("RUSTC_LINKER");
    if !linker.is_empty() {
        rustc.arg(format!("-Clinker={linker}"));
    }
    rustc.args(["--target", &of_cargo("TARGET")]);
    rustc.args(flags.iter().map(|flag| format!("-Clink-arg={flag}")));
    rustc.arg("-o").arg(&program).arg(&source);
    fs::create_dir_all(&folder).is_ok()
        && fs::write(&source, "fn main() {}\n").is_ok()
        && rustc.output().is_ok_and(|ran| ran.status.success())
        && (of_cargo("HOST") != of_cargo("TARGET")
            || Command::new(&program).status().is_ok_and(|ran| ran.success()))
}

/// True where a program can be linked to static libraries and runs: not with every C compiler,
/// and not for another machine, where nothing is tried.
fn links_statically(out: &Path) -> bool {
    #[allow(clippy::disallowed_methods, reason = "cargo speaks to build scripts so")]
    let of_cargo = |name: &str| env::var(name).unwrap_or_default();
    if of_cargo("HOST") != of_cargo("TARGET") {
        return false;
    }
    let folder = out.join("static");
    let (source, program) = (folder.join("probe.c"), folder.join("probe"));
    let linker = of_cargo("RUSTC_LINKER");
    let linker = if linker.is_empty() { "cc" } else { &linker };
    let run = |arguments: &[&OsStr]| -> Option<String> {
        let ran = Command::new(linker).args(arguments).output().ok()?;
        ran.status.success().then(|| String::from_utf8_lossy(&ran.stdout).trim().into())
    };
    // Rust asks for libraries that may be shared, by name. What is found first under that name
    // hands on to the static one; that of the compiler is called otherwise.
    let redirect = || -> Option<()> {
        fs::create_dir_all(&folder).ok()?;
        fs::write(&source, "int main(void) { return 0; }\n").ok()?;
        fs::write(folder.join("libgcc_s.a"), "INPUT(-lgcc_eh)\n").ok()?;
        for name in ["c", "m", "pthread", "dl", "rt", "util"] {
            let file = format!("lib{name}.a");
            let found = run(&[format!("-print-file-name={file}").as_ref()])?;
            let found = Path::new(&found);
            if !found.is_absolute() {
                return None;
            }
            let text = format!("INPUT({})\n", found.display());
            fs::write(folder.join(file), text).ok()?;
        }
        let before = ["-static", "-no-pie", "-L"].map(OsStr::new);
        let files =
            [folder.as_os_str(), "-o".as_ref(), program.as_ref(), source.as_ref()];
        let after = ["-Wl,-Bdynamic", "-lgcc_s", "-lm", "-lc"].map(OsStr::new);
        run(&[&before[..], &files, &after].concat())?;
        Command::new(&program).status().ok()?.success().then_some(())
    };
    redirect().is_some()
}
