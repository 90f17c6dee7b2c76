//! Places as they are printed and typed, `PATH:LINE`, and which file a path stands for.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use super::open;
use crate::config::Config;
use crate::corpus;
use crate::index::{self, Reader};

/// Splits `path:line`, also `path:line:column`; without a line, the first.
pub fn split(text: &str) -> (&str, u32) {
    let split = |text| -> Option<(&str, u32)> {
        let (path, line) = str::rsplit_once(text, ':')?;
        Some((path, line.parse().ok()?))
    };
    match split(text) {
        Some((path, number)) => split(path).unwrap_or((path, number)),
        None => (text, 1),
    }
}

/// Returns the files a path stands for, best first: as the notes' roots know it, else as one
/// stands.
pub fn files(path: &str, config: &Config) -> Vec<PathBuf> {
    let mut names = vec![Cow::Borrowed(path)];
    names.extend(as_named(path).map(Cow::Owned));
    for name in &names {
        let known = roots(config).into_iter().map(|root| corpus::absolute(&root, name));
        let mut files: Vec<PathBuf> = known.filter(|file| file.is_file()).collect();
        if files.len() > 1 {
            // In another root it may be ignored.
            let notes = open::reader(config).map(|reader| notes(name, &reader));
            let notes = notes.unwrap_or_default();
            files.sort_by_key(|file| !notes.contains(file));
        }
        if files.is_empty() {
            files.extend(
                Some(config.here.join(Path::new(&**name))).filter(|f| f.is_file()),
            );
        }
        if !files.is_empty() {
            return files;
        }
    }
    Vec::new()
}

/// Returns the file a path stands for, the first of [`files`].
pub fn find(path: &str, config: &Config) -> Option<PathBuf> {
    let file = files(path, config).into_iter().next();
    file.map(|file| file.canonicalize().unwrap_or(file))
}

/// Returns the notes of this path that the index holds, one for each root that has it.
pub fn notes(path: &str, reader: &Reader) -> Vec<PathBuf> {
    let Ok(manifest) = reader.manifest() else { return Vec::new() };
    let (roots, files) = (&manifest.selection.roots, &manifest.files);
    let named = files.iter().filter(|note| note.path == path && note.skipped.is_none());
    named.map(|note| corpus::absolute(&roots[note.root as usize], path)).collect()
}

/// Returns the path by which the notes' roots know a file.
pub fn known_as(file: &Path, config: &Config) -> Option<String> {
    let mut paths = roots(config).into_iter().map(|root| {
        let root = root.canonicalize().unwrap_or(root);
        corpus::relative(&root, file).map(Cow::into_owned)
    });
    paths.find_map(|path| path)
}

fn roots(config: &Config) -> Vec<PathBuf> {
    // Of an index that cannot be read too, as one of an older version.
    let remembered = |_| index::remembered_roots(&config.index);
    let mut roots =
        open::reader(config).map_or_else(remembered, |r| r.facts().roots.clone());
    roots.extend(config.corpus.iter().flatten().cloned());
    roots
}

/// The name that was printed with characters as `\u{…}`, which a terminal would obey; `None` for
/// one that has none of these.
fn as_named(printed: &str) -> Option<String> {
    let mut name = String::with_capacity(printed.len());
    let mut rest = printed;
    while let Some((before, after)) = rest.split_once("\\u{") {
        let (digits, after) = after.split_once('}')?;
        name.push_str(before);
        name.push(char::from_u32(u32::from_str_radix(digits, 16).ok()?)?);
        rest = after;
    }
    name.push_str(rest);
    (rest.len() < printed.len()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_split_from_the_right() {
        let check = |text, expected| assert_eq!(split(text), expected);
        check("网络/tcp.md:12", ("网络/tcp.md", 12));
        check("tcp.md:12:5", ("tcp.md", 12));
        check("tcp.md", ("tcp.md", 1));
        check("C:\\notes\\a.md:3", ("C:\\notes\\a.md", 3));
        check("a:b.md", ("a:b.md", 1));
    }

    #[test]
    fn names_are_read_as_they_are_printed() {
        let mut out = String::new();
        let name = "笔记\u{200b}\t\u{1b}[1m\n.md";
        crate::render::paint::put_name(&mut out, crate::render::Ink::Plain, name);
        assert_eq!(as_named(&out).as_deref(), Some(name), "{out}");
        for plain in ["笔记.md", "a\\u{zz}.md", "a\\u{.md", "a\\u{d800}b.md"] {
            assert_eq!(as_named(plain), None, "{plain}");
        }
    }
}
