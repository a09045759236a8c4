//! The native connector against a real socket: HTTP, the WebSocket handshake, frames, close codes.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::mpsc;
use std::time::Duration;

use fastwebsockets::{Frame, OpCode, Payload, upgrade};
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tilemud_client::connector::native::{NativeConnector, Setup};
use tilemud_client::connector::{Connector, ConnectorEvent};
use tilemud_client::http::{Bearer, Body, HttpRequest};
use tokio::net::TcpListener;

/// Longer than anything here takes.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// More than the largest map this server can have takes as JSON.
const WORLD_BYTES: usize = 24 * 1024 * 1024;

/// A server on a thread of its own that answers until the test process ends.
fn server() -> SocketAddr {
    let (tell, told) = mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async move {
            let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
            tell.send(listener.local_addr().expect("an address")).expect("the test listens");
            loop {
                let (stream, _) = listener.accept().await.expect("a connection");
                let service = hyper::service::service_fn(serve);
                let connection = hyper::server::conn::http1::Builder::new()
                    .serve_connection(TokioIo::new(stream), service)
                    .with_upgrades();
                tokio::spawn(connection);
            }
        });
    });
    told.recv_timeout(PATIENCE).expect("the server starts")
}

async fn serve(mut request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let header = |name: &str| request.headers().get(name).and_then(|it| it.to_str().ok()).unwrap_or("-").to_owned();
    match request.uri().path() {
        "/ws" => {
            let offered = header("sec-websocket-protocol");
            let (answer, socket) = upgrade::upgrade(&mut request).expect("an upgrade");
            tokio::spawn(async move {
                let mut socket = socket.await.expect("a socket");
                socket.set_auto_close(false);
                // Echoes in two fragments until it is told to end.
                while let Ok(frame) = socket.read_frame().await {
                    if frame.opcode != OpCode::Binary {
                        continue;
                    }
                    let bytes = frame.payload.to_vec();
                    if bytes == b"end" {
                        let _ = socket.write_frame(Frame::close(4006, b"shutting_down")).await;
                        continue;
                    }
                    let (head, tail) = bytes.split_at(bytes.len() / 2);
                    let first = Frame::new(false, OpCode::Binary, None, Payload::Borrowed(head));
                    let last = Frame::new(true, OpCode::Continuation, None, Payload::Borrowed(tail));
                    let ping = Frame::new(true, OpCode::Ping, None, Payload::Borrowed(b"?"));
                    for frame in [ping, first, last] {
                        socket.write_frame(frame).await.expect("the client reads");
                    }
                }
            });
            let mut answer = answer.map(|_| Full::default());
            answer.headers_mut().insert("sec-websocket-protocol", offered.parse().expect("a header"));
            Ok(answer)
        }
        "/echo" => {
            let (token, kind) = (header("authorization"), header("content-type"));
            let method = request.method().clone();
            let body = request.into_body().collect().await.expect("a body").to_bytes();
            let text = format!("{method} {token} {kind} {}", String::from_utf8_lossy(&body));
            Ok(Response::builder().header("etag", "\"e1\"").body(Full::from(text)).expect("an answer"))
        }
        "/world" => Ok(Response::new(Full::from(vec![b'7'; WORLD_BYTES]))),
        _ => Ok(Response::builder().status(StatusCode::NOT_FOUND).body(Full::default()).expect("an answer")),
    }
}

pub struct Bench {
    pub connector: NativeConnector,
    woken: mpsc::Receiver<()>,
}

impl Bench {
    pub fn new(server: &str) -> Self {
        Self::with(Setup::new(server))
    }

    pub fn with(setup: Setup) -> Self {
        let (wake, woken) = mpsc::channel();
        let connector = NativeConnector::start(setup, move || {
            // The test may be over.
            let _ = wake.send(());
        })
        .expect("a thread");
        Self { connector, woken }
    }

    /// Waits to be woken, as the app does, and polls.
    pub fn next(&mut self) -> ConnectorEvent {
        loop {
            if let Some(event) = self.connector.poll() {
                return event;
            }
            self.woken.recv_timeout(PATIENCE).expect("something arrives");
        }
    }

    fn frame(&mut self) -> Vec<u8> {
        match self.next() {
            ConnectorEvent::Frame { id: 7, bytes, .. } => bytes,
            other => panic!("no frame but {other:?}"),
        }
    }
}

#[test]
fn requests_carry_token_and_body_and_answers_their_status_and_etag() {
    let mut bench = Bench::new(&format!("http://{}/", server()));
    let request = HttpRequest {
        path: "/echo".to_owned(),
        bearer: Some(Bearer("secret".to_owned())),
        body: Some(Body::json(b"{}".to_vec())),
    };
    assert!(!format!("{request:?}").contains("secret"), "tokens are never printed");
    bench.connector.request(1, request);
    let ConnectorEvent::Http { id: 1, outcome: Ok(answer) } = bench.next() else { panic!("no answer") };
    assert_eq!((answer.status, answer.etag.as_deref()), (200, Some("\"e1\"")));
    assert_eq!(String::from_utf8_lossy(&answer.body), "POST Bearer secret application/json {}");

    bench.connector.request(2, HttpRequest::get("nowhere"));
    let ConnectorEvent::Http { id: 2, outcome: Ok(answer) } = bench.next() else { panic!("no answer") };
    assert_eq!(answer.status, 404);
}

#[test]
fn frames_go_both_ways_in_order_and_the_close_code_arrives() {
    let address = server();
    let mut bench = Bench::new(&format!("http://{address}"));
    bench.connector.open_socket(7, &format!("ws://{address}/ws"));
    assert_eq!(bench.next(), ConnectorEvent::Opened { id: 7 });
    for number in 0..50_u8 {
        bench.connector.send(vec![number; 40]);
    }
    for number in 0..50_u8 {
        assert_eq!(bench.frame(), vec![number; 40], "fragments are put together, in order");
    }
    bench.connector.send(b"end".to_vec());
    assert_eq!(bench.next(), ConnectorEvent::Closed { id: 7, code: Some(4006) });
}

#[test]
fn a_relative_socket_address_is_at_the_server() {
    let mut bench = Bench::new(&format!("http://{}", server()));
    bench.connector.open_socket(7, "/ws");
    assert_eq!(bench.next(), ConnectorEvent::Opened { id: 7 });
    bench.connector.send(b"hello".to_vec());
    assert_eq!(bench.frame(), b"hello");
}

#[test]
fn a_server_that_is_not_there_is_an_outcome_and_no_wait() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
    let mut bench = Bench::new(&format!("http://{free}"));
    bench.connector.request(1, HttpRequest::get("/api/version"));
    assert!(matches!(bench.next(), ConnectorEvent::Http { id: 1, outcome: Err(_) }));
    bench.connector.open_socket(2, &format!("ws://{free}/ws"));
    assert_eq!(bench.next(), ConnectorEvent::Closed { id: 2, code: None });
    bench.connector.request(3, HttpRequest::get(format!("https://{free}/")));
    assert!(matches!(bench.next(), ConnectorEvent::Http { id: 3, outcome: Err(_) }));
}

#[test]
fn a_world_of_24_mib_arrives_whole() {
    let mut bench = Bench::new(&format!("http://{}", server()));
    bench.connector.request(1, HttpRequest::get("/world"));
    let ConnectorEvent::Http { id: 1, outcome: Ok(answer) } = bench.next() else { panic!("no answer") };
    assert_eq!((answer.status, answer.body.len()), (200, WORLD_BYTES));
}

/// A server that answers with this head, and then says nothing more.
fn head_only(head: &'static str) -> SocketAddr {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a connection");
        let mut request = [0; 1024];
        let _ = std::io::Read::read(&mut stream, &mut request);
        std::io::Write::write_all(&mut stream, head.as_bytes()).expect("the client reads");
        let _ = std::io::Read::read(&mut stream, &mut request);
    });
    address
}

#[test]
fn a_body_beyond_the_bound_is_refused_in_words_before_it_is_read() {
    let server = head_only("HTTP/1.1 200 OK\r\ncontent-length: 300000000\r\n\r\n");
    let mut bench = Bench::new(&format!("http://{server}"));
    bench.connector.request(1, HttpRequest::get("/world"));
    let ConnectorEvent::Http { id: 1, outcome: Err(problem) } = bench.next() else { panic!("it was taken") };
    assert!(problem.to_string().contains("256 MiB"), "{problem}");
}
