//! What a log may hold (FR-014): the opaque user id and a hash of the session id, never a raw
//! token, an address, a name or speech of a player. Types with such content do not print it; this
//! module is the second defence: fields are redacted by their names, and texts that look like
//! tokens or addresses are cut out of values.

use std::fmt;
use std::net::IpAddr;

use tracing::field::Field;
use tracing_subscriber::field::MakeExt as _;
use tracing_subscriber::field::RecordFields;
use tracing_subscriber::fmt::FormatFields;
use tracing_subscriber::fmt::format::{Writer, debug_fn};

/// What stands in a log instead.
pub(super) const REDACTED: &str = "[redacted]";

/// Longest value of one field, bytes; the length of some is chosen by clients.
const VALUE_BYTES_MAX: usize = 1_024;

/// Fields with these names, or names that end in `_` and one of them, are never written.
const FORBIDDEN: [&str; 19] = [
    "token",
    "ticket",
    "secret",
    "password",
    "authorization",
    "bearer",
    "cookie",
    "jwt",
    "key",
    "ip",
    "addr",
    "address",
    "peer",
    "remote",
    "chat",
    "text",
    "name",
    "nick",
    "session_id",
];

/// Fields for the operator that are written unchanged: why the program ends, and where it connects
/// to.
const OPERATORS: [&str; 5] = ["failure", "remedy", "database", "place", "listening"];

/// Whether a field is for the operator, whose own addresses are no secret.
pub(super) fn is_operators(field: &str) -> bool {
    OPERATORS.contains(&field)
}

/// A value of this field as it may be written.
pub(super) fn cleaned_value(field: &str, value: &dyn fmt::Debug) -> String {
    if is_operators(field) { format!("{value:?}") } else { cleaned(value) }
}

/// Whether a field's value must not be written.
pub(super) fn is_forbidden(field: &str) -> bool {
    FORBIDDEN.iter().any(|name| field.strip_suffix(name).is_some_and(|rest| rest.is_empty() || rest.ends_with('_')))
}

/// A value as it may be written.
pub(super) fn cleaned(value: &dyn fmt::Debug) -> String {
    let mut text = format!("{value:?}");
    if text.len() > VALUE_BYTES_MAX {
        let end = (0..=VALUE_BYTES_MAX).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        text.truncate(end);
        text.push('…');
    }
    if !text.split(is_separator).any(is_telling) {
        return text;
    }
    let mut clean = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let end = rest.find(is_separator).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        clean.push_str(if is_telling(word) { REDACTED } else { word });
        let separator = after.chars().next().map_or(0, char::len_utf8);
        clean.push_str(&after[..separator]);
        rest = &after[separator..];
    }
    clean
}

/// What may stand around a word.
pub(super) fn is_separator(c: char) -> bool {
    c.is_whitespace() || matches!(c, '"' | '\'' | '`' | ',' | ';' | '(' | ')' | '<' | '>' | '=' | '/' | '@' | '{' | '}')
}

/// Whether a word is an address or a signed token.
fn is_telling(word: &str) -> bool {
    let word = bare(word);
    is_address(word) || is_signed_token(word)
}

/// Without what ends a sentence.
pub(super) fn bare(word: &str) -> &str {
    word.trim_end_matches(['.', ':', '!', '?'])
}

/// An address of the network, with or without a port.
pub(super) fn is_address(word: &str) -> bool {
    let bare = |word: &str| word.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>().is_ok();
    // Shorter ones, such as "::", say nothing about anybody.
    word.len() >= 6 && (bare(word) || word.rsplit_once(':').is_some_and(|(host, port)| is_port(port) && bare(host)))
}

fn is_port(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A JWT: three parts, the first of which begins with the base64 of `{"`.
pub(super) fn is_signed_token(word: &str) -> bool {
    word.starts_with("eyJ") && word.len() > 20
}

/// Fields as text, redacted.
pub(super) fn text_fields() -> impl for<'writer> FormatFields<'writer> + 'static {
    Guarded
}

struct Guarded;

impl<'writer> FormatFields<'writer> for Guarded {
    fn format_fields<R: RecordFields>(&self, writer: Writer<'writer>, fields: R) -> fmt::Result {
        debug_fn(|writer: &mut Writer<'_>, field: &Field, value: &dyn fmt::Debug| match field.name() {
            "message" => writer.write_str(&cleaned(value)),
            name if is_forbidden(name) => write!(writer, "{name}={REDACTED}"),
            name => write!(writer, "{name}={}", cleaned_value(name, value)),
        })
        .delimited(" ")
        .format_fields(writer, fields)
    }
}
