//! What single ticks do, rule by rule.

use std::sync::Arc;

use tilemud_schema::{Direction, ErrorCode, EventPayload, Position};
use tilemud_sim::api::{Answer, Input, Outcome, SessionKey};
use tilemud_sim::{Map, Sim, SimConfig, TickOutput};

use crate::players::{Client, attach, join, leave, walk};

fn sim(map: Map) -> Sim {
    Sim::new(Arc::new(map), SimConfig::default())
}

fn tick(sim: &mut Sim, inputs: impl Into<Vec<Input>>) -> TickOutput {
    let mut inputs = inputs.into();
    let output = sim.tick(&mut inputs);
    assert!(inputs.is_empty(), "a tick takes all inputs");
    output
}

fn outcomes(output: &TickOutput) -> Vec<Outcome> {
    output.answers.iter().map(|answer| answer.outcome.clone()).collect()
}

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
    assert_eq!(output.events[0].payload, EventPayload::Move { direction: Direction::East, to });
    assert_eq!(output.profiles[0].position, to);
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
    assert_eq!(output.profiles[0].position, Position { x: 13, y: 10 });
    assert_eq!(output.departed[0].0, SessionKey(2));
    assert_eq!(anna.entities.len(), 2);
    anna.receive(SessionKey(1), &output);
    assert_eq!(anna.entities.len(), 1);
    assert!(sim.profile(SessionKey(2)).is_none());
}
