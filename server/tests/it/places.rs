//! Nobody holds a place for nothing: silent readers, idle connections, refused upgrades and a crowd
//! from one address give way, and those who come back, and probes, come in.

use std::time::Duration;

use hyper::{Method, StatusCode};
use tilemud_schema::{Direction, Encoding};
use tilemud_support::player::{DEADLINE, Player, call, exchange, until};
use tilemud_support::process::Local;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, Interest};
use tokio::net::TcpStream;

use crate::cache::metric;
use crate::hostile::authority;
use crate::world::meadow;

/// With one session there are 260 places, and an address may have 65 of them.
const ONE_SESSION: [&str; 2] = ["--max-sessions", "1"];
const OF_ONE_ADDRESS: usize = 65;

/// Connections that each send this.
async fn crowd(url: &str, count: usize, bytes: &[u8]) -> Vec<TcpStream> {
    let mut sockets = Vec::new();
    for _ in 0..count {
        let mut socket = TcpStream::connect(authority(url)).await.unwrap();
        // One that has to give way may be gone already.
        let _ = socket.write_all(bytes).await;
        sockets.push(socket);
    }
    sockets
}

/// Waits until no more than so many are open. On a machine that stood still others may have ended
/// too, for being idle.
async fn open_at_most(sockets: &[TcpStream], count: usize) {
    let open = || {
        let is_open = |socket: &&TcpStream| match socket.try_read(&mut [0; 64 * 1024]) {
            Ok(read) => read > 0,
            Err(error) => error.kind() == std::io::ErrorKind::WouldBlock,
        };
        sockets.iter().filter(is_open).count()
    };
    until(async || {
        tokio::task::yield_now().await;
        open() <= count
    })
    .await;
}

/// How many have been ended because an address had more than its share.
async fn ended_for_their_address(url: &str) -> f64 {
    metric(url, "connections_ended_early_total{cause=\"address\"}").await
}

/// What comes next; nothing when the connection has ended.
async fn answer(socket: &mut TcpStream) -> String {
    let mut bytes = vec![0; 4_096];
    let read = tokio::time::timeout(DEADLINE, socket.read(&mut bytes)).await.expect("in time").unwrap_or(0);
    String::from_utf8_lossy(&bytes[..read]).into_owned()
}

/// The largest thing a server without a web client has.
async fn picture(url: &str) -> String {
    let (_, world) = call(url, Method::GET, "/api/world", None, None).await;
    world["tileset"]["image"].as_str().expect("an image").to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sockets_that_read_nothing_keep_nobody_out_and_one_address_holds_only_its_share() {
    let server = Local::plain(meadow(), &ONE_SESSION).await;
    let ask = format!("GET {} HTTP/1.1\r\nHost: localhost\r\n\r\n", picture(&server.url).await).repeat(8);
    let deaf = crowd(&server.url, 300, ask.as_bytes()).await;
    let mut player = Player::join(&server.url, "Ann", Encoding::Json).await;
    player.walk(Direction::East).await;
    for probe in ["/livez", "/readyz", "/api/health", "/metrics"] {
        assert_eq!(exchange(&server.url, Method::GET, probe, None, None).await.0, StatusCode::OK, "{probe}");
    }
    open_at_most(&deaf, OF_ONE_ADDRESS).await;
    player.walk(Direction::West).await;
    assert!(ended_for_their_address(&server.url).await >= 235.0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_nobody_takes_is_given_up_and_what_was_not_taken_is_thrown_away() {
    let server = Local::plain(meadow(), &[]).await;
    let ask = format!("GET {} HTTP/1.1\r\nHost: localhost\r\n\r\n", picture(&server.url).await);
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4_096).unwrap();
    let mut deaf = socket.connect(authority(&server.url).parse().unwrap()).await.unwrap();
    deaf.write_all(ask.repeat(400).as_bytes()).await.unwrap();
    // A reset, not an end behind all that: the system does not go on offering it.
    let told = tokio::time::timeout(DEADLINE, deaf.ready(Interest::ERROR)).await.expect("it is ended in time").unwrap();
    assert!(told.is_error());
    assert_eq!(deaf.take_error().unwrap().map(|error| error.kind()), Some(std::io::ErrorKind::ConnectionReset));
    until(async || metric(&server.url, "connections_ended_early_total{cause=\"slow\"}").await >= 1.0).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_probe_is_answered_while_all_other_requests_of_its_address_wait_for_their_turn() {
    // 200 requests a second have their turn.
    let server = Local::plain(meadow(), &["--sign-in-per-s", "1", "--connect-per-s", "1"]).await;
    let ask = |path: &str| format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n");
    let _flood = crowd(&server.url, 350, ask("/api/version").repeat(20).as_bytes()).await;
    let mut waiting = crowd(&server.url, 1, ask("/api/version").as_bytes()).await.remove(0);
    for path in ["/livez", "/readyz", "/api/health"] {
        let mut probing = crowd(&server.url, 1, ask(path).as_bytes()).await.remove(0);
        tokio::select! {
            biased;
            told = answer(&mut waiting) => panic!("{path} was answered after what waits: {told}"),
            told = answer(&mut probing) => assert!(told.starts_with("HTTP/1.1 200"), "{path}: {told}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_upgrade_keeps_its_place_and_a_right_one_on_the_same_connection_works() {
    let server = Local::plain(meadow(), &ONE_SESSION).await;
    let upgrade = |protocol: &str| {
        format!(
            "GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\
             Sec-WebSocket-Protocol: {protocol}\r\n\r\n"
        )
    };
    let mut held = crowd(&server.url, 100, upgrade("nothing.known").as_bytes()).await;
    let mut last = held.pop().unwrap();
    let mut more = 0_u32;
    loop {
        let refused = answer(&mut last).await;
        // On a machine that stood still it has ended, for being idle.
        let _ = last.write_all(upgrade("tilemud.json").as_bytes()).await;
        let opened = answer(&mut last).await;
        if !refused.is_empty() && !opened.is_empty() {
            assert!(refused.starts_with("HTTP/1.1 400"), "{refused}");
            assert!(opened.starts_with("HTTP/1.1 101"), "{opened}");
            break;
        }
        more += 1;
        assert!(more < 10, "each one ends: {refused:?}");
        last = crowd(&server.url, 1, upgrade("nothing.known").as_bytes()).await.pop().unwrap();
    }

    open_at_most(&held, OF_ONE_ADDRESS - 1).await;
    // Those and the question itself have one address; the others may ask again.
    assert!(ended_for_their_address(&server.url).await <= f64::from(36 + more));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn behind_a_trusted_proxy_each_visitor_has_a_share_and_the_proxy_itself_has_all() {
    let server = Local::plain(meadow(), &["--max-sessions", "1", "--trusted-proxy", "127.0.0.1"]).await;
    let mut own = crowd(&server.url, 120, b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n").await;
    let visitor = b"PROXY TCP4 192.0.2.7 192.0.2.1 4711 443\r\nGET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n";
    let visitors = crowd(&server.url, 100, visitor).await;
    open_at_most(&visitors, OF_ONE_ADDRESS).await;
    let ended = ended_for_their_address(&server.url).await;
    assert!(ended <= 35.0, "the others keep their places: {ended}");
    // Each of the proxy's is still served.
    for socket in &mut own {
        let mut answer = [0; 12];
        tokio::time::timeout(DEADLINE, socket.read_exact(&mut answer)).await.expect("in time").unwrap();
        assert_eq!(&answer, b"HTTP/1.1 200");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_that_dribbles_in_is_given_up_with_a_word() {
    let server = Local::plain(meadow(), &[]).await;
    let bearer = tilemud_support::player::token(&server.url, "Ann").await;
    let head = format!(
        "POST /api/session/bootstrap HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {bearer}\r\n\
         Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{{"
    );
    let mut slow = crowd(&server.url, 1, head.as_bytes()).await.pop().unwrap();
    let mut answer = Vec::new();
    tokio::time::timeout(DEADLINE, slow.read_to_end(&mut answer)).await.expect("it is ended in time").unwrap();
    let answer = String::from_utf8_lossy(&answer);
    assert!(answer.starts_with("HTTP/1.1 400") && answer.contains("did not arrive in time"), "{answer}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_pipelined_without_end_wait_for_their_turn() {
    let server = Local::plain(meadow(), &["--sign-in-per-s", "1", "--connect-per-s", "1"]).await;
    let begun = std::time::Instant::now();
    let mut flood =
        crowd(&server.url, 1, b"GET /api/version HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(400).as_slice()).await;
    let (mut answers, mut buffer) = (0, vec![0; 64 * 1024]);
    while answers < 400 {
        let read = tokio::time::timeout(DEADLINE, flood[0].read(&mut buffer)).await.expect("in time").unwrap();
        assert!(read > 0);
        answers += buffer[..read].windows(9).filter(|it| it == b"HTTP/1.1 ").count();
    }
    // Two hundred a second, of which one second's worth comes at once.
    assert!(begun.elapsed() >= Duration::from_millis(900), "{:?}", begun.elapsed());
}
