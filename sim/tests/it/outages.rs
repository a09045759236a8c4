//! What happens to inputs while no tick may run.

use tilemud_schema::{Direction, ErrorCode};
use tilemud_sim::Map;
use tilemud_sim::api::{Input, Outcome, Refusal};

use crate::players::{attach, join, leave, resync, walk, walk_again};
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
    let again = |seq| walk_again(1, seq, 9, Direction::East);
    let mut inputs = vec![join(1, 10, 10), attach(1, None)];
    inputs.extend([2, 5].map(again));
    let answers = sim.refuse(&mut inputs, &unavailable());
    assert!(answers.iter().all(|answer| answer.outcome == Outcome::Refused(unavailable())), "{answers:?}");
    inputs.extend([4, 9, 11].map(again));
    let output = tick(&mut sim, inputs);
    let gap = Outcome::OutOfOrder { expected: 10 };
    assert_eq!(outcomes(&output), [Outcome::Duplicate, Outcome::Applied { event: 0 }, gap]);
}

#[test]
fn what_an_earlier_connection_left_out_stays_a_gap_until_the_later_one_sends_it() {
    for is_outage in [false, true] {
        let mut sim = sim(Map::open("field", 64, 64));
        tick(&mut sim, [join(1, 10, 10)]);
        // 3 was refused as out of order before; 4 of the earlier connection and 1 of the later meet in one tick.
        let mut inputs = vec![walk(1, 1, Direction::East), walk(1, 2, Direction::West), walk(1, 4, Direction::East)];
        inputs.extend([attach(1, None), walk_again(1, 1, 5, Direction::East)]);
        let mut answers = Vec::new();
        if is_outage {
            answers = sim.refuse(&mut inputs, &unavailable());
        }
        answers.extend(tick(&mut sim, inputs).answers);
        let of_4 = answers.iter().find(|answer| answer.seq == 4).map(|answer| answer.outcome.clone());
        assert_eq!(of_4, Some(Outcome::OutOfOrder { expected: 3 }));
        let rest = [2, 3, 4].map(|seq| walk_again(1, seq, 5, Direction::East));
        let [of_2, of_3, of_4] = &outcomes(&tick(&mut sim, rest))[..] else { panic!("three answers") };
        assert_eq!(*of_2, Outcome::Duplicate);
        assert!(matches!((of_3, of_4), (Outcome::Applied { .. }, Outcome::Applied { .. })), "{of_3:?}, {of_4:?}");
    }
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
