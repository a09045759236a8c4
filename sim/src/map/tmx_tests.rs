//! Maps that a builder might draw, good and bad.
