//! Diagnostics for an embedded store that cannot be opened: path, account, remedy. Finds the reason
//! in the file system, because SQLite does not name it.

use std::fs::OpenOptions;
use std::io;
use std::path::Path;

use sqlx::Error;

use crate::diagnostic::{Diagnostic, account, system_words};
use crate::store::StoreError;

/// An error of opening or reading the store, with a diagnostic when its file is the cause.
pub(super) fn explained(error: StoreError, path: &Path) -> StoreError {
    let (StoreError::Unavailable(source) | StoreError::Rejected(source)) = &error else { return error };
    if source.is::<tokio::time::error::Elapsed>() {
        let what = format!("{} does not answer; another program may have it locked", path.display());
        return later(what, "end what works on it (a backup, a sqlite3 shell), and start again");
    }
    if let Some(cause) = source.downcast_ref::<io::Error>() {
        let folder = path.parent().unwrap_or(path).display();
        let what = format!("{} cannot make or use the folder {folder} of the world: {}", account(), reason(cause));
        return set_wrong(what, "name another with --data-dir, or give this user the right to write there");
    }
    match source.downcast_ref::<Error>() {
        Some(cause) => refusal(cause, path).unwrap_or(error),
        None => error,
    }
}

/// The same for an error of the database itself; `None` when the file is not the cause.
pub(super) fn refusal(error: &Error, path: &Path) -> Option<StoreError> {
    let Error::Database(answer) = error else { return None };
    let code = answer.code()?.parse::<i64>().ok()?;
    let shown = path.display();
    Some(match code & 0xff {
        14 => cannot_open(path),
        8 | 3 => set_wrong(
            format!("{} may not write {shown}, or its disk is mounted read-only", account()),
            "give this user the right to write the file and its folder, or name another folder with --data-dir",
        ),
        5 | 6 => later(
            format!("another program has {shown} locked"),
            "end what works on it (a backup, a sqlite3 shell), and start again",
        ),
        13 => later(format!("the disk of {shown} is full"), "make room, and start again"),
        10 => later(format!("{shown} cannot be read or written: {}", answer.message()), "look at the disk"),
        _ => return None,
    })
}

fn cannot_open(path: &Path) -> StoreError {
    let shown = path.display();
    let remedy = "name another folder with --data-dir, or give this user the right to read and write there";
    if path.is_dir() {
        return set_wrong(format!("{shown} is a folder, not a database"), "name a file in sqlite:PATH");
    }
    let tried = OpenOptions::new().read(true).write(true).open(path);
    let why = match tried {
        Err(error) if error.kind() != io::ErrorKind::NotFound => reason(&error),
        // The file would do; what SQLite puts beside it does not.
        _ => {
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
            let probe = folder.join(format!(".tilemud-{}", std::process::id()));
            let made = OpenOptions::new().write(true).create_new(true).open(&probe);
            // What cannot be removed was not made.
            let _ = std::fs::remove_file(&probe);
            match made {
                Err(error) => format!("no files can be made in {}: {}", folder.display(), reason(&error)),
                Ok(_) => "SQLite does not say why".to_owned(),
            }
        }
    };
    set_wrong(format!("{} cannot open {shown}: {why}", account()), remedy)
}

fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::AlreadyExists | io::ErrorKind::NotADirectory => {
            "there is a file where a folder should be".to_owned()
        }
        io::ErrorKind::ReadOnlyFilesystem => "the disk is mounted read-only".to_owned(),
        _ => system_words(error),
    }
}

fn set_wrong(problem: String, remedy: &str) -> StoreError {
    StoreError::SetWrong(Diagnostic::new(problem, remedy))
}

fn later(problem: String, remedy: &str) -> StoreError {
    StoreError::Unavailable(Box::new(Diagnostic::new(problem, remedy)))
}
