//! Ingest: empties the mailbox. Characters join and connections attach in the order they came;
//! intents are put in the order of (session, seq) and those who leave are kept for the end of the
//! tick.

use std::sync::Arc;

use bevy_ecs::prelude::*;
use tilemud_names::SYSTEM_NAME;
use tilemud_schema::{
    CharacterId, CharacterMarks, CharacterState, ChatChannel, Effect, EntityId, EntityKind, Position, Seq,
};

use crate::api::{Identity, Input, SessionKey, TickPhase};
use crate::intake::departure;
use crate::intake::pending::{Mailbox, PendingIntents, take};
use crate::limits::BESIDE_TILES_MAX;
use crate::reserve::reserve_ahead;
use crate::world::body::{Appearance, Body, EntityIds};
use crate::world::character::Character;
use crate::world::character_index::CharacterIndex;
use crate::world::clock::Clock;
use crate::world::nearest::nearest;
use crate::world::record::{Leave, Record};
use crate::world::scene;
use crate::world::session::{AttachRequest, DirtySessions, Session, Sessions};
use crate::world::shifted::Shifted;
use crate::world::spawn::SpawnTiles;
use crate::world::terrain::Terrain;
use crate::world::unsaved::Unsaved;
use crate::world::zone::Zone;

/// Adds the mailbox to a world.
pub fn install(world: &mut World, schedule: &mut Schedule) {
    world.init_resource::<Mailbox>();
    world.init_resource::<PendingIntents>();
    world.init_resource::<Sessions>();
    world.init_resource::<DirtySessions>();
    world.init_resource::<Zone>();
    schedule.add_systems(empty_mailbox.in_set(TickPhase::Ingest));
}

fn empty_mailbox(world: &mut World) {
    let mut inputs = std::mem::take(&mut world.resource_mut::<Mailbox>().inputs);
    let PendingIntents { intents: mut pending, mut order } = std::mem::take(&mut *world.resource_mut());
    pending.clear();
    for (index, input) in inputs.iter_mut().enumerate() {
        if let Input::Intent(intent) = input {
            order.push((intent.session, intent.seq, index));
            continue;
        }
        match take(input) {
            Input::Intent(_) => {}
            Input::Join { session, identity, mut character, last_seq } => {
                world.resource::<Shifted>().bring(&mut character);
                let is_moved = wake(world, &mut character);
                join(world, session, identity, *character, last_seq, is_moved);
                if is_moved {
                    tell(world, session, MOVED);
                }
            }
            Input::Attach { session, connection, last_tick, oldest_unanswered_seq, next_seq } => {
                with_session(world, session, |session| {
                    session.attach = Some(AttachRequest { last_tick });
                    session.numbers.attach(connection, oldest_unanswered_seq, next_seq);
                });
                show_presence(world, session, connection, false);
            }
            Input::Presence { session, connection, away } => show_presence(world, session, connection, away),
            Input::Hearing { session, is_full } => with_session(world, session, |session| session.is_full = is_full),
            Input::Resync { session } => with_session(world, session, |session| session.wants_all = true),
            Input::Leave { session } => {
                world.write_message(Leave(session));
            }
        }
    }
    // Intents are large: each is only moved once, to its place.
    order.sort_unstable();
    reserve_ahead(&mut order);
    for (_, _, index) in order.drain(..) {
        if let Input::Intent(intent) = take(&mut inputs[index]) {
            pending.push(intent);
        }
    }
    inputs.clear();
    reserve_ahead(&mut pending);
    world.resource_mut::<Mailbox>().inputs = inputs;
    *world.resource_mut() = PendingIntents { intents: pending, order };
}

/// Moves a character that cannot stay where it was; see [`refuge`]. Returns whether it was moved.
/// The log records the tile that is found here, so a replay does not need this rule.
fn wake(world: &World, character: &mut CharacterState) -> bool {
    let refuge = character.position.and_then(|place| refuge(world, place));
    if let Some(refuge) = refuge {
        character.position = refuge;
    }
    refuge.is_some()
}

/// Where a character is moved whose stored tile was built over with something that blocks or hurts,
/// or where a cover over what hurts was taken away: to a tile beside it that can be walked to, else
/// to where new characters appear (`Some(None)`). Where the map itself has a wall there by now, or
/// nothing at all, its builder has edited it, and the nearest good tile is taken. `None`: it can
/// stay. One who lay down on a tile of the map that hurts wakes up there; that nothing was ever
/// built on it is known since the last start.
pub(crate) fn refuge(world: &World, place: Position) -> Option<Option<Position>> {
    let terrain = world.resource::<Terrain>();
    let is_good = |place: &Position| terrain.is_free(*place) && terrain.damage(*place) == 0;
    let is_as_it_was = terrain.is_free(place) && !terrain.has_changed(place);
    if is_good(&place) || is_as_it_was {
        return None;
    }
    let map = terrain.map();
    Some(if map.is_solid(place.x, place.y) {
        nearest((map.width, map.height), place, |at| is_good(&at))
    } else {
        terrain.walk_from(place, BESIDE_TILES_MAX).find(is_good)
    })
}

/// Tells a character that it was moved, if it is in the world and no replay runs.
pub(crate) fn tell_of_move(world: &mut World, character: CharacterId) {
    if world.resource::<DirtySessions>().is_off {
        return;
    }
    let entity = world.resource::<CharacterIndex>().get(character);
    let key = entity.and_then(|entity| world.get::<Session>(entity)).map(|session| session.key);
    if let Some(key) = key {
        tell(world, key, MOVED);
    }
}

/// What somebody is told who was moved.
const MOVED: &str = "Nobody can stay where you were; you stand at a free place near it.";

/// Has a player hear a line that nobody says.
fn tell(world: &mut World, key: SessionKey, text: &str) {
    let Some(entity) = world.resource::<Sessions>().get(key) else { return };
    let (channel, from) = (ChatChannel::Whisper, Arc::from(SYSTEM_NAME));
    let line = Arc::new(Effect::Chat { channel, from, id: None, text: text.into() });
    world.resource_scope(|world, zone: Mut<Zone>| {
        if let Some(mut session) = world.get_mut::<Session>(entity) {
            session.hear(&zone, line);
            world.resource_mut::<DirtySessions>().notice(entity);
        }
    });
}

/// Puts a character into the world. One that is there already, in another session, is taken over as
/// it is, because the world is newer than what was loaded. `is_moved`: its tile is not the stored
/// one.
pub(crate) fn join(
    world: &mut World,
    key: SessionKey,
    identity: Arc<Identity>,
    mut state: CharacterState,
    last_seq: Seq,
    is_moved: bool,
) {
    if world.resource::<Sessions>().get(key).is_some() {
        return;
    }
    world.resource_mut::<Record>().arrivals.push(identity.arrival(&state));
    let taken_over = departure::take_over(world, identity.character_id);
    let is_taken_over = taken_over.is_some();
    if let Some(current) = taken_over {
        state = current;
    }
    let terrain = world.resource::<Terrain>();
    let stored = state.position.filter(|position| terrain.is_free(*position));
    let position = stored.unwrap_or_else(|| world.resource::<SpawnTiles>().place(identity.character_id, terrain));
    let is_changed = is_moved || is_taken_over || state.position != Some(position);
    state.position = Some(position);
    let id = world.resource_mut::<EntityIds>().draw();
    enter(world, id, key, identity, state, last_seq, is_changed);
}

/// Puts a character and its session on the tile it is to stand on.
pub(crate) fn enter(
    world: &mut World,
    id: EntityId,
    key: SessionKey,
    identity: Arc<Identity>,
    state: CharacterState,
    last_seq: Seq,
    is_changed: bool,
) {
    let tick = world.resource::<Clock>().tick;
    let (name, session_id, character_id) = (state.display_name.clone(), identity.session_id, identity.character_id);
    let appearance = Appearance { kind: EntityKind::Player, name: name.clone(), look: state.look.clone() };
    let body = Body::new(id, appearance, state.position.unwrap_or_default());
    let character = Character { identity, own: state, changed: CharacterMarks::all(tick) };
    let entity = scene::put_player(world, body, character, Session::new(key, last_seq));
    if is_changed {
        world.resource_mut::<Unsaved>().0.insert(entity);
    }
    world.resource_mut::<DirtySessions>().notice(entity);
    world.resource_mut::<CharacterIndex>().insert(character_id, &name, entity);
    world.resource_mut::<Sessions>().insert(key, session_id, entity);
}

/// Shows whether a session's player is there, unless a later connection has attached.
fn show_presence(world: &mut World, key: SessionKey, connection: u64, away: bool) {
    let Some(entity) = world.resource::<Sessions>().get(key) else { return };
    if world.get::<Session>(entity).is_some_and(|session| session.numbers.is_newest(connection)) {
        scene::set_away(world, entity, away);
    }
}

/// Changes a session and marks it dirty. Does nothing for an unknown session, which has left
/// already.
fn with_session(world: &mut World, key: SessionKey, change: impl FnOnce(&mut Session)) {
    let Some(entity) = world.resource::<Sessions>().get(key) else { return };
    if let Some(mut session) = world.get_mut::<Session>(entity) {
        change(&mut session);
        world.resource_mut::<DirtySessions>().notice(entity);
    }
}
