//! Problems and their places in one line each.

use crate::drawing::{Drawing, Layer, Object};
use crate::problem::{Place, Problem, Severity};

/// The map is used, perhaps otherwise than its builder meant.
pub fn warning(kind: &'static str, place: Place, what: impl Into<String>, remedy: impl Into<String>) -> Problem {
    Problem { severity: Severity::Warning, kind, place, what: what.into(), remedy: remedy.into() }
}

/// The map cannot be used.
pub fn error(kind: &'static str, place: Place, what: impl Into<String>, remedy: impl Into<String>) -> Problem {
    Problem { severity: Severity::Error, kind, place, what: what.into(), remedy: remedy.into() }
}

/// The map as a whole.
pub fn map(drawing: &Drawing) -> Place {
    Place { file: drawing.file.clone(), ..Place::default() }
}

/// A layer of it.
pub fn layer(drawing: &Drawing, layer: &Layer) -> Place {
    Place { layer: Some(layer.name.clone()), ..map(drawing) }
}

/// An object of it.
pub fn object(drawing: &Drawing, on: &Layer, object: &Object) -> Place {
    Place { object: Some(object.id).filter(|id| *id > 0), ..layer(drawing, on) }
}
