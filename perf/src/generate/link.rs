//! One socket without waiting, and the wait for any of thousands of them. What did not fit into a
//! socket and what is not yet a whole message is kept here; everything else goes through one buffer
//! that all sockets share.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context as _, Result};
use rustix::event::Timespec;
use rustix::event::epoll::{self, CreateFlags, Event, EventData, EventFlags};
use rustix::fd::OwnedFd;

/// Readiness events taken up at once.
const EVENTS_MAX: usize = 256;

/// Size of the shared buffer at first, bytes.
const BUFFER_BYTES: usize = 256 * 1024;

/// Least room in it for what a socket has.
const READ_BYTES_MIN: usize = 64 * 1024;

/// What waits for sockets.
pub struct Poll {
    epoll: OwnedFd,
    ready: Vec<Event>,
}

impl Poll {
    /// Waits for nothing yet.
    ///
    /// # Errors
    /// No descriptor left.
    pub fn new() -> Result<Self> {
        Ok(Self { epoll: epoll::create(CreateFlags::CLOEXEC)?, ready: Vec::with_capacity(EVENTS_MAX) })
    }

    /// The tokens of all sockets with something to read or room to write again, waiting for the
    /// first at most this long.
    ///
    /// # Errors
    /// When the kernel refuses to wait.
    pub fn wait(&mut self, at_most: Duration, tokens: &mut Vec<u64>) -> Result<()> {
        self.ready.clear();
        let timeout = Timespec::try_from(at_most).context("waits are short")?;
        match epoll::wait(&self.epoll, rustix::buffer::spare_capacity(&mut self.ready), Some(&timeout)) {
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error).context("waiting for sockets"),
        }
        tokens.clear();
        tokens.extend(self.ready.iter().map(|event| event.data.u64()));
        Ok(())
    }
}

/// One connection to the server.
#[derive(Debug)]
pub struct Link {
    stream: TcpStream,
    token: u64,
    kept: Vec<u8>,
    unsent: Vec<u8>,
}

/// The buffer shared by all sockets.
#[derive(Debug)]
pub struct Buffer {
    bytes: Vec<u8>,
}

#[derive(Debug)]
pub enum Read<'a> {
    /// What was kept and what came.
    Bytes(&'a [u8]),
    Nothing,
    /// The other side has closed, or the connection broke.
    End,
}

impl Default for Buffer {
    fn default() -> Self {
        Self { bytes: vec![0; BUFFER_BYTES] }
    }
}

impl Link {
    /// Connects; on loopback that takes no time. The token comes back from [`Poll::wait`].
    ///
    /// # Errors
    /// Nobody listens.
    pub fn open(address: SocketAddr, token: u64, poll: &Poll) -> Result<Self> {
        Self::over(TcpStream::connect(address).with_context(|| format!("no server at {address}"))?, token, poll)
    }

    /// Over a stream that is connected.
    ///
    /// # Errors
    /// When the kernel refuses to watch it.
    pub fn over(stream: TcpStream, token: u64, poll: &Poll) -> Result<Self> {
        stream.set_nodelay(true)?;
        stream.set_nonblocking(true)?;
        epoll::add(&poll.epoll, &stream, EventData::new_u64(token), EventFlags::IN)?;
        Ok(Self { stream, token, kept: Vec::new(), unsent: Vec::new() })
    }

    pub fn read<'a>(&mut self, buffer: &'a mut Buffer) -> Read<'a> {
        let kept = self.kept.len();
        if buffer.bytes.len() < kept + READ_BYTES_MIN {
            buffer.bytes.resize(2 * (kept + READ_BYTES_MIN), 0);
        }
        match self.stream.read(&mut buffer.bytes[kept..]) {
            Ok(0) => Read::End,
            Ok(count) => {
                if kept > 0 {
                    buffer.bytes[..kept].copy_from_slice(&self.kept);
                    self.kept.clear();
                }
                Read::Bytes(&buffer.bytes[..kept + count])
            }
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => Read::Nothing,
            Err(_) => Read::End,
        }
    }

    /// Keeps what is not yet a whole message, for the next [`Self::read`].
    pub fn keep(&mut self, rest: &[u8]) {
        self.kept.extend_from_slice(rest);
    }

    /// Sends, keeping what the socket does not take; false when it did not take all. A connection
    /// that broke shows in the next read.
    ///
    /// # Errors
    /// When the kernel refuses to wait for room.
    pub fn send(&mut self, bytes: &[u8], poll: &Poll) -> Result<bool> {
        if self.unsent.is_empty() {
            let sent = self.stream.write(bytes).unwrap_or(0);
            if sent == bytes.len() {
                return Ok(true);
            }
            self.unsent.extend_from_slice(&bytes[sent..]);
            self.wait_for(EventFlags::IN | EventFlags::OUT, poll)?;
        } else {
            self.unsent.extend_from_slice(bytes);
        }
        Ok(false)
    }

    /// Whether something waits for room in the socket.
    #[must_use]
    pub fn is_stalled(&self) -> bool {
        !self.unsent.is_empty()
    }

    /// Sends what was kept back.
    ///
    /// # Errors
    /// As [`Self::send`].
    pub fn flush(&mut self, poll: &Poll) -> Result<()> {
        let sent = self.stream.write(&self.unsent).unwrap_or(0);
        self.unsent.drain(..sent);
        if self.unsent.is_empty() { self.wait_for(EventFlags::IN, poll) } else { Ok(()) }
    }

    fn wait_for(&self, flags: EventFlags, poll: &Poll) -> Result<()> {
        Ok(epoll::modify(&poll.epoll, &self.stream, EventData::new_u64(self.token), flags)?)
    }
}
