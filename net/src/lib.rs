//! The edge of the server: HTTP API, WebSocket sessions, authentication, limits, fan-out.
//!
//! It never touches the world: it pushes inputs into the [`mailbox`] and receives committed ticks
//! in the [`fanout`].

pub mod assets;
pub mod auth;
pub mod authority;
mod bucket;
pub mod committed;
pub mod connection;
pub mod edge;
mod error;
pub mod fanout;
pub mod http;
pub mod journal;
pub mod limits;
pub mod mailbox;
mod once;
mod outbox;
mod paced;
pub mod places;
pub mod proxy;
pub mod session;
pub mod settings;
#[cfg(feature = "testing")]
pub mod simulated;
#[cfg(feature = "testing")]
pub mod testing;
pub mod tls;
pub mod versions;
pub mod visitors;
pub mod worlds;
