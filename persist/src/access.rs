//! How a server is reached that a store or a cache runs on.

use crate::authorities::Authorities;

/// How a server is reached.
#[derive(Clone, Copy)]
pub struct Access<'a> {
    /// Its address; may hold a password.
    pub url: &'a str,
    /// The password, instead of one in the address.
    pub password: Option<&'a str>,
    /// Whose certificates are believed; those built in when it is `None`.
    pub authorities: Option<&'a Authorities>,
    /// Whether there must be a store already; else it is made.
    pub must_exist: bool,
}

impl<'a> From<&'a str> for Access<'a> {
    fn from(url: &'a str) -> Self {
        Self { url, password: None, authorities: None, must_exist: false }
    }
}
