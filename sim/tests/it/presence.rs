//! Who is away is shown to others and is no part of the world's state.

use tilemud_schema::{Direction, EntityUpdate, Tick};
use tilemud_sim::WorldSnapshot;
use tilemud_sim::api::SessionKey;
use tilemud_sim::{Map, Sim, TickOutput};

use crate::players::{Client, attach, come_back, join, presence, walk};
use crate::{sim, tick};

fn two() -> (Sim, Client) {
    let mut sim = sim(Map::open("field", 64, 64));
    let mut ann = Client::default();
    ann.receive(SessionKey(1), &tick(&mut sim, [join(1, 10, 10), attach(1, None), join(2, 12, 10), attach(2, None)]));
    (sim, ann)
}

fn bob(ann: &Client) -> Option<bool> {
    ann.entities.values().find(|entity| &*entity.name == "Player 2").expect("Bob").away
}

fn updates(output: &TickOutput) -> Vec<Option<bool>> {
    output.cells.iter().flat_map(|delta| delta.update.iter().map(|update| update.away)).collect()
}

#[test]
fn who_is_away_is_shown_to_others_and_to_newcomers_until_they_are_back() {
    let (mut sim, mut ann) = two();
    let away = tick(&mut sim, [presence(2, 0, true)]);
    ann.receive(SessionKey(1), &away);
    let only_that = EntityUpdate { away: Some(true), ..EntityUpdate::none(away.cells.get(0).update[0].id) };
    assert_eq!((bob(&ann), away.cells.get(0).update), (Some(true), &[only_that][..]));
    assert!(tick(&mut sim, [presence(2, 0, true)]).cells.is_empty(), "told once");

    let mut newcomer = Client::default();
    newcomer.receive(SessionKey(3), &tick(&mut sim, [join(3, 11, 10), attach(3, None)]));
    assert_eq!(bob(&newcomer), Some(true));
    let back = tick(&mut sim, [presence(2, 0, false)]);
    ann.receive(SessionKey(1), &back);
    assert_eq!((bob(&ann), updates(&back)), (None, vec![Some(false)]));
    let walked = tick(&mut sim, [walk(2, 1, Direction::East)]);
    assert_eq!(updates(&walked), [None], "said when it changes, not with every step");
}

#[test]
fn an_attach_shows_a_character_as_back_and_the_connection_before_it_no_more_as_away() {
    let (mut sim, mut ann) = two();
    ann.receive(SessionKey(1), &tick(&mut sim, [presence(2, 1, true)]));
    assert_eq!(bob(&ann), Some(true));
    ann.receive(SessionKey(1), &tick(&mut sim, [come_back(2, 2, 1, 1)]));
    assert_eq!(bob(&ann), None);
    ann.receive(SessionKey(1), &tick(&mut sim, [presence(2, 1, true)]));
    assert_eq!(bob(&ann), None, "its end is noticed late");
    ann.receive(SessionKey(1), &tick(&mut sim, [presence(2, 2, true)]));
    assert_eq!(bob(&ann), Some(true));
}

#[test]
fn a_resume_tells_who_went_away_and_who_came_back_meanwhile() {
    for (before, after) in [(false, true), (true, false)] {
        let (mut sim, mut ann) = two();
        ann.receive(SessionKey(1), &tick(&mut sim, [presence(2, 0, before)]));
        let last: Tick = ann.tick;
        tick(&mut sim, [presence(2, 0, after)]);
        tick(&mut sim, []);
        ann.receive(SessionKey(1), &tick(&mut sim, [attach(1, Some(last))]));
        assert_eq!(bob(&ann), after.then_some(true));
    }
}

#[test]
fn presence_changes_neither_hashes_nor_snapshots_nor_the_log() {
    let ([mut seen, mut unseen], mut outputs) = ([two().0, two().0], Vec::new());
    for away in [true, false, true] {
        let told = tick(&mut seen, [presence(2, 0, away)]);
        let silent = tick(&mut unseen, []);
        assert_eq!((told.state_hash, &told.record, told.is_durable()), (silent.state_hash, &silent.record, false));
        outputs.push(told);
    }
    let [seen, unseen] = [seen, unseen].map(|sim| sim.snapshot().encode());
    assert_eq!(seen, unseen);
    assert!(WorldSnapshot::decode(&seen).is_ok());
}
