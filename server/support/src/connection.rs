//! A realtime connection as the tests open one, in either encoding. Shows that it lives, answers
//! pings, and reads no more than it is asked to.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use fastwebsockets::{Frame, OpCode, Payload, WebSocket, WebSocketError, WebSocketRead, WebSocketWrite};
use http_body_util::Full;
use hyper::Request;
use hyper::header::{CONNECTION, HOST, SEC_WEBSOCKET_PROTOCOL, SEC_WEBSOCKET_VERSION, UPGRADE};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use tilemud_schema::codec::{decode_server, encode_client};
use tilemud_schema::{ClientMessage, Encoding, InView, ServerMessage, Tick};
use tokio::io::{ReadHalf, WriteHalf};
use tokio::net::TcpStream;
use tokio::sync::Mutex;

/// How long any single thing may take before the test fails: what hangs is to end, however busy the
/// machine is.
pub const DEADLINE: Duration = Duration::from_secs(60);

/// How often a connection shows that it lives, as the library of a browser does: a test that waits
/// for something else for longer than a server bears silence is not sent away.
const SIGN_OF_LIFE_EVERY: Duration = Duration::from_secs(2);

type Sender = WebSocketWrite<WriteHalf<TokioIo<Upgraded>>>;

/// A realtime connection without a session: for what happens before and around the handshake.
pub struct Connection {
    received: WebSocketRead<ReadHalf<TokioIo<Upgraded>>>,
    sender: Arc<Mutex<Sender>>,
    encoding: Encoding,
    in_view: InView,
    /// The newest tick of which the server was told, in the answer to a ping, that its frame has
    /// arrived.
    pub confirmed: Tick,
    /// Pings that are not answered yet, when answers are held back.
    unanswered: Option<Vec<Vec<u8>>>,
}

/// How a connection ended: the close code, 0 when the socket just ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closed(pub u16);

struct Spawner;

impl<F: Future<Output: Send> + Send + 'static> hyper::rt::Executor<F> for Spawner {
    fn execute(&self, future: F) {
        tokio::spawn(future);
    }
}

/// Who is asked, and the folder below which the game is, without a slash at its end.
pub(crate) fn parts(url: &str) -> (&str, &str) {
    let rest = url.strip_prefix("http://").expect("tests use plain HTTP");
    rest.split_at(rest.find('/').unwrap_or(rest.len()))
}

impl Connection {
    pub async fn open(url: &str, encoding: Encoding) -> Self {
        Self::attempt(url, encoding).await.expect("an upgrade")
    }

    /// The same over a way on which anything may go wrong.
    pub async fn attempt(url: &str, encoding: Encoding) -> Result<Self, WebSocketError> {
        let mut socket = Self::try_open(url, encoding.subprotocol()).await?;
        // Done here, so that it is known what was answered.
        socket.set_auto_pong(false);
        let (received, sender) = socket.split(tokio::io::split);
        let sender = Arc::new(Mutex::new(sender));
        let of_the_living = Arc::downgrade(&sender);
        tokio::spawn(async move {
            let first = tokio::time::Instant::now() + SIGN_OF_LIFE_EVERY;
            let mut every = tokio::time::interval_at(first, SIGN_OF_LIFE_EVERY);
            loop {
                every.tick().await;
                let Some(sender) = of_the_living.upgrade() else { return };
                if sender.lock().await.write_frame(Frame::pong(Payload::Borrowed(&[]))).await.is_err() {
                    return;
                }
            }
        });
        Ok(Self { received, sender, encoding, in_view: InView::default(), confirmed: 0, unanswered: None })
    }

    /// Opens with any subprotocol text.
    pub async fn try_open(url: &str, subprotocol: &str) -> Result<WebSocket<TokioIo<Upgraded>>, WebSocketError> {
        let (authority, folder) = parts(url);
        let stream = TcpStream::connect(authority).await?;
        let mut request = Request::get(format!("{folder}/ws"))
            .header(HOST, authority)
            .header(UPGRADE, "websocket")
            .header(CONNECTION, "Upgrade")
            .header("Sec-WebSocket-Key", fastwebsockets::handshake::generate_key())
            .header(SEC_WEBSOCKET_VERSION, "13");
        if !subprotocol.is_empty() {
            request = request.header(SEC_WEBSOCKET_PROTOCOL, subprotocol);
        }
        let request = request.body(Full::<Bytes>::default()).expect("a valid request");
        let (mut socket, answer) = fastwebsockets::handshake::client(&Spawner, request, stream).await?;
        assert_eq!(
            answer.headers().get(SEC_WEBSOCKET_PROTOCOL).and_then(|value| value.to_str().ok()),
            Some(subprotocol)
        );
        socket.set_auto_close(false);
        Ok(socket)
    }

    pub async fn send(&mut self, message: &ClientMessage) {
        let mut bytes = Vec::new();
        encode_client(self.encoding, message, &mut bytes);
        self.send_raw(&bytes).await;
    }

    pub async fn send_raw(&mut self, bytes: &[u8]) {
        let payload = Payload::Owned(bytes.to_vec());
        let frame = match self.encoding {
            Encoding::Postcard => Frame::binary(payload),
            Encoding::Json => Frame::text(payload),
        };
        self.write(frame).await;
    }

    /// Sends a WebSocket ping, which is no message.
    pub async fn ping(&mut self) {
        self.write(Frame::new(true, OpCode::Ping, None, Payload::Owned(Vec::new()))).await;
    }

    /// From now on pings wait for their answers.
    pub fn hold_pongs(&mut self) {
        self.unanswered = Some(Vec::new());
    }

    /// Answers the pings that wait, and others again at once.
    pub async fn let_pongs_go(&mut self) {
        for payload in self.unanswered.take().unwrap_or_default() {
            self.pong(payload).await;
        }
    }

    async fn pong(&mut self, payload: Vec<u8>) {
        if let Ok(tick) = payload.as_slice().try_into() {
            self.confirmed = self.confirmed.max(Tick::from_be_bytes(tick));
        }
        self.write(Frame::pong(Payload::Owned(payload))).await;
    }

    async fn write(&mut self, frame: Frame<'static>) {
        // A server that has ended the connection is found out by reading.
        let _ = self.sender.lock().await.write_frame(frame).await;
    }

    pub async fn next(&mut self) -> Result<ServerMessage, Closed> {
        let payload = self.next_payload().await?;
        Ok(self.read(&payload))
    }

    /// What a payload says that came next.
    pub fn read(&mut self, payload: &[u8]) -> ServerMessage {
        decode_server(self.encoding, payload, &mut self.in_view).expect("a known message")
    }

    /// The next message as it came over the wire.
    pub async fn next_payload(&mut self) -> Result<Vec<u8>, Closed> {
        loop {
            // Nothing is answered by the library.
            let mut answer = async |_| Ok::<_, Infallible>(());
            let frame = tokio::time::timeout(DEADLINE, self.received.read_frame(&mut answer)).await;
            let frame = frame.expect("a frame in time");
            match frame {
                Ok(frame) if frame.opcode == OpCode::Close => {
                    let code = frame.payload.get(..2).map_or(0, |code| u16::from_be_bytes([code[0], code[1]]));
                    return Err(Closed(code));
                }
                Ok(frame) if frame.opcode == OpCode::Pong => {}
                Ok(frame) if frame.opcode == OpCode::Ping => {
                    let payload = frame.payload.to_vec();
                    match &mut self.unanswered {
                        Some(unanswered) => unanswered.push(payload),
                        None => self.pong(payload).await,
                    }
                }
                Ok(frame) => return Ok(frame.payload.to_vec()),
                Err(_) => return Err(Closed(0)),
            }
        }
    }

    /// Reads until the end; all messages on the way, and how it ended.
    pub async fn drain(&mut self) -> (Vec<ServerMessage>, Closed) {
        let mut messages = Vec::new();
        loop {
            match self.next().await {
                Ok(message) => messages.push(message),
                Err(closed) => return (messages, closed),
            }
        }
    }
}
