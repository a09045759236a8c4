//! The projection of the log onto profiles: the newest values of changed characters, merged until
//! they are due. A character is written within a second of its change and when it leaves (FR-004),
//! never before the events its values follow from. Each has a second of its own, so that no commit
//! carries everybody's.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use tilemud_persist::store::ProfileWrite;
use tilemud_schema::CharacterId;
use tilemud_sim::api::TickOutput;
use tokio::time::Instant;

/// How long a change waits for further ones; with the commit itself it stays within a second.
const PROFILE_INTERVAL: Duration = Duration::from_millis(900);

/// What has to be written.
#[derive(Default)]
pub struct Projection {
    pending: BTreeMap<CharacterId, ProfileWrite>,
    /// Pending characters, by the time of their first change. One that was written early may be in
    /// here twice.
    waiting: VecDeque<(Instant, CharacterId)>,
    /// Those that do not wait.
    leaving: Vec<CharacterId>,
    is_finished: bool,
}

impl Projection {
    /// Takes in what a tick changed.
    pub fn merge(&mut self, output: &TickOutput, now: Instant) {
        for change in &output.profiles {
            let character_id = change.identity.character_id;
            let write = ProfileWrite { character_id, state: change.state.clone(), tick: output.tick };
            if self.pending.insert(character_id, write).is_none() {
                self.waiting.push_back((now, character_id));
            }
        }
        self.leaving.extend(output.departed.iter().map(|(_, identity)| identity.character_id));
    }

    /// From now on everything is due.
    pub fn finish(&mut self) {
        self.is_finished = true;
    }

    /// Takes the profiles for the next commit.
    pub fn take_due(&mut self, now: Instant) -> Vec<ProfileWrite> {
        let is_due = |since: Instant| self.is_finished || now.saturating_duration_since(since) >= PROFILE_INTERVAL;
        let over = self.waiting.partition_point(|(since, _)| is_due(*since));
        let due = self.waiting.drain(..over).map(|(_, character_id)| character_id).chain(self.leaving.drain(..));
        due.filter_map(|character_id| self.pending.remove(&character_id)).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tilemud_schema::{CharacterState, Position, SessionId, UserId};
    use tilemud_sim::api::{Identity, ProfileChange, SessionKey};
    use uuid::Uuid;

    use super::*;

    fn identity(number: u128) -> Arc<Identity> {
        Arc::new(Identity {
            session_id: SessionId(Uuid::from_u128(number)),
            user_id: UserId("user".into()),
            character_id: CharacterId(Uuid::from_u128(number)),
        })
    }

    fn moved(tick: u64, numbers: &[u128]) -> TickOutput {
        let change = |number: &u128| ProfileChange {
            identity: identity(*number),
            state: CharacterState { position: Some(Position { x: tick as i32, y: 0 }), ..CharacterState::default() },
        };
        TickOutput { tick, profiles: numbers.iter().map(change).collect(), ..TickOutput::default() }
    }

    fn ticks(writes: &[ProfileWrite]) -> Vec<(u128, u64)> {
        writes.iter().map(|write| (write.character_id.0.as_u128(), write.tick)).collect()
    }

    #[test]
    fn each_character_is_written_its_own_interval_after_its_first_change_with_the_newest_values() {
        let (mut projection, start) = (Projection::default(), Instant::now());
        projection.merge(&moved(1, &[1]), start);
        let half = start + PROFILE_INTERVAL / 2;
        projection.merge(&moved(2, &[1, 2]), half);
        assert!(projection.take_due(half).is_empty());
        let first = projection.take_due(start + PROFILE_INTERVAL);
        assert_eq!(ticks(&first), [(1, 2)]);
        assert_eq!(first[0].state.position, Some(Position { x: 2, y: 0 }));
        assert_eq!(ticks(&projection.take_due(half + PROFILE_INTERVAL)), [(2, 2)]);
        assert!(projection.take_due(start + 10 * PROFILE_INTERVAL).is_empty());
    }

    #[test]
    fn who_leaves_is_written_at_once_and_nobody_else_and_the_end_writes_all() {
        let (mut projection, start) = (Projection::default(), Instant::now());
        projection.merge(&moved(1, &[1, 2, 3]), start);
        projection
            .merge(&TickOutput { tick: 2, departed: vec![(SessionKey(1), identity(2))], ..moved(2, &[2]) }, start);
        assert_eq!(ticks(&projection.take_due(start)), [(2, 2)]);
        projection.finish();
        assert_eq!(ticks(&projection.take_due(start)), [(1, 1), (3, 1)]);
    }
}
