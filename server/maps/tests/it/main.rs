//! Maps as builders draw them, and as nobody should: made by hand, read from memory.

mod anything;
mod bounds;
mod cases;
mod drawings;
mod extremes;
mod foreign;
mod forms;
mod json;
mod kit;
mod layers;
mod loading;
mod made;
mod named_areas;
mod pictures;
mod pixels;
mod plain;
mod restocking;
mod signs;
mod sprites;
mod standing;
mod strangers;
mod tilesets;
mod towns;
mod walking;
mod warping;
mod xml;
