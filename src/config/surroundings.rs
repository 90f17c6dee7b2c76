//! What the environment says of the person's shell: editor, pager, terminal, language.

use std::path::{Path, PathBuf};

use super::variable;

/// The shell one stands in, as its variables tell it. Nothing here is looked up elsewhere.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Surroundings {
    /// `VISUAL`, else `EDITOR`, as typed: a command that may carry options.
    pub editor: Option<String>,
    /// `PAGER`, as typed.
    pub pager: Option<String>,
    /// `TERM`; empty where it is not set.
    pub term: String,
    /// Columns of the preview window of `fzf`, where one asks.
    pub preview_cols: Option<usize>,
    /// `JIAN_FZF_OPTS`: options that go to `fzf` after ours.
    pub fzf_options: Option<String>,
    /// Folder for what is remembered between two commands.
    pub state: Option<PathBuf>,
    /// What says which language and characters are used: `LC_ALL`, else `LC_CTYPE`, else
    /// `LANG`; empty where none is set.
    pub locale: String,
    /// `HOME`.
    pub home: Option<PathBuf>,
    /// Folders in which commands are looked for.
    pub path: Vec<PathBuf>,
}

impl Surroundings {
    /// Reads the environment.
    pub(super) fn read() -> Self {
        let text = |name: &str| variable(name)?.into_string().ok();
        let state = variable("XDG_STATE_HOME")
            .map(PathBuf::from)
            .or_else(|| Some(Path::new(&variable("HOME")?).join(".local").join("state")));
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(text);
        Self {
            editor: text("VISUAL").or_else(|| text("EDITOR")),
            pager: text("PAGER"),
            term: text("TERM").unwrap_or_default(),
            preview_cols: text("FZF_PREVIEW_COLUMNS").and_then(|c| c.parse().ok()),
            fzf_options: text("JIAN_FZF_OPTS"),
            state: state.map(|folder| folder.join("jian")),
            locale: locale.unwrap_or_default(),
            home: variable("HOME").map(PathBuf::from),
            path: variable("PATH")
                .map(|path| std::env::split_paths(&path).collect())
                .unwrap_or_default(),
        }
    }

    /// Returns a path as a person writes it: `~` for what is at home.
    pub fn shown(&self, path: &str) -> String {
        let home = self.home.as_deref();
        match home.and_then(|home| Path::new(path).strip_prefix(home).ok()) {
            Some(inside) => Path::new("~").join(inside).display().to_string(),
            None => path.to_owned(),
        }
    }

    /// Returns the file that a command's name stands for.
    pub fn command(&self, name: &str) -> Option<PathBuf> {
        let endings: &[&str] = if cfg!(windows) { &[".exe", ".cmd", ""] } else { &[""] };
        let mut files = self.path.iter().flat_map(|folder| {
            endings.iter().map(move |ending| folder.join(format!("{name}{ending}")))
        });
        files.find(|file| is_executable(file))
    }
}

#[cfg(unix)]
fn is_executable(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    file.metadata().is_ok_and(|m| m.is_file() && m.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(file: &Path) -> bool {
    file.is_file()
}
