//! What single ticks do, rule by rule.

use tilemud_schema::{Action, Direction, EntityKind, ErrorCode, Intent, IntentOutcome, Position};
use tilemud_sim::Map;
use tilemud_sim::api::{Answer, Input, Outcome, SessionKey, View};

use crate::players::{Client, attach, character, identity, intent, join, leave, own_view, resync, walk};
use crate::{outcomes, sim, tick};

#[test]
fn who_joins_is_told_everything_and_who_is_near_sees_it_come() {
    let mut sim = sim(Map::open("field", 64, 64));
    let (mut anna, mut ben) = (Client::default(), Client::default());
    anna.receive(SessionKey(1), &tick(&mut sim, [join(1, 10, 10), attach(1, None)]));
    assert_eq!(anna.entities.len(), 1, "one sees oneself");
    assert_eq!(anna.own.position, Some(Position { x: 10, y: 10 }));
    let output = tick(&mut sim, [join(2, 12, 10), attach(2, None)]);
    anna.receive(SessionKey(1), &output);
    ben.receive(SessionKey(2), &output);
    assert_eq!(anna.entities, ben.entities);
    assert_eq!(anna.entities.len(), 2);
    assert!(ben.attached.is_some_and(|attached| !attached.is_delta && attached.last_seq == 0));
}

#[test]
fn a_step_is_answered_logged_saved_and_seen_in_the_same_tick() {
    let mut sim = sim(Map::open("field", 64, 64));
    let mut anna = Client::default();
    anna.receive(SessionKey(1), &tick(&mut sim, [join(1, 10, 10)]));
    let output = tick(&mut sim, [walk(1, 1, Direction::East)]);
    let to = Position { x: 11, y: 10 };
    assert_eq!(output.answers, [Answer { session: SessionKey(1), seq: 1, outcome: Outcome::Applied { event: 0 } }]);
    assert_eq!(output.events[0].performed.outcome, IntentOutcome::Move { to });
    assert_eq!(output.profiles[0].state.position, Some(to));
    anna.receive(SessionKey(1), &output);
    assert_eq!(anna.own.position, Some(to));
    assert_eq!(anna.entities.values().next().map(|me| (me.x, me.y)), Some((11, 10)));
}

#[test]
fn walls_closed_doors_and_the_edge_of_the_map_block_and_players_do_not() {
    let mut sim = sim(Map::from_art(&["..D", "#.."]));
    tick(&mut sim, [join(1, 0, 0), join(2, 1, 0)]);
    let blocked = Outcome::Refused(ErrorCode::MoveBlocked.into());
    let output = tick(
        &mut sim,
        [
            walk(1, 1, Direction::North),
            walk(1, 2, Direction::South),
            walk(1, 3, Direction::East),
            walk(1, 4, Direction::East),
        ],
    );
    assert_eq!(outcomes(&output), [blocked.clone(), blocked.clone(), Outcome::Applied { event: 0 }, blocked]);
    assert_eq!(output.events.len(), 1);
}

#[test]
fn who_leaves_is_saved_and_gone_from_all_eyes() {
    let mut sim = sim(Map::open("field", 64, 64));
    let mut anna = Client::default();
    anna.receive(SessionKey(1), &tick(&mut sim, [join(1, 10, 10), join(2, 12, 10)]));
    let output = tick(&mut sim, [leave(2), walk(2, 1, Direction::East)]);
    assert_eq!(outcomes(&output), [Outcome::Applied { event: 0 }], "leaving comes last");
    assert_eq!(output.profiles.len(), 1);
    assert_eq!(output.profiles[0].state.position, Some(Position { x: 13, y: 10 }));
    assert_eq!(output.departed[0].0, SessionKey(2));
    assert_eq!(anna.entities.len(), 2);
    anna.receive(SessionKey(1), &output);
    assert_eq!(anna.entities.len(), 1);
    assert!(sim.profile(SessionKey(2)).is_none());
}

#[test]
fn a_quiet_world_puts_nothing_out() {
    let mut sim = sim(Map::open("field", 64, 64));
    tick(&mut sim, [join(1, 10, 10), join(2, 12, 10)]);
    let output = tick(&mut sim, []);
    assert!(!output.is_durable());
    assert!(output.answers.is_empty() && output.cells.is_empty() && output.sessions.is_empty());
}

#[test]
fn a_new_character_appears_on_a_free_tile_and_is_saved_there() {
    let mut sim = sim(Map::from_art(&["###", "#@#", "###"]));
    let new = Input::Join {
        session: SessionKey(1),
        identity: identity(1),
        character: Box::new(character(1, None)),
        last_seq: 0,
    };
    let output = tick(&mut sim, [new]);
    assert_eq!(output.profiles.len(), 1);
    assert_eq!(output.profiles[0].state.position, Some(Position { x: 1, y: 1 }));
    assert_eq!(sim.profile(SessionKey(1)).and_then(|state| state.position), Some(Position { x: 1, y: 1 }));
}

#[test]
fn a_character_stored_inside_a_wall_or_outside_the_map_appears_at_the_spawn_point() {
    let mut sim = sim(Map::from_art(&["###", "#@#", "###"]));
    tick(&mut sim, [join(1, 0, 0), join(2, 500, -3)]);
    for session in [1, 2] {
        let position = sim.profile(SessionKey(session)).and_then(|state| state.position);
        assert_eq!(position, Some(Position { x: 1, y: 1 }));
    }
}

#[test]
fn a_second_session_takes_the_character_over_as_it_is() {
    let mut sim = sim(Map::open("field", 64, 64));
    tick(&mut sim, [join(1, 10, 10)]);
    tick(&mut sim, [walk(1, 1, Direction::East)]);
    let stale = Box::new(character(1, Some((10, 10))));
    let again = Input::Join { session: SessionKey(9), identity: identity(1), character: stale, last_seq: 0 };
    let output = tick(&mut sim, [again, walk(1, 2, Direction::East), walk(9, 1, Direction::South), leave(1)]);
    assert_eq!(output.departed.len(), 1);
    assert_eq!(output.departed[0].0, SessionKey(1));
    assert_eq!(outcomes(&output)[0], Outcome::Refused(ErrorCode::SessionNotFound.into()));
    assert_eq!(output.profiles.len(), 1, "one change a character and tick");
    assert_eq!(output.profiles[0].state.position, Some(Position { x: 11, y: 11 }));
    assert_eq!(sim.sessions().len(), 1);
}

#[test]
fn objects_of_the_map_are_seen_from_the_start() {
    let mut sim = sim(Map::from_art(&["D.N.i"]));
    let mut anna = Client::default();
    anna.receive(SessionKey(1), &tick(&mut sim, [join(1, 1, 0)]));
    let seen: Vec<_> = anna.entities.values().map(|entity| (entity.kind, entity.x, entity.open)).collect();
    assert_eq!(
        seen,
        [
            (EntityKind::Door, 0, Some(false)),
            (EntityKind::Npc, 2, None),
            (EntityKind::Item, 4, None),
            (EntityKind::Player, 1, None),
        ]
    );
}

#[test]
fn going_into_another_chunk_is_an_update_for_those_who_see_both() {
    let mut sim = sim(Map::open("field", 64, 64));
    tick(&mut sim, [join(1, 15, 8), join(2, 8, 8)]);
    let output = tick(&mut sim, [walk(1, 1, Direction::East)]);
    let cell = output.cells.iter().find(|delta| delta.cell.0 == 0).expect("the cell of the other");
    assert!(cell.enter.is_empty() && cell.leave.is_empty());
    assert_eq!(cell.update.len(), 1);
    let view = own_view(&output, &output.sessions[0]);
    assert!(!view.full);
    assert_eq!((view.enter.len(), view.update.len(), view.leave.len()), (0, 1, 0));
    assert_eq!(output.sessions[0].cell.0, 1);
}

#[test]
fn neighbours_hear_of_steps_only_when_deltas_are_due_and_walkers_at_once() {
    let config = tilemud_sim::SimConfig { delta_every: 3, first_tick: 1, ..Default::default() };
    let mut sim = tilemud_sim::Sim::new(std::sync::Arc::new(Map::open("field", 64, 64)), config);
    tick(&mut sim, [join(1, 10, 10), join(2, 12, 10)]);
    tick(&mut sim, []);
    tick(&mut sim, []);
    for (seq, is_due) in [(1, false), (2, false), (3, true)] {
        let output = tick(&mut sim, [walk(1, seq, Direction::North)]);
        assert_eq!(output.sessions.len(), 1);
        assert_eq!(output.sessions[0].own.as_ref().and_then(|own| own.position).map(|at| at.y), Some(10 - seq as i32));
        assert_eq!(output.cells.len(), usize::from(is_due));
    }
    assert!(tick(&mut sim, []).cells.is_empty());
}

#[test]
fn a_resync_brings_everything() {
    let mut sim = sim(Map::open("field", 64, 64));
    tick(&mut sim, [join(1, 10, 10), join(2, 12, 10)]);
    let output = tick(&mut sim, [resync(1)]);
    assert_eq!(output.sessions.len(), 1);
    let view = own_view(&output, &output.sessions[0]);
    assert!(view.full);
    assert_eq!(view.enter.len(), 2);
    let own = output.sessions[0].own.as_ref().expect("own state");
    assert_eq!(own.character_id, Some(identity(1).character_id));
    assert!(own.stats.is_some() && own.inventory.is_some() && own.health == Some(100));
}

#[test]
fn sessions_that_need_the_same_view_get_the_very_same_one() {
    let mut sim = sim(Map::open("field", 64, 64));
    let output = tick(&mut sim, (1..=9).map(|number| join(number, 10 + number as i32, 10)).collect::<Vec<_>>());
    let views: Vec<_> = output.sessions.iter().map(|delta| delta.view).collect();
    // Five stand west of the border at column 16, four east of it.
    let (west, east) = (View::Own(0), View::Own(1));
    assert_eq!(views, [west, west, west, west, west, east, east, east, east]);
    assert_eq!(output.views.len(), 2);
    assert_eq!(output.views.get(0).enter.len(), 9);
}

#[test]
fn a_refused_action_consumes_its_number() {
    let mut sim = sim(Map::open("field", 64, 64));
    tick(&mut sim, [join(1, 10, 10)]);
    let open = Intent::Action { steps: vec![Action::Open { x: 11, y: 10 }] };
    let output = tick(&mut sim, [intent(1, 1, open), walk(1, 2, Direction::East)]);
    assert_eq!(
        outcomes(&output),
        [Outcome::Refused(ErrorCode::ActionNotAllowed.into()), Outcome::Applied { event: 0 }]
    );
}

#[test]
fn the_same_state_has_the_same_hash_however_it_came_to_be() {
    let mut sim = sim(Map::open("field", 64, 64));
    let empty = tick(&mut sim, []).state_hash;
    let before = tick(&mut sim, [join(1, 10, 10)]).state_hash;
    let away = tick(&mut sim, [walk(1, 1, Direction::East)]).state_hash;
    let back = tick(&mut sim, [walk(1, 2, Direction::West)]).state_hash;
    let crowd = tick(&mut sim, [join(2, 10, 10)]).state_hash;
    assert_eq!(tick(&mut sim, [leave(2)]).state_hash, before);
    assert_eq!(tick(&mut sim, [leave(1)]).state_hash, empty);
    assert_eq!(before, back);
    assert!(before != away && before != crowd && before != empty);
}

#[test]
fn newcomers_of_the_built_in_world_stand_free_and_can_walk() {
    let mut sim = sim(Map::built_in());
    let joins = (1..=20).map(|number| Input::Join {
        session: SessionKey(number),
        identity: identity(number),
        character: Box::new(character(number, None)),
        last_seq: 0,
    });
    tick(&mut sim, joins.collect::<Vec<_>>());
    let every_way = (1..=20).flat_map(|number| (1..).zip(Direction::ALL).map(move |(seq, way)| walk(number, seq, way)));
    let output = tick(&mut sim, every_way.collect::<Vec<_>>());
    for number in 1..=20 {
        let walked = output.events.iter().any(|event| event.identity == identity(number));
        assert!(walked, "player {number} is walled in");
    }
}
