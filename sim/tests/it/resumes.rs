//! Coming back after a lost connection: the missed deltas when they are on record, everything when
//! not.

use tilemud_schema::{Direction, SelfState, Tick};
use tilemud_sim::api::SessionDelta;
use tilemud_sim::limits::{CROSSINGS_REMEMBERED_MAX, INTENTS_PER_SESSION_MAX, RESUME_TICKS, VIEWS_REMEMBERED_MAX};
use tilemud_sim::{Map, Sim};

use crate::players::{attach, join, leave, own_view, say, walk};
use crate::{sim, tick};

fn come_back(sim: &mut Sim, last_tick: Tick) -> SessionDelta {
    let output = tick(sim, [attach(1, Some(last_tick))]);
    output.sessions.into_iter().next().expect("an answer")
}

fn is_delta(session_delta: &SessionDelta) -> bool {
    session_delta.attached.expect("an answer to the attach").is_delta
}

#[test]
fn a_resume_carries_exactly_what_was_missed() {
    let mut sim = sim(Map::open("field", 64, 64));
    let last = tick(&mut sim, [join(1, 10, 10), join(2, 12, 10), join(3, 14, 10)]).tick;
    tick(&mut sim, [walk(2, 1, Direction::East), say(3, 1, "gone?")]);
    tick(&mut sim, [leave(3), join(4, 9, 9), join(5, 9, 9)]);
    tick(&mut sim, [walk(2, 2, Direction::East), leave(5)]);
    let output = tick(&mut sim, [attach(1, Some(last))]);
    let session_delta = &output.sessions[0];
    assert!(is_delta(session_delta));
    assert_eq!(session_delta.own, None, "nothing of its own changed");
    assert!(session_delta.effects.is_empty(), "words that were missed are the fan-out's");
    let view = own_view(&output, session_delta);
    assert!(!view.full);
    let names: Vec<_> = view.enter.iter().map(|entity| entity.name.as_ref()).collect();
    assert_eq!(names, ["Player 4"], "who came and went meanwhile is not told");
    assert_eq!(view.update.len(), 1);
    assert_eq!((view.update[0].x, view.update[0].health), (Some(14), None));
    assert_eq!(view.leave.len(), 1);
}

#[test]
fn a_resume_carries_private_changes_since_the_tick_held() {
    let mut sim = sim(Map::open("field", 64, 64));
    tick(&mut sim, [join(1, 10, 10)]);
    let last = tick(&mut sim, []).tick;
    tick(&mut sim, [walk(1, 1, Direction::East)]);
    tick(&mut sim, []);
    let own = come_back(&mut sim, last).own.expect("the step");
    assert_eq!(own.position.map(|at| at.x), Some(11));
    assert_eq!(own.stats.as_ref().map(|stats| stats.steps), Some(1));
    assert_eq!(SelfState { position: None, stats: None, ..own }, SelfState::default());
}

#[test]
fn a_resume_within_the_record_is_a_delta_and_beyond_it_everything() {
    for (missed, expected) in [(RESUME_TICKS, true), (RESUME_TICKS + 1, false)] {
        let mut sim = sim(Map::open("field", 64, 64));
        let last = tick(&mut sim, [join(1, 10, 10)]).tick;
        for _ in 1..missed {
            tick(&mut sim, []);
        }
        assert_eq!(is_delta(&come_back(&mut sim, last)), expected, "{missed} ticks missed");
    }
}

#[test]
fn a_tick_from_the_future_or_from_before_the_join_gets_everything() {
    let mut sim = sim(Map::open("field", 64, 64));
    tick(&mut sim, []);
    tick(&mut sim, [join(1, 10, 10)]);
    for last_tick in [0, 1, 900, Tick::MAX] {
        assert!(!is_delta(&come_back(&mut sim, last_tick)), "tick {last_tick}");
    }
}

#[test]
fn a_resume_from_before_the_remembered_views_gets_everything() {
    let mut sim = sim(Map::open("field", 64, 64));
    let last = tick(&mut sim, [join(1, 15, 10)]).tick;
    for seq in 0..VIEWS_REMEMBERED_MAX as u64 {
        let direction = if seq % 2 == 0 { Direction::East } else { Direction::West };
        tick(&mut sim, [walk(1, seq + 1, direction)]);
    }
    assert!(!is_delta(&come_back(&mut sim, last)));
    let last = sim.last_tick() - VIEWS_REMEMBERED_MAX as u64 + 2;
    assert!(is_delta(&come_back(&mut sim, last)));
}

/// Thirty players walk to and fro over the border at x = 16 until the world has forgotten how it
/// began.
fn wear_out_the_border(sim: &mut Sim) {
    let walkers = 2..32;
    let a_tick = u64::from(INTENTS_PER_SESSION_MAX);
    let ticks = CROSSINGS_REMEMBERED_MAX as u64 / (a_tick * (walkers.end - walkers.start)) + 2;
    for seq in (0..ticks).map(|tick| tick * a_tick) {
        let steps = walkers.clone().flat_map(|number| (1..=a_tick).map(move |step| (number, seq + step)));
        let over_the_border =
            steps.map(|(number, seq)| walk(number, seq, [Direction::West, Direction::East][seq as usize % 2]));
        tick(sim, over_the_border.collect::<Vec<_>>());
    }
}

#[test]
fn a_resume_that_needs_forgotten_crossings_gets_everything() {
    let mut sim = sim(Map::open("field", 64, 64));
    tick(&mut sim, (2..32).map(|number| join(number, 15, 12)).collect::<Vec<_>>());
    let last = tick(&mut sim, [join(1, 10, 10)]).tick;
    wear_out_the_border(&mut sim);
    assert!(!is_delta(&come_back(&mut sim, last)));
    let last = sim.last_tick() - 2;
    assert!(is_delta(&come_back(&mut sim, last)));
}

#[test]
fn a_resume_into_a_view_with_forgotten_crossings_gets_everything() {
    let mut sim = sim(Map::open("field", 96, 16));
    tick(&mut sim, (2..32).map(|number| join(number, 15, 12)).collect::<Vec<_>>());
    let last = tick(&mut sim, [join(1, 48, 10)]).tick;
    tick(&mut sim, [walk(1, 1, Direction::West)]);
    wear_out_the_border(&mut sim);
    assert!(!is_delta(&come_back(&mut sim, last)));
}
