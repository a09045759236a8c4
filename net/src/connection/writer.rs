//! The writer task: sends what the outbox holds, all of it in one vectored write when it fits.

use std::io::IoSlice;
use std::sync::Arc;
use std::time::Duration;

use bytes::Buf;
use smallvec::SmallVec;
use tokio::io::{AsyncWrite, AsyncWriteExt};

use super::frame::OutFrame;
use super::outbox::Outbox;
use crate::limits::CLOSE_GRACE_S;
use crate::metrics::Metrics;

/// Most slices of one write; the kernel takes up to 1,024.
const SLICES_MAX: usize = 256;

/// Runs until the outbox ends or the socket fails.
pub(super) async fn run<W: AsyncWrite + Unpin>(mut socket: W, outbox: Arc<Outbox>, metrics: Arc<Metrics>) {
    let mut frames = Vec::new();
    while outbox.take(&mut frames).await {
        let bytes: usize = frames.iter().map(OutFrame::len).sum();
        metrics.frames_sent(frames.len() as u64, bytes as u64);
        if write_all(&mut socket, &mut frames).await.is_err() {
            break;
        }
    }
    outbox.shut();
    // A peer that does not read must not keep the task.
    let _ = tokio::time::timeout(Duration::from_secs(CLOSE_GRACE_S), socket.shutdown()).await;
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
