//! How snapshots store the state of a character: by field name, so that a new field does not change
//! the format. Used by [`super::snapshot`] only.

use serde::de::Error as _;
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use tilemud_schema::CharacterState;

pub(crate) fn serialize<S: Serializer>(state: &CharacterState, serializer: S) -> Result<S::Ok, S::Error> {
    serde_json::to_string(state).map_err(S::Error::custom)?.serialize(serializer)
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<CharacterState, D::Error> {
    serde_json::from_str(<&str>::deserialize(deserializer)?).map_err(D::Error::custom)
}
