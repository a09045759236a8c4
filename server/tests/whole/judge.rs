//! Judges a case at its end, when everything is answered: what everyone was told against the log,
//! and the log against the world.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, ensure};
use tilemud_schema::{ActionEvent, ChatChannel, Intent, Seq};
use tilemud_server::engine::recovery::Recovery;
use tilemud_server::engine::replay;
use tilemud_support::story::Story;

use crate::disk::Disk;
use crate::player::Player;
use crate::world::{World, character_of, name_of};

/// Judges everything; a number for the world at the end.
pub async fn judge(world: &World, players: &[Player], recovery: &Recovery) -> Result<u64> {
    {
        let disk = world.database.disk.lock();
        ensure!(disk.complaints.is_empty(), "{}", disk.complaints.join("; "));
        for player in players {
            for (number, story) in player.stories.iter().enumerate() {
                let judged = answers(story, &disk).and_then(|()| hearing(player.number, story, &disk));
                judged.with_context(|| format!("session {number} of {}", name_of(player.number)))?;
            }
            at_the_end(player, &disk).with_context(|| name_of(player.number))?;
        }
    }
    // The snapshot of the end is held against the log from the beginning on.
    let verified = replay::verify(recovery, &mut std::io::sink()).await.context("the log is played again")?;
    let disk = world.database.disk.lock();
    ensure!(verified.compared || disk.snapshots.len() < 2, "the world at the end was not compared: {verified:?}");
    let hashes = disk.records.values().next_back().map(|(record, _)| record.hashes).unwrap_or_default();
    Ok(hashes.characters ^ hashes.objects.rotate_left(1) ^ hashes.tiles.rotate_left(2))
}

fn events_of<'a>(story: &'a Story, disk: &'a Disk) -> impl Iterator<Item = (usize, &'a ActionEvent)> {
    disk.events.iter().enumerate().filter(|(_, event)| event.session_id == story.id)
}

/// What was acknowledged is there once, in the order of the numbers, as it was sent; what was
/// refused is not.
fn answers(story: &Story, disk: &Disk) -> Result<()> {
    let mut events: BTreeMap<Seq, &ActionEvent> = BTreeMap::new();
    let mut newest = 0;
    for (_, event) in events_of(story, disk) {
        let seq = event.sequence_number;
        ensure!(seq > newest, "{seq} took effect after {newest}");
        newest = seq;
        events.insert(seq, event);
        let sent = story.intents.get(&seq).with_context(|| format!("never sent: {event:?}"))?;
        ensure!(sent.wants.contains(&event.performed.intent), "{event:?} was sent as {:?}", sent.wants);
    }
    for (seq, intent) in &story.intents {
        let event = events.get(seq);
        if let Some(ack) = intent.ack {
            let event = event.with_context(|| format!("{seq} was acknowledged as {ack:?} and is lost"))?;
            let is_same = (event.action_id, event.persisted_at) == (ack.action_id, ack.persisted_at);
            ensure!(is_same && ack.tick.is_none_or(|tick| tick == event.tick), "{seq}: {ack:?}, in the log {event:?}");
        }
        ensure!(event.is_none() || intent.refusals.is_empty(), "{seq}: {:?}, in the log {event:?}", intent.refusals);
    }
    Ok(())
}

/// Words come once and in the order of the log; those to all and whispers come without fail to
/// whoever is there at the end, from the first state it was given on.
fn hearing(listener: usize, story: &Story, disk: &Disk) -> Result<()> {
    let mut newest = None;
    for heard in &story.heard {
        let said = disk.events.iter().position(|event| words(event).is_some_and(|(_, text, _)| *text == *heard.text));
        let said = said.with_context(|| format!("{heard:?} is not in the log"))?;
        ensure!(newest.is_none_or(|newest| newest < said), "{heard:?} is out of order");
        newest = Some(said);
    }
    let (Some((first, _)), Some((_, last))) = (story.attentive.first(), story.attentive.last()) else { return Ok(()) };
    for event in &disk.events {
        let Some((channel, text, to)) = words(event) else { continue };
        let is_for_it = match channel {
            ChatChannel::Zone => true,
            ChatChannel::Whisper => {
                event.character_id == character_of(listener) || to == Some(name_of(listener).as_str())
            }
            ChatChannel::Say => false,
        };
        if is_for_it && !story.is_over && (first..=last).contains(&&event.tick) {
            let is_heard = story.heard.iter().any(|heard| heard.text == text);
            ensure!(is_heard, "{text:?} of tick {} was not heard; there from {first} to {last}", event.tick);
        }
    }
    Ok(())
}

fn words(event: &ActionEvent) -> Option<(ChatChannel, &str, Option<&str>)> {
    match &event.performed.intent {
        Intent::Chat { channel, text, to } => Some((*channel, text, to.as_deref())),
        _ => None,
    }
}

/// Everything is answered, and each player is shown where the log has its character.
fn at_the_end(player: &Player, disk: &Disk) -> Result<()> {
    let story = player.stories.last().context("everyone has a session")?;
    let unanswered = story.unanswered();
    ensure!(unanswered.is_empty(), "never answered: {unanswered:?}");
    let place = disk.place(character_of(player.number), u64::MAX);
    ensure!(story.held.own.position == place, "stands at {:?}, in the log {place:?}", story.held.own.position);
    let logged = disk.counts(character_of(player.number));
    let counted = story.held.own.stats.as_ref().map(|stats| (stats.steps, stats.messages));
    ensure!(counted == Some(logged), "counted {counted:?} steps and messages, logged {logged:?}");
    Ok(())
}
