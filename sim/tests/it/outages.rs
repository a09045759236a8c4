//! What happens to inputs while no tick may run.

use tilemud_schema::{Direction, ErrorCode};
use tilemud_sim::Map;
use tilemud_sim::api::{Input, Outcome, Refusal};

use crate::players::{attach, join, leave, resync, walk};
use crate::{outcomes, sim, tick};

fn unavailable() -> Refusal {
    ErrorCode::Unavailable.into()
}

#[test]
fn an_outage_consumes_numbers_changes_nothing_and_keeps_the_rest() {
    let mut sim = sim(Map::open("field", 64, 64));
    let before = tick(&mut sim, [join(1, 10, 10)]);
    let mut inputs = vec![walk(1, 1, Direction::East), leave(1), resync(1), walk(1, 2, Direction::East)];
    let answers = sim.refuse(&mut inputs, &unavailable());
    assert!(answers.iter().all(|answer| answer.outcome == Outcome::Refused(unavailable())));
    assert_eq!(answers.len(), 2);
    assert!(matches!(inputs[..], [Input::Leave { .. }, Input::Resync { .. }]));
    inputs.clear();
    let after = tick(&mut sim, [walk(1, 3, Direction::East)]);
    assert_eq!(outcomes(&after), [Outcome::Applied { event: 0 }]);
    assert_eq!((before.tick, after.tick), (1, 2), "no tick ran meanwhile");
}

#[test]
fn numbers_of_a_session_that_still_waits_to_join_are_consumed_too() {
    let mut sim = sim(Map::open("field", 64, 64));
    let mut inputs = vec![join(1, 10, 10), attach(1, None), walk(1, 1, Direction::East)];
    let answers = sim.refuse(&mut inputs, &unavailable());
    assert_eq!(answers.len(), 1);
    inputs.push(walk(1, 2, Direction::East));
    assert_eq!(sim.refuse(&mut inputs, &unavailable())[0].outcome, Outcome::Refused(unavailable()));
    inputs.push(walk(1, 2, Direction::East));
    inputs.push(walk(1, 3, Direction::East));
    let output = tick(&mut sim, inputs);
    assert_eq!(outcomes(&output), [Outcome::Duplicate, Outcome::Applied { event: 0 }]);
}

#[test]
fn what_a_client_leaves_out_of_what_it_sends_again_is_no_gap_before_and_after_it_joined() {
    let mut sim = sim(Map::open("field", 64, 64));
    let resent = Input::Resent { session: tilemud_sim::api::SessionKey(1), next_seq: 9 };
    let mut inputs = vec![join(1, 10, 10), attach(1, None), resent];
    inputs.extend([2, 5].map(|seq| walk(1, seq, Direction::East)));
    let answers = sim.refuse(&mut inputs, &unavailable());
    assert!(answers.iter().all(|answer| answer.outcome == Outcome::Refused(unavailable())), "{answers:?}");
    inputs.extend([4, 9, 11].map(|seq| walk(1, seq, Direction::East)));
    let output = tick(&mut sim, inputs);
    let gap = Outcome::OutOfOrder { expected: 10 };
    assert_eq!(outcomes(&output), [Outcome::Duplicate, Outcome::Applied { event: 0 }, gap]);
}

#[test]
fn a_waiting_attach_raises_the_number_for_the_intents_behind_it() {
    let mut sim = sim(Map::open("field", 64, 64));
    let attach =
        Input::Attach { session: tilemud_sim::api::SessionKey(1), last_tick: None, oldest_unanswered_seq: Some(8) };
    for mut inputs in [vec![join(1, 10, 10), attach.clone()], vec![attach]] {
        inputs.push(walk(1, 8, Direction::East));
        let answers = sim.refuse(&mut inputs, &unavailable());
        assert_ne!(answers[0].outcome, Outcome::OutOfOrder { expected: 1 });
        tick(&mut sim, inputs);
    }
    assert_eq!(outcomes(&tick(&mut sim, [walk(1, 9, Direction::East)])), [Outcome::Applied { event: 0 }]);
}
