//! An unlucky network between a client and the real server process: connections are cut after every
//! byte of the first handshake and of a resume, hang without a word, or come late and in pieces. No
//! intent is lost or doubled, the player comes back to the same session, never holds more than one,
//! and has one character.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use hyper::{Method, StatusCode};
use serde_json::json;
use sqlx::{Connection as _, Row as _, SqliteConnection};
use tilemud_schema::rest::BootstrapResponse;
use tilemud_schema::{
    Ack, ChatChannel, ClientMessage, Encoding, ErrorCode, Hello, Intent, Seq, ServerMessage, SessionId, Tick, WireError,
};
use tilemud_support::player::{Connection, call, token, try_exchange};
use tilemud_support::process::{Process, database};
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::way::{Edges, Loss, Luck, Way, draw};

/// A client whose intents are not answered for so long gives its connection up.
const PATIENCE: Duration = Duration::from_secs(3);

/// Attempts to come back; only the first ones are unlucky, the others are for a machine that is
/// busy with other tests.
const ATTEMPTS_MAX: usize = 40;

/// Players at the same time.
const AT_ONCE: usize = 12;

/// Connections of a way in or back: one for the bootstrap, one for the realtime channel.
const CONNECTIONS: usize = 2;

/// What a hello is refused with when a bootstrap that its client had given up was served after the
/// newer one, as happens on a busy machine: the next attempt leads back.
const OVERTAKEN: [ErrorCode; 2] = [ErrorCode::TicketInvalid, ErrorCode::SessionNotFound];

/// Sessions outlast the test, however slow the machine is.
pub const FLAGS: [&str; 10] = [
    "--tick-hz",
    "50",
    "--chat-per-s",
    "100",
    "--sign-in-per-s",
    "1000",
    "--connect-per-s",
    "1000",
    "--reconnect-window-s",
    "600",
];

/// A client that keeps to the protocol.
struct Client {
    user: String,
    way: Way,
    bearer: String,
    encoding: Encoding,
    /// Once it was in it.
    session: Option<SessionId>,
    reconnect_token: Option<String>,
    held: Option<Tick>,
    next_seq: Seq,
    unanswered: BTreeMap<Seq, String>,
    /// All that was said and has to be in the log, in order.
    said: Vec<String>,
}

impl Client {
    async fn new(url: &str, user: String, encoding: Encoding) -> Self {
        let (bearer, way) = (token(url, &user).await, Way::to(url).await);
        let (session, reconnect_token, held) = (None, None, None);
        let (unanswered, said) = (BTreeMap::new(), Vec::new());
        Self { user, way, bearer, encoding, session, reconnect_token, held, next_seq: 1, unanswered, said }
    }

    /// Numbers some words; they are sent when there is a connection.
    fn say(&mut self, count: usize) -> Vec<Seq> {
        let numbered = (0..count).map(|_| {
            let seq = self.next_seq;
            self.next_seq += 1;
            let text = format!("{} {seq}", self.user);
            self.said.push(text.clone());
            self.unanswered.insert(seq, text);
            seq
        });
        numbered.collect()
    }

    async fn send(&self, connection: &mut Connection, seqs: impl IntoIterator<Item = Seq>) {
        for seq in seqs {
            let text = self.unanswered[&seq].as_str().into();
            let intent = Intent::Chat { channel: ChatChannel::Say, text, to: None };
            connection.send(&ClientMessage::Intent { seq, intent }).await;
        }
    }

    /// Comes in, or back, with everything that is not answered; an error is bad luck.
    async fn connect(&mut self) -> Result<Connection> {
        let body = json!({
            "client_version": tilemud_schema::version(),
            "display_name": self.user,
            "reconnect_token": self.reconnect_token,
        });
        let path = "/api/session/bootstrap";
        let asked = try_exchange(&self.way.url, Method::POST, path, Some(&self.bearer), Some(body));
        let (status, _, bytes) = timeout(PATIENCE, asked).await??;
        if status != StatusCode::OK {
            // A store on a busy machine may be slow.
            let refusal: WireError = serde_json::from_slice(&bytes)?;
            assert_eq!(refusal.code, ErrorCode::Unavailable, "{refusal:?}");
            anyhow::bail!("{}", refusal.message);
        }
        let grant: BootstrapResponse = serde_json::from_slice(&bytes)?;
        let session = grant.session.session_id;
        assert!(self.session.is_none_or(|own| own == session), "{} has lost its session", self.user);
        self.reconnect_token = Some(grant.reconnect.token);
        let mut connection = timeout(PATIENCE, Connection::attempt(&self.way.url, self.encoding)).await??;
        let hello = Hello {
            session_id: session,
            ticket: grant.realtime.ticket,
            client_version: tilemud_schema::version().to_owned(),
            last_tick: self.held,
            oldest_unanswered_seq: Some(self.unanswered.keys().next().copied().unwrap_or(self.next_seq)),
            next_seq: Some(self.next_seq),
        };
        connection.send(&ClientMessage::Hello(hello)).await;
        let reconnect = loop {
            match timeout(PATIENCE, connection.next()).await? {
                Ok(ServerMessage::Ack(Ack::Handshake { reconnect, .. })) => break reconnect,
                Ok(ServerMessage::Degraded(_)) => {}
                Ok(ServerMessage::Error { error, .. }) if error.code == ErrorCode::Unavailable => {}
                Ok(ServerMessage::Error { error, .. }) if OVERTAKEN.contains(&error.code) => {
                    anyhow::bail!("{}", error.message)
                }
                Ok(answer) => panic!("no handshake: {answer:?}"),
                Err(closed) => anyhow::bail!("closed with {}", closed.0),
            }
        };
        self.session = Some(session);
        self.reconnect_token = Some(reconnect.token);
        let open: Vec<Seq> = self.unanswered.keys().copied().collect();
        self.send(&mut connection, open).await;
        Ok(connection)
    }

    /// Reads until everything is answered; an error is bad luck. What is lost on the way up does
    /// not keep the server from speaking, so that silence is no measure.
    async fn settle(&mut self, connection: &mut Connection) -> Result<()> {
        timeout(PATIENCE, self.read_answers(connection)).await?
    }

    async fn read_answers(&mut self, connection: &mut Connection) -> Result<()> {
        while !self.unanswered.is_empty() {
            match connection.next().await.map_err(|closed| anyhow::anyhow!("closed with {}", closed.0))? {
                ServerMessage::Ack(Ack::Intents { acks, .. }) => {
                    acks.iter().for_each(|ack| drop(self.unanswered.remove(&ack.seq)));
                }
                ServerMessage::StateDelta(delta) => self.held = Some(delta.tick),
                ServerMessage::Error { seq: Some(seq), error } if error.code == ErrorCode::Unavailable => {
                    // Refused, so that it must not be in the log.
                    let text = self.unanswered.remove(&seq);
                    self.said.retain(|said| Some(said) != text.as_ref());
                }
                ServerMessage::Error { error, .. } => panic!("{}: {error:?}", self.user),
                _ => {}
            }
        }
        Ok(())
    }

    /// Asks for everything around, in which it must stand once; an error is bad luck.
    async fn sees_itself_once(&mut self, connection: &mut Connection) -> Result<()> {
        connection.send(&ClientMessage::Resync {}).await;
        let full = async {
            loop {
                match connection.next().await.map_err(|closed| anyhow::anyhow!("closed with {}", closed.0))? {
                    ServerMessage::StateDelta(delta) if delta.full => return anyhow::Ok(delta),
                    _ => {}
                }
            }
        };
        let full = timeout(PATIENCE, full).await??;
        let own = full.enter.iter().filter(|entity| *entity.name == *self.user).count();
        assert_eq!(own, 1, "{} in {:?}", self.user, full.enter);
        Ok(())
    }

    /// Comes back, however often it takes, and gets everything answered.
    async fn come_back(&mut self) -> Result<Connection> {
        for _ in 0..ATTEMPTS_MAX {
            if let Ok(mut connection) = self.connect().await
                && self.settle(&mut connection).await.is_ok()
            {
                return Ok(connection);
            }
        }
        anyhow::bail!("{} does not come back", self.user)
    }
}

/// One player whose way back is as unlucky as this; what it said, and what its way back carried.
async fn way_back(url: String, user: String, encoding: Encoding, luck: Vec<Luck>) -> Result<(Vec<String>, Vec<Edges>)> {
    let mut client = Client::new(&url, user, encoding).await;
    client.say(1);
    let mut connection = client.come_back().await.context("the first time")?;
    // Some are on their way when the connection goes, some are said while there is none.
    let seqs = client.say(2);
    client.send(&mut connection, seqs).await;
    client.way.cut();
    client.say(2);
    client.way.next(luck);
    drop(connection);
    let mut connection = client.come_back().await?;
    let edges = client.way.edges(CONNECTIONS);
    let seqs = client.say(1);
    client.send(&mut connection, seqs).await;
    // The bad luck of the way back may come only now.
    if client.settle(&mut connection).await.is_err() {
        client.come_back().await.context("after the way back")?;
    }
    Ok((client.said, edges))
}

/// One player whose first way in is as unlucky as this, with words to say as soon as there is a
/// way; as [`way_back`].
async fn first_way_in(
    url: String,
    user: String,
    encoding: Encoding,
    luck: Vec<Luck>,
) -> Result<(Vec<String>, Vec<Edges>)> {
    let mut client = Client::new(&url, user, encoding).await;
    client.say(2);
    client.way.next(luck);
    let mut connection = client.come_back().await?;
    let edges = client.way.edges(CONNECTIONS);
    let seqs = client.say(1);
    client.send(&mut connection, seqs).await;
    let mut is_there =
        client.settle(&mut connection).await.is_ok() && client.sees_itself_once(&mut connection).await.is_ok();
    for _ in 0..ATTEMPTS_MAX {
        if is_there {
            return Ok((client.said, edges));
        }
        connection = client.come_back().await.context("after the way in")?;
        is_there = client.sees_itself_once(&mut connection).await.is_ok();
    }
    anyhow::bail!("{} does not stay", client.user)
}

/// Plays so many cases, a few at a time, and holds what was said against the log.
async fn judge<P>(cases: Vec<(Encoding, Vec<Luck>)>, play: fn(String, String, Encoding, Vec<Luck>) -> P)
where
    P: Future<Output = Result<(Vec<String>, Vec<Edges>)>> + Send + 'static,
{
    let data = tempfile::tempdir().unwrap();
    let server = Process::start(data.path(), &FLAGS);
    let users = cases.len().to_string();
    let mut waiting = cases.into_iter().enumerate();
    let (mut playing, mut said) = (JoinSet::new(), BTreeSet::new());
    loop {
        while playing.len() < AT_ONCE
            && let Some((number, (encoding, luck))) = waiting.next()
        {
            let (url, user) = (server.url.clone(), format!("unlucky {number}"));
            playing.spawn(async move {
                let outcome = play(url, user, encoding, luck.clone()).await;
                outcome.with_context(|| format!("{encoding:?}, {luck:?}"))
            });
        }
        let Some(played) = playing.join_next().await else { break };
        said.insert(played.expect("a player").unwrap_or_else(|error| panic!("{error:#}")).0);
    }
    let (_, health) = call(&server.url, Method::GET, "/api/health", None, None).await;
    assert_eq!(health["capacity"]["active_sessions"].to_string(), users, "one session each: {health}");
    assert!(server.terminate().success());
    assert_eq!(characters(data.path()).await.unwrap().to_string(), users, "one character each");
    let logged = log(data.path()).await.unwrap();
    let logged: BTreeSet<Vec<String>> = logged.into_values().collect();
    assert_eq!(logged, said);
}

pub async fn characters(data: &std::path::Path) -> Result<i64> {
    let mut connection = SqliteConnection::connect(&format!("sqlite:{}", database(data).display())).await?;
    Ok(sqlx::query_scalar("select count(*) from character_profiles").fetch_one(&mut connection).await?)
}

/// What each session said, in the order of the log, which is that of the numbers.
pub async fn log(data: &std::path::Path) -> Result<BTreeMap<String, Vec<String>>> {
    let mut connection = SqliteConnection::connect(&format!("sqlite:{}", database(data).display())).await?;
    let sql = "select session_id, sequence_number, payload from action_events order by tick, tick_order";
    let (mut said, mut last) = (BTreeMap::<String, Vec<String>>::new(), BTreeMap::new());
    for row in sqlx::query(sql).fetch_all(&mut connection).await? {
        let payload: serde_json::Value = serde_json::from_str(row.try_get("payload")?)?;
        let (session, seq): (String, i64) = (row.try_get("session_id")?, row.try_get("sequence_number")?);
        let before = last.insert(session.clone(), seq);
        ensure!(before < Some(seq), "out of order: {seq} after {before:?}");
        said.entry(session).or_default().push(payload["text"].as_str().context("words")?.to_owned());
    }
    Ok(said)
}

/// Where to cut what had these edges: at each, just before, and inside; in the long run after every
/// byte.
pub fn points(edges: &[usize]) -> BTreeSet<usize> {
    let last = edges.last().copied().unwrap_or(0);
    if std::env::var_os("TILEMUD_LONG").is_some() {
        return (1..=last).collect();
    }
    let inside = edges.iter().scan(0, |before, edge| Some((std::mem::replace(before, *edge) + edge) / 2));
    let beside = edges.iter().flat_map(|edge| [edge - 1, *edge]);
    inside.chain(beside).filter(|point| *point > 0).collect()
}

/// All the ways in which one of the two connections of a way in or back can end too early.
async fn cuts<P>(loss: Loss, play: fn(String, String, Encoding, Vec<Luck>) -> P) -> Vec<(Encoding, Vec<Luck>)>
where
    P: Future<Output = Result<(Vec<String>, Vec<Edges>)>>,
{
    let data = tempfile::tempdir().unwrap();
    let server = Process::start(data.path(), &FLAGS);
    let mut cases = Vec::new();
    for encoding in Encoding::ALL {
        // Each is new to the server.
        let (_, edges) = play(server.url.clone(), format!("lucky {encoding:?}"), encoding, Vec::new()).await.unwrap();
        for (connection, edges) in edges.iter().enumerate() {
            for (direction, edges) in edges.iter().enumerate() {
                for point in points(edges) {
                    let mut luck = vec![Luck::default(); connection];
                    let mut through = [None; 2];
                    through[direction] = Some(point);
                    luck.push(Luck { through, loss, ..Luck::default() });
                    cases.push((encoding, luck));
                }
            }
        }
    }
    cases
}

/// Each that hangs takes as long as a client has patience.
fn every_other(cases: Vec<(Encoding, Vec<Luck>)>) -> Vec<(Encoding, Vec<Luck>)> {
    let step = if std::env::var_os("TILEMUD_LONG").is_some() { 1 } else { 2 };
    cases.into_iter().skip(step - 1).step_by(step).collect()
}

#[tokio::test]
async fn a_way_back_that_is_cut_anywhere_loses_and_doubles_nothing_and_leads_to_the_same_session() {
    let cases = cuts(Loss::Cut, way_back).await;
    println!("{} cuts", cases.len());
    judge(cases, way_back).await;
}

#[tokio::test]
async fn a_way_back_that_hangs_without_a_word_loses_and_doubles_nothing_and_leads_to_the_same_session() {
    let cases = every_other(cuts(Loss::OneWay, way_back).await);
    println!("{} connections that hang", cases.len());
    judge(cases, way_back).await;
}

#[tokio::test]
async fn a_first_way_in_that_is_cut_anywhere_leads_to_one_character_in_one_session_and_doubles_nothing() {
    let cases = cuts(Loss::Cut, first_way_in).await;
    println!("{} cuts", cases.len());
    judge(cases, first_way_in).await;
}

#[tokio::test]
async fn a_first_way_in_that_hangs_without_a_word_leads_to_one_character_in_one_session_and_doubles_nothing() {
    let cases = every_other(cuts(Loss::OneWay, first_way_in).await);
    println!("{} connections that hang", cases.len());
    judge(cases, first_way_in).await;
}

#[tokio::test]
async fn whatever_comes_late_in_pieces_and_is_cut_by_chance_is_neither_lost_nor_doubled() {
    let seeds = if std::env::var_os("TILEMUD_LONG").is_some() { 2_000 } else { 48 };
    println!("seeds 0 to {}", seeds - 1);
    let luck = |seed: u64| {
        let mut dice = seed;
        let mut attempts = Vec::new();
        for _ in 0..2 * CONNECTIONS {
            let mut through = [None; 2];
            if draw(&mut dice).is_multiple_of(2) {
                through[(draw(&mut dice) % 2) as usize] = Some((draw(&mut dice) % 900) as usize + 1);
            }
            let loss = [Loss::OneWay, Loss::BothWays, Loss::Cut, Loss::Cut, Loss::Cut, Loss::Cut]
                [(draw(&mut dice) % 6) as usize];
            attempts.push(Luck { through, loss, jitter: Some(draw(&mut dice)) });
        }
        (Encoding::ALL[(seed % 2) as usize], attempts)
    };
    judge((0..seeds).map(luck).collect(), way_back).await;
    judge((0..seeds).map(luck).collect(), first_way_in).await;
}
