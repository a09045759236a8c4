//! Plays a script against a server, and judges everything at the end.

use anyhow::{Context as _, Result, ensure};
use tilemud_schema::{ClientMessage, CloseCode, Direction, Intent, Position};
use tilemud_support::story::Numbered;

use crate::actor::{Actor, Heed, next_to};
use crate::connect::{Manner, PLAINLY};
use crate::log::Log;
use crate::rig::Rig;
use crate::script::{Deed, PLAYERS_MAX, Script, Step};
use crate::verdict;

/// Ends of a connection that a stopping or dying server may give.
const SERVER_ENDS: [CloseCode; 4] =
    [CloseCode::ShuttingDown, CloseCode::Replaced, CloseCode::LoggedOut, CloseCode::Authentication];

/// Ends of a connection that has been replaced.
const OLD_ENDS: [CloseCode; 2] = [CloseCode::Replaced, CloseCode::LoggedOut];

/// Plays all of it.
pub async fn play(rig: &mut Rig, script: &Script) -> Result<()> {
    let mut actors: Vec<Actor> = (0..script.players).map(|number| Actor::new(number, script.players)).collect();
    for actor in &mut actors {
        actor.join(rig).await?;
    }
    for (number, step) in script.steps.iter().enumerate() {
        rig.note(|| format!("-- {number}: {step:?}"));
        perform(rig, &mut actors, step).await.with_context(|| format!("step {number}, {step:?}"))?;
    }
    finish(rig, &mut actors).await.context("after all steps")?;
    // A server that stops waits for those who do not take their goodbye.
    actors.iter_mut().for_each(|actor| actor.line = None);
    rig.stop().await?;
    let log = Log::read(&rig.database()).await?;
    verdict::judge(&actors, &log, &rig.map)
}

async fn perform(rig: &mut Rig, actors: &mut [Actor], step: &Step) -> Result<()> {
    let players = actors.len();
    match step {
        Step::Send { who, deeds } => send(rig, &mut actors[who % players], deeds).await,
        Step::Chatter { who } => send(rig, &mut actors[who % players], &[const { Deed::Say }; 7]).await,
        Step::Scramble { who, deeds, keys } => scramble(rig, &mut actors[who % players], deeds, keys).await,
        Step::Repeat { who, which, times } => {
            let actor = &mut actors[who % players];
            let sent: Vec<_> = actor.story().intents.iter().filter(|(seq, _)| **seq < u64::MAX).collect();
            if sent.is_empty() {
                return Ok(());
            }
            let (seq, numbered) = sent[which.index(sent.len())];
            // A number ahead is none of an earlier intent.
            let (seq, intent) = (*seq, numbered.wants.last().cloned().context("something was sent")?);
            if seq < actor.story().next_seq {
                for _ in 0..*times {
                    actor.send(rig, seq, &intent).await;
                }
            }
        }
        Step::Leap { who, ahead, deed } => {
            let actor = &mut actors[who % players];
            let intent = actor.intent(deed);
            let seq = actor.story().next_seq.saturating_add(*ahead);
            if actor.line.is_some() {
                actor.story().intents.entry(seq).or_default().wants.push(intent.clone());
                actor.send(rig, seq, &intent).await;
            }
        }
        Step::Settle { who } => actors[who % players].settle(rig).await?,
        Step::Listen { who } => actors[who % players].listen(rig).await?,
        Step::Resync { who } => {
            if let Some(line) = &mut actors[who % players].line {
                line.connection.send(&ClientMessage::Resync {}).await;
            }
        }
        Step::Drop { who } => actors[who % players].line = None,
        Step::Reconnect { who, cut, eager, forgetful } => {
            let manner = Manner { cut: *cut, eager: *eager, forgetful: *forgetful };
            actors[who % players].come_back(rig, manner).await?;
        }
        Step::Rival { who, late } => actors[who % players].rival(rig, late).await?,
        Step::Logout { who, at_once } => actors[who % players].log_out(rig, *at_once).await?,
        Step::UsedToken { who, which } => {
            let actor = &mut actors[who % players];
            let worthless = actor.worthless_tokens(rig.life.number);
            if !worthless.is_empty() {
                let token = worthless[which.index(worthless.len())].clone();
                actor.try_token(rig, &token).await?;
            }
        }
        Step::StolenToken { who } => {
            if let Some(token) = actors[(who + 1) % players].token.clone() {
                actors[who % players].try_token(rig, &token).await?;
            }
        }
        Step::TokenTwice { who } => actors[who % players].come_back_twice(rig).await?,
        Step::Hold { who, deeds } => hold(rig, actors, who % players, deeds).await?,
        Step::Outage { who, deeds, refused } => outage(rig, actors, who % players, deeds, refused).await?,
        Step::Restart { reading } => {
            let stopping = rig.stop();
            end(rig, actors, reading, stopping).await??;
            rig.start().await?;
        }
        Step::Crash { deeds, written, reading } => {
            if let Some(gate) = rig.gate() {
                gate.close();
            }
            for (who, deed) in deeds {
                actors[who % players].act(rig, deed).await;
            }
            if rig.gate().is_some() {
                // What was sent has arrived when a heartbeat sent after it is answered.
                for actor in actors.iter_mut() {
                    actor.listen(rig).await?;
                }
            }
            let dying = rig.crash(*written);
            end(rig, actors, reading, dying).await?;
            rig.start().await?;
        }
    }
    Ok(())
}

async fn send(rig: &Rig, actor: &mut Actor, deeds: &[Deed]) {
    for deed in deeds {
        actor.act(rig, deed).await;
    }
}

/// Numbers intents in one order and sends them in another.
async fn scramble(rig: &Rig, actor: &mut Actor, deeds: &[Deed], keys: &[u8]) {
    let mut sent = Vec::new();
    for deed in deeds {
        let intent = actor.intent(deed);
        sent.push((actor.story().number(intent.clone()), intent));
    }
    sent.sort_by_key(|(seq, _)| keys[(seq % keys.len() as u64) as usize]);
    rig.note(|| format!("{} sends in this order: {sent:?}", actor.name));
    for (seq, intent) in &sent {
        actor.send(rig, *seq, intent).await;
    }
}

/// The server ends while some read to the end of their connections and others have gone before.
async fn end<T>(
    rig: &Rig,
    actors: &mut [Actor],
    reading: &[bool; PLAYERS_MAX],
    ending: impl Future<Output = T>,
) -> Result<T> {
    let reading = async {
        for (actor, is_reading) in actors.iter_mut().zip(reading) {
            let lines: Vec<_> = actor.old_lines.drain(..).chain(actor.line.take()).collect();
            if *is_reading {
                for line in lines {
                    actor.read_to_end(rig, line, &SERVER_ENDS).await?;
                }
            }
        }
        Ok(())
    };
    let (ended, read) = tokio::join!(ending, reading);
    read.map(|()| ended)
}

/// Nothing of what arrives while the commit is held shows anywhere before it is let through.
async fn hold(rig: &Rig, actors: &mut [Actor], who: usize, deeds: &[Deed]) -> Result<()> {
    let Some(gate) = rig.gate() else { return Ok(()) };
    if actors[who].line.is_none() || actors[who].leapt_ahead() {
        return Ok(());
    }
    for actor in actors.iter_mut() {
        actor.settle(rig).await?;
    }
    for actor in actors.iter_mut() {
        actor.catch_up(rig).await?;
    }
    gate.close();
    let arrived = gate.arrived();
    let at = actors[who].story().held.own.position.context("everyone knows where they stand")?;
    let step = free_step(rig, &mut actors[who])?;
    let first = actors[who].story().next_seq;
    // Free to walk and within every limit: there is something to commit.
    actors[who].act(rig, &Deed::Walk(step)).await;
    send(rig, &mut actors[who], deeds).await;
    rig.wait_for_commits(arrived + 1).await?;
    for _ in 0..3 {
        for actor in actors.iter_mut() {
            actor.listen(rig).await?;
        }
    }
    ensure_unseen(actors, who, first, at)?;
    gate.open();
    Ok(())
}

/// Nothing is acknowledged while the store is away; what arrives meanwhile is applied later or
/// refused.
async fn outage(rig: &mut Rig, actors: &mut [Actor], who: usize, deeds: &[Deed], refused: &[Deed]) -> Result<()> {
    let Some(gate) = rig.gate() else { return Ok(()) };
    if actors[who].line.is_none() || actors[who].leapt_ahead() {
        return Ok(());
    }
    actors[who].settle(rig).await?;
    actors[who].catch_up(rig).await?;
    gate.go_down();
    rig.life.had_outage = true;
    let arrived = gate.arrived();
    let step = free_step(rig, &mut actors[who])?;
    let first = actors[who].act(rig, &Deed::Walk(step)).await;
    send(rig, &mut actors[who], deeds).await;
    // Three attempts take longer than the world may run ahead: by then it stands still and refuses.
    rig.wait_for_commits(arrived + 3).await?;
    send(rig, &mut actors[who], refused).await;
    actors[who].listen(rig).await?;
    let acked = newly_applied(&actors[who], first);
    ensure!(acked.is_none(), "acknowledged while the store was away: {acked:?}");
    gate.come_back();
    actors[who].settle(rig).await?;
    // Whatever became of each, and in whatever order that was told: repeats are told the same.
    let repeats: Vec<_> =
        actors[who].story().intents.range(first..).map(|(seq, sent)| (*seq, sent.wants[0].clone())).collect();
    for (seq, want) in &repeats {
        actors[who].send(rig, *seq, want).await;
    }
    actors[who].catch_up(rig).await?;
    // Nobody is let in before the server knows that the store is back.
    rig.wait_until_ready().await
}

/// What was applied just now of the numbers from `first` on.
fn newly_applied(actor: &Actor, first: u64) -> Option<u64> {
    let intents = &actor.stories.last()?.intents;
    let applied = |intent: &Numbered| intent.ack.is_some_and(|ack| ack.tick.is_some());
    intents.range(first..).find(|(_, intent)| applied(intent)).map(|(seq, _)| *seq)
}

/// A step that nothing is in the way of.
fn free_step(rig: &Rig, actor: &mut Actor) -> Result<Direction> {
    let at = actor.story().held.own.position.context("everyone knows where they stand")?;
    let is_free = |direction: &Direction| {
        let to = next_to(at, *direction);
        !rig.map.is_solid(to.x, to.y)
    };
    Direction::ALL.into_iter().find(is_free).context("nobody is walled in")
}

fn ensure_unseen(actors: &mut [Actor], who: usize, first: u64, at: Position) -> Result<()> {
    let name = actors[who].name.clone();
    let acked = newly_applied(&actors[who], first);
    let story = actors[who].story();
    ensure!(acked.is_none(), "acknowledged before the commit: {acked:?}");
    let words: Vec<String> = story
        .intents
        .range(first..)
        .flat_map(|(_, intent)| &intent.wants)
        .filter_map(|want| match want {
            Intent::Chat { text, .. } => Some(text.to_string()),
            _ => None,
        })
        .collect();
    for actor in actors {
        if actor.line.is_none() {
            continue;
        }
        let viewer = actor.name.clone();
        let story = actor.story();
        let shown = story.held.players().find(|(seen, _)| *seen == name).map(|(_, position)| position);
        ensure!(shown.is_none_or(|shown| shown == at), "{viewer} saw {name} at {shown:?} before the commit");
        ensure!(
            story.heard.iter().all(|heard| !words.contains(&heard.text)),
            "{viewer} heard {name} before the commit"
        );
    }
    Ok(())
}

/// Everyone comes back, everything is answered, and what each holds is what a full delta says.
async fn finish(rig: &Rig, actors: &mut [Actor]) -> Result<()> {
    for actor in actors.iter_mut() {
        if actor.line.is_none() {
            actor.come_back(rig, PLAINLY).await?;
        }
        for line in std::mem::take(&mut actor.old_lines) {
            actor.read_to_end(rig, line, &OLD_ENDS).await.context("an older connection")?;
        }
        actor.settle(rig).await?;
    }
    for actor in actors.iter_mut() {
        // Twice: intents sent again may have been answered before their repeats are.
        for _ in 0..2 {
            actor.settle(rig).await?;
            actor.listen(rig).await?;
        }
    }
    for actor in actors.iter_mut() {
        // A full delta that was asked for earlier also brings what changed in its own tick.
        actor.catch_up(rig).await?;
        let mut held = actor.story().held.clone();
        let line = actor.line.as_mut().context("just connected")?;
        line.connection.send(&ClientMessage::Resync {}).await;
        loop {
            if actor.read(rig).await? == Heed::Full {
                break;
            }
            held = actor.story().held.clone();
        }
        let name = actor.name.clone();
        let full = &actor.story().held;
        held.tick = full.tick;
        held.follow_npcs(full);
        ensure!(held == *full, "{name} holds {held:?}, and there is {full:?}");
    }
    Ok(())
}
