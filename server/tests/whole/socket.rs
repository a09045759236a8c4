//! A simulated plain socket: it takes what it has room for, often less than it is given, and never
//! waits. What it has taken is read at the other end.

use std::collections::VecDeque;
use std::io::{self, IoSlice};
use std::sync::Arc;

use async_trait::async_trait;
use parking_lot::Mutex;
use tilemud_net::simulated;
use tokio::sync::Notify;

use crate::plan::Dice;

#[derive(Debug)]
pub struct Socket(Arc<Buffer>);

pub struct Drained(Arc<Buffer>);

#[derive(Debug)]
struct Buffer {
    state: Mutex<State>,
    has_bytes: Notify,
    has_room: Notify,
}

#[derive(Debug)]
struct State {
    bytes: VecDeque<u8>,
    bytes_max: usize,
    dice: Dice,
    /// No more bytes come.
    is_shut: bool,
    /// Nobody reads any more.
    is_left: bool,
}

/// A socket that holds some hundreds or thousands of bytes, and its other end.
pub fn plain(dice: &mut Dice) -> (Socket, Drained) {
    let bytes_max = 128 << dice.below(6);
    let dice = Dice::new(dice.next(), 4);
    let state = State { bytes: VecDeque::new(), bytes_max, dice, is_shut: false, is_left: false };
    let buffer = Arc::new(Buffer { state: Mutex::new(state), has_bytes: Notify::new(), has_room: Notify::new() });
    (Socket(Arc::clone(&buffer)), Drained(buffer))
}

#[async_trait]
impl simulated::Socket for Socket {
    fn try_write(&self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        let mut state = self.0.state.lock();
        if state.is_left {
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        let room = state.bytes_max - state.bytes.len();
        if room == 0 {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        let given = slices.iter().map(|slice| slice.len()).sum::<usize>().min(room);
        let taken = if state.dice.once_in(4) { 1 + state.dice.below(given as u64) as usize } else { given };
        let bytes = slices.iter().flat_map(|slice| slice.iter()).take(taken);
        state.bytes.extend(bytes);
        self.0.has_bytes.notify_one();
        Ok(taken)
    }

    async fn writable(&self) -> io::Result<()> {
        loop {
            let has_room = self.0.has_room.notified();
            {
                let state = self.0.state.lock();
                if state.is_left || state.bytes.len() < state.bytes_max {
                    return Ok(());
                }
            }
            has_room.await;
        }
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.0.state.lock().is_shut = true;
        self.0.has_bytes.notify_one();
    }
}

impl Drained {
    /// Up to so many bytes; none when no more come.
    pub async fn read(&self, bytes_max: usize) -> Vec<u8> {
        loop {
            {
                let mut state = self.0.state.lock();
                if !state.bytes.is_empty() || state.is_shut {
                    let bytes = state.bytes.len().min(bytes_max);
                    self.0.has_room.notify_one();
                    return state.bytes.drain(..bytes).collect();
                }
            }
            self.0.has_bytes.notified().await;
        }
    }
}

impl Drop for Drained {
    fn drop(&mut self) {
        self.0.state.lock().is_left = true;
        self.0.has_room.notify_one();
    }
}
