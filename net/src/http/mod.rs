//! The HTTP side: listener, router, one file per group of calls, and the error shape as a body.

mod character;
mod head;
mod held;
mod listener;
mod nowhere;
mod origin;
mod reply;
mod resource;
mod router;
mod session;
mod sign_in;
mod status;
#[cfg(feature = "testing")]
pub mod testing;
mod waiting;
mod world;
mod worlds;

pub use listener::{Listener, serve, serve_metrics};
pub use waiting::Waiting;
