//! How a player comes in, comes back, is replaced, and what it tries with tokens.

use anyhow::{Context as _, Result, bail, ensure};
use hyper::{Method, StatusCode};
use serde_json::json;
use tilemud_schema::rest::BootstrapResponse;
use tilemud_schema::{Ack, ClientMessage, CloseCode, Hello, Resume, ServerMessage};
use tilemud_support::player::{Connection, call};
use tilemud_support::story::Story;

use crate::actor::{Actor, Heed, Line};
use crate::rig::Rig;
use crate::script::{Cut, Deed};

/// How a connection is opened.
#[derive(Debug, Clone, Copy)]
pub struct Manner {
    /// Where it breaks off.
    pub cut: Cut,
    /// Intents go out before the answer to the hello has come.
    pub eager: bool,
    /// Without a word on what the player holds.
    pub forgetful: bool,
}

pub const PLAINLY: Manner = Manner { cut: Cut::Never, eager: false, forgetful: false };

impl Actor {
    /// Joins with a fresh session.
    pub async fn join(&mut self, rig: &Rig) -> Result<()> {
        let grant = self.bootstrap(rig, None).await?;
        self.begin(&grant)?;
        self.enter(rig, &grant, PLAINLY).await
    }

    /// Comes back with the token. The session must be the same, unless the player knows that it is
    /// over.
    pub async fn come_back(&mut self, rig: &Rig, manner: Manner) -> Result<()> {
        // Every other time it is known what has arrived of one that will not say so.
        if manner.forgetful && self.words.is_multiple_of(2) {
            self.listen(rig).await?;
            self.listen(rig).await?;
        }
        if let Some(mut line) = self.line.take() {
            line.shows = false;
            self.old_lines.push(line);
        }
        rig.figures.reconnects.set(rig.figures.reconnects.get() + 1);
        let presented = self.token.clone();
        let grant = self.bootstrap(rig, presented.as_deref()).await?;
        let is_same = grant.session.session_id == self.story().id;
        rig.note(|| format!("{} comes back ({manner:?}), same session: {is_same}", self.name));
        if is_same {
            ensure!(!self.story().is_over, "a session that is over came back");
            self.greet(&grant);
            let known = self.story().newest_applied();
            let told = grant.session.last_sequence_number;
            ensure!(told >= known, "{} was applied, and the bootstrap says {told}", known);
        } else {
            ensure!(
                presented.is_none() || !self.token_is_sure || self.story().is_over,
                "{} lost its session",
                self.name
            );
            rig.figures.sessions_lost.set(rig.figures.sessions_lost.get() + u32::from(presented.is_some()));
            self.begin(&grant)?;
        }
        self.enter(rig, &grant, manner).await
    }

    /// Joins afresh while the older connection lives on and tries some more.
    pub async fn rival(&mut self, rig: &Rig, late: &[Deed]) -> Result<()> {
        let older = self.line.take();
        let grant = self.bootstrap(rig, None).await?;
        self.begin(&grant)?;
        self.enter(rig, &grant, PLAINLY).await?;
        let Some(mut older) = older else { return Ok(()) };
        for deed in late {
            let intent = self.intent(deed);
            let seq = self.stories[older.session].number(intent.clone());
            rig.note(|| format!("{} {seq} of session {}, late: {intent:?}", self.name, older.session));
            older.connection.send(&crate::actor::message(seq, &intent)).await;
        }
        self.old_lines.push(older);
        Ok(())
    }

    /// Logs out and joins afresh, one after the other or both at once.
    pub async fn log_out(&mut self, rig: &Rig, at_once: bool) -> Result<()> {
        let Some(mut older) = self.line.take() else { return Ok(()) };
        self.story().is_over = true;
        if !at_once {
            older.connection.send(&ClientMessage::Logout {}).await;
            self.read_to_end(rig, older, &[CloseCode::LoggedOut]).await?;
            let token = self.token.take().context("everyone in has a token")?;
            let grant = self.bootstrap(rig, Some(&token)).await?;
            self.begin(&grant).context("a token of a session that was logged out")?;
            return self.enter(rig, &grant, PLAINLY).await;
        }
        let grant = self.bootstrap(rig, None).await?;
        older.connection.send(&ClientMessage::Logout {}).await;
        self.old_lines.push(older);
        self.begin(&grant)?;
        self.enter(rig, &grant, PLAINLY).await
    }

    /// Presents a token that is good for nothing, or somebody else's: a session of one's own, which
    /// is left alone.
    pub async fn try_token(&mut self, rig: &Rig, token: &str) -> Result<()> {
        rig.note(|| format!("{} tries a token that is not good", self.name));
        let grant = self.bootstrap(rig, Some(token)).await?;
        let id = grant.session.session_id;
        ensure!(self.stories.iter().all(|story| story.id != id), "a token that is not good brought session {id} back");
        Ok(())
    }

    /// Presents its token twice at the same time; comes in with one of the answers.
    pub async fn come_back_twice(&mut self, rig: &Rig) -> Result<()> {
        let Some(token) = self.token.clone() else { return Ok(()) };
        if let Some(mut line) = self.line.take() {
            line.shows = false;
            self.old_lines.push(line);
        }
        let bearer = self.bearer(rig).await?;
        let (one, other) = tokio::join!(
            request(rig, &self.name, &bearer, Some(&token)),
            request(rig, &self.name, &bearer, Some(&token))
        );
        let id = self.story().id;
        let is_over = self.story().is_over;
        let mut same: Vec<_> = [one?, other?].into_iter().filter(|grant| grant.session.session_id == id).collect();
        ensure!(!same.is_empty() || !self.token_is_sure || is_over, "{} lost its session", self.name);
        ensure!(same.is_empty() || !is_over, "a session that is over came back");
        rig.note(|| format!("{} presents its token twice: {} times the session", self.name, same.len()));
        // Which of them the server took last is for it to know: its own token may have been
        // replaced by the other's.
        let Some(grant) = same.pop() else { return self.come_back(rig, PLAINLY).await };
        self.former_tokens.push(token);
        self.former_tokens.push(grant.reconnect.token.clone());
        self.token_is_sure = false;
        self.come_back(rig, PLAINLY).await
    }

    async fn bearer(&mut self, rig: &Rig) -> Result<String> {
        if let Some(bearer) = &self.bearer {
            return Ok(bearer.clone());
        }
        let (status, body) = call(&rig.url, Method::POST, "/dev/token", None, Some(json!({ "user": self.name }))).await;
        ensure!(status == StatusCode::OK, "no access token: {body}");
        let bearer = body["access_token"].as_str().context("a token")?.to_owned();
        self.bearer = Some(bearer.clone());
        Ok(bearer)
    }

    async fn bootstrap(&mut self, rig: &Rig, token: Option<&str>) -> Result<BootstrapResponse> {
        let bearer = self.bearer(rig).await?;
        request(rig, &self.name, &bearer, token).await
    }

    /// Begins the session of a grant.
    fn begin(&mut self, grant: &BootstrapResponse) -> Result<()> {
        let id = grant.session.session_id;
        ensure!(self.stories.iter().all(|story| story.id != id), "{id} is not a fresh session");
        ensure!(grant.session.last_sequence_number == 0, "a fresh session has consumed something");
        if let Some(last) = self.stories.last_mut() {
            last.is_over = true;
        }
        let newest_step = self.stories.last().and_then(|last| last.newest_step);
        if let Some(last) = self.stories.last() {
            let tokens = self.former_tokens.drain(..).chain(self.token.take());
            self.fading_tokens = tokens.map(|token| (last.life, token)).collect();
        }
        self.stories.push(Story { newest_step, ..Story::new(id) });
        let character = &grant.state.character;
        let (id, _) =
            self.character.get_or_insert((character.character_id, character.state.position.expect("always given")));
        ensure!(*id == character.character_id, "{} has another character", self.name);
        self.greet(grant);
        Ok(())
    }

    /// Notes what a bootstrap of the current session says.
    fn greet(&mut self, grant: &BootstrapResponse) {
        let story = self.story();
        story.greetings.push((grant.state.character.state.position.expect("always given"), story.newest_step));
        self.former_tokens.extend(self.token.replace(grant.reconnect.token.clone()));
        self.token_is_sure = true;
    }

    /// Opens the realtime channel of a grant of the current session.
    async fn enter(&mut self, rig: &Rig, grant: &BootstrapResponse, manner: Manner) -> Result<()> {
        if manner.cut == Cut::AfterBootstrap {
            return Ok(());
        }
        let session = self.stories.len() - 1;
        let mut line = Line::new(Connection::open(&rig.url, self.encoding).await, session);
        let story = self.story();
        let held = (story.held.tick > 0 && !manner.forgetful).then_some(story.held.tick);
        story.holds_unsaid |= held.is_none();
        let hello = Hello {
            session_id: grant.session.session_id,
            ticket: grant.realtime.ticket.clone(),
            client_version: tilemud_schema::version().to_owned(),
            last_tick: held,
            oldest_unanswered_seq: Some(story.oldest_unanswered()),
            next_seq: (!manner.forgetful).then_some(story.next_seq),
        };
        line.named_next = hello.next_seq;
        line.eager = manner.eager;
        rig.note(|| format!("{} says hello, tick {held:?}, from {:?}", self.name, hello.oldest_unanswered_seq));
        line.connection.send(&ClientMessage::Hello(hello)).await;
        self.line = Some(line);
        if manner.eager {
            self.token_is_sure = false;
            self.send_again(rig).await;
        }
        if manner.cut == Cut::AfterHello {
            self.line = None;
            return Ok(());
        }
        let line = self.line.as_mut().context("just made")?;
        let answer = match line.next().await.context("the handshake")? {
            Ok(answer) => answer,
            Err(closed) => bail!("the handshake of {} ended with {}", self.name, closed.0),
        };
        rig.note(|| format!("{} <- {answer:?}", self.name));
        let ServerMessage::Ack(Ack::Handshake { session_id, last_seq, resume, reconnect, .. }) = answer else {
            bail!("{} expects the answer to its hello, not {answer:?}", self.name);
        };
        ensure!(session_id == grant.session.session_id, "the handshake names another session");
        self.former_tokens.extend(self.token.replace(reconnect.token));
        self.token_is_sure = true;
        let fading = self.fading_tokens.drain(..).filter(|(life, _)| *life == rig.life.number);
        self.used_tokens.extend(fading.map(|(life, token)| (Some(life), token)));
        let story = self.story();
        story.life = rig.life.number;
        let (known, asked) = (story.newest_answered(), story.intents.last_key_value().map_or(0, |(seq, _)| *seq));
        ensure!(
            last_seq >= known.min(story.oldest_unanswered() - 1),
            "{known} was answered, the handshake says {last_seq}"
        );
        ensure!(last_seq <= asked.max(story.next_seq - 1), "{last_seq} was never sent");
        ensure!(resume != Resume::Delta || held.is_some(), "a delta resume of nothing");
        if manner.cut == Cut::AfterAnswer {
            self.line = None;
            return Ok(());
        }
        match resume {
            Resume::Delta => rig.figures.delta_resumes.set(rig.figures.delta_resumes.get() + 1),
            Resume::Fresh | Resume::Snapshot => {
                self.story().awaits_snapshot = true;
                self.read_until(rig, Heed::Full).await?;
            }
        }
        if !manner.eager {
            self.send_again(rig).await;
        }
        Ok(())
    }
}

async fn request(rig: &Rig, name: &str, bearer: &str, token: Option<&str>) -> Result<BootstrapResponse> {
    let body = json!({
        "client_version": tilemud_schema::version(),
        "display_name": name,
        "reconnect_token": token,
    });
    let (status, body) = call(&rig.url, Method::POST, "/api/session/bootstrap", Some(bearer), Some(body)).await;
    ensure!(status == StatusCode::OK, "the bootstrap of {name} is refused: {body}");
    Ok(serde_json::from_value(body)?)
}
