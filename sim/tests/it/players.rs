//! Inputs for tests, and a client that applies what the world tells it, strictly: whatever a
//! correct delta cannot contain is a panic.

use std::collections::BTreeMap;
use std::sync::Arc;

use tilemud_schema::{
    CharacterId, CharacterState, ChatChannel, Direction, Effect, Entity, EntityId, EntityUpdate, InView, Intent,
    Position, SelfState, Seq, SessionId, Stats, Tick, UserId,
};
use tilemud_sim::api::{
    Attached, CellId, Delta, Identity, Input, PendingIntent, SessionDelta, SessionKey, TickOutput, View,
};
use uuid::Uuid;

pub fn identity(number: u64) -> Arc<Identity> {
    Arc::new(Identity {
        session_id: SessionId(Uuid::from_u64_pair(1, number)),
        user_id: UserId(format!("user-{number}").into()),
        character_id: CharacterId(Uuid::from_u64_pair(2, number)),
    })
}

pub fn character(number: u64, position: Option<(i32, i32)>) -> CharacterState {
    CharacterState {
        display_name: format!("Player {number}").into(),
        look: "hero".into(),
        position: position.map(|(x, y)| Position { x, y }),
        health: 100,
        stats: Stats { named: Arc::new(BTreeMap::from([("strength".into(), 5)])), ..Stats::default() },
        ..CharacterState::default()
    }
}

pub fn join(number: u64, x: i32, y: i32) -> Input {
    Input::Join {
        session: SessionKey(number),
        identity: identity(number),
        character: Box::new(character(number, Some((x, y)))),
        last_seq: 0,
    }
}

pub fn attach(number: u64, last_tick: Option<Tick>) -> Input {
    Input::Attach { session: SessionKey(number), connection: 0, last_tick, oldest_unanswered_seq: None, next_seq: None }
}

/// A connection that comes back with what it says of its numbers.
pub fn come_back(number: u64, connection: u64, oldest_unanswered: Seq, next: Seq) -> Input {
    Input::Attach {
        session: SessionKey(number),
        connection,
        last_tick: None,
        oldest_unanswered_seq: Some(oldest_unanswered),
        next_seq: Some(next),
    }
}

pub fn leave(number: u64) -> Input {
    Input::Leave { session: SessionKey(number) }
}

pub fn resync(number: u64) -> Input {
    Input::Resync { session: SessionKey(number) }
}

/// The connection of a session is lost, or gives signs of life again.
pub fn presence(number: u64, connection: u64, away: bool) -> Input {
    Input::Presence { session: SessionKey(number), connection, away }
}

pub fn intent(number: u64, seq: Seq, intent: Intent) -> Input {
    Input::Intent(PendingIntent { session: SessionKey(number), connection: 0, seq, intent, outcome: None })
}

/// A walk on a later connection.
pub fn walk_on(connection: u64, number: u64, seq: Seq, direction: Direction) -> Input {
    let intent = Intent::Move { direction };
    Input::Intent(PendingIntent { session: SessionKey(number), connection, seq, intent, outcome: None })
}

pub fn walk(number: u64, seq: Seq, direction: Direction) -> Input {
    intent(number, seq, Intent::Move { direction })
}

pub fn say(number: u64, seq: Seq, text: &str) -> Input {
    intent(number, seq, Intent::Chat { channel: ChatChannel::Say, text: text.into(), to: None })
}

/// The view of its own that a session delta comes with.
pub fn own_view<'a>(output: &'a TickOutput, session_delta: &SessionDelta) -> Delta<'a> {
    let View::Own(number) = session_delta.view else { panic!("a view of its own") };
    output.views.get(number)
}

/// Who is in view of which cell, as the server goes along with it.
#[derive(Debug, Default)]
pub struct InViews(BTreeMap<CellId, InView>);

impl InViews {
    /// What everybody has in view for whom a cell's delta is; nothing where the delta tells it.
    pub fn before(&self, delta: &Delta) -> Option<&InView> {
        let told = delta.in_view.is_empty();
        told.then(|| self.0.get(&delta.cell).expect("the first delta tells it"))
    }

    /// Goes along with a tick.
    pub fn follow(&mut self, output: &TickOutput) {
        for delta in output.cells.iter() {
            let before = self.0.entry(delta.cell).or_default();
            if delta.in_view.is_empty() {
                before.follow(delta.enter, delta.leave);
            } else {
                *before = InView::of(delta.in_view.to_vec());
            }
        }
    }
}

/// What a client holds.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Client {
    pub entities: BTreeMap<EntityId, Entity>,
    /// Tiles it was told of, by (x, y).
    pub tiles: BTreeMap<(i32, i32), u16>,
    pub own: CharacterState,
    pub heard: Vec<Effect>,
    pub tick: Tick,
    pub cell: CellId,
    pub attached: Option<Attached>,
}

impl Client {
    /// Applies what a tick has for this session, as the fan-out would deliver it.
    pub fn receive(&mut self, session: SessionKey, output: &TickOutput) {
        let session_delta = output.sessions.iter().find(|delta| delta.session == session);
        if let Some(session_delta) = session_delta {
            self.cell = session_delta.cell;
        }
        let cell_delta = output.cells.iter().find(|delta| delta.cell == self.cell);
        match session_delta.map(|delta| &delta.view) {
            Some(View::Own(number)) => self.apply(output.views.get(*number)),
            Some(View::Cell) | None => {
                if let Some(delta) = cell_delta {
                    assert!(!delta.full, "the delta of a cell is never everything");
                    self.apply(delta);
                }
            }
        }
        if let Some(SessionDelta { own, effects, attached, .. }) = session_delta {
            own.iter().for_each(|own| self.take_over(own));
            self.heard.extend(effects.iter().map(|effect| effect.as_ref().clone()));
            self.attached = attached.or(self.attached);
        }
        self.heard.extend(output.zone.iter().map(|line| line.as_ref().clone()));
        self.tick = output.tick;
    }

    /// What it has in view.
    pub fn in_view(&self) -> InView {
        InView::of(self.entities.keys().copied().collect())
    }

    fn apply(&mut self, delta: Delta) {
        if delta.full {
            self.entities.clear();
            self.tiles.clear();
            assert!(delta.update.is_empty() && delta.leave.is_empty(), "a full delta only has entities that enter");
        }
        self.apply_lists(delta.enter, delta.update, delta.leave);
        self.tiles.extend(delta.tiles.iter().map(|change| ((change.x, change.y), change.tile)));
        if !delta.in_view.is_empty() {
            assert_eq!(
                self.in_view(),
                InView::of(delta.in_view.to_vec()),
                "whoever comes back is told what is in view"
            );
        }
    }

    fn apply_lists(&mut self, enter: &[Entity], update: &[EntityUpdate], leave: &[EntityId]) {
        assert!(enter.is_sorted_by(|a, b| a.id < b.id), "sorted, no id twice");
        assert!(update.is_sorted_by(|a, b| a.id < b.id), "sorted, no id twice");
        assert!(leave.is_sorted_by(|a, b| a < b), "sorted, no id twice");
        for id in leave {
            self.entities.remove(id).unwrap_or_else(|| panic!("{id} left but was not there"));
        }
        for update in update {
            let entity = self.entities.get_mut(&update.id).unwrap_or_else(|| panic!("{} is not known", update.id));
            assert_ne!(*update, EntityUpdate::none(update.id), "an update updates something");
            update.apply(entity);
            // A step must lead to where a client without steps is told that it is.
            let told = (update.x.unwrap_or(entity.x), update.y.unwrap_or(entity.y));
            assert_eq!((entity.x, entity.y), told, "{update:?}");
        }
        for entity in enter {
            let old = self.entities.insert(entity.id, entity.clone());
            assert!(old.is_none(), "{} entered but was there", entity.id);
        }
    }

    /// The first of it is all of it.
    fn take_over(&mut self, own: &SelfState) {
        let is_whole = own.position.is_some() && own.health.is_some() && own.stats.is_some() && own.inventory.is_some();
        assert!(is_whole || self.own != CharacterState::default(), "told when joining: {own:?}");
        self.own.apply(own);
    }
}
