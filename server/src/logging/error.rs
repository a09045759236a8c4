//! Why logging cannot start.

use std::path::PathBuf;

/// Why logging cannot begin.
#[derive(Debug, thiserror::Error)]
pub enum LoggingError {
    /// The folder for log files.
    #[error("logs cannot be written to {dir}: {reason}; name another folder with --log-dir, or leave it out")]
    Folder {
        dir: PathBuf,
        /// What the system says.
        reason: String,
    },
    #[error("--log-filter {filter:?} cannot be used: {reason}")]
    Filter {
        filter: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Somebody else was first.
    #[error("logging has been started already")]
    Started,
}
