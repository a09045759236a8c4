//! One realtime connection to a server that may be killed at any moment. What comes is read by a
//! task of its own, because a frame must not be given up half read while its player does something
//! else.

use anyhow::{Context as _, Result};
use bytes::Bytes;
use fastwebsockets::{Frame, OpCode, Payload, WebSocketError, WebSocketWrite};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use tilemud_schema::codec::{decode_server, encode_client};
use tilemud_schema::{ClientMessage, Encoding, InView, ServerMessage};
use tilemud_support::player::{Connection, DEADLINE};
use tokio::io::WriteHalf;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

/// Messages that wait for their player; then the server has to.
const WAITING_MAX: usize = 1_024;

/// What comes over a connection.
#[derive(Debug)]
pub enum Arrival {
    Message(Box<ServerMessage>),
    /// Nothing more; with the close code, 0 when it just ended.
    End(u16),
    /// Something that is no message.
    Garbage(String),
}

/// The connection. It ends when this is dropped.
pub struct Line {
    writer: WebSocketWrite<WriteHalf<TokioIo<Upgraded>>>,
    encoding: Encoding,
    arrivals: mpsc::Receiver<Arrival>,
    reading: JoinHandle<()>,
}

impl Line {
    /// Opens one; an error when there is no server, or not for long enough.
    pub async fn open(url: &str, encoding: Encoding) -> Result<Self> {
        let socket = tokio::time::timeout(DEADLINE, Connection::try_open(url, encoding.subprotocol())).await??;
        let (mut reader, writer) = socket.split(tokio::io::split);
        let (sender, arrivals) = mpsc::channel(WAITING_MAX);
        let reading = tokio::spawn(async move {
            let mut in_view = InView::default();
            loop {
                // Nothing here has to be answered.
                let frame = reader.read_frame(&mut |_| async { Ok::<_, WebSocketError>(()) }).await;
                let arrival = match frame {
                    Ok(frame) if frame.opcode == OpCode::Close => {
                        Arrival::End(frame.payload.get(..2).map_or(0, |code| u16::from_be_bytes([code[0], code[1]])))
                    }
                    Ok(frame) if matches!(frame.opcode, OpCode::Ping | OpCode::Pong) => continue,
                    Ok(frame) => match decode_server(encoding, &frame.payload, &mut in_view) {
                        Ok(message) => Arrival::Message(Box::new(message)),
                        Err(error) => {
                            Arrival::Garbage(format!("{error}: {:?}", Bytes::copy_from_slice(&frame.payload)))
                        }
                    },
                    Err(_) => Arrival::End(0),
                };
                let is_last = !matches!(arrival, Arrival::Message(_));
                if sender.send(arrival).await.is_err() || is_last {
                    return;
                }
            }
        });
        Ok(Self { writer, encoding, arrivals, reading })
    }

    /// Sends a message. That the server is gone is found out by reading.
    pub async fn send(&mut self, message: &ClientMessage) {
        let mut bytes = Vec::new();
        encode_client(self.encoding, message, &mut bytes);
        let payload = Payload::Owned(bytes);
        let frame = match self.encoding {
            Encoding::Postcard => Frame::binary(payload),
            Encoding::Json => Frame::text(payload),
        };
        let _ = tokio::time::timeout(DEADLINE, self.writer.write_frame(frame)).await;
    }

    /// What comes next. May be given up at any time; nothing gets lost.
    pub async fn next(&mut self) -> Arrival {
        self.arrivals.recv().await.unwrap_or(Arrival::End(0))
    }

    /// The next message, for as long as a handshake may take.
    pub async fn next_message(&mut self) -> Result<ServerMessage> {
        match tokio::time::timeout(DEADLINE, self.next()).await.context("nothing came")? {
            Arrival::Message(message) => Ok(*message),
            other => anyhow::bail!("the connection ended with {other:?}"),
        }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.reading.abort();
    }
}
