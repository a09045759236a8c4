//! Clients that break the rules of HTTP, WebSocket and ours on purpose, byte by byte. Each costs
//! only its own connection: a witness plays on after every one of them (DESIGN, rules 4 and 6).

use std::io::ErrorKind;
use std::time::Duration;

use tilemud_schema::codec::encode_client;
use tilemud_schema::rest::BootstrapResponse;
use tilemud_schema::{ClientMessage, Direction, Encoding, SessionId};
use tilemud_support::player::{DEADLINE, Player, bootstrap};
use tilemud_support::process::Local;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};

use crate::world::meadow;

pub const TEXT: u8 = 1;
pub const CONTINUATION: u8 = 0;
pub const CLOSE: u8 = 8;
pub const PING: u8 = 9;
const PONG: u8 = 10;

/// The frame of a hello.
fn hello(session_id: SessionId, ticket: &str) -> Vec<u8> {
    let hello = tilemud_support::player::hello(session_id, ticket);
    let mut bytes = Vec::new();
    encode_client(Encoding::Json, &ClientMessage::Hello(hello), &mut bytes);
    frame(true, TEXT, &bytes)
}

/// Where a server is.
pub fn authority(url: &str) -> &str {
    url.strip_prefix("http://").expect("tests use plain HTTP")
}

/// A WebSocket whose frames the test makes itself.
pub struct Raw<S = TcpStream> {
    socket: S,
    /// What came after the answer to the upgrade and was not looked at yet.
    received: Vec<u8>,
}

impl Raw {
    /// Upgrades, and joins with a session of its own.
    pub async fn join(url: &str, user: &str) -> Self {
        Self::join_over(TcpStream::connect(authority(url)).await.unwrap(), url, user).await
    }

    /// The same over a connection that is there.
    pub async fn join_over(socket: TcpStream, url: &str, user: &str) -> Self {
        let boot = bootstrap(url, user, None).await;
        Self::enter(socket, url, &boot).await.expect("a handshake answer")
    }

    /// The same for a session that is there; nothing when the connection has ended before the
    /// answer.
    pub async fn enter(socket: TcpStream, url: &str, boot: &BootstrapResponse) -> Option<Self> {
        let mut raw = Self::open_over(socket, url).await;
        raw.send(&hello(boot.session.session_id, &boot.realtime.ticket)).await;
        raw.hears("\"handshake\"").await.then_some(raw)
    }

    pub async fn open(url: &str) -> Self {
        Self::open_over(TcpStream::connect(authority(url)).await.unwrap(), url).await
    }

    async fn open_over(mut socket: TcpStream, url: &str) -> Self {
        let authority = authority(url);
        let head = format!(
            "GET /ws HTTP/1.1\r\nHost: {authority}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\
             Sec-WebSocket-Protocol: tilemud.json\r\n\r\n"
        );
        socket.write_all(head.as_bytes()).await.unwrap();
        let mut raw = Self { socket, received: Vec::new() };
        raw.until("\r\n\r\n").await;
        raw
    }

    pub async fn send(&mut self, bytes: &[u8]) {
        // A server that has had enough is found out by reading.
        let _ = self.try_send(bytes).await;
    }

    /// The same; false when the connection has ended.
    pub async fn try_send(&mut self, bytes: &[u8]) -> bool {
        self.socket.write_all(bytes).await.is_ok()
    }

    /// From now on the kernel keeps so many bytes for it, about, and what it has promised already.
    pub fn hold_at_most(&self, bytes: usize) {
        socket2::SockRef::from(&self.socket).set_recv_buffer_size(bytes).expect("a smaller buffer");
    }

    /// Reads so many bytes at most of what is there and forgets them; false when the connection has
    /// ended.
    pub fn sip(&self, bytes: usize) -> bool {
        match self.socket.try_read(&mut vec![0; bytes]) {
            Ok(count) => count > 0,
            Err(error) => error.kind() == ErrorKind::WouldBlock,
        }
    }

    fn split(self) -> (Raw<OwnedReadHalf>, OwnedWriteHalf) {
        let (socket, writing) = self.socket.into_split();
        (Raw { socket, received: self.received }, writing)
    }
}

impl<S: AsyncRead + Unpin> Raw<S> {
    /// Reads until a text has come, and forgets everything up to its end.
    pub async fn until(&mut self, text: &str) {
        assert!(self.hears(text).await, "the connection ended before {text:?}");
    }

    /// The same; false when the connection has ended before.
    pub async fn hears(&mut self, text: &str) -> bool {
        loop {
            if let Some(at) = self.received.windows(text.len()).position(|window| window == text.as_bytes()) {
                self.received.drain(..at + text.len());
                return true;
            }
            if !self.read_some().await {
                return false;
            }
        }
    }

    /// Reads what comes and forgets it; false when the connection has ended.
    pub async fn pass(&mut self) -> bool {
        self.received.clear();
        self.read_some().await
    }

    async fn read_some(&mut self) -> bool {
        let mut buffer = [0; 4_096];
        let read = tokio::time::timeout(DEADLINE, self.socket.read(&mut buffer)).await.expect("in time");
        let count = read.unwrap_or(0);
        self.received.extend_from_slice(&buffer[..count]);
        count > 0
    }

    /// Reads to the end; the close code, if a close frame came.
    pub async fn close_code(mut self) -> Option<u16> {
        let to_the_end = async { while self.read_some().await {} };
        tokio::time::timeout(DEADLINE, to_the_end).await.expect("the connection is ended");
        let bytes = &self.received;
        // The close frame is the last: 0x88, its length, the code, the reason.
        let start = bytes.windows(2).rposition(|pair| pair[0] == 0x88 && pair[1] >= 2)?;
        let code = bytes.get(start + 2..start + 4)?;
        Some(u16::from_be_bytes([code[0], code[1]]))
    }
}

/// A masked frame.
pub fn frame(fin: bool, opcode: u8, payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![u8::from(fin) << 7 | opcode];
    match payload.len() {
        len @ 0..=125 => bytes.push(0x80 | len as u8),
        len @ 126..=0xffff => {
            bytes.push(0x80 | 126);
            bytes.extend((len as u16).to_be_bytes());
        }
        len => {
            bytes.push(0x80 | 127);
            bytes.extend((len as u64).to_be_bytes());
        }
    }
    let mask = [1, 2, 3, 4];
    bytes.extend(mask);
    bytes.extend(payload.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask));
    bytes
}

/// The same without a mask.
fn unmasked(opcode: u8, payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0x80 | opcode, payload.len() as u8];
    bytes.extend(payload);
    bytes
}

pub const HEARTBEAT: &[u8] = br#"{"type":"heartbeat","payload":{"nonce":7}}"#;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_breaks_the_websocket_protocol_is_told_so_and_costs_nobody_else_anything() {
    let bomb: Vec<u8> = std::iter::once(frame(false, TEXT, &[b' '; 1_000]))
        .chain((0..5).map(|_| frame(false, CONTINUATION, &[b' '; 1_000])))
        .flatten()
        .collect();
    let flood: Vec<u8> = (0..50).flat_map(|_| frame(true, PING, b"")).collect();
    let (empty, byte) = (frame(false, CONTINUATION, b""), frame(false, CONTINUATION, b" "));
    let pong_and_byte = [frame(true, PONG, b""), byte.clone()].concat();
    let mut reserved = frame(true, TEXT, HEARTBEAT);
    reserved[0] |= 0x40;
    let mut endless = frame(true, TEXT, b"");
    endless.splice(1.., [0x80 | 127].into_iter().chain(u64::MAX.to_be_bytes()).chain([1, 2, 3, 4]));
    let table: [(&str, Vec<u8>, Option<u16>); 18] = [
        ("an unmasked frame", unmasked(TEXT, HEARTBEAT), Some(4007)),
        ("an unmasked ping", unmasked(PING, b""), Some(4007)),
        ("a fragmented ping", frame(false, PING, b""), Some(4007)),
        ("a ping of 126 bytes", frame(true, PING, &[0; 126]), Some(4007)),
        ("a flood of pings", flood, Some(4007)),
        ("a flood of pongs nobody asked for", frame(true, PONG, b"").repeat(1_000), Some(4007)),
        ("a flood of long pongs", frame(true, PONG, &[7; 125]).repeat(1_000), Some(4007)),
        ("a flood of empty messages in parts", [frame(false, TEXT, b""), empty.repeat(1_000)].concat(), Some(4007)),
        ("a flood of fragments of a byte", [frame(false, TEXT, b""), byte.repeat(1_000)].concat(), Some(4007)),
        ("pongs between fragments", [frame(false, TEXT, b"{"), pong_and_byte.repeat(500)].concat(), Some(4007)),
        ("a continuation of nothing", frame(true, CONTINUATION, HEARTBEAT), Some(4007)),
        ("a message within a message", [frame(false, TEXT, b"{"), frame(false, TEXT, b"{")].concat(), Some(4007)),
        (
            "a whole message within a message",
            [frame(false, TEXT, b"{"), frame(true, TEXT, HEARTBEAT)].concat(),
            Some(4007),
        ),
        ("a bomb of fragments", bomb, Some(4007)),
        ("a frame over the limit", frame(true, TEXT, &[b' '; 5_000]), Some(4007)),
        ("a frame that says it never ends", endless, Some(4007)),
        ("a reserved bit", reserved, Some(4007)),
        ("an unknown opcode", frame(true, 3, b""), Some(4007)),
    ];
    let server = Local::plain(meadow(), &[]).await;
    let mut witness = Player::join(&server.url, "Witness", Encoding::Postcard).await;
    for (number, (what, bytes, expected)) in table.into_iter().enumerate() {
        let mut raw = Raw::join(&server.url, &format!("Hostile {number}")).await;
        raw.send(&bytes).await;
        assert_eq!(raw.close_code().await, expected, "{what}");
        witness.walk(if number % 2 == 0 { Direction::East } else { Direction::West }).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_before_a_session_is_known_or_after_its_refusal_is_ended_at_once() {
    let server = Local::plain(meadow(), &[]).await;
    let mut witness = Player::join(&server.url, "Witness", Encoding::Postcard).await;
    let bad = hello(SessionId(uuid::Uuid::nil()), "made up");
    let noise = frame(true, PONG, b"").repeat(200_000);
    let empties = [frame(false, TEXT, b""), frame(false, CONTINUATION, b"").repeat(200_000)].concat();
    let hellos = bad.repeat(2_000);
    let table = [
        ("pongs before hello", noise.clone(), 4007),
        ("empty continuations before hello", empties, 4007),
        ("pongs after a refused hello", [bad.clone(), noise].concat(), 4001),
        ("hellos after a refused one", hellos, 4001),
    ];
    for (what, bytes, expected) in table {
        let raw = Raw::open(&server.url).await;
        let (reading, mut writing) = raw.split();
        // It is written as long as the server takes it.
        let written = tokio::spawn(async move { writing.write_all(&bytes).await });
        assert_eq!(reading.close_code().await, Some(expected), "{what}");
        written.abort();
        witness.walk(Direction::East).await;
        witness.walk(Direction::West).await;
    }
    let floods = crate::cache::metric(&server.url, "connections_ended_early_total{cause=\"flood\"}").await;
    assert!(floods >= 2.0, "{floods}");
}

#[tokio::test]
async fn fragments_with_pings_in_between_are_one_message_and_a_close_is_answered() {
    let server = Local::plain(meadow(), &[]).await;
    let mut raw = Raw::join(&server.url, "Patient").await;
    let (first, rest) = HEARTBEAT.split_at(10);
    let (second, third) = rest.split_at(10);
    let bytes = [
        frame(false, TEXT, first),
        frame(true, PING, b"still here"),
        frame(false, CONTINUATION, second),
        frame(true, CONTINUATION, third),
    ];
    // One byte at a time, as slow networks do.
    for byte in bytes.concat() {
        raw.send(&[byte]).await;
    }
    raw.until("still here").await;
    raw.until("\"nonce\":7").await;
    raw.send(&frame(true, CLOSE, &1000_u16.to_be_bytes())).await;
    assert_eq!(raw.close_code().await, Some(1000));
}

#[tokio::test]
async fn a_connection_that_says_nothing_is_ended_after_the_time_for_a_hello() {
    let server = Local::plain(meadow(), &[]).await;
    let started = std::time::Instant::now();
    let raw = Raw::open(&server.url).await;
    assert_eq!(raw.close_code().await, Some(4009));
    assert!(started.elapsed() >= Duration::from_secs(5));
}

#[tokio::test]
async fn half_a_hello_buys_no_more_time() {
    let server = Local::plain(meadow(), &[]).await;
    let started = std::time::Instant::now();
    let mut raw = Raw::open(&server.url).await;
    raw.send(&frame(true, TEXT, HEARTBEAT)[..20]).await;
    assert_eq!(raw.close_code().await, Some(4009));
    assert!(started.elapsed() >= Duration::from_secs(5));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slow_and_broken_requests_cost_only_their_connection() {
    let server = Local::plain(meadow(), &[]).await;
    let authority = server.url.strip_prefix("http://").unwrap().to_owned();
    let mut witness = Player::join(&server.url, "Witness", Encoding::Postcard).await;
    // Each sends this and then nothing more: an answer, or the end, must come within the time for a
    // request head.
    let requests: [&[u8]; 6] = [
        b"",
        b"GET /api/ver",
        b"GET /api/version HTTP/1.1\r\nHost: x\r\nX-Slow: ",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET \xff\xfe HTTP/9.9\r\n\r\n",
        b"POST /api/session/bootstrap HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999999\r\n\r\n",
    ];
    let slow: Vec<_> = requests
        .into_iter()
        .map(|request| {
            let authority = authority.clone();
            tokio::spawn(async move {
                let mut socket = TcpStream::connect(authority).await.unwrap();
                socket.write_all(request).await.unwrap();
                let mut answer = Vec::new();
                let read = tokio::time::timeout(3 * DEADLINE, socket.read_to_end(&mut answer)).await;
                assert!(read.is_ok(), "{:?} is still served", String::from_utf8_lossy(request));
            })
        })
        .collect();
    for step in 0..4 {
        witness.walk(if step % 2 == 0 { Direction::East } else { Direction::West }).await;
    }
    for slow in slow {
        slow.await.unwrap();
    }
    witness.walk(Direction::East).await;
}
