//! The floods: who attacks, from which state of a connection, and with what. Nothing here sends
//! anything.

use anyhow::{Context as _, Result};
use tilemud_schema::{ChatChannel, ClientMessage, Direction, Intent, Seq};

use super::alley;
use super::player::WALKER_NAME;

/// One kind of flood.
#[derive(Debug)]
pub struct Flood {
    pub name: &'static str,
    /// Who attacks, for people.
    pub by: &'static str,
    pub connections: usize,
    pub state: State,
    pub deed: Deed,
    /// Whether the world is [`alley`], and not the built-in one.
    pub is_in_alley: bool,
}

/// How far a connection has come before it attacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Open,
    /// It was upgraded, and no hello was said.
    Upgraded,
    /// A hello was said that was refused.
    Refused,
    /// A session is live on it.
    Live,
}

/// What it does then.
#[derive(Debug, Clone, Copy)]
pub enum Deed {
    /// First this, then that over and over, as fast as it is taken.
    Pour(fn() -> (Vec<u8>, Vec<u8>)),
    /// A request over and over, without waiting for answers.
    Ask(fn(&Known) -> String),
    /// So many messages a second; what comes is read or not.
    Send { per_s: u32, reads: bool, message: fn(Seq) -> ClientMessage },
    /// So many pings a second.
    Ping { per_s: u32 },
    /// The same message a byte at a time.
    Dribble(fn(Seq) -> ClientMessage),
    /// This once, and then nothing; and nothing is read.
    Hold(fn(&Known) -> String),
    /// Closed, and opened again.
    Reopen,
}

/// What an attacker with a session knows.
#[derive(Debug, Clone, Default)]
pub struct Known {
    pub authority: String,
    pub token: String,
    pub character: String,
    pub session: String,
    /// The path of the largest thing that anybody may have.
    pub largest: String,
}

impl Flood {
    /// The one of this name.
    ///
    /// # Errors
    /// There is none.
    pub fn named(name: &str) -> Result<&'static Self> {
        ALL.iter().find(|flood| flood.name == name).with_context(|| {
            let names: Vec<_> = ALL.iter().map(|flood| flood.name).collect();
            format!("there is no flood {name:?}, but {}", names.join(", "))
        })
    }
}

const MASK: [u8; 4] = [0; 4];

fn frames(first: u8) -> Vec<u8> {
    [&[first, 0x80], &MASK[..]].concat()
}

fn pongs() -> (Vec<u8>, Vec<u8>) {
    (Vec::new(), frames(0x8a))
}

fn pings() -> (Vec<u8>, Vec<u8>) {
    (Vec::new(), ping())
}

/// One without a text.
pub fn ping() -> Vec<u8> {
    frames(0x89)
}

fn empties() -> (Vec<u8>, Vec<u8>) {
    (frames(0x02), frames(0x00))
}

fn rubbish() -> (Vec<u8>, Vec<u8>) {
    (Vec::new(), [&[0x82, 0x84], &MASK[..], &[0xff; 4]].concat())
}

fn get(known: &Known, path: &str, token: Option<&str>) -> String {
    let token = token.map_or(String::new(), |token| format!("Authorization: Bearer {token}\r\n"));
    format!("GET {path} HTTP/1.1\r\nHost: {}\r\n{token}\r\n", known.authority)
}

fn post(known: &Known, path: &str, token: Option<&str>, body: &str) -> String {
    let token = token.map_or(String::new(), |token| format!("Authorization: Bearer {token}\r\n"));
    let (authority, length) = (&known.authority, body.len());
    format!(
        "POST {path} HTTP/1.1\r\nHost: {authority}\r\n{token}Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
    )
}

fn step(seq: Seq) -> ClientMessage {
    let direction = if seq.is_multiple_of(2) { Direction::East } else { Direction::West };
    ClientMessage::Intent { seq, intent: Intent::Move { direction } }
}

fn say(seq: Seq, channel: ChatChannel, to: Option<String>) -> ClientMessage {
    ClientMessage::Intent {
        seq,
        intent: Intent::Chat { channel, text: "The same again, and again".into(), to: to.map(Into::into) },
    }
}

const fn flood(name: &'static str, by: &'static str, connections: usize, state: State, deed: Deed) -> Flood {
    Flood { name, by, connections, state, deed, is_in_alley: false }
}

/// Sessions in the alley that act 20 times a second.
const fn acting(name: &'static str, by: &'static str, connections: usize, message: fn(Seq) -> ClientMessage) -> Flood {
    let deed = Deed::Send { per_s: 20, reads: true, message };
    Flood { is_in_alley: true, ..flood(name, by, connections, State::Live, deed) }
}

/// A made-up token that looks like one.
const BAD_TOKEN: &str = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ4In0.AAAA";

pub static ALL: &[Flood] = &[
    flood("pongs1", "1 session, pongs at line speed", 1, State::Live, Deed::Pour(pongs)),
    flood("pongs", "4 sessions, pongs at line speed", 4, State::Live, Deed::Pour(pongs)),
    flood("pongs_stranger", "16 sockets without hello", 16, State::Upgraded, Deed::Pour(pongs)),
    flood("pongs_many", "80 sockets without hello", 80, State::Upgraded, Deed::Pour(pongs)),
    flood("pings_over", "16 sessions, pings at line speed", 16, State::Live, Deed::Pour(pings)),
    flood("pings", "100 sessions x 9/s", 100, State::Live, Deed::Ping { per_s: 9 }),
    flood("empties", "4 sessions, empty continuations", 4, State::Live, Deed::Pour(empties)),
    flood("linger", "16 sockets after a refused hello", 16, State::Refused, Deed::Pour(pongs)),
    flood("malformed", "16 sessions, messages that are none", 16, State::Live, Deed::Pour(rubbish)),
    flood(
        "tiny",
        "50 sessions, a byte a segment",
        50,
        State::Live,
        Deed::Dribble(|nonce| ClientMessage::Heartbeat { nonce }),
    ),
    flood(
        "badtoken",
        "16 sockets, bootstraps, pipelined",
        16,
        State::Open,
        Deed::Ask(|known| post(known, "/api/session/bootstrap", Some(BAD_TOKEN), "{}")),
    ),
    flood(
        "badprofile",
        "16 sockets, profiles, bad token",
        16,
        State::Open,
        Deed::Ask(|known| get(known, "/api/character/0190a5d0-0000-7000-8000-000000000001", Some(BAD_TOKEN))),
    ),
    flood(
        "badboot",
        "16 sockets, bodies that are none",
        16,
        State::Open,
        Deed::Ask(|known| post(known, "/api/session/bootstrap", Some(&known.token), "[")),
    ),
    flood(
        "logouts",
        "16 sockets, pipelined",
        16,
        State::Open,
        Deed::Ask(|known| {
            post(known, "/api/session/logout", Some(&known.token), &format!("{{\"session_id\":\"{}\"}}", known.session))
        }),
    ),
    flood(
        "devtoken",
        "16 sockets, pipelined",
        16,
        State::Open,
        Deed::Ask(|known| post(known, "/dev/token", None, "{\"user\":\"Attacker 0\"}")),
    ),
    flood("metrics", "16 sockets, pipelined", 16, State::Open, Deed::Ask(|known| get(known, "/metrics", None))),
    flood(
        "profile",
        "16 sockets, pipelined",
        16,
        State::Open,
        Deed::Ask(|known| get(known, &format!("/api/character/{}", known.character), Some(&known.token))),
    ),
    flood("world", "16 sockets, pipelined", 16, State::Open, Deed::Ask(|known| get(known, "/api/world", None))),
    flood("connects", "16 sockets, opened and closed", 16, State::Open, Deed::Reopen),
    flood("upgrades", "16 sockets, upgraded and closed", 16, State::Upgraded, Deed::Reopen),
    flood("reconnects", "16 sessions, joined and cut", 16, State::Live, Deed::Reopen),
    flood(
        "silent",
        "4,300 sockets that read nothing",
        4_300,
        State::Open,
        Deed::Hold(|known| get(known, &known.largest, None).repeat(4)),
    ),
    flood(
        "heads",
        "4,300 sockets, half a head each",
        4_300,
        State::Open,
        Deed::Hold(|known| format!("GET / HTTP/1.1\r\nHost: {}\r\nX-Slow: ", known.authority)),
    ),
    flood(
        "resyncs",
        "100 sessions x 100/s",
        100,
        State::Live,
        Deed::Send { per_s: 100, reads: true, message: |_| ClientMessage::Resync {} },
    ),
    flood(
        "gaps",
        "100 sessions x 100/s",
        100,
        State::Live,
        Deed::Send { per_s: 100, reads: true, message: |seq| step(seq + 1_000) },
    ),
    flood(
        "duplicates",
        "50 sessions x 100/s",
        50,
        State::Live,
        Deed::Send { per_s: 100, reads: true, message: |_| step(1) },
    ),
    flood("moves", "100 sessions x 20/s", 100, State::Live, Deed::Send { per_s: 20, reads: true, message: step }),
    acting("actions", "100 sessions x 20/s, things dropped and taken", 100, alley::actions),
    acting("doors", "65 sessions x 20/s, a door opened and closed", 65, alley::doors),
    acting("builds", "9 sessions x 20/s, planks laid and taken up", 9, alley::builds),
    acting("heavy", "100 sessions x 20/s, 16 steps, the last one bad", 100, alley::heavy),
    acting("heavy_ok", "100 sessions x 20/s, 16 steps", 100, alley::heavy_ok),
    flood("over", "50 sessions x 400/s", 50, State::Live, Deed::Send { per_s: 400, reads: true, message: step }),
    flood(
        "heartbeats",
        "50 sessions x 400/s",
        50,
        State::Live,
        Deed::Send { per_s: 400, reads: true, message: |nonce| ClientMessage::Heartbeat { nonce } },
    ),
    flood(
        "zone",
        "100 sessions x 5/s",
        100,
        State::Live,
        Deed::Send { per_s: 5, reads: true, message: |seq| say(seq, ChatChannel::Zone, None) },
    ),
    flood(
        "whisper",
        "100 sessions x 5/s at one player",
        100,
        State::Live,
        Deed::Send {
            per_s: 5,
            reads: true,
            message: |seq| say(seq, ChatChannel::Whisper, Some(WALKER_NAME.to_owned())),
        },
    ),
    flood(
        "deaf",
        "200 sessions that do not read",
        200,
        State::Live,
        Deed::Send { per_s: 1, reads: false, message: |nonce| ClientMessage::Heartbeat { nonce } },
    ),
    flood("stopped", "100 sessions that neither send nor read", 100, State::Live, Deed::Hold(|_| String::new())),
    flood(
        "deafask",
        "220 sessions that ask and do not read",
        220,
        State::Live,
        Deed::Send { per_s: 20, reads: false, message: |_| ClientMessage::Resync {} },
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_flood_is_found_by_its_name_and_others_are_told_what_there_is() {
        for flood in ALL {
            assert_eq!(Flood::named(flood.name).unwrap().by, flood.by);
        }
        let error = Flood::named("rain").unwrap_err().to_string();
        assert!(error.contains("rain") && error.contains("pongs_many"), "{error}");
    }

    #[test]
    fn what_is_poured_is_frames() {
        for deed in ALL.iter().map(|flood| flood.deed) {
            if let Deed::Pour(poured) = deed {
                let (_, frame) = poured();
                assert!(frame.len() >= 6 && frame[1] & 0x80 != 0, "a mask");
            }
        }
        assert_eq!(crate::client::framed(&step(1))[0], 0x82);
    }
}
