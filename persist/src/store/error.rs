//! Why a call of the store failed.

use crate::diagnostic::Diagnostic;

/// Why the store did not do it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It cannot be reached or cannot work now: the same call may succeed later.
    #[error("the durable store is unavailable")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Another character has this display name.
    #[error("the display name is taken")]
    NameTaken,
    /// The store refuses this for good.
    #[error("the durable store refused the write")]
    Rejected(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Another process holds the lease of this world.
    #[error("the world is being run by another process: {holder}")]
    Held {
        /// As it named itself.
        holder: String,
    },
    /// The lease of this store has gone to another process, or was given back. Nothing was written,
    /// nor ever will be.
    #[error("another process has taken this world over")]
    Fenced,
    /// The database at the address is not the opened one any more: it was deleted, replaced or
    /// restored. Nothing is written any more, nor ever will be.
    #[error("the durable store has been taken away: {what}")]
    Gone {
        /// What happened to it; for logs and operators.
        what: String,
    },
    /// The database at the address cannot be used as it is; a retry does not help.
    #[error("{what}")]
    Unfit {
        /// Of what kind it is.
        reason: Unfit,
        /// Where, what and what to do; for logs and operators.
        what: String,
    },
    /// A setting is wrong; waiting does not help.
    #[error("{0}")]
    SetWrong(#[source] Diagnostic),
    /// The address of the database is not one this program can use.
    #[error("the database URL cannot be used: {what}")]
    UnsupportedUrl {
        /// What is wrong with it; never the address itself, which may hold a password.
        what: String,
    },
    /// What is stored cannot be read back.
    #[error("stored data is not readable: {what}")]
    Corrupt {
        /// Which value of which row.
        what: String,
    },
}

/// What makes a database unfit to be a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfit {
    /// There is none, and none was to be made.
    Missing,
    /// It is something else.
    Foreign,
    /// A newer version of this program has made it.
    Newer,
    /// An older version of this program has made it, and it was not to be brought up to date.
    Older,
    Damaged,
}
