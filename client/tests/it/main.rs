//! Integration tests of the client crate.

mod native_connector;
