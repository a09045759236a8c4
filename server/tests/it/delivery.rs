//! FR-003, FR-018: what is acknowledged as said is heard once and in order by everybody it was said
//! to, after a lost connection and after a crash too; and whoever speaks to somebody who will not
//! hear it is told.

use std::collections::BTreeMap;
use std::time::Instant;

use tilemud_schema::{
    Ack, ChatChannel, Details, Effect, Encoding, ErrorCode, ServerMessage, StateDelta, Tick, WireError,
};
use tilemud_support::player::{DEADLINE, Player};
use tilemud_support::process::{Local, Process};

use crate::world::meadow;

const QUICK: [&str; 4] = ["--chat-per-s", "1000", "--whisper-per-s", "1000"];

/// The same for a crowd of which most do not read for as long as others come in, speak and are
/// listened to.
const QUICK_AND_PATIENT: [&str; 6] =
    ["--chat-per-s", "1000", "--whisper-per-s", "1000", "--reconnect-window-s", "7200"];

/// Whispers and waits for the answer.
async fn whisper(player: &mut Player, text: &str, to: &str) -> Result<(), WireError> {
    let seq = player.speak(ChatChannel::Whisper, text, Some(to)).await;
    player.answer(seq).await.map(drop)
}

/// Says something to all and waits for the answer.
async fn proclaim(player: &mut Player, text: &str) {
    let seq = player.speak(ChatChannel::Zone, text, None).await;
    player.answer(seq).await.expect("it may be said");
}

/// Who said what in a delta.
fn lines(delta: &StateDelta) -> Vec<(String, String)> {
    let line = |effect: &Effect| match effect {
        Effect::Chat { from, text, .. } => Some((from.to_string(), text.to_string())),
        Effect::Missed { lines } => Some(("missed".to_owned(), lines.to_string())),
        _ => None,
    };
    delta.effects.iter().filter_map(line).collect()
}

/// What is heard until `last` is.
async fn heard_until(player: &mut Player, last: &str) -> Vec<(String, String)> {
    let mut heard = Vec::new();
    while heard.last().is_none_or(|(_, text)| text != last) {
        if let ServerMessage::StateDelta(delta) = player.next().await {
            heard.extend(lines(&delta));
        }
    }
    heard
}

fn texts(heard: Vec<(String, String)>) -> Vec<String> {
    heard.into_iter().map(|(_, text)| text).collect()
}

/// `speakers` say three lines to all at once, while each of a few is whispered to by all.
async fn a_crowd_speaks_at_once(speakers: usize) {
    let server = Local::plain(meadow(), &QUICK_AND_PATIENT).await;
    let url = &server.url;
    let joining = (0..speakers).map(|number| {
        let (url, name) = (url.clone(), format!("Speaker {number}"));
        tokio::spawn(async move { Player::join(&url, &name, Encoding::Postcard).await })
    });
    let (mut crowd, mut joining) = (Vec::new(), joining.peekable());
    while joining.peek().is_some() {
        // Not more at once than a store of a busy machine takes.
        let some: Vec<_> = joining.by_ref().take(8).collect();
        for player in some {
            crowd.push(player.await.unwrap());
        }
    }
    let mut ann = Player::join(url, "Ann", Encoding::Json).await;
    for player in &mut crowd {
        player.speak(ChatChannel::Zone, "1", None).await;
        player.speak(ChatChannel::Whisper, "psst", Some("Ann")).await;
        player.speak(ChatChannel::Zone, "2", None).await;
    }
    for player in &mut crowd {
        player.speak(ChatChannel::Zone, "3", None).await;
    }
    // What is refused is told to who said it. The three who listen below find theirs there.
    for player in crowd.iter_mut().skip(3) {
        let last = player.seq - 1;
        loop {
            match player.next().await {
                ServerMessage::Ack(Ack::Intents { acks, .. }) if acks.iter().any(|ack| ack.seq == last) => break,
                ServerMessage::Error { seq, error } => panic!("{seq:?} was refused: {error:?}"),
                _ => {}
            }
        }
    }
    let listeners = std::iter::once(&mut ann).chain(crowd.iter_mut().take(3));
    for (place, listener) in listeners.enumerate() {
        let mut heard: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let is_all = |heard: &BTreeMap<String, Vec<String>>| {
            heard.len() >= speakers && heard.values().all(|lines| lines.iter().any(|line| line == "3"))
        };
        let (mut whispers, mut refused) = (0, Vec::new());
        let mut last_news = Instant::now();
        while !is_all(&heard) || place == 0 && whispers < speakers {
            assert!(last_news.elapsed() < DEADLINE, "{place}: {whispers} whispers, {heard:?}, refused {refused:?}");
            let delta = match listener.next().await {
                ServerMessage::StateDelta(delta) => delta,
                ServerMessage::Error { seq, error } => {
                    refused.push((seq, error));
                    continue;
                }
                _ => continue,
            };
            for (from, text) in lines(&delta) {
                last_news = Instant::now();
                match &*text {
                    "psst" => whispers += 1,
                    _ => heard.entry(from).or_default().push(text),
                }
            }
        }
        assert_eq!(whispers, if place == 0 { speakers } else { 1 }, "one's own, or all to Ann");
        for (from, lines) in heard {
            assert_eq!(lines, ["1", "2", "3"], "{from} as heard by listener {place}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn beside_seventy_speakers_every_whisper_and_every_line_is_heard_in_order() {
    a_crowd_speaks_at_once(70).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn beside_a_hundred_and_twenty_speakers_every_whisper_and_every_line_is_heard_in_order() {
    a_crowd_speaks_at_once(120).await;
}

/// Ann has heard "before", loses her connection, is spoken to, and comes back saying that she holds
/// what `held` makes of it.
async fn words_wait_for_who_comes_back(encoding: Encoding, held: impl Fn(Tick) -> Option<Tick>) {
    let server = Local::plain(meadow(), &QUICK).await;
    let url = &server.url;
    let mut ann = Player::join(url, "Ann", encoding).await;
    let mut bob = Player::join(url, "Bob", Encoding::Postcard).await;
    whisper(&mut bob, "before", "ann").await.unwrap();
    assert_eq!(texts(heard_until(&mut ann, "before").await), ["before"]);
    // The answer to this comes after the answer to the ping behind the words.
    ann.heartbeat(1).await;
    let (token, last_tick) = (ann.reconnect_token.clone(), ann.tick);
    drop(ann);
    proclaim(&mut bob, "to all 1").await;
    for text in ["while away 1", "while away 2"] {
        whisper(&mut bob, text, "Ann").await.unwrap();
    }
    proclaim(&mut bob, "to all 2").await;

    // Whatever comes with the first delta is to be seen.
    let boot = tilemud_support::player::bootstrap(url, "Ann", Some(&token)).await;
    let mut ann = Player::enter_unread(url, boot, encoding, held(last_tick)).await;
    whisper(&mut bob, "whispered after", "Ann").await.unwrap();
    proclaim(&mut bob, "after").await;
    let expected = ["to all 1", "while away 1", "while away 2", "to all 2", "whispered after", "after"];
    assert_eq!(texts(heard_until(&mut ann, "after").await), expected);
}

#[tokio::test]
async fn words_to_who_reconnects_come_once_and_in_order_with_a_delta_resume() {
    words_wait_for_who_comes_back(Encoding::Postcard, Some).await;
}

#[tokio::test]
async fn words_to_who_reconnects_come_once_and_in_order_with_a_snapshot_resume() {
    words_wait_for_who_comes_back(Encoding::Json, |_| None).await;
    words_wait_for_who_comes_back(Encoding::Postcard, |_| Some(Tick::MAX)).await;
}

#[tokio::test]
async fn words_that_came_while_a_ping_was_not_answered_are_known_to_have_come_without_any_later_words() {
    let server = Local::plain(meadow(), &QUICK).await;
    let url = &server.url;
    let mut ann = Player::join(url, "Ann", Encoding::Postcard).await;
    let mut bob = Player::join(url, "Bob", Encoding::Postcard).await;
    ann.connection.hold_pongs();
    for text in ["1", "2", "3"] {
        whisper(&mut bob, text, "Ann").await.unwrap();
        assert_eq!(texts(heard_until(&mut ann, text).await), [text]);
    }
    ann.connection.let_pongs_go().await;
    // What is asked about the later words comes before the answer to the first, and their answer
    // before the second.
    ann.heartbeat(1).await;
    ann.heartbeat(2).await;
    let token = ann.reconnect_token.clone();
    drop(ann);
    let boot = tilemud_support::player::bootstrap(url, "Ann", Some(&token)).await;
    let mut ann = Player::enter_unread(url, boot, Encoding::Postcard, None).await;
    whisper(&mut bob, "4", "Ann").await.unwrap();
    assert_eq!(texts(heard_until(&mut ann, "4").await), ["4"], "nothing is said twice");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn words_acknowledged_before_a_sigkill_are_heard_once_after_the_restart() {
    let data = tempfile::tempdir().unwrap();
    let server = Process::start(data.path(), &QUICK);
    let mut ann = Player::join(&server.url, "Ann", Encoding::Postcard).await;
    let mut bob = Player::join(&server.url, "Bob", Encoding::Postcard).await;
    whisper(&mut bob, "before", "Ann").await.unwrap();
    heard_until(&mut ann, "before").await;
    let (token, last_tick) = (ann.reconnect_token.clone(), ann.tick);
    drop(ann);
    proclaim(&mut bob, "to all").await;
    whisper(&mut bob, "while away", "ANN").await.unwrap();
    whisper(&mut bob, "to himself", "Bob").await.unwrap();
    server.kill();

    let server = Process::start(data.path(), &QUICK);
    let mut bob =
        Player::resume(&server.url, "Bob", &bob.reconnect_token.clone(), Encoding::Postcard, Some(bob.tick)).await;
    proclaim(&mut bob, "early").await;
    let boot = tilemud_support::player::bootstrap(&server.url, "Ann", Some(&token)).await;
    let mut ann = Player::enter_unread(&server.url, boot, Encoding::Postcard, Some(last_tick)).await;
    proclaim(&mut bob, "after").await;
    assert_eq!(texts(heard_until(&mut ann, "after").await), ["to all", "while away", "early", "after"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_comes_back_after_a_restart_to_more_words_than_are_looked_at_is_told_how_many_are_missing() {
    const SAID: u32 = 1_200;
    let data = tempfile::tempdir().unwrap();
    let server = Process::start(data.path(), &QUICK);
    let ann = Player::join(&server.url, "Ann", Encoding::Postcard).await;
    let mut bob = Player::join(&server.url, "Bob", Encoding::Postcard).await;
    let (token, last_tick) = (ann.reconnect_token.clone(), ann.tick);
    drop(ann);
    // No more at once than one may do in a tick.
    for begin in (0..SAID).step_by(50) {
        let mut last = 0;
        for number in begin..begin + 50 {
            last = bob.speak(ChatChannel::Zone, &number.to_string(), None).await;
        }
        bob.answer(last).await.expect("it may be said");
    }
    server.kill();

    let server = Process::start(data.path(), &QUICK);
    let boot = tilemud_support::player::bootstrap(&server.url, "Ann", Some(&token)).await;
    let mut ann = Player::enter_unread(&server.url, boot, Encoding::Json, Some(last_tick)).await;
    let heard = heard_until(&mut ann, &(SAID - 1).to_string()).await;
    let (missed, lines): (Vec<_>, Vec<_>) = heard.into_iter().partition(|(from, _)| from == "missed");
    let missed: u32 = missed.iter().map(|(_, lines)| lines.parse::<u32>().unwrap()).sum();
    assert!(missed > 0 && !lines.is_empty());
    let expected: Vec<_> = (missed..SAID).map(|number| number.to_string()).collect();
    assert_eq!(texts(lines), expected, "what is not heard is counted");
}

/// The next error that answers no intent.
async fn notice(player: &mut Player) -> WireError {
    loop {
        if let ServerMessage::Error { seq: None, error } = player.next().await {
            return error;
        }
    }
}

#[tokio::test]
async fn who_whispered_to_somebody_who_does_not_come_back_is_told() {
    let flags = [&QUICK[..], &["--reconnect-window-s", "1"]].concat();
    let began = Instant::now();
    // Held until the end: a server that is dropped ends.
    let (_server, mut bob) = loop {
        let server = Local::plain(meadow(), &flags).await;
        let ann = Player::join(&server.url, "Ann", Encoding::Postcard).await;
        let mut bob = Player::join(&server.url, "Bob", Encoding::Json).await;
        let entity_id = ann.entity_id;
        drop(ann);
        let is_away = |delta: &StateDelta| delta.update.iter().any(|update| update.away == Some(true));
        bob.delta_where(|delta| is_away(delta) || delta.leave.contains(&entity_id)).await;
        let said = [whisper(&mut bob, "1", "Ann").await, whisper(&mut bob, "2", "Ann").await];
        if said.iter().all(Result::is_ok) {
            break (server, bob);
        }
        // On a machine that stood still she is gone before both are said.
        let codes: Vec<ErrorCode> = said.into_iter().filter_map(Result::err).map(|error| error.code).collect();
        assert!(codes.iter().all(|code| *code == ErrorCode::TargetAway), "{codes:?}");
        assert!(began.elapsed() < DEADLINE, "nobody can speak to who is away");
    };
    let error = notice(&mut bob).await;
    assert_eq!(error.code, ErrorCode::TargetAway);
    assert_eq!(error.details, Some(Details::Unheard { to: "Ann".to_owned(), lines: 2 }));
    let refused = whisper(&mut bob, "3", "Ann").await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::TargetAway, "she is gone");
}

#[tokio::test]
async fn when_no_more_can_be_kept_the_speaker_is_told_and_all_that_was_acknowledged_is_heard() {
    let server = Local::plain(meadow(), &QUICK).await;
    let ann = Player::join(&server.url, "Ann", Encoding::Postcard).await;
    let mut bob = Player::join(&server.url, "Bob", Encoding::Postcard).await;
    let (token, last_tick) = (ann.reconnect_token.clone(), ann.tick);
    drop(ann);
    bob.delta_where(|delta| delta.update.iter().any(|update| update.away == Some(true))).await;
    let mut acknowledged = Vec::new();
    for number in 0..150 {
        let text = number.to_string();
        match whisper(&mut bob, &text, "Ann").await {
            Ok(()) => acknowledged.push(text),
            Err(error) => assert_eq!(error.code, ErrorCode::TargetAway),
        }
    }
    assert!((90..=128).contains(&acknowledged.len()), "{}", acknowledged.len());
    let boot = tilemud_support::player::bootstrap(&server.url, "Ann", Some(&token)).await;
    let mut ann = Player::enter_unread(&server.url, boot, Encoding::Postcard, Some(last_tick)).await;
    let last = acknowledged.last().cloned().unwrap();
    assert_eq!(texts(heard_until(&mut ann, &last).await), acknowledged);
    // There is room again.
    tilemud_support::player::until(async || whisper(&mut bob, "again", "Ann").await.is_ok()).await;
    assert_eq!(texts(heard_until(&mut ann, "again").await), ["again"]);
}
