//! What tests and perf runs need around a store: private servers, and a store whose commits a test holds back or
//! lets fail. Never part of the server.

mod gated_store;
mod postgres_server;
mod redis_server;
mod server_process;
mod watched_folder;

pub use gated_store::{CommitFailure, GatedStore};
pub use postgres_server::PostgresServer;
pub use redis_server::RedisServer;
