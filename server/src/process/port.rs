//! The port: bound at the beginning of a start, so that a failure is reported first, and served
//! when players can come in (or, with --wait, at once).

use std::io;
use std::net::SocketAddr;

use anyhow::Result;
use tilemud_persist::diagnostic::system_words;
use tokio::net::{TcpListener, TcpSocket};

use crate::config::SetWrong;

/// Connections that wait to be accepted.
const BACKLOG: u32 = 1_024;

/// A port that is ours and does not answer yet.
pub(crate) struct Port {
    socket: TcpSocket,
    place: String,
    address: SocketAddr,
}

impl Port {
    /// Binds it; `place` is where it was set.
    ///
    /// # Errors
    /// [`SetWrong`], with the remedy.
    pub(crate) fn take(place: String, address: SocketAddr) -> Result<Self> {
        let taken = || {
            let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
            // After a restart, connections of the process before may still be in their last states.
            socket.set_reuseaddr(true)?;
            socket.bind(address)?;
            Ok(socket)
        };
        match taken() {
            Ok(socket) => Ok(Self { socket, place, address }),
            Err(error) => Err(refused(&place, address, &error)),
        }
    }

    /// Begins to serve it.
    ///
    /// # Errors
    /// As [`Self::take`].
    pub(crate) fn listen(self) -> Result<TcpListener> {
        let Self { socket, place, address } = self;
        socket.listen(BACKLOG).map_err(|error| refused(&place, address, &error))
    }
}

fn refused(place: &str, address: SocketAddr, error: &io::Error) -> anyhow::Error {
    let (why, remedy) = match error.kind() {
        io::ErrorKind::AddrInUse => (
            "another program has this port".to_owned(),
            format!("end it (`ss -ltnp 'sport = :{}'` shows which it is), or set another port", address.port()),
        ),
        io::ErrorKind::PermissionDenied => (
            "only root may take a port below 1024".to_owned(),
            "set a port from 1024 on and put a proxy before it, or give the program CAP_NET_BIND_SERVICE \
             (AmbientCapabilities= in systemd)"
                .to_owned(),
        ),
        io::ErrorKind::AddrNotAvailable => (
            format!("this machine does not have the address {}", address.ip()),
            "set one it has (`ip address` shows them), or 0.0.0.0 for all".to_owned(),
        ),
        _ => (system_words(error), "set another address".to_owned()),
    };
    SetWrong::new(place, format!("cannot listen on {address}: {why}"), remedy).into()
}
