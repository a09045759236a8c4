//! Requests written out by hand, over any stream, and what comes back: for headers that a
//! well-behaved client would not send.

use std::fmt::Write as _;

use serde_json::Value;
use tilemud_support::player::DEADLINE;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    /// A header's value, several joined; empty without it.
    pub fn header(&self, name: &str) -> String {
        let values = self.headers.iter().filter(|(it, _)| it == name).map(|(_, value)| value.as_str());
        values.collect::<Vec<_>>().join(", ")
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// A connection to a plain server.
pub async fn connect(url: &str) -> TcpStream {
    TcpStream::connect(url.strip_prefix("http://").expect("a plain server")).await.expect("it listens")
}

/// One request on a connection of its own, with the right Host.
pub async fn ask(url: &str, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
    let host = url.strip_prefix("http://").expect("a plain server");
    let headers = [&[("Host", host)], headers].concat();
    ask_on(&mut connect(url).await, method, path, &headers, "").await
}

/// One request on a connection that may be used again, with these headers and no others but the
/// length of a body.
pub async fn ask_on<S>(stream: &mut S, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut head = head_in("HTTP/1.1", method, path, headers);
    if !body.is_empty() {
        write!(head, "Content-Type: application/json\r\nContent-Length: {}\r\n", body.len()).unwrap();
    }
    exchange(stream, method, format!("{head}\r\n{body}")).await
}

/// The same in another version of HTTP, without a body.
pub async fn ask_in<S>(stream: &mut S, http: &str, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    exchange(stream, method, head_in(http, method, path, headers) + "\r\n").await
}

fn head_in(http: &str, method: &str, path: &str, headers: &[(&str, &str)]) -> String {
    let mut head = format!("{method} {path} {http}\r\n");
    for (name, value) in headers {
        write!(head, "{name}: {value}\r\n").unwrap();
    }
    head
}

/// A request written out whole.
pub async fn exchange<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut S, method: &str, request: String) -> Answer {
    let exchange = async {
        stream.write_all(request.as_bytes()).await.expect("a connection");
        stream.flush().await.expect("a connection");
        read_answer(stream, method == "HEAD").await
    };
    tokio::time::timeout(DEADLINE, exchange).await.expect("an answer in time")
}

async fn read_answer(stream: &mut (impl AsyncRead + Unpin), is_head: bool) -> Answer {
    let head = String::from_utf8(until(stream, b"\r\n\r\n").await).expect("a readable head");
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok()).expect("a status");
    let pairs = lines.filter_map(|line| line.split_once(':'));
    let headers = pairs.map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned())).collect();
    let mut answer = Answer { status, headers, body: Vec::new() };
    if is_head || matches!(status, 101 | 204 | 304) {
        return answer;
    }
    if answer.header("transfer-encoding") == "chunked" {
        loop {
            let size = String::from_utf8(until(stream, b"\r\n").await).expect("a readable size");
            let size = usize::from_str_radix(size.trim(), 16).expect("a size");
            let mut chunk = vec![0; size + 2];
            stream.read_exact(&mut chunk).await.expect("a chunk");
            if size == 0 {
                return answer;
            }
            answer.body.extend_from_slice(&chunk[..size]);
        }
    }
    match answer.header("content-length").parse() {
        Ok(length) => {
            answer.body = vec![0; length];
            stream.read_exact(&mut answer.body).await.expect("the body");
        }
        Err(_) => drop(stream.read_to_end(&mut answer.body).await),
    }
    answer
}

async fn until(stream: &mut (impl AsyncRead + Unpin), end: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    while !bytes.ends_with(end) {
        bytes.push(stream.read_u8().await.expect("more of the answer"));
    }
    bytes
}

/// What a browser sends to open the realtime channel, without the key of the host.
pub fn upgrade(origin: &str) -> [(&'static str, &str); 6] {
    [
        ("Upgrade", "websocket"),
        ("Connection", "Upgrade"),
        ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
        ("Sec-WebSocket-Version", "13"),
        ("Sec-WebSocket-Protocol", "tilemud.json"),
        ("Origin", origin),
    ]
}
