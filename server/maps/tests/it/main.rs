//! Maps as builders draw them, and as nobody should: made by hand, read from memory.

mod drawings;
mod pixels;
mod plain;
