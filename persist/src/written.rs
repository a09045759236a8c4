//! Short hashes beside the values of a profile that this program last wrote, by which changes by
//! hand are recognised. Finds repairs and accidents, not forgeries.

use tilemud_names::folded;
use tilemud_schema::CharacterState;

use crate::document::{Document, document};
use crate::store::{CharacterProfile, HandChange, StoreError};

/// The hashes beside a profile; `None` where there are none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Written {
    pub(crate) body: Option<i64>,
    pub(crate) inventory: Option<i64>,
    pub(crate) stats: Option<i64>,
    pub(crate) document: Option<i64>,
}

impl Written {
    /// Of a state that is about to be written.
    pub(crate) fn of(state: &CharacterState, document: &Document) -> Self {
        let place = state.position.map(|position| (position.x, position.y));
        Self {
            body: Some(hash(&(place, state.health))),
            inventory: Some(hash(&state.inventory)),
            stats: Some(hash(&state.stats)),
            document: Some(hash(document)),
        }
    }

    /// The fields of the row that differ from what was written.
    pub(crate) fn differs(
        self,
        profile: CharacterProfile,
        folded_name: &str,
        lost_position: bool,
    ) -> Option<HandChange> {
        let now = Self::of(&profile.state, &document(&profile.state));
        let differs = |written: Option<i64>, now: Option<i64>| written.is_some() && written != now;
        // A row of before the document had a column had nothing in it.
        let document_before = (self != Self::default()).then(|| hash(&Document::new()));
        let change = HandChange {
            body: differs(self.body, now.body),
            lost_position,
            inventory: differs(self.inventory, now.inventory),
            stats: differs(self.stats, now.stats),
            document: differs(self.document.or(document_before), now.document),
            name: folded(&profile.state.display_name) != folded_name,
            // A row that this program made always has some of them; one without comes from before
            // them, or from elsewhere.
            is_unknown: self == Self::default(),
            profile,
        };
        let is_changed = change.body || change.inventory || change.stats || change.document;
        let is_any = is_changed || change.name || change.is_unknown || lost_position;
        is_any.then_some(change)
    }
}

/// Whether a row lacks a position that it must have. A profile with a watermark has been in the
/// world.
pub(crate) fn has_lost_position(x: Option<i32>, y: Option<i32>, projected_tick: i64) -> bool {
    x.is_some() != y.is_some() || (x.is_none() && projected_tick > 0)
}

/// Names the row that could not be read.
pub(crate) fn in_row(character_id: &str, error: StoreError) -> StoreError {
    match error {
        StoreError::Corrupt { what } => {
            StoreError::Corrupt { what: format!("character_profiles, character_id {character_id}: {what}") }
        }
        other => other,
    }
}

/// FNV-1a of the JSON form: stable whatever the version of the program, and cheap beside writing
/// it.
fn hash(value: &impl serde::Serialize) -> i64 {
    let json = serde_json::to_vec(value).unwrap_or_default();
    let hash = json
        .iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3));
    hash.cast_signed()
}

#[cfg(test)]
mod tests {
    use tilemud_schema::{CharacterId, Position, Timestamp, UserId};
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_document_that_somebody_wrote_into_a_row_of_before_documents_is_a_change_and_an_empty_one_is_none() {
        let made = CharacterState { health: 9, ..CharacterState::default() };
        let before = Written { document: None, ..Written::of(&made, &Document::new()) };
        let row = |camp| CharacterProfile {
            character_id: CharacterId(Uuid::nil()),
            user_id: UserId("user-ann".into()),
            state: CharacterState { camp, ..made.clone() },
            created_at: Timestamp::from_micros(0),
            updated_at: Timestamp::from_micros(0),
        };
        assert_eq!(before.differs(row(None), "", false), None);
        let change = before.differs(row(Some(Position { x: 3, y: 4 })), "", false).expect("somebody gave it a camp");
        assert!(change.document && !change.body && !change.stats && !change.is_unknown);
    }
}
