//! One JSON object per line: the base fields every line has, then the event's own (T004). Base
//! fields: `timestamp`, `level`, `target`, `service`, `version`, `instance` (new with each start),
//! `message`; where there are several worlds, `world` as well.

use std::fmt;

use serde_json::{Map, Value};
use tilemud_persist::diagnostic::in_one_line;
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::registry::LookupSpan;
use uuid::Uuid;

use super::content;
use super::world_of::WorldOf;

pub(super) struct Lines {
    instance: String,
}

impl Lines {
    /// For one start of the process.
    pub(super) fn new() -> Self {
        Self { instance: Uuid::new_v4().simple().to_string() }
    }
}

impl<S, N> FormatEvent<S, N> for Lines
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(&self, context: &FmtContext<'_, S, N>, mut writer: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        let metadata = event.metadata();
        let mut fields = Fields(Map::new());
        let mut base = |name: &str, value: &str| fields.0.insert(name.to_owned(), Value::String(value.to_owned()));
        base("timestamp", &format!("{:.6}", jiff::Timestamp::now()));
        base("level", metadata.level().as_str());
        base("target", metadata.target());
        base("service", "tilemud");
        base("version", tilemud_schema::version());
        base("instance", &self.instance);
        for span in context.event_scope().into_iter().flatten() {
            if let Some(WorldOf(world)) = span.extensions().get() {
                base("world", world);
            }
        }
        event.record(&mut fields);
        let line = serde_json::to_string(&fields.0).map_err(|_| fmt::Error)?;
        writeln!(writer, "{line}")
    }
}

/// Collects an event's fields.
struct Fields(Map<String, Value>);

impl Fields {
    fn put(&mut self, field: &Field, value: Value) {
        let value = if content::is_forbidden(field.name()) { Value::from(content::REDACTED) } else { value };
        // A base field is not replaced by an event's field of the same name.
        self.0.entry(field.name().to_owned()).or_insert(value);
    }
}

impl Visit for Fields {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.put(field, value.into());
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field, value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field, value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field, value.into());
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.put(field, content::cleaned_value(field.name(), &format_args!("{value}")).into());
    }

    fn record_error(&mut self, field: &Field, value: &(dyn std::error::Error + 'static)) {
        let chain = in_one_line(value);
        self.put(field, content::cleaned(&format_args!("{chain}")).into());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.put(field, content::cleaned_value(field.name(), value).into());
    }
}
