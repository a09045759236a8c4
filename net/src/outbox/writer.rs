//! The task of a connection that writes for its outbox: for a plain socket what the outbox could
//! not write at once, for an encrypted one everything; and the end of both.

use std::io::IoSlice;
use std::sync::Arc;
use std::time::Duration;

use bytes::Buf;
use smallvec::SmallVec;
use tokio::io::{AsyncWrite, AsyncWriteExt};

use super::Outbox;
use super::direct::Chore;
use super::frame::OutFrame;
use super::waiting::SLICES_MAX;
use crate::limits::CLOSE_GRACE_S;

/// For a plain socket. Runs until the outbox has ended and everything is sent, or the socket fails,
/// or [`CLOSE_GRACE_S`] after the end, because a peer that does not read must not keep the task.
pub(crate) async fn attend(outbox: Arc<Outbox>) {
    let sent = async {
        loop {
            match outbox.attend() {
                Chore::Wait => outbox.ready().await,
                Chore::AwaitSocket(socket) => {
                    if socket.writable().await.is_err() {
                        break;
                    }
                }
                Chore::End => break,
            }
        }
    };
    within_grace(&outbox, sent).await;
    outbox.release();
    outbox.shut();
}

/// The same for an encrypted one.
pub(crate) async fn run<W: AsyncWrite + Unpin>(mut socket: W, outbox: Arc<Outbox>) {
    within_grace(&outbox, send_all(&mut socket, &outbox)).await;
    outbox.shut();
}

/// Giving up in the middle of a frame does no harm: the socket goes with it.
async fn within_grace(outbox: &Outbox, sent: impl Future<Output = ()>) {
    let out_of_time = async {
        outbox.ended().await;
        tokio::time::sleep(Duration::from_secs(CLOSE_GRACE_S)).await;
    };
    tokio::select! {
        biased;
        () = sent => {}
        () = out_of_time => {}
    }
}

async fn send_all<W: AsyncWrite + Unpin>(socket: &mut W, outbox: &Outbox) {
    let mut frames = Vec::new();
    while outbox.take(&mut frames).await {
        if write_all(socket, &mut frames).await.is_err() {
            // Whoever waits for the connection to end must not wait for the shutdown below.
            outbox.shut();
            break;
        }
    }
    let _ = socket.shutdown().await;
}

async fn write_all<W: AsyncWrite + Unpin>(socket: &mut W, frames: &mut Vec<OutFrame>) -> std::io::Result<()> {
    let mut parts =
        frames.drain(..).flat_map(|frame| frame.parts().to_vec()).collect::<std::collections::VecDeque<_>>();
    while !parts.is_empty() {
        let mut written = {
            let slices: SmallVec<[IoSlice<'_>; 16]> =
                parts.iter().take(SLICES_MAX).map(|part| IoSlice::new(part)).collect();
            socket.write_vectored(&slices).await?
        };
        if written == 0 {
            return Err(std::io::ErrorKind::WriteZero.into());
        }
        while let Some(front) = parts.front_mut() {
            if front.len() <= written {
                written -= front.len();
                parts.pop_front();
            } else {
                front.advance(written);
                break;
            }
        }
    }
    socket.flush().await
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use tilemud_schema::{CloseCode, Encoding};
    use tokio::io::AsyncReadExt as _;
    use tokio::time::Instant;

    use super::*;

    fn frame(bytes: usize) -> OutFrame {
        OutFrame::payload(Encoding::Postcard, [Bytes::from(vec![7; bytes])])
    }

    #[tokio::test(start_paused = true)]
    async fn a_stalled_peer_keeps_the_writer_for_the_grace_after_the_end_and_no_longer() {
        let (socket, _peer_that_does_not_read) = tokio::io::duplex(64);
        let outbox = Arc::new(Outbox::new(Encoding::Postcard, 40, Arc::default()));
        let mut writer = tokio::spawn(run(socket, Arc::clone(&outbox)));
        outbox.send(frame(1_000));
        // It hangs in the write for as long as the connection is meant to live.
        assert!(tokio::time::timeout(Duration::from_secs(3_600), &mut writer).await.is_err());
        let ended = Instant::now();
        outbox.close(CloseCode::TooSlow);
        writer.await.unwrap();
        assert_eq!(ended.elapsed().as_secs(), CLOSE_GRACE_S);
    }

    #[tokio::test(start_paused = true)]
    async fn a_peer_that_reads_again_within_the_grace_gets_the_goodbye() {
        let (socket, mut peer) = tokio::io::duplex(64);
        let outbox = Arc::new(Outbox::new(Encoding::Postcard, 40, Arc::default()));
        let writer = tokio::spawn(run(socket, Arc::clone(&outbox)));
        outbox.send(frame(1_000));
        outbox.close(CloseCode::ShuttingDown);
        tokio::time::sleep(Duration::from_secs(CLOSE_GRACE_S) - Duration::from_millis(1)).await;
        let mut bytes = Vec::new();
        peer.read_to_end(&mut bytes).await.unwrap();
        writer.await.unwrap();
        let before = crate::outbox::frame::before_goodbye(&bytes, CloseCode::ShuttingDown);
        assert!(before.is_some(), "{} bytes", bytes.len());
    }

    #[tokio::test(start_paused = true)]
    async fn a_peer_that_is_gone_ends_the_outbox() {
        let (socket, peer) = tokio::io::duplex(64);
        drop(peer);
        let outbox = Arc::new(Outbox::new(Encoding::Postcard, 40, Arc::default()));
        outbox.send(frame(10));
        run(socket, Arc::clone(&outbox)).await;
        assert!(outbox.is_closing());
    }
}
