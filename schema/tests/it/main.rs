//! The wire as outside programs see it: shapes of the JSON form, both encodings, limits, errors.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod encodings;
mod errors;
mod intents;
mod json_shapes;
