//! Judges what everyone was told against the log: nothing lost, nothing doubled, nothing out of
//! order, and every character where its logged steps lead.

use std::collections::{BTreeMap, HashMap};

use anyhow::{Context as _, Result, ensure};
use tilemud_schema::{
    CharacterId, ChatChannel, Direction, ErrorCode, Intent, IntentOutcome, Performed, Position, SessionId, Stats,
};
use tilemud_sim::Map;
use tilemud_sim::limits::EARSHOT;
use tilemud_support::story::Story;

use crate::actor::{Actor, next_to};
use crate::log::{Log, LogRow};

/// Judges a whole case.
pub fn judge(actors: &[Actor], log: &Log, map: &Map) -> Result<()> {
    let mut walks = HashMap::new();
    for actor in actors {
        let walk = walk_of(actor, log, map).with_context(|| format!("the log of {}", actor.name))?;
        walks.insert(actor.name.as_str(), walk);
    }
    for actor in actors {
        for (number, story) in actor.stories.iter().enumerate() {
            let is_last = number + 1 == actor.stories.len();
            let judged = answers(story, log, is_last)
                .and_then(|()| blocked_steps(story, log, &walks[&*actor.name], map))
                .and_then(|()| sightings(story, &walks))
                .and_then(|()| greetings(story, log, &walks[&*actor.name]))
                .and_then(|()| hearing(actor, story, log, &walks));
            judged.with_context(|| format!("session {number} of {}", actor.name))?;
        }
        let (id, _) = actor.character.context("everyone has a character")?;
        let end = walks[&*actor.name].end();
        let last = actor.stories.last().context("everyone has a session")?;
        ensure!(
            last.held.own.position == Some(end),
            "{} stands at {:?}, not {end:?}",
            actor.name,
            last.held.own.position
        );
        let (_, position, stats) = log.profiles.iter().find(|(profile, ..)| *profile == id).context("no profile")?;
        ensure!(*position == Some(end), "the profile of {} says {position:?}, not {end:?}", actor.name);
        let counted =
            Stats { steps: walks[&*actor.name].steps.len() as u32, messages: said(id, log), ..Stats::default() };
        ensure!(*stats == counted, "the profile of {} says {stats:?}, not {counted:?}", actor.name);
        ensure!(last.held.own.stats == Some(counted), "{} was told {:?}", actor.name, last.held.own.stats);
    }
    let ours = actors.iter().flat_map(|actor| &actor.stories).map(|story| story.id);
    let ours: Vec<SessionId> = ours.collect();
    let stranger = log.rows.iter().find(|row| !ours.contains(&row.session_id));
    ensure!(stranger.is_none(), "a session nobody played did something: {stranger:?}");
    Ok(())
}

/// How many messages of a character are in the log.
fn said(id: CharacterId, log: &Log) -> u32 {
    let of_it = log.rows.iter().filter(|row| row.character_id == id);
    of_it.filter(|row| matches!(row.performed.intent, Intent::Chat { .. })).count() as u32
}

/// Where a character stood: after which row of the log it stood where.
struct Walk {
    start: Position,
    /// (index of the row, tick, where to).
    steps: Vec<(usize, u64, Position)>,
}

impl Walk {
    fn end(&self) -> Position {
        self.steps.last().map_or(self.start, |(_, _, to)| *to)
    }

    fn at_tick(&self, tick: u64) -> Position {
        let past = self.steps.partition_point(|(_, at, _)| *at <= tick);
        past.checked_sub(1).map_or(self.start, |last| self.steps[last].2)
    }

    fn before_row(&self, row: usize) -> Position {
        let past = self.steps.partition_point(|(at, _, _)| *at < row);
        past.checked_sub(1).map_or(self.start, |last| self.steps[last].2)
    }
}

/// Follows the steps of a character through the log. Its sessions come one after the other, each in
/// the order of its numbers; each row is something that was sent under its number; each step begins
/// where the one before ended.
fn walk_of(actor: &Actor, log: &Log, map: &Map) -> Result<Walk> {
    let (id, start) = actor.character.context("everyone has a character")?;
    let mut walk = Walk { start, steps: Vec::new() };
    let mut session = 0;
    let mut seq = 0;
    for (index, row) in log.rows.iter().enumerate().filter(|(_, row)| row.character_id == id) {
        let number = actor.stories.iter().position(|story| story.id == row.session_id).context("an unknown session")?;
        ensure!(number >= session, "session {number} acts after session {session}: {row:?}");
        ensure!(number > session || row.seq > seq, "{} after {seq} in session {session}", row.seq);
        (session, seq) = (number, row.seq);
        let sent = actor.stories[number].intents.get(&seq);
        let sent = sent.with_context(|| format!("never sent: {row:?}"))?;
        ensure!(sent.wants.contains(&row.performed.intent), "{row:?} was sent as {:?}", sent.wants);
        if let Performed { intent: Intent::Move { direction }, outcome: IntentOutcome::Move { to } } = row.performed {
            let from = walk.end();
            ensure!(
                next_to(from, direction) == to,
                "session {session}, {seq}: {direction:?} from {from:?} leads to {to:?}"
            );
            ensure!(!map.is_solid(to.x, to.y), "through the wall at {to:?}");
            walk.steps.push((index, row.tick, to));
        }
    }
    Ok(walk)
}

fn rows_of<'a>(story: &'a Story, log: &'a Log) -> impl Iterator<Item = (usize, &'a LogRow)> {
    log.rows.iter().enumerate().filter(|(_, row)| row.session_id == story.id)
}

/// What was acknowledged is there as acknowledged, what was refused is not; at the end everything
/// was answered.
fn answers(story: &Story, log: &Log, is_last: bool) -> Result<()> {
    let mut rows: BTreeMap<_, _> = BTreeMap::new();
    for (_, row) in rows_of(story, log) {
        ensure!(rows.insert(row.seq, row).is_none(), "{} is in the log twice", row.seq);
    }
    for (seq, intent) in &story.intents {
        let row = rows.get(seq);
        if let Some(ack) = intent.ack {
            let row = row.with_context(|| format!("{seq} was acknowledged as {ack:?} and is lost"))?;
            let same = (row.action_id, row.persisted_at) == (ack.action_id, ack.persisted_at);
            ensure!(same && ack.tick.is_none_or(|tick| tick == row.tick), "{seq}: {ack:?}, in the log {row:?}");
        }
        ensure!(row.is_none() || intent.refusals.is_empty(), "{seq}: {:?}, in the log {row:?}", intent.refusals);
    }
    let unanswered = story.unanswered();
    ensure!(!is_last || unanswered.is_empty(), "never answered: {unanswered:?}");
    Ok(())
}

/// A step that was refused for what stands in the way has something in its way, at its place in the
/// order.
fn blocked_steps(story: &Story, log: &Log, walk: &Walk, map: &Map) -> Result<()> {
    for (seq, intent) in &story.intents {
        let Some((_, error)) = intent.refusals.first() else { continue };
        let steps: Vec<Direction> = intent
            .wants
            .iter()
            .filter_map(|want| match want {
                Intent::Move { direction } => Some(*direction),
                _ => None,
            })
            .collect();
        // Only the next row of the session itself tells where it stood; without one the character
        // may have gone on in another session.
        let Some((row, _)) = rows_of(story, log).find(|(_, row)| row.seq > *seq) else { continue };
        if error.code == ErrorCode::MoveBlocked {
            let at = walk.before_row(row);
            let is_blocked = steps.iter().any(|step| {
                let to = next_to(at, *step);
                map.is_solid(to.x, to.y)
            });
            ensure!(is_blocked, "{seq}, {steps:?} from {at:?}, was blocked by nothing");
        }
    }
    Ok(())
}

/// Whoever was seen somewhere in a tick stood there after it.
fn sightings(story: &Story, walks: &HashMap<&str, Walk>) -> Result<()> {
    for seen in &story.sightings {
        let at = walks[&*seen.name].at_tick(seen.tick);
        ensure!(seen.position == at, "{seen:?}, but the log has it at {at:?}");
    }
    Ok(())
}

/// A bootstrap knows at least the steps that were acknowledged before it.
fn greetings(story: &Story, log: &Log, walk: &Walk) -> Result<()> {
    for (told, known) in &story.greetings {
        let first = known.and_then(|id| log.rows.iter().position(|row| row.action_id == id));
        let from = first.map_or(0, |row| walk.steps.partition_point(|(at, _, _)| *at <= row));
        let before = from.checked_sub(1).map_or(walk.start, |last| walk.steps[last].2);
        let is_known = *told == before || walk.steps[from..].iter().any(|(_, _, to)| to == told);
        ensure!(is_known, "a bootstrap tells of {told:?}, long after {before:?}");
    }
    Ok(())
}

/// Words are heard by those they are for: at most once, in the order of the log, in the tick they
/// were said or in a resume; and without fail by those who missed no tick.
fn hearing(actor: &Actor, story: &Story, log: &Log, walks: &HashMap<&str, Walk>) -> Result<()> {
    let names: HashMap<CharacterId, &str> = speakers(log, walks, actor);
    let mut newest = None;
    for heard in &story.heard {
        let said = log
            .rows
            .iter()
            .position(|row| matches!(&row.performed.intent, Intent::Chat { text, .. } if **text == heard.text));
        let said = said.with_context(|| format!("{heard:?} is not in the log"))?;
        ensure!(newest.is_none_or(|newest| newest < said), "{heard:?} is out of order");
        newest = Some(said);
        ensure!(log.rows[said].tick <= heard.tick, "{heard:?} was said in tick {}", log.rows[said].tick);
        ensure!(is_for(actor, said, log, walks, &heard.from), "{heard:?} is for somebody else");
    }
    for (index, row) in log.rows.iter().enumerate() {
        let Intent::Chat { text, .. } = &row.performed.intent else { continue };
        let from = names[&row.character_id];
        let was_there = story.attentive.iter().any(|(first, last)| (*first..=*last).contains(&row.tick));
        if was_there && is_for(actor, index, log, walks, from) {
            ensure!(story.heard.iter().any(|heard| heard.text == **text), "{text:?} of {from} was not heard: {row:?}");
        }
    }
    Ok(())
}

/// The names behind the characters that spoke: every text begins with its speaker's name.
fn speakers<'a>(log: &Log, walks: &HashMap<&'a str, Walk>, _actor: &Actor) -> HashMap<CharacterId, &'a str> {
    let mut names = HashMap::new();
    for row in &log.rows {
        if let Intent::Chat { text, .. } = &row.performed.intent {
            let name = walks.keys().find(|name| text.starts_with(**name)).expect("texts are made by the actors");
            names.insert(row.character_id, *name);
        }
    }
    names
}

fn is_for(listener: &Actor, row: usize, log: &Log, walks: &HashMap<&str, Walk>, from: &str) -> bool {
    let Intent::Chat { channel, to, .. } = &log.rows[row].performed.intent else { return false };
    match channel {
        ChatChannel::Zone => true,
        ChatChannel::Whisper => listener.name == from || to.as_deref() == Some(&*listener.name),
        ChatChannel::Say => {
            let (a, b) = (walks[from].before_row(row), walks[&*listener.name].before_row(row));
            (a.x - b.x).abs().max((a.y - b.y).abs()) <= EARSHOT
        }
    }
}
