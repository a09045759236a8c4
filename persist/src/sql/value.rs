//! Values of parameters, and the statements that take those of many rows.

use tilemud_schema::Timestamp;
use uuid::Uuid;

/// The value of a parameter; each store has its own columns for it.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Value<'a> {
    Id(Uuid),
    Number(Option<i64>),
    Text(&'a str),
    MaybeText(Option<&'a str>),
    Bytes(&'a [u8]),
    MaybeBytes(Option<&'a [u8]>),
    Document(&'a serde_json::Value),
    Time(Timestamp),
}

/// A statement with the parameters of many rows between its two parts, numbered row by row.
pub(super) fn statement(parts: [&str; 2], first: usize, rows: usize, columns: usize) -> String {
    let row = |row: usize| {
        let parameters: Vec<_> = (0..columns).map(|column| format!("${}", first + row * columns + column)).collect();
        format!("({})", parameters.join(", "))
    };
    let rows: Vec<_> = (0..rows).map(row).collect();
    parts.join(&rows.join(", "))
}
