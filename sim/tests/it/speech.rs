//! Who hears what.

use std::sync::Arc;

use tilemud_schema::{ChatChannel, Effect, ErrorCode, EventPayload, Intent};
use tilemud_sim::api::{Input, Outcome};
use tilemud_sim::limits::{EARSHOT, EFFECTS_PER_SESSION_MAX};
use tilemud_sim::{Map, TickOutput};

use crate::players::{intent, join, say};
use crate::{outcomes, sim, tick};

/// Who heard how much.
fn hearers(output: &TickOutput) -> Vec<(u64, usize)> {
    output.private.iter().map(|private| (private.session.0, private.effects.len())).collect()
}

fn whisper(number: u64, seq: u64, to: &str) -> Input {
    intent(number, seq, Intent::Chat { channel: ChatChannel::Whisper, text: "psst".into(), to: Some(to.into()) })
}

#[test]
fn say_reaches_those_in_earshot_and_the_speaker() {
    let mut sim = sim(Map::open("field", 64, 64));
    tick(&mut sim, [join(1, 20, 20), join(2, 20 + EARSHOT, 20 - EARSHOT), join(3, 20, 20 + EARSHOT + 1)]);
    let output = tick(&mut sim, [say(1, 1, "hello")]);
    assert_eq!(hearers(&output), [(1, 1), (2, 1)]);
    let chat = EventPayload::Chat { channel: ChatChannel::Say, text: "hello".into(), to: None };
    assert_eq!(output.events[0].payload, chat, "words are durable");
    let heard: &Effect = &output.private[1].effects[0];
    assert!(matches!(heard, Effect::Chat { from, id: Some(_), .. } if &**from == "Player 1"));
}

#[test]
fn zone_reaches_everyone() {
    let mut sim = sim(Map::open("field", 64, 64));
    tick(&mut sim, [join(1, 0, 0), join(2, 63, 63)]);
    let zone = Intent::Chat { channel: ChatChannel::Zone, text: "all".into(), to: None };
    assert_eq!(hearers(&tick(&mut sim, [intent(1, 1, zone)])), [(1, 1), (2, 1)]);
}

#[test]
fn a_whisper_reaches_its_listener_whatever_the_case_of_the_name_and_nobody_else() {
    let mut sim = sim(Map::open("field", 64, 64));
    tick(&mut sim, [join(1, 0, 0), join(2, 63, 63), join(3, 1, 0)]);
    assert_eq!(hearers(&tick(&mut sim, [whisper(1, 1, "PLAYER 2")])), [(1, 1), (2, 1)]);
    assert_eq!(hearers(&tick(&mut sim, [whisper(1, 2, "player 1")])), [(1, 1)], "oneself only once");
}

#[test]
fn a_whisper_to_nobody_is_refused() {
    let mut sim = sim(Map::open("field", 64, 64));
    tick(&mut sim, [join(1, 0, 0)]);
    let output = tick(&mut sim, [whisper(1, 1, "nobody")]);
    assert_eq!(outcomes(&output), [Outcome::Refused(ErrorCode::ActionNotAllowed.into())]);
    assert!(output.events.is_empty() && output.private.is_empty());
}

#[test]
fn beyond_the_bound_of_a_tick_a_session_hears_no_more_and_others_do() {
    let mut sim = sim(Map::open("field", 64, 64));
    let speakers = EFFECTS_PER_SESSION_MAX as u64 + 3;
    tick(&mut sim, (1..=speakers).map(|number| join(number, 20, 20)).collect::<Vec<_>>());
    tick(&mut sim, [join(1_000, 20, 20 + EARSHOT)]);
    let mut inputs: Vec<_> = (1..=speakers).map(|number| say(number, 1, "la")).collect();
    inputs.push(whisper(1_000, 1, "Player 1"));
    let output = tick(&mut sim, inputs);
    assert!(output.private.iter().all(|private| private.effects.len() == EFFECTS_PER_SESSION_MAX));
    assert_eq!(output.events.len(), speakers as usize + 1, "what was said is durable all the same");
    let next = tick(&mut sim, [say(1, 2, "la")]);
    assert!(next.private.iter().all(|private| private.effects.len() == 1), "the next tick starts anew");
    assert!(Arc::ptr_eq(&next.private[0].effects[0], &next.private[1].effects[0]), "shared, not copied");
}
