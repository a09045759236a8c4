//! What was recorded can be done again, from the start or from a snapshot, and whatever is not as
//! recorded is named.

use std::sync::Arc;

use proptest::prelude::*;
use tilemud_schema::{CharacterId, Direction, ErrorCode, IntentOutcome, LoggedEvent, LoggedTick, Position};
use tilemud_sim::api::{SessionKey, TickOutput};
use tilemud_sim::{Difference, Divergence, EventDifference};
use tilemud_sim::{Map, RestoreError, Sim, SimConfig, WorldSnapshot};

use crate::model::{self, Arena};
use crate::players::{identity, join, leave, own_view, say, walk};
use crate::{cases, sim, tick};

/// What the log holds of a tick; `None` when it needs no transaction.
pub fn logged(output: &TickOutput) -> Option<LoggedTick> {
    let events = output.events.iter().map(|event| LoggedEvent {
        session_id: event.identity.session_id,
        sequence_number: event.seq,
        performed: event.performed.clone(),
    });
    output.is_durable().then(|| LoggedTick::whole(output.record.clone(), events.collect()))
}

pub fn log(outputs: &[TickOutput]) -> Vec<LoggedTick> {
    outputs.iter().filter_map(logged).collect()
}

fn replay(sim: &mut Sim, log: &[LoggedTick]) -> Result<(), Divergence> {
    log.iter().try_for_each(|tick| sim.replay(tick))
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn whatever_was_played_is_played_again_from_the_start_and_from_any_snapshot(
        play in model::play(),
        delta_every in 1..4u32,
        middle in any::<prop::sample::Index>(),
    ) {
        let middle = middle.index(play.len());
        let mut arena = Arena::new(delta_every);
        let mut snapshot = None;
        for (index, deeds) in play.iter().enumerate() {
            arena.tick(deeds);
            if index == middle {
                snapshot = Some(arena.sim.snapshot());
            }
        }
        let snapshot = snapshot.expect("taken in the middle");
        let log = log(&arena.outputs);
        let config = || SimConfig { delta_every, ..SimConfig::default() };
        let mut again = Sim::new(Arc::new(model::field()), config());
        prop_assert_eq!(replay(&mut again, &log), Ok(()));
        let stored = WorldSnapshot::decode(&snapshot.encode()).expect("what was encoded");
        prop_assert_eq!(stored.encode(), snapshot.encode());
        let mut half = Sim::restore(Arc::new(model::field()), config(), &stored).expect("of this map");
        prop_assert_eq!(half.last_tick(), snapshot.tick);
        let rest = log.iter().filter(|tick| tick.record.tick > snapshot.tick);
        prop_assert_eq!(replay(&mut half, &rest.cloned().collect::<Vec<_>>()), Ok(()));
        let characters = arena.sim.characters();
        prop_assert_eq!(&again.characters(), &characters);
        prop_assert_eq!(&half.characters(), &characters);
        let ends = [again.last_tick(), half.last_tick()];
        prop_assert_eq!(ends[0], log.last().map_or(0, |tick| tick.record.tick));
        prop_assert_eq!(ends[1], ends[0].max(snapshot.tick));
    }
}

/// NPCs that wander, somebody who is hurt and somebody who stands where it hurts, in a world of so
/// many ticks a second.
fn world_that_moves_by_itself(ticks_per_second: u32) -> (Map, Sim) {
    let map = || Map::from_art(&["W...#..W", "..@.f...", ".W......", "#..W...W"]);
    let mut sim = sim(map());
    sim.set_ticks_per_second(ticks_per_second);
    let mut hurt = crate::players::character(2, Some((0, 1)));
    hurt.health = 40;
    let join_hurt = tilemud_sim::api::Input::Join {
        session: SessionKey(2),
        identity: identity(2),
        character: Box::new(hurt),
        last_seq: 0,
    };
    tick(&mut sim, [join(1, 4, 1), join_hurt]);
    (map(), sim)
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn ticks_that_are_passed_lead_to_the_world_that_they_lead_to_when_each_is_run(
        ticks_per_second in prop::sample::select(vec![1, 3, 20, 50]),
        leaps in prop::collection::vec(1..60_u64, 1..12),
    ) {
        let (map, mut run) = world_that_moves_by_itself(ticks_per_second);
        let mut passed = Sim::restore(Arc::new(map), SimConfig::default(), &run.snapshot()).expect("of this map");
        for leap in leaps {
            for _ in 0..leap {
                tick(&mut run, []);
            }
            passed.pass_until(run.last_tick());
            prop_assert_eq!(passed.snapshot().encode(), run.snapshot().encode());
        }
    }
}

#[test]
fn a_world_in_which_nothing_moves_by_itself_passes_any_number_of_ticks() {
    let mut sim = sim(field());
    let before = sim.snapshot();
    sim.pass_until(i64::MAX as u64);
    assert_eq!(sim.snapshot(), WorldSnapshot { tick: i64::MAX as u64, ..before });
}

/// Two people walk and talk, one goes: the outputs of five ticks.
fn short_play() -> Vec<TickOutput> {
    let mut sim = sim(field());
    vec![
        tick(&mut sim, [join(1, 10, 10), join(2, 12, 10)]),
        tick(&mut sim, [walk(1, 1, Direction::East), walk(2, 1, Direction::South)]),
        tick(&mut sim, []),
        tick(&mut sim, [walk(1, 2, Direction::East), say(2, 2, "hello")]),
        tick(&mut sim, [walk(1, 3, Direction::North), leave(2)]),
    ]
}

fn field() -> Map {
    Map::open("field", 64, 64)
}

fn divergence(change: impl FnOnce(&mut Vec<LoggedTick>)) -> Divergence {
    let mut log = log(&short_play());
    assert_eq!(replay(&mut sim(field()), &log), Ok(()), "unchanged it is the same");
    change(&mut log);
    replay(&mut sim(field()), &log).expect_err("it is not what happened")
}

fn character(number: u64) -> CharacterId {
    identity(number).character_id
}

#[test]
fn quiet_ticks_are_not_in_the_log_and_are_done_again() {
    let outputs = short_play();
    let log = log(&outputs);
    assert_eq!(log.iter().map(|tick| tick.record.tick).collect::<Vec<_>>(), [1, 2, 4, 5]);
    let mut again = sim(field());
    assert_eq!(replay(&mut again, &log), Ok(()));
    assert_eq!(again.last_tick(), 5);
}

#[test]
fn comings_and_goings_alone_make_a_tick_durable() {
    let mut sim = sim(field());
    let came = tick(&mut sim, [join(1, 10, 10)]);
    assert!(came.is_durable() && came.profiles.is_empty());
    assert_eq!(came.record.arrivals[0].character_id, character(1));
    assert_eq!(came.record.arrivals[0].state.position, Some(Position { x: 10, y: 10 }));
    let went = tick(&mut sim, [leave(1)]);
    assert_eq!(went.record.departures, [character(1)]);
    assert!(!tick(&mut sim, []).is_durable());
}

#[test]
fn a_step_recorded_elsewhere_is_named_with_both_places() {
    let error = divergence(|log| {
        let IntentOutcome::Move { to } = &mut log[1].events[1].performed.outcome else { panic!("a step") };
        to.x += 1;
    });
    let to = |x| IntentOutcome::Move { to: Position { x, y: 11 } };
    let why = EventDifference::Outcome { recorded: to(13), replayed: to(12) };
    let identity = identity(2);
    let what = Difference::Event {
        order: 1,
        session_id: identity.session_id,
        sequence_number: 1,
        character_id: Some(identity.character_id),
        why,
    };
    assert_eq!(error, Divergence { tick: 2, what });
    let text = error.to_string();
    assert!(text.contains("tick 2") && text.contains(&identity.character_id.to_string()), "{text}");
}

#[test]
fn an_event_that_is_refused_now_is_named() {
    let error = divergence(|log| log[0].record.arrivals[0].state.position = Some(Position { x: 63, y: 10 }));
    let Difference::State { .. } = error.what else { panic!("arrivals are compared by the hash: {error}") };
    let mut log = log(&short_play());
    log[0].record.arrivals[0].state.position = Some(Position { x: 63, y: 10 });
    // As if only the arrival had been changed, with the hash that belongs to it.
    let mut other = sim(field());
    let Divergence { what: Difference::State { replayed, .. }, .. } = other.replay(&log[0]).expect_err("differs")
    else {
        panic!("another state")
    };
    log[0].record.hashes = replayed;
    let error = replay(&mut sim(field()), &log).expect_err("a step off the map");
    assert_eq!(error.tick, 2);
    assert!(
        matches!(error.what, Difference::Event { order: 0, why: EventDifference::Refused(ErrorCode::MoveBlocked), .. }),
        "{error}"
    );
}

#[test]
fn an_event_that_is_missing_is_counted_even_where_no_state_shows_it() {
    let error = divergence(|log| {
        log[2].events.remove(0);
    });
    assert_eq!(error, Divergence { tick: 4, what: Difference::Events { recorded: 2, found: 1 } });
    // Nothing in the world tells whether somebody took a step in the tick in which they left.
    let mut sim = sim(field());
    let outputs = [
        tick(&mut sim, [join(1, 10, 10), join(2, 12, 10)]),
        tick(&mut sim, [walk(1, 1, Direction::East), walk(2, 1, Direction::South), leave(2)]),
    ];
    let mut log = log(&outputs);
    log[1].events.pop();
    let error = replay(&mut crate::sim(field()), &log).expect_err("it is not whole");
    assert_eq!(error, Divergence { tick: 2, what: Difference::Events { recorded: 2, found: 1 } });
}

#[test]
fn an_event_that_was_exchanged_for_none_is_another_state_of_characters() {
    let error = divergence(|log| {
        log[2].events.remove(0);
        log[2].events_recorded = 1;
    });
    assert_eq!(error.tick, 4);
    assert!(error.to_string().ends_with("another state of characters"), "{error}");
}

#[test]
fn another_arrival_is_another_state_of_characters() {
    for change in [
        |log: &mut Vec<LoggedTick>| log[0].record.arrivals[1].state.health = 7,
        |log: &mut Vec<LoggedTick>| log[0].record.arrivals[1].state.inventory = Arc::new(vec![apple()]),
        |log: &mut Vec<LoggedTick>| log[0].record.arrivals[1].character_id = character(9),
    ] {
        let error = divergence(change);
        assert_eq!(error.tick, 1);
        assert!(error.to_string().ends_with("another state of characters"), "{error}");
    }
}

fn apple() -> tilemud_schema::ItemStack {
    tilemud_schema::ItemStack { item: "apple".into(), quantity: 1 }
}

#[test]
fn an_event_of_nobody_and_a_departure_of_nobody_are_named() {
    let error = divergence(|log| {
        log[0].record.arrivals.pop();
        log[0].record.hashes = tick(&mut sim(field()), [join(1, 10, 10)]).record.hashes;
    });
    assert!(
        matches!(error.what, Difference::Event { order: 1, character_id: None, why: EventDifference::NoSession, .. }),
        "{error}"
    );
    let error = divergence(|log| log[3].record.departures.push(character(8)));
    assert_eq!(error.what, Difference::Departure { character_id: character(8) });
}

#[test]
fn a_tick_is_never_done_twice() {
    let log = log(&short_play());
    let mut sim = sim(field());
    assert_eq!(replay(&mut sim, &log), Ok(()));
    assert_eq!(sim.replay(&log[3]), Err(Divergence { tick: 5, what: Difference::Past { world: 5 } }));
}

#[test]
fn a_character_that_goes_to_another_session_is_an_arrival_and_no_departure() {
    let mut sim = sim(field());
    let mut outputs = vec![tick(&mut sim, [join(1, 10, 10)]), tick(&mut sim, [walk(1, 1, Direction::East)])];
    let stale = Box::new(crate::players::character(1, Some((10, 10))));
    let other =
        Arc::new(tilemud_sim::api::Identity { session_id: identity(9).session_id, ..identity(1).as_ref().clone() });
    let again =
        tilemud_sim::api::Input::Join { session: SessionKey(9), identity: other, character: stale, last_seq: 0 };
    outputs.push(tick(&mut sim, [again, walk(9, 1, Direction::South), leave(1)]));
    assert_eq!(outputs[2].record.arrivals.len(), 1);
    assert!(outputs[2].record.departures.is_empty());
    let mut replayed = crate::sim(field());
    assert_eq!(replay(&mut replayed, &log(&outputs)), Ok(()));
    assert_eq!(replayed.characters(), sim.characters());
    assert_eq!(replayed.characters()[0].1.position, Some(Position { x: 11, y: 11 }));
}

#[test]
fn after_a_recovery_everyone_is_taken_out_in_a_tick_that_is_logged_and_play_goes_on() {
    let mut before = log(&short_play());
    let mut recovered = sim(field());
    assert_eq!(replay(&mut recovered, &before), Ok(()));
    let cleared = recovered.clear_characters();
    assert_eq!(cleared.tick, 6);
    assert_eq!(cleared.record.departures, [character(1)]);
    assert_eq!(cleared.profiles[0].state.position, Some(Position { x: 12, y: 9 }));
    assert!(cleared.departed.is_empty() && cleared.sessions.is_empty() && cleared.cells.is_empty());
    assert!(recovered.characters().is_empty());
    before.extend(logged(&cleared));
    for inputs in [vec![join(1, 12, 9)], vec![walk(1, 1, Direction::West)]] {
        before.extend(logged(&tick(&mut recovered, inputs)));
    }
    let mut whole = sim(field());
    assert_eq!(replay(&mut whole, &before), Ok(()), "the log goes on over the restart");
    assert_eq!(whole.characters(), recovered.characters());
    assert_eq!(whole.snapshot().encode(), recovered.snapshot().encode());
}

#[test]
fn who_is_in_a_restored_world_can_be_seen_joined_and_spoken_to() {
    let mut original = sim(field());
    tick(&mut original, [join(1, 10, 10)]);
    let mut restored =
        Sim::restore(Arc::new(field()), SimConfig::default(), &original.snapshot()).expect("of this map");
    let output = tick(&mut restored, [join(2, 11, 10), say(2, 1, "anybody here?")]);
    let told = output.sessions.iter().find(|delta| delta.session == SessionKey(2)).expect("told everything");
    assert_eq!(own_view(&output, told).enter.len(), 2);
}

#[test]
fn damaged_snapshots_and_those_of_other_maps_are_errors() {
    let mut sim = sim(Map::built_in());
    tick(&mut sim, [join(1, 50, 60), join(2, 52, 60)]);
    let snapshot = sim.snapshot();
    let other = Sim::restore(Arc::new(field()), SimConfig::default(), &snapshot);
    assert!(matches!(other, Err(RestoreError::OtherMap)));
    let bytes = snapshot.encode();
    assert!(matches!(WorldSnapshot::decode(&[]), Err(RestoreError::Empty)));
    assert!(matches!(WorldSnapshot::decode(&[99, 1]), Err(RestoreError::Format { found: 99 })));
    let longer = [bytes.as_slice(), &[0]].concat();
    assert!(WorldSnapshot::decode(&longer).is_err());
    for length in 0..bytes.len() {
        assert!(WorldSnapshot::decode(&bytes[..length]).is_err(), "cut after {length} bytes");
    }
    for at in 0..bytes.len() {
        let mut damaged = bytes.clone();
        damaged[at] ^= 0x55;
        assert!(WorldSnapshot::decode(&damaged).is_err(), "byte {at} changed");
    }
}

#[test]
fn snapshots_that_contradict_themselves_are_errors() {
    let mut original = sim(Map::from_art(&["@.i", "..D"]));
    tick(&mut original, [join(1, 0, 0)]);
    let good = original.snapshot();
    let restore = |change: fn(&mut WorldSnapshot)| {
        let mut snapshot = good.clone();
        change(&mut snapshot);
        Sim::restore(Arc::new(Map::from_art(&["@.i", "..D"])), SimConfig::default(), &snapshot).err()
    };
    assert!(restore(|_| {}).is_none());
    for change in [
        |it: &mut WorldSnapshot| it.objects[0].face.x = 3,
        |it: &mut WorldSnapshot| it.objects[0].face.id = it.objects[1].face.id,
        |it: &mut WorldSnapshot| it.next_entity = 2,
        |it: &mut WorldSnapshot| it.tick = u64::MAX,
        |it: &mut WorldSnapshot| it.next_entity = u64::MAX,
        |it: &mut WorldSnapshot| it.ticks_per_second = 0,
        |it: &mut WorldSnapshot| it.tiles.push(tilemud_schema::TileChange { x: 0, y: 9, tile: 1 }),
        |it: &mut WorldSnapshot| it.tiles.push(tilemud_schema::TileChange { x: 0, y: 0, tile: 900 }),
    ] {
        assert!(matches!(restore(change), Some(RestoreError::Inconsistent { .. })));
    }
    for change in [
        |it: &mut WorldSnapshot| it.tiles.push(tilemud_schema::TileChange { x: 0, y: 0, tile: 2 }),
        |it: &mut WorldSnapshot| it.objects.iter_mut().for_each(|it| it.quantity = it.quantity.map(|_| 2)),
        |it: &mut WorldSnapshot| it.characters[0].state.health = 1,
        |it: &mut WorldSnapshot| it.characters.clear(),
    ] {
        assert!(matches!(restore(change), Some(RestoreError::Hashes { tick: 1 })));
    }
}
