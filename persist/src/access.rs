//! How to connect to the server of a store or a cache.

use crate::authorities::Authorities;

/// How a server is reached.
#[derive(Clone, Copy)]
pub struct Access<'a> {
    /// Its address; may hold a password.
    pub url: &'a str,
    /// The password, instead of one in the address.
    pub password: Option<&'a str>,
    /// The trusted certificate authorities; `None`: those built in.
    pub authorities: Option<&'a Authorities>,
    /// What may be done to the store.
    pub mode: OpenMode,
}

/// What may be done to a store; each may do what those before it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum OpenMode {
    /// It is only read. The store must be there and of this version.
    Read,
    /// Rows are changed.
    Write,
    /// Its tables are brought up to date.
    Migrate,
    /// It is made if it is not there.
    Create,
}

impl<'a> From<&'a str> for Access<'a> {
    fn from(url: &'a str) -> Self {
        Self { url, password: None, authorities: None, mode: OpenMode::Create }
    }
}
