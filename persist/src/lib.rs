//! The durable store (Postgres; SQLite as the embedded default) and the cache (Redis; in process as
//! the embedded default), each behind one small trait. No game rules.

pub mod store;
