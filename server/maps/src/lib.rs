//! Reads any Tiled map ([`read`]), says all that is wrong with it ([`problem`]) and bakes it into a
//! world of the game ([`bake`]).

pub mod drawing;
pub mod problem;
