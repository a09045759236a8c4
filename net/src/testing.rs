//! Ways for the tests and the fuzzing of other crates to parts that only the edge uses. Never part of the server.

pub use crate::auth::testing::{judged_claims, tried_keys};
pub use crate::connection::testing::{Heard, heard};
pub use crate::http::testing::body;
pub use crate::proxy::preamble::parsed as parsed_preamble;
