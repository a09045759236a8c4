//! The game client's own session machine and native connector behind an unlucky network, against
//! the real server process: connections end, or hang one way or both, at every point of a way back
//! and in the midst of play. The client comes back by itself to the same session and says what it
//! had to say, once.

use std::collections::BTreeSet;
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

use hyper::Method;
use tilemud_client::Game;
use tilemud_client::app::Clock;
use tilemud_client::connector::native::{NativeConnector, Setup};
use tilemud_client::session::SessionState;
use tokio::task::JoinSet;

use crate::unlucky::{FLAGS, characters, log, points};
use crate::way::{Edges, Loss, Luck, Way, draw};
use tilemud_support::player::call;
use tilemud_support::process::Process;

/// Longest time until all is well again: some steps of the client that time out one after the
/// other, and the machine is busy.
const PATIENCE: Duration = Duration::from_secs(180);

/// As the app, the client looks at what is due at least so often.
const PULSE: Duration = Duration::from_millis(500);

/// Clients at the same time; most of them wait.
const AT_ONCE: usize = 24;

/// Connections of a way back: one for the bootstrap, one for the realtime channel.
const CONNECTIONS: usize = 2;

/// Pieces of a connection, each way, around which it is cut.
const PIECES_MAX: usize = 6;

/// A client without a window.
struct Client {
    game: Game,
    clock: Clock,
    woken: Receiver<()>,
    user: String,
    /// All that was said and has to be in the log, in order.
    said: Vec<String>,
}

impl Client {
    /// Not signed in; its chances are those of the seed.
    fn new(way: &Way, user: String, seed: u64) -> Self {
        let (wake, woken) = mpsc::sync_channel(1);
        let wake = move || {
            // Full: it is woken already.
            let _ = wake.try_send(());
        };
        let connector = NativeConnector::start(Setup::new(way.url.as_str()), wake).expect("a thread");
        let mut dice = seed;
        let random = move || (draw(&mut dice) >> 11) as f64 / (1_u64 << 53) as f64;
        let game = Game::new(Box::new(connector), random);
        Self { game, clock: Clock::default(), woken, user, said: Vec::new() }
    }

    /// Goes on until it is so.
    fn until(&mut self, what: &str, mut is_so: impl FnMut(&mut Game) -> bool) {
        let started = Instant::now();
        loop {
            self.game.pump(self.clock.now_s());
            if is_so(&mut self.game) {
                return;
            }
            let state = self.game.state();
            assert!(started.elapsed() < PATIENCE, "{} waits for {what} and is {state:?}", self.user);
            // Woken, or it is time to look.
            let _ = self.woken.recv_timeout(PULSE);
        }
    }

    fn say(&mut self) {
        let line = format!("{} {}", self.user, self.said.len() + 1);
        assert_eq!(self.game.why_not_said(&line), None, "{}", self.user);
        self.game.say(&line);
        self.said.push(line);
    }
}

/// It plays, and all it said was answered.
fn is_well(game: &Game) -> bool {
    game.state() == SessionState::Active && game.session().outbox().is_empty()
}

/// One client whose way back is as unlucky as this; what it said, and what its way back carried.
fn play(way: &Way, user: String, seed: u64, luck: Vec<Luck>) -> (Vec<String>, Vec<Edges>) {
    let mut client = Client::new(way, user, seed);
    client.game.sign_in(&client.user);
    // What else it fetches has come by then: from now on each connection is of the session.
    let mut has_picture = false;
    client.until("the world", |game| {
        has_picture |= game.take_tileset().is_some();
        has_picture && is_well(game)
    });
    client.say();
    client.until("its first answer", |game| is_well(game));

    let (before, misfortunes) = (way.connections(), luck.len());
    way.next(luck);
    // On their way when the connection goes.
    client.say();
    client.say();
    way.cut();
    client.until("its way back", |game| game.session().reconnects() > 0 && is_well(game));
    let edges = way.edges(CONNECTIONS);
    // Some bad luck comes only in the midst of play.
    client.until("the way back after that", |game| {
        (misfortunes == 0 || way.connections() > before + misfortunes) && is_well(game)
    });
    client.say();
    client.until("its last answer", |game| is_well(game));
    // What a store that was slow for a moment has refused was not said, and is not in the log.
    while let Some(line) = client.game.take_unsaid() {
        client.said.retain(|said| *said != line);
    }
    let entities = client.game.surroundings().entities.values();
    assert_eq!(entities.filter(|entity| *entity.name == *client.user).count(), 1, "{} sees itself once", client.user);
    (client.said, edges)
}

/// What a client plays in so many ways of bad luck, by what a lucky one's way back carries, and
/// what is in the log of it.
async fn judge(cases: impl FnOnce(&[Edges]) -> Vec<Vec<Luck>>) {
    let data = tempfile::tempdir().unwrap();
    let server = Process::start(data.path(), &FLAGS);
    let start = async |number: usize, luck: Vec<Luck>, playing: &mut JoinSet<_>| {
        let way = Way::to(&server.url).await;
        playing.spawn_blocking(move || play(&way, format!("client {number}"), number as u64, luck));
    };
    let mut playing = JoinSet::new();
    start(0, Vec::new(), &mut playing).await;
    let (said, edges) = playing.join_next().await.expect("one plays").unwrap();
    let mut said = BTreeSet::from([said]);

    let cases = cases(&edges);
    println!("{} misfortunes, seeds 1 to {}", cases.len(), cases.len());
    let clients = cases.len() + 1;
    let mut waiting = cases.into_iter().zip(1..);
    loop {
        while playing.len() < AT_ONCE
            && let Some((luck, number)) = waiting.next()
        {
            println!("client {number}: {luck:?}");
            start(number, luck, &mut playing).await;
        }
        let Some(played) = playing.join_next().await else { break };
        said.insert(played.expect("it comes back").0);
    }
    let (_, health) = call(&server.url, Method::GET, "/api/health", None, None).await;
    assert_eq!(health["capacity"]["active_sessions"], clients, "one session each: {health}");
    assert!(server.terminate().success());
    assert_eq!(characters(data.path()).await.unwrap(), clients as i64, "one character each");
    let logged: BTreeSet<Vec<String>> = log(data.path()).await.unwrap().into_values().collect();
    assert_eq!(logged, said);
}

/// One misfortune, on the connection of that number.
fn on(connection: usize, luck: Luck) -> Vec<Luck> {
    let mut all = vec![Luck::default(); connection];
    all.push(luck);
    all
}

/// Loses at each edge of each connection what comes later, once so much has gone through in this
/// direction.
fn hangs(edges: &[Edges], direction: usize, loss: Loss) -> Vec<Vec<Luck>> {
    let mut cases = Vec::new();
    for (connection, edges) in edges.iter().enumerate() {
        let points = edges[direction].iter().take(PIECES_MAX).chain(edges[direction].last());
        for point in points.collect::<BTreeSet<_>>() {
            let mut through = [None; 2];
            through[direction] = Some(*point);
            cases.push(on(connection, Luck { through, loss, jitter: None }));
        }
    }
    cases
}

#[tokio::test]
async fn the_client_comes_back_by_itself_from_a_cut_at_any_point_of_its_way_back() {
    judge(|edges| {
        let mut cases = Vec::new();
        for (connection, edges) in edges.iter().enumerate() {
            for (direction, edges) in edges.iter().enumerate() {
                for point in points(&edges[..edges.len().min(PIECES_MAX)]) {
                    let mut through = [None; 2];
                    through[direction] = Some(point);
                    cases.push(on(connection, Luck { through, ..Luck::default() }));
                }
            }
        }
        cases
    })
    .await;
}

#[tokio::test]
async fn the_client_comes_back_by_itself_from_a_way_up_that_hangs_while_it_still_hears() {
    judge(|edges| hangs(edges, 0, Loss::OneWay)).await;
}

#[tokio::test]
async fn the_client_comes_back_by_itself_from_a_way_down_that_hangs_while_it_is_still_heard() {
    judge(|edges| hangs(edges, 1, Loss::OneWay)).await;
}

#[tokio::test]
async fn the_client_comes_back_by_itself_from_connections_that_are_half_open() {
    judge(|edges| [0, 1].map(|direction| hangs(edges, direction, Loss::BothWays)).concat()).await;
}
