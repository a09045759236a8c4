//! What several tests of the server share: players, servers to play on, the ground they play on,
//! and what a player may be told. Only tests depend on it; the product never does.

mod connection;
pub mod ground;
pub mod player;
pub mod process;
pub mod story;
pub mod surroundings;
