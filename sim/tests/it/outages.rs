//! What happens to inputs while no tick may run.

use tilemud_schema::{Direction, ErrorCode};
use tilemud_sim::Map;
use tilemud_sim::api::{Input, Outcome, Refusal};
use tilemud_sim::limits::REPEATS_WAITING_MAX;

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
fn a_repeat_in_an_outage_waits_for_the_answer_of_its_original() {
    let mut sim = sim(Map::open("field", 64, 64));
    // The tick of the original is held back by the outage: it is done, and nobody has been told.
    let held = tick(&mut sim, [join(1, 10, 10), walk(1, 1, Direction::East)]);
    assert_eq!(outcomes(&held), [Outcome::Applied { event: 0 }]);
    let mut inputs = [1, 2, 2, 1].map(|seq| walk(1, seq, Direction::East)).to_vec();
    for refused in [&[2][..], &[]] {
        let answers = sim.refuse(&mut inputs, &unavailable());
        assert_eq!(answers.iter().map(|answer| answer.seq).collect::<Vec<_>>(), refused);
        assert_eq!(inputs.len(), 3);
    }
    assert_eq!(outcomes(&tick(&mut sim, inputs)), [const { Outcome::Duplicate }; 3]);
}

#[test]
fn the_repeats_of_a_session_that_wait_have_a_bound_and_those_of_others_have_their_own() {
    let mut sim = sim(Map::open("field", 64, 64));
    let joins = [join(1, 10, 10), join(2, 12, 10)];
    let walks = [1, 2].map(|session| walk(session, 1, Direction::East));
    tick(&mut sim, joins.into_iter().chain(walks).collect::<Vec<_>>());
    let mut inputs = vec![walk(2, 1, Direction::East)];
    inputs.extend(std::iter::repeat_n(walk(1, 1, Direction::East), REPEATS_WAITING_MAX + 9));
    for _ in 0..2 {
        assert_eq!(sim.refuse(&mut inputs, &unavailable()), []);
        assert_eq!(inputs.len(), REPEATS_WAITING_MAX + 1);
    }
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
        assert_eq!(answers, [], "a repeat waits for the tick");
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
        let refused = sim.refuse(&mut inputs, &unavailable());
        let answers = [refused, tick(&mut sim, inputs).answers].concat();
        assert_ne!(answers[0].outcome, Outcome::OutOfOrder { expected: 1 });
    }
    assert_eq!(outcomes(&tick(&mut sim, [walk(1, 9, Direction::East)])), [Outcome::Applied { event: 0 }]);
}
