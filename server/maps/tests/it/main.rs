//! Maps as builders draw them, and as nobody should: made by hand, read from memory.

mod bounds;
mod cases;
mod forms;
mod json;
mod layers;
mod made;
mod mutated;
mod tilesets;
mod xml;
