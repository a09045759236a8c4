//! Where the control goes: takes whatever comes and says nothing. No server can do less.

use std::net::{Ipv4Addr, TcpListener};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Result;

use crate::generate::link::{Buffer, Link, Poll, Read};

/// Connections that wait are taken this often.
const ACCEPT_EVERY: Duration = Duration::from_millis(5);

/// Runs until it is ended.
///
/// # Errors
/// When the kernel refuses it a port or the watch over sockets.
pub fn run() -> Result<ExitCode> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    listener.set_nonblocking(true)?;
    println!("sink {}", listener.local_addr()?);
    let mut poll = Poll::new()?;
    let (mut links, mut free): (Vec<Option<Link>>, Vec<usize>) = (Vec::new(), Vec::new());
    let (mut buffer, mut tokens) = (Buffer::default(), Vec::new());
    loop {
        while let Ok((stream, _)) = listener.accept() {
            let place = free.pop().unwrap_or_else(|| {
                links.push(None);
                links.len() - 1
            });
            links[place] = Some(Link::over(stream, place as u64, &poll)?);
        }
        poll.wait(ACCEPT_EVERY, &mut tokens)?;
        for &token in &tokens {
            let place = token as usize;
            let has_ended = links[place].as_mut().is_some_and(|link| matches!(link.read(&mut buffer), Read::End));
            if has_ended {
                links[place] = None;
                free.push(place);
            }
        }
    }
}
