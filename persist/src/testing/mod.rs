//! What tests and perf runs need around a store: private servers, and a store whose commits a test
//! holds back or lets fail. Never part of the server.

mod certificates;
mod gated_store;
mod logged_payload;
mod pooler;
mod postgres_server;
mod redis_server;
mod server_process;
mod watched_folder;

pub use certificates::{CertificateAuthority, CertificateFiles};
pub use gated_store::{CommitFailure, GatedStore};
pub use logged_payload::logged_payload;
pub use pooler::Pooler;
pub use postgres_server::PostgresServer;
pub use redis_server::RedisServer;
pub use server_process::wait_until_stopped;
