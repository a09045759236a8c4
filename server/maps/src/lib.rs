//! Reads any Tiled map ([`read`]), says all that is wrong with it ([`problem`]) and bakes it into a
//! world of the game ([`bake`]).

mod areas;
pub mod bake;
mod blocking;
pub mod check;
pub mod classes;
pub mod dialect;
pub mod drawing;
pub mod files;
pub mod kept;
pub mod kit;
pub mod load;
mod load_error;
mod looks;
mod marks;
mod named_areas;
mod names;
mod objects;
mod own;
mod pictures;
mod prints;
pub mod problem;
mod read;
mod roles;
mod said;
mod say;
mod shapes;
mod signs;
mod spawn;
mod spawners;
pub mod sprites;
mod starts;
mod tile_shapes;
mod unknown;
mod walls;
mod warps;
pub mod watch;

pub use files::{Disk, FileError, Files};
pub use load::{World, load};
pub use load_error::LoadError;
pub use prints::prints;
pub use read::read;
