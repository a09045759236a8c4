//! Integration tests of the client crate.

mod native_connector;
mod native_sign_in;
mod tls;
