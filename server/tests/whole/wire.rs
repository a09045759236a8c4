//! The simulated network between one client and one process: bytes go through in order, late, in
//! pieces, not for a while, or never again. Under it is a pipe in memory, or a plain socket; above
//! it, on the client's side, frames of RFC 6455.

use std::cell::{Cell, RefCell};
use std::net::IpAddr;
use std::rc::Rc;
use std::sync::Arc;

use tilemud_net::edge::Edge;
use tilemud_net::simulated;
use tilemud_schema::{ClientMessage, Encoding, InView, ServerMessage, codec};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, ReadHalf, WriteHalf};
use tokio::sync::{Notify, mpsc};
use tokio::task::spawn_local;
use tokio::time::Instant;

use crate::plan::Dice;
use crate::socket::{Drained, plain};
use crate::store::pass;

/// Bytes that the pipe takes before whoever writes has to wait: so that slow clients are noticed
/// soon.
const PIPE_BYTES: usize = 4 * 1024;

/// From one piece to the next of a client that reads slowly, milliseconds.
const SLOW_PIECE_MS: u64 = 10;

/// The state of the way, shared by both directions.
#[derive(Default)]
pub struct Way {
    frozen_until: Cell<Option<Instant>>,
    /// Until when the client takes only so many bytes at a time.
    slow_until: Cell<Option<(Instant, usize)>>,
    /// Bytes that still get through, up and down.
    left: [Cell<Option<u64>>; 2],
    is_cut: Cell<bool>,
    cut: Notify,
}

impl Way {
    pub fn cut(&self) {
        self.is_cut.set(true);
        self.cut.notify_waiters();
    }

    pub fn cut_after(&self, bytes: u64, up: bool) {
        self.left[usize::from(!up)].set(Some(bytes));
    }

    pub fn freeze(&self, until: Instant) {
        self.frozen_until.set(Some(until));
    }

    pub fn slow_down(&self, until: Instant, bytes: usize) {
        self.slow_until.set(Some((until, bytes)));
    }

    /// How many bytes the client takes next.
    async fn appetite(&self) -> usize {
        match self.slow_until.get() {
            Some((until, bytes)) if Instant::now() < until => {
                pass(SLOW_PIECE_MS).await;
                bytes
            }
            _ => PIPE_BYTES,
        }
    }

    /// How many of so many bytes get through now.
    fn let_through(&self, up: bool, bytes: usize) -> usize {
        let left = &self.left[usize::from(!up)];
        match left.get() {
            None => bytes,
            Some(rest) => {
                let through = usize::try_from(rest).unwrap_or(usize::MAX).min(bytes);
                left.set(Some(rest - through as u64));
                through
            }
        }
    }

    async fn travel(&self, ms: u64) {
        pass(ms).await;
        while let Some(until) = self.frozen_until.get().filter(|until| Instant::now() < *until) {
            tokio::time::sleep_until(until).await;
        }
    }
}

/// The client's end.
pub struct Line {
    pub way: Rc<Way>,
    pub encoding: Encoding,
    up: mpsc::UnboundedSender<Vec<u8>>,
    down: mpsc::UnboundedReceiver<Vec<u8>>,
    waiting: Vec<u8>,
    in_view: InView,
}

#[derive(Debug)]
pub enum Came {
    Message(Box<ServerMessage>),
    /// The end, with the code that was said, or 0.
    End(u16),
}

impl Line {
    /// A line to a process, which has it served.
    pub fn open(edge: &Arc<Edge>, address: IpAddr, encoding: Encoding, dice: &mut Dice) -> Self {
        let (own, server) = tokio::io::duplex(PIPE_BYTES);
        let (read, write) = tokio::io::split(own);
        let read = if dice.once_in(2) {
            let (socket, drained) = plain(dice);
            simulated::serve_plain(edge, address, encoding, server, Box::new(socket));
            Down::Plain(drained)
        } else {
            simulated::serve(edge, address, encoding, server);
            Down::Pipe(read)
        };
        let way = Rc::new(Way::default());
        let (up, outgoing) = mpsc::unbounded_channel();
        let (incoming, down) = mpsc::unbounded_channel();
        let lateness = 1 + dice.below(30);
        let dice = Rc::new(RefCell::new(dice.clone()));
        spawn_local(carry_up(Rc::clone(&way), write, outgoing, Rc::clone(&dice), lateness));
        spawn_local(carry_down(Rc::clone(&way), read, incoming, dice, lateness));
        Self { way, encoding, up, down, waiting: Vec::new(), in_view: InView::default() }
    }

    pub fn send(&self, message: &ClientMessage) {
        let mut payload = Vec::new();
        codec::encode_client(self.encoding, message, &mut payload);
        let opcode = if self.encoding == Encoding::Json { 1 } else { 2 };
        self.send_raw(frame(0x80 | opcode, &payload));
    }

    pub fn send_raw(&self, bytes: Vec<u8>) {
        let _ = self.up.send(bytes);
    }

    /// The next message; pings are answered.
    ///
    /// Cancel safe.
    pub async fn next(&mut self) -> Came {
        loop {
            while let Some((opcode, payload)) = take_frame(&mut self.waiting) {
                match opcode {
                    8 => return Came::End(payload.get(..2).map_or(0, |code| u16::from_be_bytes([code[0], code[1]]))),
                    9 => self.send_raw(frame(0x8a, &payload)),
                    10 => {}
                    _ => match codec::decode_server(self.encoding, &payload, &mut self.in_view) {
                        Ok(message) => return Came::Message(Box::new(message)),
                        Err(error) => panic!("the server sent what is no message: {error}"),
                    },
                }
            }
            match self.down.recv().await {
                Some(bytes) => self.waiting.extend(bytes),
                None => return Came::End(0),
            }
        }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.way.cut();
    }
}

async fn carry_up(
    way: Rc<Way>,
    mut write: WriteHalf<DuplexStream>,
    mut outgoing: mpsc::UnboundedReceiver<Vec<u8>>,
    dice: Rc<RefCell<Dice>>,
    lateness: u64,
) {
    let carrying = async {
        while let Some(bytes) = outgoing.recv().await {
            let ms = dice.borrow_mut().below(lateness);
            way.travel(ms).await;
            let through = way.let_through(true, bytes.len());
            if write.write_all(&bytes[..through]).await.is_err() || through < bytes.len() {
                break;
            }
        }
    };
    until_cut(&way, carrying).await;
    let _ = write.shutdown().await;
}

/// Where what the server sends comes from.
enum Down {
    Pipe(ReadHalf<DuplexStream>),
    Plain(Drained),
}

impl Down {
    /// Up to so many bytes; none when no more come.
    async fn read(&mut self, bytes_max: usize) -> Vec<u8> {
        match self {
            Self::Pipe(read) => {
                let mut buffer = vec![0; bytes_max];
                let bytes = read.read(&mut buffer).await.unwrap_or(0);
                buffer.truncate(bytes);
                buffer
            }
            Self::Plain(drained) => drained.read(bytes_max).await,
        }
    }
}

async fn carry_down(
    way: Rc<Way>,
    mut read: Down,
    incoming: mpsc::UnboundedSender<Vec<u8>>,
    dice: Rc<RefCell<Dice>>,
    lateness: u64,
) {
    let carrying = async {
        loop {
            let ms = dice.borrow_mut().below(lateness);
            way.travel(ms).await;
            let appetite = way.appetite().await;
            let mut bytes = read.read(appetite).await;
            let through = way.let_through(false, bytes.len());
            let is_whole = through == bytes.len();
            bytes.truncate(through);
            if bytes.is_empty() || incoming.send(bytes).is_err() || !is_whole {
                break;
            }
        }
    };
    until_cut(&way, carrying).await;
}

/// Both directions end together.
async fn until_cut(way: &Way, carrying: impl Future<Output = ()>) {
    let cut = way.cut.notified();
    if !way.is_cut.get() {
        tokio::select! {
            biased;
            () = cut => {}
            () = carrying => {}
        }
    }
    way.cut();
}

/// A masked frame.
pub fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    const MASK: [u8; 4] = [0x37, 0xfa, 0x21, 0x3d];
    let mut bytes = vec![first];
    match payload.len() {
        len @ ..126 => bytes.push(0x80 | len as u8),
        len => {
            bytes.push(0x80 | 126);
            bytes.extend((len as u16).to_be_bytes());
        }
    }
    bytes.extend(MASK);
    bytes.extend(payload.iter().zip(MASK.iter().cycle()).map(|(byte, mask)| byte ^ mask));
    bytes
}

/// Takes the first frame of a server out of the bytes, if it is complete.
fn take_frame(bytes: &mut Vec<u8>) -> Option<(u8, Vec<u8>)> {
    let (opcode, len) = (*bytes.first()? & 0x0f, *bytes.get(1)?);
    let (head, len) = match len {
        126 => (4, u16::from_be_bytes(bytes.get(2..4)?.try_into().ok()?).into()),
        127 => (10, usize::try_from(u64::from_be_bytes(bytes.get(2..10)?.try_into().ok()?)).ok()?),
        len => (2, usize::from(len)),
    };
    let payload = bytes.get(head..head + len)?.to_vec();
    bytes.drain(..head + len);
    Some((opcode, payload))
}
