//! Folders that jian shares with others: several roots, an index folder that is somebody else's,
//! names that a terminal would obey.

use std::fs;

use crate::env::Env;

#[test]
fn files_of_others_beside_an_index_stay() {
    let env = Env::new();
    env.note("a.md", "# 斑马\n");
    let theirs = ["g7/x.md", "letter.new", ".tmp_notes", "current.txt"];
    for file in theirs {
        let file = env.path("theirs").join(file);
        fs::create_dir_all(file.parent().expect("below")).expect("it is ours");
        fs::write(file, "precious").expect("it is ours");
    }
    let ran = env.run(&["--index", "theirs", "index", "notes"]);
    assert!(ran.code == 2 && ran.stderr.contains("it holds other files"), "{ran:?}");
    assert!(ran.stderr.contains("--index"), "the hint names a place: {ran:?}");
    assert!(!env.path("theirs/CACHEDIR.TAG").exists(), "backups still take it");
    // What is about the folder does not count.
    fs::create_dir(env.path("ours")).expect("it is ours");
    for name in ["README.md", ".gitignore"] {
        fs::write(env.path("ours").join(name), "*").expect("it is ours");
    }
    env.done(&["--index", "ours", "index", "notes"]);
    // The place that the hint names, and files that came later.
    env.done(&["--index", "theirs/index", "index", "notes"]);
    for file in ["index/g3/x.md", "index/letter.new", "index/.tmp_notes"] {
        let file = env.path("theirs").join(file);
        fs::create_dir_all(file.parent().expect("below")).expect("it is ours");
        fs::write(file, "precious").expect("it is ours");
    }
    env.note("a.md", "# 斑马 zebra\n");
    env.done(&["--index", "theirs/index", "index", "notes", "--rebuild"]);
    for file in
        theirs.iter().chain(&["index/g3/x.md", "index/letter.new", "index/.tmp_notes"])
    {
        assert!(env.path("theirs").join(file).is_file(), "{file}");
    }
}

#[test]
fn a_file_that_another_root_ignores_is_not_shown_for_its_namesake() {
    let env = Env::new();
    env.note("r0/.gitignore", "secret.md\n");
    env.note("r0/secret.md", "# 口令 zero\n\nhunter2\n");
    env.note("r1/secret.md", "# 公开 one\n\n谁都能看\n");
    env.done(&["index", "notes/r0", "notes/r1"]);
    assert_eq!(env.run(&["query", "hunter2"]).code, 1);
    let ran = env.done(&["show", "secret.md:1"]);
    assert!(ran.stdout.contains("谁都能看"), "{ran:?}");
    assert!(!ran.stdout.contains("hunter2"), "{ran:?}");
}

#[test]
fn a_root_within_a_root_changes_nothing_of_what_the_tag_says() {
    let env = Env::new();
    env.note("a.md", "# 一\n");
    env.note("sub/b.md", "# 二\n");
    env.note("sub/CACHEDIR.TAG", "Signature: 8a477f597d28d172789f06886806bc55\n");
    for path in ["sub/CACHEDIR.TAG", "sub/b.md", "sub", "a.md", "."] {
        // What changed in the last two seconds is never taken for what it was.
        let old = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(9);
        let file = fs::File::open(env.path("notes").join(path)).expect("it is ours");
        file.set_modified(old).expect("it is ours");
    }
    let first = env.done(&["index", "notes", "notes/sub"]);
    assert!(first.stderr.contains("jian: 2 notes"), "{first:?}");
    let again = env.done(&["index", "notes", "notes/sub"]);
    assert!(again.stderr.contains("jian: 2 notes"), "{again:?}");
}

#[test]
fn words_for_the_dictionary_are_no_note() {
    let env = Env::new();
    env.note("dict.txt", "缓存雪崩\n");
    env.note("a/dict.txt", "一篇叫这个名字的笔记：缓存雪崩\n");
    env.done(&["index", "notes"]);
    let ran = env.done(&["query", "-l", "缓存雪崩"]);
    assert_eq!(ran.stdout, "notes/a/dict.txt\n");
}

#[test]
#[cfg(unix)]
fn a_printed_name_is_read_back() {
    let env = Env::new();
    for name in ["笔记\u{200b}.md", "a\tb.md", "c\nd.md"] {
        env.note(name, "# 独角兽 unicorn\n");
    }
    env.done(&["index", "notes"]);
    let ran = env.done(&["query", "--format", "{path}:{line}", "unicorn"]);
    assert_eq!(ran.stdout.lines().count(), 3, "{ran:?}");
    for place in ran.stdout.lines() {
        let shown = env.done(&["show", place]);
        assert!(shown.stdout.contains("独角兽"), "{place}: {shown:?}");
    }
    let ran = env.done(&["query", "-l", "-0", "unicorn"]);
    for name in ran.stdout.split_terminator('\0') {
        assert!(env.path(name).is_file(), "{name:?}");
    }
}

#[test]
fn a_beginning_of_more_words_than_can_be_asked_for_finds_all() {
    let env = Env::new();
    let letter = |n: usize| char::from(b'a' + (n % 26) as u8);
    for n in 0..600 {
        let word: String =
            [letter(n / 26 / 26), letter(n / 26), letter(n)].iter().collect();
        env.note(&format!("n{n}.md"), format!("# 笔记\n\nzeta{word}\n"));
    }
    env.done(&["index", "notes"]);
    let ran = env.done(&["query", "-l", "zeta*"]);
    assert_eq!(ran.stdout.lines().count(), 600);
    env.done(&["query", "zeta* path:n599"]);
    env.done(&["query", "-C", "18446744073709551615", "zeta*"]);
}

#[test]
fn a_place_that_was_printed_is_shown_from_an_index_that_cannot_be_read() {
    let env = Env::new();
    env.note("a.md", "# 斑马\n\n条纹\n");
    env.done(&["index", "notes"]);
    for meta in ["g1/meta.json", "current"] {
        fs::remove_file(env.path("index").join(meta)).expect("it is ours");
        let ran = env.done(&["show", "a.md:1"]);
        assert!(ran.stdout.contains("条纹"), "{meta}: {ran:?}");
    }
}

#[test]
fn words_of_ones_own_may_be_in_another_encoding() {
    let env = Env::new();
    // 雪豹 and 猎豹 in GB18030.
    let synonyms = b"\xd1\xa9\xb1\xaa\t\xc1\xd4\xb1\xaa\n".repeat(40);
    env.note("synonyms.tsv", synonyms);
    env.note("a.md", "# 猎豹\n\n跑得快\n");
    env.done(&["index", "notes"]);
    let ran = env.done(&["query", "雪豹"]);
    assert!(ran.stdout.contains("猎豹"), "{ran:?}");
}

#[test]
fn damage_of_small_files_is_mended() {
    let env = Env::new();
    env.note("a.md", "# 斑马\n\n条纹\n");
    for ending in [".pos", ".fast"] {
        env.done(&["index", "notes", "--rebuild"]);
        let folder = fs::read_dir(env.path("index")).expect("it is ours");
        let generation = folder
            .flatten()
            .map(|e| e.path())
            .find(|p| p.is_dir())
            .expect("there is one");
        let small = fs::read_dir(generation).expect("it is ours").flatten();
        let small = small
            .map(|e| e.path())
            .find(|p| p.to_string_lossy().ends_with(ending))
            .expect("a file of the engine");
        let mut bytes = fs::read(&small).expect("it is ours");
        bytes[1] ^= 0x41;
        fs::write(&small, bytes).expect("it is ours");
        let ran = env.done(&["query", "斑马"]);
        assert!(ran.stderr.contains("building it anew"), "{ending}: {ran:?}");
    }
}
