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
    /// Whether the store must exist already; otherwise it is made.
    pub must_exist: bool,
}

impl<'a> From<&'a str> for Access<'a> {
    fn from(url: &'a str) -> Self {
        Self { url, password: None, authorities: None, must_exist: false }
    }
}
