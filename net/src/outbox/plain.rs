//! A plain socket as an outbox writes to it: without waiting, as much as it takes.

use std::io::{IoSlice, Result};

use rustix::net::SendFlags;
use tokio::net::tcp::OwnedWriteHalf;

/// The sending side of a plain socket of a simulated network, which is shut when it is dropped.
#[cfg(feature = "testing")]
#[async_trait::async_trait]
pub trait Socket: std::fmt::Debug + Send + Sync {
    /// Takes as much as there is room for, at least a byte.
    ///
    /// # Errors
    /// [`std::io::ErrorKind::WouldBlock`] when there is no room.
    fn try_write(&self, slices: &[IoSlice<'_>]) -> Result<usize>;

    /// Waits until there is room.
    ///
    /// # Errors
    /// When there never will be.
    ///
    /// # Cancel safety
    /// Cancel safe.
    async fn writable(&self) -> Result<()>;
}

/// The sending side of a plain socket.
#[derive(Debug)]
pub enum Plain {
    Tcp(OwnedWriteHalf),
    #[cfg(feature = "testing")]
    Simulated(Box<dyn Socket>),
}

impl From<OwnedWriteHalf> for Plain {
    fn from(socket: OwnedWriteHalf) -> Self {
        Self::Tcp(socket)
    }
}

impl Plain {
    /// Sends without checking the socket's readiness first, because it is nearly always ready. A
    /// socket that takes nothing is registered for readiness, so that its task is woken when it
    /// takes more.
    pub(super) fn send(&self, bytes: &[u8]) -> Result<usize> {
        match self {
            Self::Tcp(socket) => {
                match rustix::net::send(socket.as_ref(), bytes, SendFlags::NOSIGNAL | SendFlags::DONTWAIT) {
                    Err(rustix::io::Errno::AGAIN) => socket.try_write(bytes),
                    sent => Ok(sent?),
                }
            }
            #[cfg(feature = "testing")]
            Self::Simulated(socket) => socket.try_write(&[IoSlice::new(bytes)]),
        }
    }

    /// Sends several pieces with one call.
    pub(super) fn send_vectored(&self, slices: &[IoSlice<'_>]) -> Result<usize> {
        match self {
            Self::Tcp(socket) => socket.try_write_vectored(slices),
            #[cfg(feature = "testing")]
            Self::Simulated(socket) => socket.try_write(slices),
        }
    }

    /// Waits until it takes more.
    ///
    /// # Cancel safety
    /// Cancel safe.
    pub(super) async fn writable(&self) -> Result<()> {
        match self {
            Self::Tcp(socket) => socket.writable().await,
            #[cfg(feature = "testing")]
            Self::Simulated(socket) => socket.writable().await,
        }
    }
}
