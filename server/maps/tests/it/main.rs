//! Maps as builders draw them, and as nobody should: made by hand, read from memory.

mod cases;
mod forms;
mod json;
mod made;
