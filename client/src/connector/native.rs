//! The native connector: one background thread with a single-threaded tokio runtime that does all
//! network IO, joined to the caller by two bounded channels.

use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use fastwebsockets::{FragmentCollectorRead, Frame, OpCode, Payload, WebSocketError, handshake};
use http_body_util::{BodyExt, Full};
use hyper::body::{Body as _, Incoming};
use hyper::header::{
    ACCEPT, AUTHORIZATION, CONNECTION, CONTENT_TYPE, ETAG, HOST, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_PROTOCOL,
    SEC_WEBSOCKET_VERSION, UPGRADE,
};
use hyper::{Method, Request, Response, Uri};
use hyper_util::rt::TokioIo;
use tilemud_schema::Encoding;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::dial::{Dialer, unreachable};
use super::{
    BODY_BYTES_MAX, CALL_TIMEOUT_S, Connector, ConnectorEvent, EVENTS_MAX, INBOUND_BYTES_MAX, WayBack, browser,
    loopback,
};
use crate::http::{CallId, HttpAnswer, HttpRequest, Unreachable};
use crate::sign_in::{Entropy, Pending};

/// Jobs waiting for the thread; more than that are dropped, which the session sees as silence.
const JOBS_MAX: usize = 256;

enum Job {
    Request { id: CallId, request: HttpRequest },
    Open { id: CallId, url: String },
    Send(Vec<u8>),
    Close,
    MakeWayBack { id: CallId },
    Visit { id: CallId, page: String, state: String },
    StopWaiting,
}

/// Opens the player's browser at an address; may take long, and an error means that it did not
/// open.
pub type OpenBrowser = dyn Fn(&str) -> std::io::Result<()> + Send + Sync;

/// Whom the connector talks to, and how.
pub struct Setup {
    /// Like `http://127.0.0.1:8080`.
    pub server: String,
    /// Authorities to trust besides the public ones, as a PEM file.
    pub authorities: Option<PathBuf>,
    /// Opens the provider's page.
    pub browser: Arc<OpenBrowser>,
}

impl Setup {
    /// With the public authorities and the player's own browser.
    pub fn new(server: impl Into<String>) -> Self {
        Self { server: server.into(), authorities: None, browser: Arc::new(browser::open) }
    }
}

/// Talks to one server from a thread of its own; the thread ends with this value.
pub struct NativeConnector {
    jobs: mpsc::Sender<Job>,
    events: mpsc::Receiver<(ConnectorEvent, Instant)>,
}

impl NativeConnector {
    /// Starts the thread. `wake` is called, from that thread, whenever there is something to poll.
    ///
    /// # Errors
    /// The thread or its runtime could not be made, or the authorities could not be read.
    pub fn start(setup: Setup, wake: impl Fn() + Send + Sync + 'static) -> std::io::Result<Self> {
        let dialer = Dialer::new(setup.authorities.as_deref())?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (jobs, inbox) = mpsc::channel(JOBS_MAX);
        let (outbox, arrived) = mpsc::channel(EVENTS_MAX);
        let server = setup.server.trim_end_matches('/').to_owned();
        let events = Events { outbox, wake: Arc::new(wake) };
        let edge = Edge { server, dialer, browser: setup.browser, events };
        std::thread::Builder::new().name("connector".to_owned()).spawn(move || runtime.block_on(serve(edge, inbox)))?;
        Ok(Self { jobs, events: arrived })
    }

    fn give(&self, job: Job) {
        // A full queue means the network has stood still for long; what does not fit is covered by
        // the session's timeouts, as a loss on the wire would be.
        drop(self.jobs.try_send(job));
    }
}

impl Connector for NativeConnector {
    fn request(&mut self, id: CallId, request: HttpRequest) {
        self.give(Job::Request { id, request });
    }

    fn open_socket(&mut self, id: CallId, url: &str) {
        self.give(Job::Open { id, url: url.to_owned() });
    }

    fn send(&mut self, frame: Vec<u8>) {
        self.give(Job::Send(frame));
    }

    fn close_socket(&mut self) {
        self.give(Job::Close);
    }

    fn make_way_back(&mut self, id: CallId) {
        self.give(Job::MakeWayBack { id });
    }

    fn visit(&mut self, id: CallId, pending: &Pending) {
        self.give(Job::Visit { id, page: pending.page(), state: pending.state().to_owned() });
    }

    fn stop_waiting(&mut self) {
        self.give(Job::StopWaiting);
    }

    fn poll(&mut self) -> Option<ConnectorEvent> {
        let (mut event, arrived) = self.events.try_recv().ok()?;
        if let ConnectorEvent::Frame { waited_s, .. } = &mut event {
            *waited_s = arrived.elapsed().as_secs_f64();
        }
        Some(event)
    }
}

#[derive(Clone)]
struct Events {
    outbox: mpsc::Sender<(ConnectorEvent, Instant)>,
    wake: Arc<dyn Fn() + Send + Sync>,
}

impl Events {
    /// Waits while the receiver is behind, which holds the socket's reader back in turn.
    async fn push(&self, event: ConnectorEvent) {
        if self.outbox.send((event, Instant::now())).await.is_ok() {
            (self.wake)();
        }
    }
}

/// What the tasks of the thread share.
#[derive(Clone)]
struct Edge {
    server: String,
    dialer: Dialer,
    browser: Arc<OpenBrowser>,
    events: Events,
}

async fn serve(edge: Edge, mut inbox: mpsc::Receiver<Job>) {
    let mut socket: Option<(mpsc::Sender<Vec<u8>>, JoinHandle<()>)> = None;
    let mut port: Option<TcpListener> = None;
    let mut waiting: Option<JoinHandle<()>> = None;
    while let Some(job) = inbox.recv().await {
        match job {
            Job::Request { id, request } => {
                let edge = edge.clone();
                tokio::spawn(async move {
                    let outcome = exchange(&edge, request).await;
                    edge.events.push(ConnectorEvent::Http { id, outcome }).await;
                });
            }
            Job::Open { id, url } => {
                if let Some((_, task)) = socket.take() {
                    task.abort();
                }
                let (frames, queue) = mpsc::channel(JOBS_MAX);
                let url = if url.starts_with('/') { format!("{}{url}", edge.server) } else { url };
                socket = Some((frames, tokio::spawn(run_socket(edge.clone(), id, url, queue))));
            }
            Job::Send(frame) => {
                if let Some((frames, task)) = &socket
                    && frames.try_send(frame).is_err()
                {
                    // Nothing leaves any more: better a reconnect than a gap.
                    task.abort();
                }
            }
            // Without a sender the socket's task sends a close frame and ends.
            Job::Close => drop(socket.take()),
            Job::MakeWayBack { id } => {
                stop(waiting.take());
                let outcome = loopback::bind().await.map_err(unreachable).map(|(listener, redirect_uri)| {
                    port = Some(listener);
                    WayBack { redirect_uri, entropy: Entropy::fresh() }
                });
                edge.events.push(ConnectorEvent::WayBack { id, outcome }).await;
            }
            Job::Visit { id, page, state } => {
                stop(waiting.take());
                let Some(listener) = port.take() else { continue };
                let events = edge.events.clone();
                waiting = Some(tokio::spawn(async move {
                    if let Some(query) = loopback::answer(listener, state).await {
                        events.push(ConnectorEvent::Returned { id, query }).await;
                    }
                }));
                tokio::spawn(show(edge.clone(), id, page));
            }
            Job::StopWaiting => {
                port = None;
                stop(waiting.take());
            }
        }
    }
}

fn stop(task: Option<JoinHandle<()>>) {
    if let Some(task) = task {
        task.abort();
    }
}

/// Opens the page on a thread of its own, because that may take as long as the browser runs.
async fn show(edge: Edge, id: CallId, page: String) {
    let opened = tokio::task::spawn_blocking(move || (edge.browser)(&page)).await;
    if !matches!(opened, Ok(Ok(()))) {
        edge.events.push(ConnectorEvent::NoBrowser { id }).await;
    }
}

async fn within<T>(call: impl Future<Output = Result<T, Unreachable>>) -> Result<T, Unreachable> {
    match tokio::time::timeout(Duration::from_secs(CALL_TIMEOUT_S), call).await {
        Ok(outcome) => outcome,
        Err(_) => Err(Unreachable("timed out".to_owned())),
    }
}

/// One request and its whole answer. It may take any time, as long as pieces of it keep coming.
async fn exchange(edge: &Edge, request: HttpRequest) -> Result<HttpAnswer, Unreachable> {
    let (answer, connection) = within(ask(edge, request)).await?;
    let status = answer.status().as_u16();
    let etag = answer.headers().get(ETAG).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let body = whole(answer.into_body()).await;
    connection.abort();
    Ok(HttpAnswer { status, etag, body: body? })
}

async fn whole(mut body: Incoming) -> Result<Vec<u8>, Unreachable> {
    let too_large = || Unreachable(format!("more than {} MiB, which is the most", BODY_BYTES_MAX >> 20));
    let announced = body.size_hint().exact().unwrap_or_default();
    if announced > BODY_BYTES_MAX as u64 {
        return Err(too_large());
    }
    let mut bytes = Vec::with_capacity(announced as usize);
    while let Some(frame) = within(async { body.frame().await.transpose().map_err(unreachable) }).await? {
        let Ok(piece) = frame.into_data() else { continue };
        if bytes.len() + piece.len() > BODY_BYTES_MAX {
            return Err(too_large());
        }
        bytes.extend_from_slice(&piece);
    }
    Ok(bytes)
}

async fn ask(edge: &Edge, request: HttpRequest) -> Result<(Response<Incoming>, JoinHandle<()>), Unreachable> {
    let address = if request.path.starts_with("http") {
        request.path
    } else {
        format!("{}/{}", edge.server, request.path.trim_start_matches('/'))
    };
    let uri: Uri = address.parse().map_err(unreachable)?;
    let (stream, host) = edge.dialer.dial(&uri).await?;
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(unreachable)?;
    let connection = tokio::spawn(async { drop(connection.await) });

    let target = uri.path_and_query().map_or("/", |target| target.as_str());
    let mut head = Request::builder().uri(target).header(HOST, host);
    if let Some(bearer) = request.bearer {
        head = head.header(AUTHORIZATION, format!("Bearer {}", bearer.0));
    }
    let call = match request.body {
        Some(body) => {
            let head =
                head.method(Method::POST).header(CONTENT_TYPE, body.content_type).header(ACCEPT, "application/json");
            head.body(Full::<Bytes>::from(body.bytes))
        }
        None => head.method(Method::GET).body(Full::default()),
    };
    let answer = sender.send_request(call.map_err(unreachable)?).await.map_err(unreachable)?;
    Ok((answer, connection))
}

type Upgraded = TokioIo<hyper::upgrade::Upgraded>;

async fn connect(dialer: &Dialer, url: &str) -> Result<fastwebsockets::WebSocket<Upgraded>, Unreachable> {
    let uri: Uri = url.replacen("http", "ws", usize::from(url.starts_with("http"))).parse().map_err(unreachable)?;
    let (stream, host) = dialer.dial(&uri).await?;
    let request = Request::builder()
        .uri(uri.path_and_query().map_or("/ws", |target| target.as_str()))
        .header(HOST, host)
        .header(UPGRADE, "websocket")
        .header(CONNECTION, "upgrade")
        .header(SEC_WEBSOCKET_KEY, handshake::generate_key())
        .header(SEC_WEBSOCKET_VERSION, "13")
        .header(SEC_WEBSOCKET_PROTOCOL, Encoding::Postcard.subprotocol())
        .body(Full::<Bytes>::default())
        .map_err(unreachable)?;
    let (mut socket, answer) = handshake::client(&Spawn, request, stream).await.map_err(unreachable)?;
    let agreed = answer.headers().get(SEC_WEBSOCKET_PROTOCOL).and_then(|value| value.to_str().ok());
    if agreed != Some(Encoding::Postcard.subprotocol()) {
        return Err(Unreachable("the server speaks another subprotocol".to_owned()));
    }
    socket.set_max_message_size(INBOUND_BYTES_MAX);
    Ok(socket)
}

/// Runs one socket to its end: a reader that is never cancelled between bytes, a writer fed by
/// `queue`. Ends when either side closes, or when `queue` has no sender left.
async fn run_socket(edge: Edge, id: CallId, url: String, mut queue: mpsc::Receiver<Vec<u8>>) {
    let Edge { dialer, events, .. } = edge;
    let socket = match within(connect(&dialer, &url)).await {
        Ok(socket) => socket,
        Err(_) => return events.push(ConnectorEvent::Closed { id, code: None }).await,
    };
    events.push(ConnectorEvent::Opened { id }).await;
    let (reader, mut writer) = socket.split(tokio::io::split);
    let mut reader = FragmentCollectorRead::new(reader);
    // Pongs and the close answer go through the writer as well; a few at most are outstanding.
    let (duties, mut duty) = mpsc::channel::<Frame<'static>>(8);

    let read = async {
        loop {
            let mut answer = |frame: Frame<'_>| {
                let owned = Frame::new(frame.fin, frame.opcode, None, Payload::Owned(frame.payload.to_vec()));
                // With a full queue a pong is left out: answering the newest ping is enough (RFC
                // 6455, 5.5.3).
                let _ = duties.try_send(owned);
                async { Ok::<(), WebSocketError>(()) }
            };
            match reader.read_frame::<_, WebSocketError>(&mut answer).await {
                Ok(frame) if frame.opcode == OpCode::Binary => {
                    events.push(ConnectorEvent::Frame { id, bytes: frame.payload.to_vec(), waited_s: 0.0 }).await;
                }
                Ok(frame) if frame.opcode == OpCode::Close => {
                    let code = frame.payload.get(..2).map(|bytes| u16::from_be_bytes([bytes[0], bytes[1]]));
                    return code;
                }
                Ok(_) => {}
                Err(_) => return None,
            }
        }
    };
    let write = async {
        loop {
            let frame = tokio::select! {
                frame = duty.recv() => frame,
                bytes = queue.recv() => match bytes {
                    Some(bytes) => Some(Frame::binary(Payload::Owned(bytes))),
                    None => {
                        drop(writer.write_frame(Frame::close(1000, b"")).await);
                        return;
                    }
                },
            };
            let Some(frame) = frame else { return };
            if writer.write_frame(frame).await.is_err() {
                return;
            }
        }
    };
    let code = tokio::select! { code = read => code, () = write => None };
    events.push(ConnectorEvent::Closed { id, code }).await;
}

/// hyper's connection task on this thread's runtime.
struct Spawn;

impl hyper::rt::Executor<Pin<Box<dyn Future<Output = ()> + Send>>> for Spawn {
    fn execute(&self, task: Pin<Box<dyn Future<Output = ()> + Send>>) {
        tokio::spawn(task);
    }
}
