//! A way to a server that can be unlucky: a proxy of bytes that cuts a connection after so many of
//! them, lets it hang without a word, or carries late and in pieces. Remembers where what it
//! carried had its edges.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

/// How a connection goes on after what gets through.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Loss {
    #[default]
    Cut,
    /// What comes later in that direction is lost without a word.
    OneWay,
    /// The same in both directions, and nobody hears of an end.
    BothWays,
}

/// What becomes of one connection.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Luck {
    /// Bytes that get through up and down; everything when it is `None`.
    pub through: [Option<usize>; 2],
    pub loss: Loss,
    /// With this seed everything comes late and in pieces.
    pub jitter: Option<u64>,
}

/// What one connection carried: the number of bytes after each piece, up and down.
pub type Edges = [Vec<usize>; 2];

pub struct Way {
    pub url: String,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    /// For the connections to come, one each.
    luck: Mutex<VecDeque<Luck>>,
    /// Of each connection so far.
    edges: Mutex<Vec<Edges>>,
    cut: Mutex<CancellationToken>,
}

impl Way {
    /// To a server, without bad luck at first.
    pub async fn to(url: &str) -> Self {
        let server = url.strip_prefix("http://").expect("plain").to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let shared = Arc::<Shared>::default();
        let way = Self { url, shared: Arc::clone(&shared) };
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let Ok(far) = TcpStream::connect(&server).await else { return };
                let luck = shared.luck.lock().pop_front().unwrap_or_default();
                let number = shared.edges.lock().len();
                shared.edges.lock().push(Edges::default());
                let cut = shared.cut.lock().child_token();
                let silence = CancellationToken::new();
                let ((near_read, near_write), (far_read, far_write)) = (near.into_split(), far.into_split());
                for (direction, from, to) in [(0, near_read, far_write), (1, far_read, near_write)] {
                    let (shared, cut, silence) = (Arc::clone(&shared), cut.clone(), silence.clone());
                    let carrier = Carrier { shared, number, direction, luck, cut, silence };
                    tokio::spawn(carrier.carry(from, to));
                }
            }
        });
        way
    }

    /// What becomes of the next connections.
    pub fn next(&self, luck: impl IntoIterator<Item = Luck>) {
        *self.shared.luck.lock() = luck.into_iter().collect();
    }

    /// Ends all connections.
    pub fn cut(&self) {
        std::mem::take(&mut *self.shared.cut.lock()).cancel();
    }

    /// How many connections there were so far.
    pub fn connections(&self) -> usize {
        self.shared.edges.lock().len()
    }

    /// What the last connections carried so far.
    pub fn edges(&self, count: usize) -> Vec<Edges> {
        let edges = self.shared.edges.lock();
        edges[edges.len() - count..].to_vec()
    }
}

/// One direction of a connection.
struct Carrier {
    shared: Arc<Shared>,
    number: usize,
    direction: usize,
    luck: Luck,
    cut: CancellationToken,
    /// Cancelled when nothing is carried in either direction any more.
    silence: CancellationToken,
}

impl Carrier {
    /// Ends both directions with this one.
    async fn carry(self, from: OwnedReadHalf, to: OwnedWriteHalf) {
        let cut = self.cut.clone();
        tokio::select! {
            () = self.bytes(from, to) => {}
            () = cut.cancelled() => {}
        }
        cut.cancel();
    }

    async fn bytes(self, mut from: OwnedReadHalf, mut to: OwnedWriteHalf) {
        let mut left = self.luck.through[self.direction];
        let mut dice = self.luck.jitter.map(|seed| seed.wrapping_mul(2).wrapping_add(self.direction as u64));
        let (mut bytes, mut carried) = ([0; 4_096], 0);
        loop {
            let room = dice.as_mut().map_or(bytes.len(), |dice| 1 + (draw(dice) % 200) as usize);
            let read = tokio::select! {
                biased;
                () = self.silence.cancelled() => std::future::pending().await,
                read = from.read(&mut bytes[..room]) => read,
            };
            // The end is carried too; a connection that is closed on one side is over.
            let Ok(read @ 1..) = read else { return };
            if let Some(dice) = &mut dice {
                sleep_until(Instant::now() + Duration::from_millis(draw(dice) % 25)).await;
            }
            let through = left.map_or(read, |left| left.min(read));
            left = left.map(|left| left - through);
            if to.write_all(&bytes[..through]).await.is_err() {
                return;
            }
            carried += through;
            self.shared.edges.lock()[self.number][self.direction].push(carried);
            if left == Some(0) {
                match self.luck.loss {
                    Loss::Cut => return,
                    Loss::OneWay => {}
                    Loss::BothWays => self.silence.cancel(),
                }
                // Until somebody gives up.
                std::future::pending::<()>().await;
            }
        }
    }
}

/// The next number (splitmix64).
pub fn draw(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
