//! A player who keeps to the protocol, and at times beside it: numbers intents, reads what comes,
//! sends again what the server says it lacks. Everything it is told goes into the story of its
//! session.

use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use tilemud_schema::{
    Ack, AckStatus, Action, CharacterId, ChatChannel, ClientMessage, CloseCode, Direction, Emote, Encoding, ErrorCode,
    Intent, Position, Seq, ServerMessage, Tick,
};
use tilemud_support::player::{Closed, Connection};
use tilemud_support::story::Story;

use crate::rig::Rig;
use crate::script::Deed;

/// How long one message may take before something is lost for certain.
const PATIENCE: Duration = Duration::from_secs(60);

pub struct Actor {
    pub name: String,
    /// To whom it whispers.
    pub confidant: String,
    pub encoding: Encoding,
    /// Its character and where that first stood.
    pub character: Option<(CharacterId, Position)>,
    /// Its sessions; the last is the one it plays.
    pub stories: Vec<Story>,
    pub line: Option<Line>,
    /// Connections that a newer one has replaced or is about to.
    pub old_lines: Vec<Line>,
    pub bearer: Option<String>,
    /// Brings the session back.
    pub token: Option<String>,
    /// Whether the server cannot think that a newer token than this has arrived.
    pub token_is_sure: bool,
    /// Tokens before it: no longer good once the player was heard after it got a newer one.
    pub former_tokens: Vec<String>,
    /// Tokens of the session before, which ends when the next one has a connection; with the life
    /// it was alive in.
    pub fading_tokens: Vec<(u32, String)>,
    /// Tokens that are good for nothing; some only in one life of the server, because it does not
    /// write down that a token has been passed over or that its session has ended before that is
    /// forgotten.
    pub used_tokens: Vec<(Option<u32>, String)>,
    pub words: u32,
    nonce: u64,
}

/// A connection of one of the sessions.
pub struct Line {
    pub connection: Connection,
    /// Index of the session.
    pub session: usize,
    /// Whether what it shows is the newest there is.
    pub shows: bool,
    /// Intents were sent before the answer to its hello arrived, and nothing is known to have been
    /// heard since.
    pub eager: bool,
    /// The highest number it has acknowledged as applied.
    newest_applied: Seq,
    /// The number it said, when it was opened, that its next new intent would have.
    pub named_next: Option<Seq>,
    /// From where intents were sent again on it last, and up to where: 0 when none was under way.
    sent_again: Option<(Seq, Seq)>,
    /// The last heartbeat, and what had been confirmed before it was sent.
    asked: (u64, Tick),
}

/// What a message was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heed {
    /// The answer to a heartbeat.
    Heartbeat(u64),
    /// A full state delta.
    Full,
    Other,
}

impl Line {
    pub fn new(connection: Connection, session: usize) -> Self {
        Self {
            connection,
            session,
            shows: true,
            eager: false,
            newest_applied: 0,
            named_next: None,
            sent_again: None,
            asked: (0, 0),
        }
    }

    /// The next message, or how it ended.
    pub async fn next(&mut self) -> Result<Result<ServerMessage, Closed>> {
        tokio::time::timeout(PATIENCE, self.connection.next()).await.context("nothing came for a minute")
    }
}

impl Actor {
    pub fn new(number: usize, players: usize) -> Self {
        Self {
            name: name_of(number),
            confidant: name_of((number + 1) % players),
            encoding: Encoding::ALL[number % 2],
            character: None,
            stories: Vec::new(),
            line: None,
            old_lines: Vec::new(),
            bearer: None,
            token: None,
            token_is_sure: true,
            former_tokens: Vec::new(),
            fading_tokens: Vec::new(),
            used_tokens: Vec::new(),
            words: 0,
            nonce: 0,
        }
    }

    /// The story of the session it plays.
    pub fn story(&mut self) -> &mut Story {
        self.stories.last_mut().expect("everyone joins at the beginning of a case")
    }

    /// What a deed is as an intent. Words are never said twice.
    pub fn intent(&mut self, deed: &Deed) -> Intent {
        let chat = |channel, text: String, to| Intent::Chat { channel, text: text.into(), to };
        self.words += 1;
        let text = format!("{} {}", self.name, self.words);
        match deed {
            Deed::Walk(direction) => Intent::Move { direction: *direction },
            Deed::Say => chat(ChatChannel::Say, text, None),
            Deed::Shout => chat(ChatChannel::Zone, text, None),
            Deed::Whisper => chat(ChatChannel::Whisper, text, Some(self.confidant.as_str().into())),
            Deed::Wave => Intent::Emote { emote: Emote::Wave },
            Deed::Blank => chat(ChatChannel::Say, "  ".to_owned(), None),
            Deed::UseNothing => Intent::Action { steps: vec![Action::Use { item: "nothing".into(), target: None }] },
        }
    }

    /// Whether the number of its next intent has been used before its turn.
    pub fn leapt_ahead(&mut self) -> bool {
        let story = self.story();
        story.intents.contains_key(&story.next_seq)
    }

    /// The tokens that bring nothing back in this life of the server.
    pub fn worthless_tokens(&self, life: u32) -> Vec<&String> {
        let worthless = self.used_tokens.iter().filter(|(only_in, _)| only_in.is_none_or(|only| only == life));
        worthless.map(|(_, token)| token).collect()
    }

    /// Numbers an intent and sends it if there is a connection.
    pub async fn act(&mut self, rig: &Rig, deed: &Deed) -> Seq {
        let intent = self.intent(deed);
        let seq = self.story().number(intent.clone());
        rig.figures.intents.set(rig.figures.intents.get() + 1);
        rig.note(|| format!("{} {seq}: {intent:?}{}", self.name, if self.line.is_some() { "" } else { " (later)" }));
        self.send(rig, seq, &intent).await;
        seq
    }

    /// Sends an intent on the newest connection, if there is one.
    pub async fn send(&mut self, rig: &Rig, seq: Seq, intent: &Intent) {
        if let Some(line) = &mut self.line {
            line.connection.send(&message(seq, intent)).await;
            let numbered = self.story().intents.entry(seq).or_default();
            numbered.sent_in.get_or_insert(rig.life.number);
        }
    }

    /// Sends again what was not answered.
    pub async fn send_again(&mut self, rig: &Rig) {
        for seq in self.story().unanswered() {
            if let Some(want) = self.story().intents[&seq].wants.last().cloned() {
                self.send(rig, seq, &want).await;
            }
        }
    }

    /// Goes on from the number that the server takes next, without a gap.
    ///
    /// Refusals are not written down, so after a restart the server may lack a number whose refusal
    /// overtook the answers to older ones. It stays refused: what fills its place can have no
    /// effect.
    async fn go_on(&mut self, rig: &Rig, from: Seq) {
        let Some(newest) = self.story().unanswered().last().copied() else { return };
        for seq in from..=newest {
            let numbered = &self.story().intents[&seq];
            let want = if numbered.refusals.is_empty() { numbered.wants.last().cloned() } else { None };
            let want = want.unwrap_or_else(|| self.intent(&Deed::Blank));
            let wants = &mut self.story().intents.entry(seq).or_default().wants;
            if !wants.contains(&want) {
                wants.push(want.clone());
            }
            self.send(rig, seq, &want).await;
        }
    }

    /// Reads one message from the newest connection, which must be alive.
    pub async fn read(&mut self, rig: &Rig) -> Result<Heed> {
        let mut line = self.line.take().context("there is a connection")?;
        let message = match line.next().await.with_context(|| format!("{} reads", self.name))? {
            Ok(message) => message,
            Err(closed) => bail!("the connection of {} ended with {}", self.name, closed.0),
        };
        let heed = self.heed(rig, &mut line, message).await;
        self.line = Some(line);
        let (heed, go_on_from) = heed?;
        if let Some(from) = go_on_from {
            self.go_on(rig, from).await;
        }
        Ok(heed)
    }

    /// Reads until everything is answered.
    pub async fn settle(&mut self, rig: &Rig) -> Result<()> {
        if self.line.is_none() {
            return Ok(());
        }
        let reading = async {
            while !self.story().unanswered().is_empty() {
                self.read(rig).await?;
            }
            anyhow::Ok(())
        };
        let outcome = tokio::time::timeout(PATIENCE, reading).await.unwrap_or_else(|late| Err(late.into()));
        let unanswered = self.story().unanswered();
        outcome.with_context(|| format!("{} has no answer to {unanswered:?}", self.name))
    }

    /// Reads until such a message has come.
    pub async fn read_until(&mut self, rig: &Rig, heed: Heed) -> Result<()> {
        let reading = async {
            while self.read(rig).await? != heed {}
            anyhow::Ok(())
        };
        let outcome = tokio::time::timeout(PATIENCE, reading).await.unwrap_or_else(|late| Err(late.into()));
        outcome.with_context(|| format!("{} waits for {heed:?}", self.name))
    }

    /// Reads everything that has been sent to it by the time a heartbeat is answered.
    pub async fn listen(&mut self, rig: &Rig) -> Result<()> {
        self.nonce += 1;
        let nonce = self.nonce;
        let Some(line) = &mut self.line else { return Ok(()) };
        line.asked = (nonce, line.connection.confirmed);
        line.connection.send(&ClientMessage::Heartbeat { nonce }).await;
        self.read_until(rig, Heed::Heartbeat(nonce)).await
    }

    /// Reads until it has been shown everything that was acknowledged to it: answers and deltas of
    /// a tick come in messages of their own, and a heartbeat's answer may come between them.
    pub async fn catch_up(&mut self, rig: &Rig) -> Result<()> {
        let Some(line) = &mut self.line else { return Ok(()) };
        line.connection.send(&ClientMessage::Resync {}).await;
        self.read_until(rig, Heed::Full).await
    }

    /// Reads a connection to its end and lets it go. The end must be one of these; 0 is an end
    /// without a word.
    pub async fn read_to_end(&mut self, rig: &Rig, mut line: Line, ends: &[CloseCode]) -> Result<()> {
        loop {
            match line.next().await.with_context(|| format!("{} waits for the end", self.name))? {
                Ok(message) => self.heed(rig, &mut line, message).await.map(drop)?,
                Err(Closed(code)) => {
                    rig.note(|| format!("{} connection of session {} ended: {code}", self.name, line.session));
                    ensure!(code == 0 || ends.iter().any(|end| u16::from(*end) == code), "ended with {code}");
                    return Ok(());
                }
            }
        }
    }

    /// Takes in one message; also the number from which the server wants to be sent again.
    async fn heed(&mut self, rig: &Rig, line: &mut Line, message: ServerMessage) -> Result<(Heed, Option<Seq>)> {
        rig.note(|| format!("{} <- [{}] {message:?}", self.name, line.session));
        let name = &self.name;
        let story = &mut self.stories[line.session];
        let mut go_on_from = None;
        let mut heed = Heed::Other;
        match &message {
            ServerMessage::Ack(Ack::Intents { tick, acks }) => {
                for ack in acks {
                    if ack.status == AckStatus::Applied {
                        ensure!(ack.seq > line.newest_applied, "{} after {}", ack.seq, line.newest_applied);
                        line.newest_applied = ack.seq;
                    }
                    let is_first = story.acknowledged(*tick, ack).with_context(|| format!("{name} is told"))?;
                    if is_first {
                        rig.ensure_durable(story.id, ack).await.with_context(|| format!("{name} is told"))?;
                    }
                }
            }
            ServerMessage::Error { seq: Some(seq), error } => {
                go_on_from = story.refused(&rig.life, *seq, error).with_context(|| format!("{name} is told"))?;
                let is_named = go_on_from.is_some() && line.named_next.is_some_and(|next| *seq <= next);
                ensure!(!is_named, "{name} named what it leaves out, and {seq} is out of order: {error:?}");
                let is_behind = go_on_from.is_some_and(|from| from <= line.newest_applied);
                ensure!(!is_behind, "{name} was told that {} is applied: {error:?}", line.newest_applied);
                // Each of several numbers after one gap is refused; sending again once is enough
                // for all that were under way.
                if let Some(from) = go_on_from {
                    if line.sent_again.is_some_and(|(before, up_to)| before == from && *seq <= up_to) {
                        go_on_from = None;
                    } else {
                        line.sent_again = Some((from, story.unanswered().last().copied().unwrap_or(0)));
                    }
                }
            }
            ServerMessage::StateDelta(delta) => {
                if line.shows {
                    story.saw(delta).with_context(|| format!("{name} is shown {delta:?}"))?;
                }
                if delta.full {
                    heed = Heed::Full;
                }
            }
            ServerMessage::Heartbeat { nonce, .. } => {
                // What was sent before it has been read before it was answered.
                if line.asked.0 == *nonce && story.life == rig.life.number {
                    let (life, before) = story.confirmed;
                    let before = if life == story.life { before } else { 0 };
                    story.confirmed = (story.life, before.max(line.asked.1));
                }
                heed = Heed::Heartbeat(*nonce);
            }
            ServerMessage::Degraded(_) | ServerMessage::Disconnect(_) => {}
            // Somebody is not known to have heard a whisper and does not come back.
            ServerMessage::Error { seq: None, error } if error.code == ErrorCode::TargetAway => {}
            ServerMessage::Ack(Ack::Handshake { .. })
            | ServerMessage::Error { seq: None, .. }
            | ServerMessage::VersionMismatch { .. }
            | ServerMessage::World(_) => bail!("{name} does not expect {message:?}"),
        }
        let was_heard = match &message {
            ServerMessage::Heartbeat { .. } => {
                line.eager = false;
                line.shows
            }
            // What was sent before the token arrived does not show that it has.
            ServerMessage::Ack(_) | ServerMessage::Error { .. } => line.shows && !line.eager,
            _ => false,
        };
        // Whoever is answered has been heard after the token of the handshake arrived.
        if was_heard && line.session + 1 == self.stories.len() && self.token_is_sure {
            let newest = self.former_tokens.pop();
            self.used_tokens.extend(self.former_tokens.drain(..).map(|token| (None, token)));
            self.used_tokens.extend(newest.map(|token| (Some(rig.life.number), token)));
        }
        Ok((heed, go_on_from))
    }
}

/// An intent as a message.
pub fn message(seq: Seq, intent: &Intent) -> ClientMessage {
    ClientMessage::Intent { seq, intent: intent.clone() }
}

/// The tile next to one.
pub fn next_to(position: Position, direction: Direction) -> Position {
    let (dx, dy) = direction.step();
    Position { x: position.x + dx, y: position.y + dy }
}

fn name_of(number: usize) -> String {
    ["Ann", "Bob", "Cleo"][number].to_owned()
}
