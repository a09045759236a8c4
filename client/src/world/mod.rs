//! The world as the player moves through it: the static map, ways across it, and smooth movement.
//!
//! Pure: no drawing, no network. What the server says is around is in [`crate::reducer`].

pub mod map;
pub mod motion;
pub mod path;
pub mod roof;
pub mod squares;

pub use map::Terrain;
pub use motion::Motion;
