//! Maps as builders draw them, and as nobody should: made by hand, read from memory.

mod bounds;
mod drawings;
mod pixels;
mod plain;
mod standing;
mod walking;
