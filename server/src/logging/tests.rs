//! What really comes out, in both forms.

use std::io::Write;
use std::sync::{Arc, Mutex};

use serde_json::Value;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::registry::Registry;

use super::content::{cleaned, is_forbidden};
use super::{BoxedLayer, Sums, Writers, filter, json, text};

#[derive(Clone, Default)]
pub(super) struct Sink(Arc<Mutex<Vec<u8>>>);

impl Sink {
    pub(super) fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// What `emit` logs, in the form that `layer` makes.
fn logged(
    layer: impl FnOnce(Sink) -> BoxedLayer<tracing_subscriber::layer::Layered<super::EnvFilter, Registry>>,
    emit: impl FnOnce(),
) -> String {
    let sink = Sink::default();
    let writers = Writers::new(vec![layer(sink.clone())], Arc::<Sums>::default());
    let subscriber = tracing_subscriber::registry().with(filter("debug").unwrap()).with(writers);
    tracing::subscriber::with_default(subscriber, emit);
    sink.text()
}

fn as_json(emit: impl FnOnce()) -> String {
    logged(|sink| json(move || sink.clone()), emit)
}

fn as_text(emit: impl FnOnce()) -> String {
    logged(|sink| text(move || sink.clone(), false), emit)
}

#[test]
fn a_json_line_has_the_base_fields_and_its_own() {
    let lines = as_json(|| {
        tracing::info!(user_id = "u1", session = "9f3c", attempts = 3, ok = true, level = "none", "session resumed");
    });
    let line: Value = serde_json::from_str(&lines).unwrap();
    for (field, expected) in [
        ("level", Value::from("INFO")),
        ("service", Value::from("tilemud")),
        ("version", Value::from(tilemud_schema::version())),
        ("message", Value::from("session resumed")),
        ("user_id", Value::from("u1")),
        ("session", Value::from("9f3c")),
        ("attempts", Value::from(3)),
        ("ok", Value::from(true)),
    ] {
        assert_eq!(line[field], expected, "{field} in {lines}");
    }
    assert!(line["target"].as_str().unwrap().starts_with("tilemud"));
    assert!(line["timestamp"].as_str().unwrap().parse::<jiff::Timestamp>().is_ok());
    assert_eq!(line["instance"].as_str().unwrap().len(), 32);
}

#[test]
fn an_error_is_logged_with_its_causes() {
    let error = super::LoggingError::Started;
    let cause = std::io::Error::other(error);
    let lines = as_json(|| tracing::warn!(error = &cause as &dyn std::error::Error, "failed"));
    assert!(lines.contains("logging has been started already"), "{lines}");
}

#[test]
fn neither_form_holds_what_must_not_be_logged() {
    let jwt = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhbm4ifQ.c2ln";
    let emit = || {
        tracing::info!(token = "t0p-secret", display_name = "Annabel", chat = "hello there", "one");
        tracing::info!(reconnect_token = %"t0p-secret", peer_addr = ?"x", "two");
        tracing::info!(cause = %format!("refused by 203.0.113.7:4711, [2001:db8::17]:443 and 2001:db8::17"), "three");
        tracing::info!("a token {jwt} in the message from 203.0.113.7");
        tracing::info!(header = format!("Bearer {jwt}"), "four");
    };
    for lines in [as_json(emit), as_text(emit)] {
        assert_eq!(lines.lines().count(), 5, "{lines}");
        for secret in ["t0p-secret", "Annabel", "hello there", "203.0.113", "2001:db8", "eyJ"] {
            assert!(!lines.contains(secret), "{secret} in:\n{lines}");
        }
        assert!(lines.contains("refused by [redacted], [redacted] and [redacted]"), "{lines}");
    }
}

#[test]
fn the_operators_own_places_are_written_as_they_are() {
    let emit = || tracing::info!(place = "Postgres at 10.0.0.7:5432/tilemud", listening = "127.0.0.1:9000", "one");
    for lines in [as_json(emit), as_text(emit)] {
        assert!(lines.contains("10.0.0.7:5432/tilemud") && lines.contains("127.0.0.1:9000"), "{lines}");
    }
}

#[test]
fn harmless_values_are_left_alone() {
    for text in ["0.1.0+9f3c2a1b", "12:30:45", "a::b::c", "1.5 ms", "::", "tick 20:1", "postgres 15.3.2"] {
        assert_eq!(cleaned(&format_args!("{text}")), text);
    }
    for field in ["user_id", "session", "world", "attempt", "reason", "correlation_id", "keys", "context"] {
        assert!(!is_forbidden(field), "{field}");
    }
}

#[test]
fn a_long_value_is_cut() {
    let lines = as_json(|| tracing::info!(received = "ü".repeat(5_000), "version rejected"));
    assert!(lines.len() < 2_000, "{}", lines.len());
}

#[test]
fn other_crates_are_heard_from_warnings_up() {
    let lines = as_text(|| {
        tracing::info!(target: "hyper::proto", "told too much");
        tracing::warn!(target: "hyper::proto", "worth knowing");
        tracing::debug!(target: "tilemud_net::session", "our own");
    });
    assert!(
        !lines.contains("told too much") && lines.contains("worth knowing") && lines.contains("our own"),
        "{lines}"
    );
}
