//! A socket whose peer must read what it is sent: a peer that stalls or reads a byte at a time
//! loses the connection, and what it did not read is discarded. Counts only time in which something
//! waits to be sent. Has no deadline for requests; heads and bodies have their own. A realtime
//! connection is exempt, because its outbox has bounds of its own.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use socket2::SockRef;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep};

use crate::limits::{ANSWER_BYTES_PER_S_MIN, ANSWER_STALL};

/// A socket that can be closed with a reset, so that the kernel drops what was not read.
pub(crate) trait Reset {
    /// Closing it resets the connection.
    fn reset_at_close(&self);
    /// The system goes on offering what the peer does not take.
    fn be_patient(&self);
}

impl Reset for TcpStream {
    fn reset_at_close(&self) {
        // It may be gone already, which is as well.
        let _ = self.set_zero_linger();
    }

    fn be_patient(&self) {
        let _ = SockRef::from(self).set_tcp_user_timeout(None);
    }
}

/// Whether a peer may be slow and whether it was too slow; shared by a connection and its layers.
#[derive(Debug, Default)]
pub(crate) struct Pace {
    is_free: AtomicBool,
    was_slow: AtomicBool,
}

impl Pace {
    /// From now on the peer may take as long as it likes.
    pub(crate) fn free(&self) {
        self.is_free.store(true, Ordering::Relaxed);
    }

    /// Whether the peer lost its connection for being too slow.
    pub(crate) fn was_slow(&self) -> bool {
        self.was_slow.load(Ordering::Relaxed)
    }
}

/// The socket, until it is taken out.
const WHOLE: &str = "a socket that has not been taken out";

#[derive(Debug)]
pub(crate) struct Paced<S: Reset> {
    /// `None` only while it is taken apart.
    socket: Option<S>,
    pace: Arc<Pace>,
    /// How long something has waited to be sent, minus the time granted for bytes that the peer
    /// read.
    debt: Duration,
    waits_since: Option<Instant>,
    deadline: Option<Pin<Box<Sleep>>>,
}

impl<S: Reset> Paced<S> {
    pub(crate) fn new(socket: S, pace: Arc<Pace>) -> Self {
        Self { socket: Some(socket), pace, debt: Duration::ZERO, waits_since: None, deadline: None }
    }

    pub(crate) fn into_inner(mut self) -> S {
        let socket = self.socket.take().expect(WHOLE);
        socket.be_patient();
        socket
    }

    fn socket(&mut self) -> Pin<&mut S>
    where
        S: Unpin,
    {
        Pin::new(self.socket.as_mut().expect(WHOLE))
    }

    /// Judges an attempt to send.
    fn judge<T>(
        &mut self,
        context: &mut Context<'_>,
        attempt: Poll<io::Result<T>>,
        taken: impl Fn(&T) -> usize,
    ) -> Poll<io::Result<T>> {
        match attempt {
            Poll::Ready(outcome) => {
                if let Some(since) = self.waits_since.take() {
                    self.debt += since.elapsed();
                }
                if !self.debt.is_zero() {
                    let bytes = outcome.as_ref().map_or(0, taken) as u64;
                    self.debt = self.debt.saturating_sub(Duration::from_secs(bytes) / ANSWER_BYTES_PER_S_MIN as u32);
                }
                Poll::Ready(outcome)
            }
            Poll::Pending if self.pace.is_free.load(Ordering::Relaxed) => {
                if let Some(socket) = &self.socket {
                    socket.be_patient();
                }
                Poll::Pending
            }
            Poll::Pending => {
                if self.waits_since.is_none() {
                    let now = Instant::now();
                    self.waits_since = Some(now);
                    let until = now + ANSWER_STALL.saturating_sub(self.debt);
                    match &mut self.deadline {
                        Some(deadline) => deadline.as_mut().reset(until),
                        None => self.deadline = Some(Box::pin(tokio::time::sleep_until(until))),
                    }
                }
                let Some(deadline) = &mut self.deadline else { return Poll::Pending };
                ready!(deadline.as_mut().poll(context));
                self.pace.was_slow.store(true, Ordering::Relaxed);
                Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
            }
        }
    }
}

impl<S: Reset> Drop for Paced<S> {
    fn drop(&mut self) {
        if let Some(socket) = &self.socket
            && self.waits_since.is_some()
        {
            socket.reset_at_close();
        }
    }
}

impl<S: AsyncRead + Reset + Unpin> AsyncRead for Paced<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.socket().poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Reset + Unpin> AsyncWrite for Paced<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let attempt = self.socket().poll_write(context, bytes);
        self.judge(context, attempt, |taken| *taken)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let attempt = self.socket().poll_write_vectored(context, slices);
        self.judge(context, attempt, |taken| *taken)
    }

    fn is_write_vectored(&self) -> bool {
        self.socket.as_ref().is_some_and(AsyncWrite::is_write_vectored)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.socket().poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.socket().poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream};

    use super::*;

    impl Reset for DuplexStream {
        fn reset_at_close(&self) {}

        fn be_patient(&self) {}
    }

    static ANSWER: [u8; 60_000] = [7; 60_000];

    fn paced(kernel_bytes: usize) -> (Paced<DuplexStream>, DuplexStream, Arc<Pace>) {
        let (socket, peer) = tokio::io::duplex(kernel_bytes);
        let pace = Arc::<Pace>::default();
        (Paced::new(socket, Arc::clone(&pace)), peer, pace)
    }

    /// How long an answer is offered to a peer that reads this many bytes at this interval.
    async fn offered(bytes: usize, every: Duration) -> (io::Result<()>, Duration) {
        let (mut socket, mut peer, pace) = paced(1_024);
        let reading = tokio::spawn(async move {
            let mut turns = tokio::time::interval_at(Instant::now() + every, every);
            loop {
                turns.tick().await;
                if peer.read_exact(&mut vec![0; bytes]).await.is_err() {
                    break;
                }
            }
        });
        let begun = Instant::now();
        let outcome = socket.write_all(&ANSWER).await;
        assert_eq!(pace.was_slow(), outcome.is_err());
        let took = begun.elapsed();
        reading.abort();
        (outcome, took)
    }

    #[tokio::test(start_paused = true)]
    async fn a_peer_that_takes_nothing_has_ten_seconds() {
        let (outcome, took) = offered(1, Duration::from_secs(3_600)).await;
        assert_eq!((outcome.unwrap_err().kind(), took), (io::ErrorKind::TimedOut, ANSWER_STALL));
    }

    #[tokio::test(start_paused = true)]
    async fn a_byte_now_and_then_buys_hardly_any_time() {
        let (outcome, took) = offered(1, Duration::from_secs(1)).await;
        assert_eq!(outcome.unwrap_err().kind(), io::ErrorKind::TimedOut);
        assert!(took < ANSWER_STALL + Duration::from_secs(1), "{took:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_peer_that_keeps_the_least_rate_gets_everything() {
        let (outcome, took) = offered(1_024, Duration::from_secs(1)).await;
        assert!(outcome.is_ok(), "after {took:?}");
        let (outcome, _) = offered(9 * 1_024, Duration::from_secs(9)).await;
        assert!(outcome.is_ok(), "in lumps");
    }

    #[tokio::test(start_paused = true)]
    async fn time_in_which_nothing_is_sent_does_not_count_and_a_freed_peer_may_take_its_time() {
        let (mut socket, mut peer, pace) = paced(1_024);
        for _ in 0..10 {
            let reading = async {
                tokio::time::advance(Duration::from_secs(2)).await;
                peer.read_exact(&mut [0; 2_048]).await.unwrap();
            };
            let (written, ()) = tokio::join!(socket.write_all(&ANSWER[..2_048]), reading);
            written.unwrap();
            tokio::time::advance(Duration::from_secs(60)).await;
        }
        pace.free();
        let written = tokio::time::timeout(Duration::from_secs(3_600), socket.write_all(&ANSWER)).await;
        assert!(written.is_err(), "it waits");
    }
}
