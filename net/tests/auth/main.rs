//! Sign-in, seen from outside: forged and good tokens, key rotation, a real provider, TLS, the
//! per-address limit.

#![allow(clippy::unwrap_used, missing_docs)]

mod accepted;
mod address_limit;
mod dev_issuer;
mod forge;
mod forged;
mod kinds;
mod moved;
mod provider;
mod rotation;
mod setup;
mod stub;
mod tls;
