//! The column `state`: the fields of a character without a column of their own, as one JSON object.
//! Fields that other programs or operators read and change have columns; a new field has none, so
//! no statement changes for it.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use serde_json::{Map, Value};
use tilemud_schema::CharacterState;

use crate::store::StoreError;

/// The fields that have columns.
const COLUMNS: [&str; 6] = ["display_name", "look", "position", "health", "stats", "inventory"];

/// The defaults. A field with its default is left out, so rows from before a field was added mean
/// the same as new ones.
static DEFAULT: LazyLock<Map<String, Value>> = LazyLock::new(|| fields(&CharacterState::default()));

/// What the column holds.
pub(crate) type Document = BTreeMap<String, Value>;

/// What the column holds of a state.
pub(crate) fn document(state: &CharacterState) -> Document {
    // By far the largest of what is left out.
    let light = CharacterState { inventory: Arc::default(), ..state.clone() };
    let is_written = |(name, value): &(String, Value)| !COLUMNS.contains(&&**name) && DEFAULT.get(name) != Some(value);
    fields(&light).into_iter().filter(is_written).collect()
}

/// The state of the column's fields, with defaults for all others.
///
/// # Errors
/// [`StoreError::Corrupt`] for an unknown field, so that no change by hand is dropped silently.
pub(crate) fn read(document: Document) -> Result<CharacterState, StoreError> {
    let corrupt = |what: String| StoreError::Corrupt { what: format!("column state: {what}") };
    if let Some(name) = document.keys().find(|name| COLUMNS.contains(&&***name) || !DEFAULT.contains_key(*name)) {
        return Err(corrupt(format!("nothing in it is called {name:?}")));
    }
    serde_json::from_value(document.into_iter().collect()).map_err(|error| corrupt(error.to_string()))
}

fn fields(state: &CharacterState) -> Map<String, Value> {
    match serde_json::to_value(state) {
        Ok(Value::Object(fields)) => fields,
        other => unreachable!("a state is an object in JSON: {other:?}"),
    }
}

#[cfg(test)]
mod tests {
    use tilemud_schema::{Position, Stats};

    use super::*;

    #[test]
    fn what_has_a_column_is_not_in_the_document_and_all_else_is_unless_it_is_as_by_default() {
        let stats = Stats { steps: 3, ..Stats::default() };
        let standing = CharacterState {
            display_name: "Ann".into(),
            look: "hero".into(),
            position: Some(Position { x: 1, y: 2 }),
            health: 7,
            stats,
            ..CharacterState::default()
        };
        assert!(document(&standing).is_empty());
        let camp = Some(Position { x: 5, y: 6 });
        let written = document(&CharacterState { camp, ..standing });
        assert_eq!(serde_json::to_string(&written).unwrap(), r#"{"camp":{"x":5,"y":6}}"#);
        assert_eq!(read(written).unwrap(), CharacterState { camp, ..CharacterState::default() });
        let columns: Vec<_> = COLUMNS.iter().filter(|name| !DEFAULT.contains_key(**name)).collect();
        assert!(columns.is_empty(), "no fields: {columns:?}");
    }

    #[test]
    fn what_no_character_has_in_its_document_is_named() {
        for (text, fault) in [
            (r#"{"kamp":{"x":5,"y":6}}"#, "\"kamp\""),
            (r#"{"health":5}"#, "\"health\""),
            (r#"{"camp":{"x":5}}"#, "`y`"),
        ] {
            let said = read(serde_json::from_str(text).unwrap()).unwrap_err().to_string();
            assert!(said.contains(fault) && said.contains("column state"), "{said}");
        }
    }
}
