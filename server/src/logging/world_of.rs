//! Which world a line is about, where a process runs several: the span of the world, and what is
//! kept of it for the lines in it.

use std::fmt;

use tracing::field::{Field, Visit};
use tracing::span::Attributes;
use tracing::{Span, error_span};

/// The name of the span, and of its field.
const WORLD: &str = "world";

/// In which everything stands that is logged of a world of several. At the highest level, so that
/// no filter takes it away from lines that are written.
#[must_use]
pub(crate) fn of_world(id: &str) -> Span {
    error_span!("world", world = id)
}

/// The world of a span, kept with it.
pub(super) struct WorldOf(pub(super) String);

impl WorldOf {
    /// That of a span that is being made, if it is of one.
    pub(super) fn of(attributes: &Attributes<'_>) -> Option<Self> {
        let mut found = Found(None);
        if attributes.metadata().name() == WORLD {
            attributes.record(&mut found);
        }
        found.0.map(Self)
    }
}

struct Found(Option<String>);

impl Visit for Found {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == WORLD {
            self.0 = Some(value.to_owned());
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn fmt::Debug) {}
}
