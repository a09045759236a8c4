//! `perf bare-send`: what the kernel alone takes for a frame. One thread sends as many bytes to
//! each of as many loopback sockets as a server would, once a tick, and does nothing else; another,
//! on another core, reads them as the load generator does. No server that sends its frames one by
//! one can cost less.

use std::io::Write as _;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use clap::Args;
use rustix::time::{ClockId, clock_gettime};

use crate::cores::{self, Affinity};
use crate::generate::link::{Buffer, Link, Poll};
use crate::report::{Table, figure};
use crate::run::allow_open_files;

/// The kernel's part of a frame: bytes to many loopback sockets, and nothing else
#[derive(Debug, Clone, Args)]
pub struct Options {
    /// Sockets
    #[arg(long, default_value_t = 4_000)]
    sessions: usize,
    /// Bytes of a frame; several sizes, separated by commas
    #[arg(long, value_delimiter = ',', default_values_t = [60, 4_000])]
    bytes: Vec<usize>,
    /// Frames a second to each socket
    #[arg(long, default_value_t = 20)]
    tick_hz: u32,
    /// Seconds that are measured
    #[arg(long, default_value_t = 5)]
    seconds: u32,
    /// How often each size has its turn
    #[arg(long, default_value_t = 3)]
    rounds: usize,
}

/// Ticks before the measured ones.
const WARM_UP_TICKS: u32 = 20;

/// Longest wait of the reader without a look at whether it is over.
const WAIT_MAX: Duration = Duration::from_millis(20);

/// What a frame took, microseconds of CPU.
#[derive(Debug, Clone, Copy)]
struct Cost {
    sending_us: f64,
    reading_us: f64,
}

/// Measures and prints.
///
/// # Errors
/// When there are not two cores, or not enough descriptors.
pub fn run(options: &Options) -> Result<()> {
    ensure!(options.sessions > 0 && options.tick_hz > 0 && options.seconds > 0, "nothing would be sent");
    allow_open_files()?;
    let mut table = Table::new(0);
    table.heading(["bytes", "sockets", "sending", "reading"]);
    table.heading(["", "", "us a frame", "us a frame"]);
    for _ in 0..options.rounds {
        for &bytes in &options.bytes {
            let Cost { sending_us, reading_us } = measure(options, bytes)?;
            table.row([bytes.to_string(), options.sessions.to_string(), figure(sending_us), figure(reading_us)]);
        }
    }
    print!("{table}");
    Ok(())
}

fn measure(options: &Options, bytes: usize) -> Result<Cost> {
    let (mut sockets, peers) = connect(options.sessions)?;
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let reading = scope.spawn(|| read(peers, &is_over));
        let sent = send(options, &mut sockets, bytes);
        is_over.store(true, Ordering::Release);
        let read_s = reading.join().expect("the reader does not panic")?;
        let (sent_s, frames) = sent?;
        let all_frames = options.sessions as f64 * f64::from(WARM_UP_TICKS + options.tick_hz * options.seconds);
        Ok(Cost { sending_us: sent_s * 1e6 / frames, reading_us: read_s * 1e6 / all_frames })
    })
}

/// Both ends of so many connections.
fn connect(sessions: usize) -> Result<(Vec<TcpStream>, Vec<TcpStream>)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let (mut sockets, mut peers) = (Vec::new(), Vec::new());
    for _ in 0..sessions {
        peers.push(TcpStream::connect(listener.local_addr()?)?);
        let (socket, _) = listener.accept()?;
        socket.set_nodelay(true)?;
        sockets.push(socket);
    }
    Ok((sockets, peers))
}

/// Sends on the server's core; the CPU seconds and the frames of the measured ticks.
fn send(options: &Options, sockets: &mut [TcpStream], bytes: usize) -> Result<(f64, f64)> {
    let _core = Affinity::set(cores::SERVER)?;
    let frame = vec![7; bytes];
    let every = Duration::from_secs(1) / options.tick_hz;
    let ticks = options.tick_hz * options.seconds;
    let mut next = Instant::now();
    let mut from_s = 0.0;
    for tick in 0..WARM_UP_TICKS + ticks {
        if tick == WARM_UP_TICKS {
            from_s = thread_cpu_s();
        }
        for socket in &mut *sockets {
            socket.write_all(&frame).context("sending")?;
        }
        next += every;
        std::thread::sleep(next.saturating_duration_since(Instant::now()));
    }
    Ok((thread_cpu_s() - from_s, sockets.len() as f64 * f64::from(ticks)))
}

/// Reads on the other core until it is over; the CPU seconds of that.
fn read(peers: Vec<TcpStream>, is_over: &AtomicBool) -> Result<f64> {
    let _core = Affinity::set(cores::OTHERS)?;
    let mut poll = Poll::new()?;
    let links = peers.into_iter().zip(0..).map(|(peer, token)| Link::over(peer, token, &poll));
    let mut links = links.collect::<Result<Vec<_>>>()?;
    let from_s = thread_cpu_s();
    let (mut buffer, mut tokens) = (Buffer::default(), Vec::new());
    while !is_over.load(Ordering::Acquire) {
        poll.wait(WAIT_MAX, &mut tokens)?;
        for &token in &tokens {
            let _ = links[token as usize].read(&mut buffer);
        }
    }
    Ok(thread_cpu_s() - from_s)
}

/// CPU seconds of this thread so far.
fn thread_cpu_s() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}
