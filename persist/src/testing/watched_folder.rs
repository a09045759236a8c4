//! A temporary folder that is gone, with the server that lives in it, when its owner is dropped and
//! also when this program ends in any other way, a panic or SIGKILL included.
//!
//! Statics are never dropped and a killed program drops nothing, so each folder has a watchdog: a
//! shell that waits for the end of a pipe whose other end only this program holds. It runs in a
//! process group of its own, where Ctrl-C at the terminal does not reach it.

use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

/// Waits for the end of the pipe, then ends the process named in the pid file ($1), by signal $2,
/// and removes the folder ($0). A paused process is woken up so that it can end; one that still
/// writes gets a second round.
const WATCHDOG: &str = r#"
    cat >/dev/null
    pid=$(head -n 1 "$1" 2>/dev/null) && { kill -"$2" "$pid"; kill -CONT "$pid"; } 2>/dev/null
    rm -rf "$0" 2>/dev/null || { sleep 1; rm -rf "$0"; }
"#;

pub(super) struct WatchedFolder {
    folder: Option<TempDir>,
    watchdog: Child,
}

impl WatchedFolder {
    /// Makes a folder. If a server in it writes its process id to `pid_file`, `quit_signal`
    /// (without the leading SIG) is what ends it at once.
    pub(super) fn new(prefix: &str, pid_file: &str, quit_signal: &str) -> Self {
        let folder = tempfile::Builder::new().prefix(prefix).tempdir().expect("a temporary folder can be made");
        let watchdog = Command::new("/bin/sh")
            .args(["-c", WATCHDOG])
            .arg(folder.path())
            .arg(folder.path().join(pid_file))
            .arg(quit_signal)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .process_group(0)
            .spawn()
            .expect("a shell can be started");
        Self { folder: Some(folder), watchdog }
    }

    pub(super) fn path(&self) -> &Path {
        self.folder.as_ref().expect("present until drop").path()
    }
}

impl Drop for WatchedFolder {
    fn drop(&mut self) {
        drop(self.folder.take());
        drop(self.watchdog.stdin.take());
        drop(self.watchdog.wait());
    }
}
