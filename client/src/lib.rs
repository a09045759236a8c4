//! The game client: one code base for the desktop and the browser.
//!
//! Data flows one way: [`connector`] (network edge) -> [`session`] (state machine) and [`reducer`]
//! (surroundings) -> [`game`] (prediction, movement, chat) -> [`view`] (egui); the player's input
//! comes back as commands. The client has authority over nothing.

pub mod app;
pub mod assets;
pub mod connector;
#[cfg(not(target_arch = "wasm32"))]
pub mod demo;
pub mod diagnostics;
pub mod game;
pub mod gestures;
pub mod hooks;
pub mod http;
pub mod looks;
pub mod overhead;
pub mod prediction;
pub mod reducer;
pub mod session;
pub mod settings;
pub mod sign_in;
pub mod sound;
pub mod talk;
pub mod view;
pub mod world;

pub use app::App;
pub use game::Game;

/// The build identifier, which must be the server's.
#[must_use]
pub fn build() -> &'static str {
    tilemud_schema::version()
}
