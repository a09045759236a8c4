//! A native sign-in over real sockets: a stub provider that checks what it is sent, a browser that
//! follows redirects, the port the player comes back to, and the game that waits for them.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::{Arc, Mutex, mpsc};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, LOCATION};
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use sha2::{Digest as _, Sha256};
use tilemud_client::Game;
use tilemud_client::connector::native::{NativeConnector, Setup};
use tilemud_client::connector::{Connector, ConnectorEvent, WayBack};
use tilemud_client::session::SessionState;
use tilemud_client::sign_in::{Entropy, Pending, Wish};
use tilemud_schema::sign_in::{ProviderSignIn, SignInOptions};
use tilemud_schema::{Details, ErrorCode, WireError, codec};
use tokio::net::TcpListener;

use crate::native_connector::{Bench, PATIENCE};

/// What the stub saw.
#[derive(Default)]
struct Seen {
    /// By code: the challenge and the address that it was given for.
    codes: BTreeMap<String, (String, String)>,
    bearers: Vec<String>,
}

/// A game server and a provider in one, on a thread of its own until the test process ends.
struct Stub {
    address: SocketAddr,
    seen: Arc<Mutex<Seen>>,
}

impl Stub {
    /// `denies`: the player is not let through.
    fn start(denies: bool) -> Self {
        let (tell, told) = mpsc::channel();
        let seen = Arc::new(Mutex::new(Seen::default()));
        let shared = seen.clone();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async move {
                let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
                let address = listener.local_addr().expect("an address");
                tell.send(address).expect("the test listens");
                loop {
                    let (stream, _) = listener.accept().await.expect("a connection");
                    let seen = shared.clone();
                    let service = hyper::service::service_fn(move |request| {
                        let seen = seen.clone();
                        async move { Ok::<_, Infallible>(serve(request, address, denies, &seen).await) }
                    });
                    tokio::spawn(
                        hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service),
                    );
                }
            });
        });
        Self { address: told.recv_timeout(PATIENCE).expect("the stub starts"), seen }
    }

    fn provider(&self) -> ProviderSignIn {
        provider(self.address)
    }

    fn bearers(&self) -> Vec<String> {
        self.seen.lock().expect("the stub lives").bearers.clone()
    }
}

fn provider(address: SocketAddr) -> ProviderSignIn {
    ProviderSignIn {
        issuer: format!("http://{address}"),
        authorization_endpoint: format!("http://{address}/auth"),
        token_endpoint: format!("http://{address}/token"),
        client_id: "game".to_owned(),
        scope: "openid play".to_owned(),
        resource: Some("urn:tilemud".to_owned()),
    }
}

fn pairs(text: &[u8]) -> BTreeMap<String, String> {
    form_urlencoded::parse(text).into_owned().collect()
}

async fn serve(
    request: Request<Incoming>,
    address: SocketAddr,
    denies: bool,
    seen: &Mutex<Seen>,
) -> Response<Full<Bytes>> {
    let query = pairs(request.uri().query().unwrap_or_default().as_bytes());
    let header = |name| request.headers().get(name).and_then(|it| it.to_str().ok()).unwrap_or_default().to_owned();
    let (bearer, kind) = (header(AUTHORIZATION), header(CONTENT_TYPE));
    let path = request.uri().path().to_owned();
    let body = request.into_body().collect().await.expect("a body").to_bytes();
    let mut seen = seen.lock().expect("the test lives");
    match path.as_str() {
        "/api/sign-in" => {
            let options = SignInOptions { provider: Some(provider(address)), ..SignInOptions::default() };
            answer(StatusCode::OK, codec::to_json(&options))
        }
        "/auth" => {
            let asked = |name: &str| query.get(name).map(String::as_str).unwrap_or_default();
            assert_eq!((asked("response_type"), asked("client_id")), ("code", "game"));
            assert_eq!((asked("scope"), asked("resource")), ("openid play", "urn:tilemud"));
            assert_eq!(asked("code_challenge_method"), "S256");
            let (back, state) = (asked("redirect_uri"), asked("state"));
            let outcome = if denies {
                "error=access_denied&error_description=Not+on+the+list".to_owned()
            } else {
                let code = format!("code-{}", seen.codes.len());
                seen.codes.insert(code.clone(), (asked("code_challenge").to_owned(), back.to_owned()));
                format!("code={code}")
            };
            let mut response = answer(StatusCode::FOUND, Vec::new());
            let location = format!("{back}?{outcome}&state={state}");
            response.headers_mut().insert(LOCATION, location.parse().expect("a header"));
            response
        }
        "/token" => {
            assert_eq!(kind, "application/x-www-form-urlencoded");
            let form = pairs(&body);
            let (challenge, back) = seen.codes.remove(&form["code"]).expect("a code that is used once");
            assert_eq!(URL_SAFE_NO_PAD.encode(Sha256::digest(&form["code_verifier"])), challenge);
            assert_eq!((form["redirect_uri"].as_str(), form["client_id"].as_str()), (back.as_str(), "game"));
            assert_eq!((form["grant_type"].as_str(), form["resource"].as_str()), ("authorization_code", "urn:tilemud"));
            let token = br#"{"access_token":"good","token_type":"Bearer","expires_in":600}"#;
            answer(StatusCode::OK, token.to_vec())
        }
        "/api/session/bootstrap" => {
            seen.bearers.push(bearer);
            let full = WireError::new(
                ErrorCode::CapacityFull,
                uuid::Uuid::nil(),
                Some(Details::Retry { retry_after_ms: 3_600_000 }),
            );
            answer(StatusCode::SERVICE_UNAVAILABLE, codec::to_json(&full))
        }
        _ => answer(StatusCode::NOT_FOUND, Vec::new()),
    }
}

fn answer(status: StatusCode, body: Vec<u8>) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from(body));
    *response.status_mut() = status;
    response
}

/// One request of a browser: status, Location, body.
fn fetch(method: &str, address: &str) -> std::io::Result<(u16, Option<String>, String)> {
    let (host, path) = address.trim_start_matches("http://").split_once('/').expect("a path");
    let mut stream = TcpStream::connect(host)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    write!(stream, "{method} /{path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n")?;
    let mut text = String::new();
    stream.read_to_string(&mut text)?;
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let status = head.split(' ').nth(1).and_then(|it| it.parse().ok()).unwrap_or(0);
    let location = head.lines().find_map(|line| line.strip_prefix("location: ")).map(str::to_owned);
    Ok((status, location, body.to_owned()))
}

/// Follows redirects to the last page.
fn browse(address: &str) -> std::io::Result<(u16, String)> {
    let mut at = address.to_owned();
    loop {
        match fetch("GET", &at)? {
            (_, Some(next), _) => at = next,
            (status, None, body) => return Ok((status, body)),
        }
    }
}

/// A game with a browser that goes where it is sent, and the page it ends on.
fn play(stub: &Stub) -> (Game, mpsc::Receiver<()>, mpsc::Receiver<(u16, String)>) {
    let (wake, woken) = mpsc::channel();
    let (ended, pages) = mpsc::channel();
    let ended = Mutex::new(ended);
    let mut setup = Setup::new(format!("http://{}", stub.address));
    setup.browser = Arc::new(move |page| {
        let last = browse(page)?;
        ended.lock().expect("the test lives").send(last).map_err(std::io::Error::other)
    });
    let connector = NativeConnector::start(setup, move || {
        // The test may be over.
        let _ = wake.send(());
    })
    .expect("a thread");
    (Game::new(Box::new(connector), || 0.5), woken, pages)
}

fn run_until(game: &mut Game, woken: &mpsc::Receiver<()>, what: impl Fn(&SessionState) -> bool) -> SessionState {
    let start = Instant::now();
    loop {
        game.pump(start.elapsed().as_secs_f64());
        let state = game.state();
        if what(&state) {
            return state;
        }
        assert!(start.elapsed() < PATIENCE, "still {state:?}");
        // Also without news: the game asks for things when it is time to.
        let _ = woken.recv_timeout(Duration::from_millis(50));
    }
}

#[test]
fn a_native_player_signs_in_with_the_browser_and_the_server_gets_the_token() {
    let stub = Stub::start(false);
    let (mut game, woken, pages) = play(&stub);
    game.sign_in_somehow("Mira");
    run_until(&mut game, &woken, |state| matches!(state, SessionState::Capacity { .. }));
    assert_eq!(stub.bearers(), ["Bearer good"]);
    assert!(stub.seen.lock().expect("the stub lives").codes.is_empty(), "the code was exchanged");
    let (status, page) = pages.recv_timeout(PATIENCE).expect("a last page");
    assert_eq!(status, 200);
    assert!(page.contains("You are signed in") && page.contains("Go back to the game"), "{page}");
}

#[test]
fn a_refused_player_reads_why_in_the_game_and_in_the_browser() {
    let stub = Stub::start(true);
    let (mut game, woken, pages) = play(&stub);
    game.sign_in_somehow("Mira");
    let state = run_until(&mut game, &woken, |state| matches!(state, SessionState::AuthFailed { .. }));
    let SessionState::AuthFailed { message } = state else { panic!("{state:?}") };
    assert!(message.contains("did not let you through") && message.contains("Not on the list"), "{message}");
    assert_eq!(stub.bearers(), Vec::<String>::new());
    assert!(pages.recv_timeout(PATIENCE).expect("a last page").1.contains("Not signed in"));
}

/// A connector whose browser never opens, waiting for its player. Gives the address they come back
/// to.
fn waiting(stub: &Stub) -> (Bench, Pending, String) {
    let mut setup = Setup::new(format!("http://{}", stub.address));
    setup.browser = Arc::new(|_| Err(std::io::Error::other("no browser")));
    let mut bench = Bench::with(setup);
    bench.connector.make_way_back(7);
    let ConnectorEvent::WayBack { id: 7, outcome: Ok(WayBack { redirect_uri, entropy }) } = bench.next() else {
        panic!("no way back")
    };
    assert_ne!(entropy, Entropy::from_bytes([0; 48]));
    let wish = Wish { name: "Mira".to_owned(), silent: false };
    let pending = Pending::new(stub.provider(), wish, redirect_uri.clone(), &entropy).expect("a safe address");
    bench.connector.visit(7, &pending);
    assert_eq!(bench.next(), ConnectorEvent::NoBrowser { id: 7 });
    (bench, pending, redirect_uri)
}

#[test]
fn only_the_one_right_answer_is_taken_and_then_the_port_is_closed() {
    let stub = Stub::start(false);
    let (mut bench, pending, back) = waiting(&stub);
    assert!(back.starts_with("http://127.0.0.1:") && back.ends_with('/'), "{back}");
    let right = format!("{back}?code=c&state={}", pending.state());
    for (method, address, status) in [
        ("GET", format!("{back}?code=stolen&state=guess"), 400),
        ("GET", format!("{back}?error=access_denied"), 400),
        ("GET", back.clone(), 400),
        ("GET", format!("{back}favicon.ico"), 404),
        ("POST", right.clone(), 404),
        ("GET", right.clone(), 200),
    ] {
        let (got, _, page) = fetch(method, &address).expect("an answer");
        assert_eq!(got, status, "{method} {address}: {page}");
    }
    let expected = format!("code=c&state={}", pending.state());
    assert_eq!(bench.next(), ConnectorEvent::Returned { id: 7, query: expected });
    assert!(!matches!(fetch("GET", &right), Ok((200, ..))), "the answer is taken once");
}

#[test]
fn a_player_without_a_browser_opens_the_page_by_hand() {
    let stub = Stub::start(false);
    let (mut bench, pending, _) = waiting(&stub);
    let (status, page) = browse(&pending.page()).expect("a last page");
    assert_eq!(status, 200, "{page}");
    assert!(matches!(bench.next(), ConnectorEvent::Returned { id: 7, .. }));
}

#[test]
fn giving_up_closes_the_port() {
    let stub = Stub::start(false);
    let (mut bench, _, back) = waiting(&stub);
    bench.connector.stop_waiting();
    // Answered after the jobs before it, so the port is closed by now.
    bench.connector.make_way_back(8);
    assert!(matches!(bench.next(), ConnectorEvent::WayBack { id: 8, .. }));
    let deadline = Instant::now() + PATIENCE;
    while fetch("GET", &back).is_ok_and(|(status, ..)| status != 0) {
        assert!(Instant::now() < deadline, "the port is still open");
    }
}
