//! One realtime connection over the postcard subprotocol: upgrade, hello, and the two halves. The read half gets a task; the
//! write half goes to the schedule, which writes small frames without waiting.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use fastwebsockets::{Role, WebSocketRead, after_handshake_split};
use tilemud_schema::codec::encode_client;
use tilemud_schema::{ClientMessage, Encoding, Hello};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::net::tcp::OwnedReadHalf;
use tokio::sync::oneshot;

use crate::answers::Answers;
use crate::schedule::{Plan, Progress, Seat};
use crate::tally::Tally;

/// Time for the upgrade and the handshake answer.
const JOIN_TIMEOUT: Duration = Duration::from_secs(30);

/// Time to wait when the server takes no more connections from here just now.
const BUSY_PAUSE: Duration = Duration::from_millis(250);

/// Longest response head to the upgrade.
const HEAD_BYTES_MAX: usize = 8 * 1024;

/// The read half as the answers see it.
pub type Frames = WebSocketRead<OwnedReadHalf>;

/// Opens the connection and waits until the session is live.
///
/// # Errors
/// When the server does not let it in.
pub async fn join(authority: &str, hello: Hello, index: usize, plan: &Arc<Plan>, tally: &Arc<Tally>) -> Result<Seat> {
    tokio::time::timeout(JOIN_TIMEOUT, open(authority, hello, index, plan, tally))
        .await
        .context("no handshake answer")?
}

async fn open(authority: &str, hello: Hello, index: usize, plan: &Arc<Plan>, tally: &Arc<Tally>) -> Result<Seat> {
    let mut stream = loop {
        let mut stream = TcpStream::connect(authority).await?;
        stream.set_nodelay(true)?;
        match upgrade(&mut stream, authority).await? {
            101 => break stream,
            429 | 503 => tokio::time::sleep(BUSY_PAUSE).await,
            status => bail!("the upgrade was answered with {status}"),
        }
    };
    let mut frame = Vec::new();
    append_frame(&ClientMessage::Hello(hello), rand::random(), &mut frame);
    stream.write_all(&frame).await?;

    let (read, write) = stream.into_split();
    let (mut frames, _) = after_handshake_split(read, tokio::io::sink(), Role::Client);
    // Answering is the schedule's matter, and it has nothing to say to either.
    frames.set_auto_pong(false);
    frames.set_auto_close(false);
    let progress = Arc::new(Progress::default());
    let (live, joined) = oneshot::channel();
    let answers = Answers::new(index, Arc::clone(plan), Arc::clone(tally), Arc::clone(&progress));
    tokio::spawn(answers.run(frames, live));
    let last_seq = joined.await.context("the connection ended in the handshake")?;
    ensure!(last_seq == 0, "the session is not fresh: its last seq is {last_seq}");
    Ok(Seat::new(index, write, progress))
}

/// Asks for the upgrade; the status of the answer.
async fn upgrade(stream: &mut TcpStream, authority: &str) -> Result<u16> {
    let protocol = Encoding::Postcard.subprotocol();
    let request = format!(
        "GET /ws HTTP/1.1\r\nHost: {authority}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n\
         Sec-WebSocket-Key: {}\r\nSec-WebSocket-Protocol: {protocol}\r\n\r\n",
        fastwebsockets::handshake::generate_key()
    );
    stream.write_all(request.as_bytes()).await?;
    let mut head = Vec::with_capacity(512);
    // The server says nothing before the hello, so after a 101 nothing comes with the head; after a refusal the body may.
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        ensure!(stream.read_buf(&mut head).await? > 0 && head.len() < HEAD_BYTES_MAX, "the upgrade was not answered");
    }
    let status =
        head.strip_prefix(b"HTTP/1.1 ").and_then(|rest| std::str::from_utf8(rest.get(..3)?).ok()?.parse().ok());
    status.context("the upgrade was not answered in HTTP/1.1")
}

/// Appends a masked binary frame (RFC 6455, 5.2).
pub fn append_frame(message: &ClientMessage, mask: [u8; 4], out: &mut Vec<u8>) {
    const FIN_BINARY: u8 = 0x82;
    const MASKED: u8 = 0x80;
    let mut payload = Vec::with_capacity(128);
    encode_client(Encoding::Postcard, message, &mut payload);
    out.push(FIN_BINARY);
    match u8::try_from(payload.len()) {
        Ok(len) if len < 126 => out.push(MASKED | len),
        _ => {
            let len = u16::try_from(payload.len()).expect("client messages are at most 4 KiB");
            out.push(MASKED | 126);
            out.extend(len.to_be_bytes());
        }
    }
    out.extend(mask);
    out.extend(payload.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask));
}

#[cfg(test)]
mod tests {
    use tilemud_schema::codec::decode_client;

    use super::*;

    #[test]
    fn a_frame_is_masked_and_unmasks_to_the_message() {
        for token_len in [3, 200] {
            let message = ClientMessage::Chat(tilemud_schema::ChatIntent {
                seq: 7,
                channel: tilemud_schema::ChatChannel::Say,
                text: "x".repeat(token_len).into(),
                to: None,
            });
            let mut frame = Vec::new();
            append_frame(&message, [1, 2, 3, 4], &mut frame);
            let head = if token_len < 100 { 2 } else { 4 };
            assert_eq!((frame[0], frame[1] & 0x80), (0x82, 0x80));
            let payload: Vec<u8> =
                frame[head + 4..].iter().zip([1, 2, 3, 4].iter().cycle()).map(|(byte, mask)| byte ^ mask).collect();
            assert_eq!(decode_client(Encoding::Postcard, &payload).unwrap(), message);
        }
    }
}
