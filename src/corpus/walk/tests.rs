//! A walk finds what it finds at first, whatever is known.

use std::fs;

use tempfile::TempDir;

use super::*;

/// Folders and ignore files as a walk found them, whatever their age.
struct AsBefore(Walked);

impl Known for AsBefore {
    fn note(&self, _: u32, _: &str, _: &Stamp) -> bool {
        false
    }

    fn folder(&self, folder: &Path, stamp: &Stamp) -> bool {
        self.0.folders.iter().any(|f| f.path == folder && f.stamp == *stamp)
    }

    fn ignore_file(&self, file: &Path) -> bool {
        self.0.folders.iter().any(|f| f.path == file)
    }
}

fn walked(roots: &[&Path], known: &impl Known) -> Walked {
    let selection = Selection {
        roots: roots.iter().map(|root| root.to_path_buf()).collect(),
        globs: Vec::new(),
        largest_bytes: u64::MAX,
    };
    walk(&selection, &["md"], known).expect("it is ours")
}

fn names(walked: &Walked) -> Vec<&str> {
    let mut names: Vec<&str> = walked.found.iter().map(|f| f.path.as_str()).collect();
    names.sort_unstable();
    names
}

/// Notes `a.md` and `sub/b.md`.
fn notes() -> TempDir {
    let dir = TempDir::new().expect("a temp folder can be made");
    fs::create_dir(dir.path().join("sub")).expect("it is ours");
    for note in ["a.md", "sub/b.md"] {
        fs::write(dir.path().join(note), "# 笔记\n").expect("it is ours");
    }
    dir
}

#[test]
fn what_is_known_is_found_as_at_first() {
    let dir = notes();
    let root = dir.path();
    fs::write(root.join("sub/.gitignore"), "c.md\n").expect("it is ours");
    fs::write(root.join("sub/c.md"), "# 不要\n").expect("it is ours");
    let first = walked(&[root], &());
    assert_eq!(names(&first), ["a.md", "sub/b.md"]);
    let known = AsBefore(first.clone());
    let again = walked(&[root], &known);
    assert_eq!((names(&again), &again.folders), (names(&first), &first.folders));
}

#[test]
fn a_root_within_a_root_is_no_folder_without_a_tag() {
    let dir = notes();
    let (root, sub) = (dir.path(), dir.path().join("sub"));
    fs::write(sub.join(CACHE_TAG), "").expect("it is ours");
    let first = walked(&[root, &sub], &());
    assert_eq!(names(&first), ["a.md", "b.md"]);
    let known = AsBefore(first);
    assert_eq!(names(&walked(&[root, &sub], &known)), ["a.md", "b.md"]);
}

#[test]
fn a_tag_that_keeps_notes_away_is_watched() {
    let dir = notes();
    let tag = dir.path().join("sub").join(CACHE_TAG);
    fs::write(&tag, "").expect("it is ours");
    let first = walked(&[dir.path()], &());
    assert_eq!(names(&first), ["a.md"]);
    assert!(first.folders.iter().any(|f| f.path == tag), "{first:?}");
}

#[test]
#[cfg(unix)]
fn links_that_lead_nowhere_are_watched() {
    use std::os::unix::fs::symlink;
    let (dir, elsewhere) = (notes(), TempDir::new().expect("a temp folder can be made"));
    let (root, rules) = (dir.path(), elsewhere.path().join("rules"));
    for name in [CACHE_TAG, ".gitignore"] {
        let link = root.join("sub").join(name);
        symlink(&rules, &link).expect("it is ours");
        let first = walked(&[root], &());
        assert_eq!(names(&first), ["a.md", "sub/b.md"], "{name}");
        let missing = Folder { path: link.clone(), stamp: Stamp::default() };
        assert!(first.folders.contains(&missing), "{name}: {first:?}");
        fs::write(&rules, "b.md\n").expect("it is ours");
        let known = AsBefore(first);
        let again = walked(&[root], &known);
        assert_eq!(names(&again), ["a.md"], "{name}");
        assert!(!again.folders.contains(&missing), "{name}: {again:?}");
        assert!(again.folders.iter().any(|f| f.path == link), "{name}: {again:?}");
        fs::remove_file(&link).and(fs::remove_file(&rules)).expect("it is ours");
    }
}
