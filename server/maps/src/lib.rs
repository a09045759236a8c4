//! Reads any Tiled map ([`read`]), says all that is wrong with it ([`problem`]) and bakes it into a
//! world of the game.

pub mod check;
pub mod drawing;
pub mod files;
pub mod problem;
mod read;
mod unknown;

pub use files::{Disk, FileError, Files};
pub use read::read;
