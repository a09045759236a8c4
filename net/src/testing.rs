//! Access to internal parts for tests and fuzzing of other crates. Never part of the server.

pub use crate::auth::testing::{judged_claims, tried_keys};
pub use crate::connection::testing::{Heard, heard};
pub use crate::http::testing::body;
pub use crate::proxy::preamble::parsed as parsed_preamble;
