//! The one way from the program to its writers: filters lines, asks [`Sums`] whether a line repeats
//! too often, and gives it to every writer or to none. Formats nothing and writes nothing itself.

use std::sync::Arc;

use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::Interest;
use tracing::{Event, Metadata, Subscriber};
use tracing_subscriber::layer::{Context, Layer};
use tracing_subscriber::registry::LookupSpan;

use super::sums::Sums;
use super::world_of::WorldOf;

pub(super) type BoxedLayer<S> = Box<dyn Layer<S> + Send + Sync>;

pub(super) struct Writers<S> {
    all: Vec<BoxedLayer<S>>,
    sums: Arc<Sums>,
}

impl<S> Writers<S> {
    pub(super) fn new(all: Vec<BoxedLayer<S>>, sums: Arc<Sums>) -> Self {
        Self { all, sums }
    }
}

/// Other crates log below warnings what must not be in our logs: addresses, headers, statements.
fn is_heard(metadata: &Metadata<'_>) -> bool {
    metadata.target().starts_with("tilemud") || LevelFilter::from_level(*metadata.level()) <= LevelFilter::WARN
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Writers<S> {
    fn on_layer(&mut self, subscriber: &mut S) {
        self.all.on_layer(subscriber);
    }

    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        if is_heard(metadata) { Interest::always() } else { Interest::never() }
    }

    fn enabled(&self, metadata: &Metadata<'_>, _: Context<'_, S>) -> bool {
        is_heard(metadata)
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        if self.sums.passes(event) {
            self.all.on_event(event, context);
        }
    }

    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        if let (Some(world), Some(span)) = (WorldOf::of(attributes), context.span(id)) {
            span.extensions_mut().insert(world);
        }
        self.all.on_new_span(attributes, id, context);
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        self.all.on_record(id, values, context);
    }

    fn on_enter(&self, id: &Id, context: Context<'_, S>) {
        self.all.on_enter(id, context);
    }

    fn on_exit(&self, id: &Id, context: Context<'_, S>) {
        self.all.on_exit(id, context);
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        self.all.on_close(id, context);
    }
}
