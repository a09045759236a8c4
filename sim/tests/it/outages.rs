//! What happens to inputs while no tick may run.

use tilemud_schema::{Direction, ErrorCode};
use tilemud_sim::Map;
use tilemud_sim::api::{Input, Outcome, Refusal};

use crate::players::{attach, come_back, join, leave, resync, walk, walk_on};
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
    let again = |seq| walk_on(1, 1, seq, Direction::East);
    let mut inputs = vec![join(1, 10, 10), come_back(1, 1, 1, 9)];
    inputs.extend([2, 5].map(again));
    let answers = sim.refuse(&mut inputs, &unavailable());
    assert!(answers.iter().all(|answer| answer.outcome == Outcome::Refused(unavailable())), "{answers:?}");
    inputs.extend([4, 9, 11].map(again));
    let output = tick(&mut sim, inputs);
    let gap = Outcome::OutOfOrder { expected: 10 };
    assert_eq!(outcomes(&output), [Outcome::Duplicate, Outcome::Applied { event: 0 }, gap]);
}

#[test]
fn a_gap_in_what_an_earlier_connection_still_says_is_nobodys_and_is_filled_by_the_later_one() {
    for is_outage in [false, true] {
        let mut sim = sim(Map::open("field", 64, 64));
        // 3 was lost to a gap; 4 is late, and comes between what the later connection says.
        tick(&mut sim, [join(1, 10, 10), walk(1, 1, Direction::East), walk(1, 2, Direction::West)]);
        let late = walk(1, 4, Direction::East);
        let mut inputs = vec![late.clone(), come_back(1, 1, 1, 5), late.clone(), walk_on(1, 1, 1, Direction::East)];
        let mut answers = if is_outage { sim.refuse(&mut inputs, &unavailable()) } else { Vec::new() };
        answers.extend(tick(&mut sim, inputs).answers);
        let answers: Vec<_> = answers.into_iter().map(|answer| (answer.seq, answer.outcome)).collect();
        assert_eq!(answers, [(1, Outcome::Duplicate)]);
        let mut rest = Vec::from([2, 3, 4].map(|seq| walk_on(1, 1, seq, Direction::East)));
        rest.push(late);
        let output = tick(&mut sim, rest);
        let [first, second] = [0, 1].map(|event| Outcome::Applied { event });
        assert_eq!(outcomes(&output), [Outcome::Duplicate, first, second, Outcome::Duplicate]);
    }
}

#[test]
fn a_waiting_attach_raises_the_number_for_the_intents_behind_it() {
    let mut sim = sim(Map::open("field", 64, 64));
    let attach = come_back(1, 0, 8, 8);
    for mut inputs in [vec![join(1, 10, 10), attach.clone()], vec![attach]] {
        inputs.push(walk(1, 8, Direction::East));
        let answers = sim.refuse(&mut inputs, &unavailable());
        assert_ne!(answers[0].outcome, Outcome::OutOfOrder { expected: 1 });
        tick(&mut sim, inputs);
    }
    assert_eq!(outcomes(&tick(&mut sim, [walk(1, 9, Direction::East)])), [Outcome::Applied { event: 0 }]);
}
