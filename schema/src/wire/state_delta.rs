//! A [`StateDelta`] in binary frames: a byte that says which parts follow, the tick, and those
//! parts. Before it stands another byte when it is a full one or begins a connection that came
//! back.
//!
//! A brief one is for those who hold what the server knows they hold: it names entities by their
//! places [in view](super::in_view) and has the lowest byte of the tick only, which is enough
//! because no 256 ticks pass without a delta.

use serde::Serialize;

use super::character::SelfState;
use super::delta::{Effect, Entity, EntityUpdate, StateDelta, TileChange};
use super::in_view::InView;
use super::packed::{MEANINGLESS, Pack as _, Reader, Unpacked, put, put_ascending};
use super::{entity, update};
use crate::{EntityId, Tick};

/// First byte of a full one. It is the number of the message, which has no other binary form.
const FULL: u8 = 1;

/// First byte of one that says who is in view, for somebody who held it before this connection. No
/// message has this number.
const RESUMED: u8 = (1 << 7) - 1;

/// The bit that tells the byte of the parts from all other first bytes, and the bits of the parts.
const DELTA: u8 = 1 << 7;
const BRIEF: u8 = 1 << 6;
const OWN: u8 = 1 << 5;
const ENTER: u8 = 1 << 4;
const UPDATE: u8 = 1 << 3;
const LEAVE: u8 = 1 << 2;
const TILES: u8 = 1 << 1;
const EFFECTS: u8 = 1;

/// Whether a message that begins with this byte is a state delta.
pub(crate) const fn begins(first: u8) -> bool {
    first == FULL || first == RESUMED || first & DELTA != 0
}

/// The parts of a delta that several players may share.
#[derive(Debug, Clone, Copy, Default)]
pub struct Shared<'a> {
    /// Whether it replaces everything held before.
    pub full: bool,
    /// Entities that came into view.
    pub enter: &'a [Entity],
    /// Entities in view that changed.
    pub update: &'a [EntityUpdate],
    /// Entities that went out of view.
    pub leave: &'a [EntityId],
    /// Tiles that changed.
    pub tiles: &'a [TileChange],
    /// Everybody who is in view now, for a connection that begins with this and no full one.
    pub in_view: &'a [EntityId],
}

/// The same as bytes, so that they are encoded once for all of them.
#[derive(Debug, Clone, Default)]
pub struct SharedParts<B> {
    first: Option<u8>,
    present: u8,
    /// To stand behind what [`Self::begin`] wrote.
    pub bytes: B,
}

impl SharedParts<Vec<u8>> {
    /// The parts and which they are; an empty one takes no byte. They are brief for those who are
    /// known to hold all that is `held`, and for anybody without that.
    #[must_use]
    pub fn of(shared: &Shared<'_>, held: Option<&InView>) -> Self {
        let Shared { full, enter, update, leave, tiles, in_view } = shared;
        let first = match (full, in_view) {
            (true, _) => Some(FULL),
            (false, []) => None,
            (false, _) => Some(RESUMED),
        };
        let present = bit(ENTER, !enter.is_empty())
            | bit(UPDATE, !update.is_empty())
            | bit(LEAVE, !leave.is_empty())
            | bit(TILES, !tiles.is_empty());
        let held = held.filter(|_| first.is_none());
        let brief = held.and_then(|held| shared.named(|id, behind| Some(held.place(id, behind)? as u64)));
        let is_brief = brief.is_some();
        let bytes = brief.or_else(|| shared.named(|id, _| Some(id.0))).expect("every id has a number");
        Self { first, present: present | bit(BRIEF, is_brief), bytes }
    }

    /// The same in other memory.
    pub fn map<B>(self, to: impl FnOnce(Vec<u8>) -> B) -> SharedParts<B> {
        let Self { first, present, bytes } = self;
        SharedParts { first, present, bytes: to(bytes) }
    }
}

impl<B> SharedParts<B> {
    /// Appends what stands before the shared parts: the tick, and what only one player is told.
    pub fn begin(&self, tick: Tick, own: Option<&SelfState>, effects: &[impl Serialize], out: &mut Vec<u8>) {
        out.extend(self.first);
        out.push(DELTA | self.present | bit(OWN, own.is_some()) | bit(EFFECTS, !effects.is_empty()));
        if self.present & BRIEF == 0 {
            put(&tick, out);
        } else {
            out.push(tick.to_le_bytes()[0]);
        }
        own.iter().for_each(|own| own.pack(out));
        if !effects.is_empty() {
            put(effects, out);
        }
    }
}

impl Shared<'_> {
    /// The parts with numbers for entities that are known already; nothing when one has no number.
    /// A number is looked for behind that of the entity before.
    fn named(&self, number: impl Fn(EntityId, usize) -> Option<u64>) -> Option<Vec<u8>> {
        let Self { full: _, enter, update, leave, tiles, in_view } = self;
        let mut out = Vec::with_capacity(2 * update.len());
        if !in_view.is_empty() {
            put_ascending(in_view.iter().map(|id| id.0), &mut out);
        }
        if !enter.is_empty() {
            entity::write(enter, &mut out);
        }
        if !leave.is_empty() {
            let mut before = 0;
            put(&leave.len(), &mut out);
            for id in *leave {
                let number = number(*id, before as usize)?;
                put(&number.wrapping_sub(std::mem::replace(&mut before, number)), &mut out);
            }
        }
        if !tiles.is_empty() {
            put(tiles, &mut out);
        }
        let mut before = 0;
        for it in *update {
            let number = number(it.id, before as usize)?;
            update::write(number.wrapping_sub(std::mem::replace(&mut before, number)), it, &mut out);
        }
        Some(out)
    }
}

/// Appends a delta that makes sense to anybody.
pub(crate) fn write(delta: &StateDelta, out: &mut Vec<u8>) {
    let StateDelta { tick, full, own, enter, update, leave, tiles, effects } = delta;
    let shared = Shared { full: *full, enter, update, leave, tiles, in_view: &[] };
    let parts = SharedParts::of(&shared, None);
    parts.begin(*tick, own.as_ref(), effects, out);
    out.extend(parts.bytes);
}

/// Reads a delta for somebody who has these in view, and follows it.
pub(crate) fn read(bytes: &[u8], held: &mut InView) -> Unpacked<StateDelta> {
    let reader = &mut Reader(bytes);
    let first = reader.byte()?;
    let (full, is_resumed) = (first == FULL, first == RESUMED);
    let present = if full || is_resumed { reader.byte()? } else { first };
    if present & DELTA == 0 {
        return Err(MEANINGLESS);
    }
    let is_brief = present & BRIEF != 0;
    let tick = if is_brief {
        let passed = reader.byte()?.wrapping_sub(held.tick.to_le_bytes()[0]);
        held.tick.wrapping_add(u64::from(passed))
    } else {
        reader.value()?
    };
    let own = if present & OWN == 0 { None } else { Some(SelfState::unpack(reader)?) };
    let effects: Vec<Effect> = if present & EFFECTS == 0 { Vec::new() } else { reader.value()? };
    let in_view = if is_resumed { Some(reader.ascending()?) } else { None };
    let enter = if present & ENTER == 0 { Vec::new() } else { entity::read(reader)? };
    let named = |number: u64| if is_brief { held.at(number).ok_or(MEANINGLESS) } else { Ok(EntityId(number)) };
    let leave = if present & LEAVE == 0 { Vec::new() } else { reader.ascending()? };
    let leave = leave.into_iter().map(named).collect::<Unpacked<Vec<_>>>()?;
    let tiles = if present & TILES == 0 { Vec::new() } else { reader.value()? };
    let mut update = Vec::new();
    let mut number = 0_u64;
    while present & UPDATE != 0 && !reader.0.is_empty() {
        let (distance, changed) = update::read(reader)?;
        number = number.wrapping_add(distance);
        update.push(EntityUpdate { id: named(number)?, ..changed });
    }
    if !reader.0.is_empty() {
        return Err(MEANINGLESS);
    }
    if full {
        held.clear();
    }
    held.follow(&enter, &leave);
    if let Some(in_view) = in_view {
        *held = InView::of(in_view.into_iter().map(EntityId).collect());
    }
    held.tick = tick;
    Ok(StateDelta { tick, full, own, enter, update, leave, tiles, effects })
}

const fn bit(bit: u8, is_present: bool) -> u8 {
    if is_present { bit } else { 0 }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{Direction, EntityKind};

    fn entity(id: u64) -> Entity {
        Entity {
            id: EntityId(id),
            kind: EntityKind::Player,
            name: "Ann".into(),
            x: 3,
            y: 4,
            look: "traveller_1".into(),
            health: Some(100),
            open: None,
            away: None,
        }
    }

    fn step(id: u64) -> EntityUpdate {
        EntityUpdate { step: Some(Direction::West), ..EntityUpdate::none(EntityId(id)) }
    }

    fn written(tick: Tick, shared: &Shared<'_>, held: Option<&InView>) -> Vec<u8> {
        let parts = SharedParts::of(shared, held);
        let mut out = Vec::new();
        parts.begin(tick, None, &[] as &[Effect], &mut out);
        out.extend(parts.bytes);
        out
    }

    /// One of each part that has a bit.
    fn delta(bits: u8, full: bool) -> StateDelta {
        let has = |bit: u8| usize::from(bits & bit != 0);
        StateDelta {
            tick: 300,
            full,
            own: (bits & OWN != 0).then(SelfState::default),
            enter: vec![entity(5); has(ENTER)],
            update: vec![step(9); has(UPDATE)],
            leave: vec![EntityId(70); has(LEAVE)],
            tiles: vec![TileChange { x: 1, y: 2, tile: 3 }; has(TILES)],
            effects: vec![Effect::Missed { lines: 4 }; has(EFFECTS)],
        }
    }

    #[test]
    fn a_delta_has_a_byte_for_what_it_says_and_nothing_for_what_it_does_not() {
        let nothing = Shared::default();
        assert_eq!(written(100, &nothing, None), [DELTA, 100]);
        assert_eq!(written(300, &nothing, Some(&InView::default())), [DELTA | BRIEF, 300_u16 as u8]);
        for (bits, full) in (0..BRIEF).flat_map(|bits| [(bits, false), (bits, true)]) {
            let delta = delta(bits, full);
            let mut bytes = Vec::new();
            write(&delta, &mut bytes);
            assert!(begins(bytes[0]));
            assert_eq!(bytes[usize::from(full)], DELTA | bits);
            assert_eq!(read(&bytes, &mut InView::default()).unwrap(), delta);
            let mut longer = [&bytes[..], &[STEP_OF_NOBODY]].concat();
            assert_eq!(read(&longer, &mut InView::default()).is_ok(), bits & UPDATE != 0, "updates go on to the end");
            longer.truncate(bytes.len() - 1);
            // A delta may end before its updates.
            assert_eq!(read(&longer, &mut InView::default()).is_ok(), bits & UPDATE != 0, "cut off");
        }
        assert!(read(&[RESUMED, RESUMED], &mut InView::default()).is_err());
    }

    /// A byte that is a whole update.
    const STEP_OF_NOBODY: u8 = 1 << 7;

    #[test]
    fn a_step_of_somebody_whom_all_have_in_view_is_three_bytes_with_the_tick() {
        let held = InView::of((0..40).map(|number| EntityId(1_000 * number)).collect());
        let shared = Shared { update: &[step(7_000), step(31_000)], leave: &[EntityId(38_000)], ..Shared::default() };
        let bytes = written(1_000_000, &shared, Some(&held));
        assert_eq!(bytes.len(), 2 + 2 + 2, "head, leave, updates");
        let stranger = Shared { update: &[step(7_001)], ..shared };
        let by_ids = written(1_000_000, &stranger, Some(&held));
        assert_eq!(by_ids[0] & BRIEF, 0, "who has no place is named by its id");
    }

    proptest! {
        #[test]
        fn what_is_said_briefly_is_understood_by_all_who_hold_the_same(
            ids in prop::collection::btree_set(1_u64..3_000, 0..200),
            lots in prop::collection::vec(0..4_u8, 200),
            newcomers in prop::collection::btree_set(3_000_u64..6_000, 0..5),
            last_tick in any::<u32>(),
            passed in 0..256_u64,
        ) {
            let last_tick = u64::from(last_tick);
            let of_lot = |lot: u8| ids.iter().zip(&lots).filter(move |(_, its)| **its == lot).map(|(id, _)| *id);
            let enter: Vec<_> = newcomers.iter().map(|id| entity(*id)).collect();
            let update: Vec<_> = of_lot(0).map(step).collect();
            let leave: Vec<_> = of_lot(1).map(EntityId).collect();
            let shared = Shared { enter: &enter, update: &update, leave: &leave, ..Shared::default() };
            let mut server = InView::of(ids.iter().copied().map(EntityId).collect());
            let mut client = InView { tick: last_tick, ..server.clone() };
            let bytes = written(last_tick + passed, &shared, Some(&server));
            prop_assert!(bytes[0] & BRIEF != 0);
            let read = read(&bytes, &mut client).unwrap();
            server.follow(&enter, &leave);
            prop_assert_eq!(&client, &InView { tick: last_tick + passed, ..server });
            let expected =
                StateDelta { tick: last_tick + passed, enter, update, leave, ..StateDelta::default() };
            prop_assert_eq!(read, expected);
        }

        #[test]
        fn any_bytes_are_a_delta_or_none_and_what_is_none_changes_nothing(
            bytes in prop::collection::vec(any::<u8>(), 0..60),
            count in 0..50_u64,
        ) {
            let before = InView::of((0..count).map(|id| EntityId(3 * id)).collect());
            let mut held = before.clone();
            if read(&bytes, &mut held).is_err() {
                prop_assert_eq!(held, before);
            }
        }
    }

    #[test]
    fn a_connection_that_goes_on_is_told_who_is_in_view() {
        let ids = [3, 900, 4_000].map(EntityId);
        let shared = Shared { update: &[step(900)], in_view: &ids, ..Shared::default() };
        let bytes = written(70_000, &shared, None);
        let mut held = InView::default();
        let delta = read(&bytes, &mut held).unwrap();
        assert_eq!((delta.tick, delta.full, delta.update), (70_000, false, vec![step(900)]));
        assert_eq!(held, InView { tick: 70_000, ..InView::of(ids.into()) });
    }
}
