//! Who hears what.

use std::sync::Arc;

use tilemud_schema::{ChatChannel, Details, Direction, Effect, Emote, ErrorCode, Intent, Position};
use tilemud_sim::api::{Input, Outcome, Refusal, SessionKey};
use tilemud_sim::limits::EARSHOT;
use tilemud_sim::{Map, TickOutput};

use crate::model::text_of;
use crate::players::{intent, join, leave, say, walk};
use crate::replays::logged;
use crate::{outcomes, sim, tick};

/// Who heard how much.
fn hearers(output: &TickOutput) -> Vec<(u64, usize)> {
    output.sessions.iter().map(|delta| (delta.session.0, delta.effects.len())).collect()
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
    let chat = Intent::Chat { channel: ChatChannel::Say, text: "hello".into(), to: None };
    assert_eq!(output.events[0].performed.intent, chat, "words are durable");
    let heard: &Effect = &output.sessions[1].effects[0];
    assert!(matches!(heard, Effect::Chat { from, id: Some(_), .. } if &**from == "Player 1"));
}

#[test]
fn an_emote_is_seen_by_all_who_see_the_place_changes_nothing_and_is_played_again() {
    let mut sim = sim(Map::open("field", 128, 64));
    // A chunk and the one next to it are seen: up to the edge of that, and not from beyond.
    let joined = tick(&mut sim, [join(1, 40, 20), join(2, 63, 20), join(3, 64, 20)]);
    let still = tick(&mut sim, []).state_hash;
    let output = tick(&mut sim, [intent(1, 1, Intent::Emote { emote: Emote::Wave })]);
    assert_eq!(hearers(&output), [(1, 1), (2, 1)]);
    let waver = output.sessions[0].effects[0].clone();
    assert!(matches!(*waver, Effect::Emote { emote: Emote::Wave, .. }), "{waver:?}");
    assert_eq!(output.events[0].performed.intent, Intent::Emote { emote: Emote::Wave });
    assert!(output.is_durable() && output.state_hash == still && output.profiles.is_empty());
    let mut again = crate::sim(Map::open("field", 128, 64));
    for tick in [&joined, &output].into_iter().filter_map(logged) {
        again.replay(&tick).expect("as it was recorded");
    }
}

#[test]
fn who_sits_down_has_a_camp_there_is_told_and_keeps_it_and_a_replay_finds_it_again() {
    let mut sim = sim(Map::open("field", 64, 64));
    let sit = |seq| intent(1, seq, Intent::Emote { emote: Emote::Sit });
    let outputs =
        [tick(&mut sim, [join(1, 10, 20)]), tick(&mut sim, [sit(1)]), tick(&mut sim, [walk(1, 2, Direction::East)])];
    let camp = Some(Position { x: 10, y: 20 });
    let told: Vec<_> = outputs.iter().map(|it| it.sessions[0].own.as_ref().expect("told").camp).collect();
    assert_eq!(told, [None, camp, None], "once");
    assert_eq!(outputs[1].profiles[0].state.camp, camp, "it is saved");
    assert_eq!(outputs[0].state_hash, outputs[1].state_hash, "no part of the hash");
    assert_eq!(sim.profile(SessionKey(1)).expect("in the world").camp, camp);
    let mut again = crate::sim(Map::open("field", 64, 64));
    for tick in outputs.iter().filter_map(logged) {
        again.replay(&tick).expect("as it was recorded");
    }
    assert_eq!(again.characters(), sim.characters());
}

#[test]
fn whatever_is_said_counts_for_who_says_it_unless_nobody_may_hear_it_and_is_no_part_of_the_hash() {
    let mut sim = sim(Map::open("field", 64, 64));
    let before = tick(&mut sim, [join(1, 0, 0), join(2, 63, 63)]).state_hash;
    let zone = Intent::Chat { channel: ChatChannel::Zone, text: "all".into(), to: None };
    let inputs = [say(1, 1, "here"), intent(1, 2, zone), whisper(1, 3, "Player 2"), whisper(1, 4, "Nobody")];
    let output = tick(&mut sim, inputs);
    let messages = |number| sim.profile(SessionKey(number)).expect("in the world").stats.messages;
    assert_eq!((messages(1), messages(2)), (3, 0));
    assert_eq!(output.state_hash, before);
    assert_eq!(output.profiles.iter().map(|it| it.state.stats.messages).collect::<Vec<_>>(), [3], "it is saved");
}

#[test]
fn zone_is_told_once_for_everyone() {
    let mut sim = sim(Map::open("field", 64, 64));
    tick(&mut sim, [join(1, 0, 0), join(2, 63, 63)]);
    let zone = |text: &str| Intent::Chat { channel: ChatChannel::Zone, text: text.into(), to: None };
    let output = tick(&mut sim, [intent(2, 1, zone("b")), intent(1, 1, zone("a")), intent(1, 2, zone("c"))]);
    assert_eq!(hearers(&output), [(1, 0), (2, 0)], "the speakers are told what they counted, and no words");
    let texts: Vec<&str> = output.zone.iter().map(|line| text_of(line)).collect();
    assert_eq!(texts, ["a", "c", "b"], "in the order of the intents");
    assert!(tick(&mut sim, []).zone.is_empty());
}

#[test]
fn a_whisper_reaches_its_listener_whatever_the_case_of_the_name_and_nobody_else() {
    let mut sim = sim(Map::open("field", 64, 64));
    tick(&mut sim, [join(1, 0, 0), join(2, 63, 63), join(3, 1, 0)]);
    assert_eq!(hearers(&tick(&mut sim, [whisper(1, 1, "PLAYER 2")])), [(1, 1), (2, 1)]);
    assert_eq!(hearers(&tick(&mut sim, [whisper(1, 2, "player 1")])), [(1, 1)], "oneself only once");
}

fn is_unheard(output: &TickOutput, to: &str) -> bool {
    let refusal =
        Refusal { code: ErrorCode::TargetAway, details: Some(Details::Unheard { to: to.to_owned(), lines: 1 }) };
    let is_refused = outcomes(output) == [Outcome::Refused(refusal)];
    is_refused && output.events.is_empty() && output.sessions.iter().all(|delta| delta.effects.is_empty())
}

#[test]
fn a_whisper_to_nobody_is_refused() {
    let mut sim = sim(Map::open("field", 64, 64));
    tick(&mut sim, [join(1, 0, 0)]);
    assert!(is_unheard(&tick(&mut sim, [whisper(1, 1, "nobody")]), "nobody"));
}

#[test]
fn a_whisper_to_somebody_who_leaves_in_the_same_tick_is_refused() {
    let mut sim = sim(Map::open("field", 64, 64));
    tick(&mut sim, [join(1, 0, 0), join(2, 1, 0)]);
    assert!(is_unheard(&tick(&mut sim, [leave(2), whisper(1, 1, "Player 2")]), "Player 2"));
}

#[test]
fn a_whisper_to_somebody_for_whom_no_more_can_be_kept_is_refused_until_there_is_room() {
    let mut sim = sim(Map::open("field", 64, 64));
    tick(&mut sim, [join(1, 0, 0), join(2, 1, 0)]);
    let full = |is_full| Input::Hearing { session: SessionKey(2), is_full };
    assert!(is_unheard(&tick(&mut sim, [full(true), whisper(1, 1, "Player 2")]), "Player 2"));
    assert_eq!(hearers(&tick(&mut sim, [whisper(2, 1, "Player 2")])), [(2, 1)], "one hears oneself");
    assert_eq!(hearers(&tick(&mut sim, [full(false), whisper(1, 2, "Player 2")])), [(1, 1), (2, 1)]);
}

#[test]
fn nothing_that_is_said_in_one_tick_is_lost_however_many_speak() {
    let mut sim = sim(Map::open("field", 64, 64));
    let speakers = 120;
    tick(&mut sim, (1..=speakers).map(|number| join(number, 20, 20)).collect::<Vec<_>>());
    tick(&mut sim, [join(1_000, 20, 20 + EARSHOT)]);
    let mut inputs: Vec<_> = (1..=speakers).map(|number| say(number, 1, "la")).collect();
    inputs.push(whisper(1_000, 1, "Player 1"));
    let output = tick(&mut sim, inputs);
    let of_all = speakers as usize;
    let heard = |number: u64| of_all + usize::from(number == 1 || number == 1_000);
    let expected: Vec<_> = (1..=speakers).chain([1_000]).map(|number| (number, heard(number))).collect();
    assert_eq!(hearers(&output), expected);
    let next = tick(&mut sim, [say(1, 2, "la")]);
    assert!(next.sessions.iter().all(|delta| delta.effects.len() == 1), "the next tick starts anew");
    assert!(Arc::ptr_eq(&next.sessions[0].effects[0], &next.sessions[1].effects[0]), "shared, not copied");
}
