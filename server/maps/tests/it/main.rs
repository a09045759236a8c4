//! Maps as builders draw them, and as nobody should: made by hand, read from memory.

mod anything;
mod cases;
mod drawings;
mod extremes;
mod forms;
mod json;
mod loading;
mod made;
mod pixels;
mod plain;
mod speed;
mod standing;
mod towns;
mod walking;
