//! The wire as outside programs see it: shapes of the JSON form, both encodings, limits, errors.

mod encodings;
mod errors;
mod intents;
mod json_shapes;
