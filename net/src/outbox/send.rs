//! A plain send to a socket.

use rustix::net::SendFlags;
use tokio::net::tcp::OwnedWriteHalf;

/// Sends to a socket without asking its readiness first, which is nearly always there. One that takes nothing is asked the
/// other way, so that its task is told when it does again.
pub(super) fn send(socket: &OwnedWriteHalf, bytes: &[u8]) -> std::io::Result<usize> {
    match rustix::net::send(socket.as_ref(), bytes, SendFlags::NOSIGNAL | SendFlags::DONTWAIT) {
        Err(rustix::io::Errno::AGAIN) => socket.try_write(bytes),
        sent => Ok(sent?),
    }
}
