//! A client that waits: joins over HTTP and the realtime channel, and sends and reads whole frames.
//! For honest players and for attackers on their way in.

use std::io::{Read as _, Write as _};
use std::net::{IpAddr, SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use serde::Serialize;
use serde::de::DeserializeOwned;
use socket2::{Domain, Socket, Type};
use tilemud_schema::codec::{decode_server, encode_client};
use tilemud_schema::rest::{BootstrapRequest, BootstrapResponse, DevTokenRequest, DevTokenResponse};
use tilemud_schema::{Ack, ClientMessage, Encoding, Hello, InView, ServerMessage, SessionId};

use crate::generate::door;
use crate::generate::frames::{self, Cutter};

/// How long a step of a join may take before it has failed.
const PATIENCE: Duration = Duration::from_secs(5);

/// A connection from this address.
pub fn connect(from: IpAddr, to: SocketAddr) -> Result<TcpStream> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    socket.bind(&SocketAddr::new(from, 0).into())?;
    socket.connect_timeout(&to.into(), PATIENCE).context("no connection")?;
    let stream = TcpStream::from(socket);
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    Ok(stream)
}

/// Where a server is and from which address it is talked to.
#[derive(Debug, Clone, Copy)]
pub struct Way {
    pub from: IpAddr,
    pub to: SocketAddr,
}

impl Way {
    fn authority(&self) -> String {
        self.to.to_string()
    }

    fn post<T: DeserializeOwned>(&self, path: &str, token: Option<&str>, body: &impl Serialize) -> Result<T> {
        let mut stream = connect(self.from, self.to)?;
        stream.write_all(&door::post(&self.authority(), path, token, body))?;
        let mut answer = Vec::new();
        let mut buffer = [0; 16 * 1024];
        loop {
            if let Some(reply) = door::reply(&mut &answer[..])? {
                match reply.accepted()? {
                    Ok(accepted) => return Ok(accepted),
                    Err(retry_ms) => bail!("put off for {retry_ms} ms"),
                }
            }
            match stream.read(&mut buffer)? {
                0 => bail!("no answer"),
                read => answer.extend_from_slice(&buffer[..read]),
            }
        }
    }

    pub fn token(&self, user: &str) -> Result<String> {
        let granted: DevTokenResponse = self.post("/dev/token", None, &DevTokenRequest { user: user.to_owned() })?;
        Ok(granted.access_token)
    }

    /// A bootstrap; the name is that of a character that is new.
    pub fn bootstrap(&self, token: &str, name: &str) -> Result<BootstrapResponse> {
        let body = BootstrapRequest {
            client_version: tilemud_schema::version().to_owned(),
            display_name: Some(name.to_owned()),
            ..BootstrapRequest::default()
        };
        self.post("/api/session/bootstrap", Some(token), &body)
    }

    /// A realtime channel on which nothing was said yet.
    pub fn upgrade(&self) -> Result<Channel> {
        let mut stream = connect(self.from, self.to)?;
        stream.write_all(&door::upgrade(&self.authority()))?;
        let mut received = Vec::new();
        let mut buffer = [0; 16 * 1024];
        loop {
            let mut rest = &received[..];
            if let Some(reply) = door::reply(&mut rest)? {
                if reply.status != 101 {
                    bail!("the upgrade was answered with {}", reply.status);
                }
                let received = rest.to_vec();
                return Ok(Channel { stream, received, cutter: Cutter::default(), in_view: InView::default() });
            }
            match stream.read(&mut buffer)? {
                0 => bail!("no answer to the upgrade"),
                read => received.extend_from_slice(&buffer[..read]),
            }
        }
    }

    /// From a token to a session that is live.
    pub fn join(&self, token: &str, name: &str) -> Result<Channel> {
        let boot = self.bootstrap(token, name)?;
        let mut channel = self.upgrade()?;
        channel.send(&hello(boot.session.session_id, &boot.realtime.ticket))?;
        loop {
            match channel.next()? {
                ServerMessage::Ack(Ack::Handshake { .. }) => return Ok(channel),
                ServerMessage::Error { error, .. } => bail!("refused: {}", error.message),
                _ => {}
            }
        }
    }
}

pub fn hello(session_id: SessionId, ticket: &str) -> ClientMessage {
    ClientMessage::Hello(Hello {
        session_id,
        ticket: ticket.to_owned(),
        client_version: tilemud_schema::version().to_owned(),
        last_tick: None,
        oldest_unanswered_seq: None,
        next_seq: None,
    })
}

/// A message in its frame.
pub fn framed(message: &ClientMessage) -> Vec<u8> {
    let (mut payload, mut frame) = (Vec::new(), Vec::new());
    encode_client(Encoding::Postcard, message, &mut payload);
    frames::append(&payload, [1, 2, 3, 4], &mut frame);
    frame
}

#[derive(Debug)]
pub struct Channel {
    pub stream: TcpStream,
    received: Vec<u8>,
    cutter: Cutter,
    in_view: InView,
}

impl Channel {
    pub fn send(&mut self, message: &ClientMessage) -> Result<()> {
        Ok(self.stream.write_all(&framed(message))?)
    }

    /// Waits for the next message, answering pings.
    pub fn next(&mut self) -> Result<ServerMessage> {
        loop {
            let mut rest = &self.received[..];
            let frame = self.cutter.next(&mut rest, 0, |_| false);
            let Ok(frame) = frame else { bail!("no frames") };
            let Some(frame) = frame else {
                let mut buffer = [0; 64 * 1024];
                match self.stream.read(&mut buffer)? {
                    0 => bail!("the channel has ended"),
                    read => self.received.extend_from_slice(&buffer[..read]),
                }
                continue;
            };
            let (opcode, payload) = (frame.opcode, frame.payload.to_vec());
            let used = self.received.len() - rest.len();
            self.received.drain(..used);
            match opcode {
                frames::BINARY => return Ok(decode_server(Encoding::Postcard, &payload, &mut self.in_view)?),
                frames::PING => {
                    let mut pong = Vec::new();
                    frames::append_pong(&payload, &mut pong);
                    self.stream.write_all(&pong)?;
                }
                frames::CLOSE => bail!("the channel was closed"),
                _ => {}
            }
        }
    }
}
