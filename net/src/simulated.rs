//! For the simulation of a whole server: entry points without HTTP. The code behind them is the
//! server's own; the caller has authenticated the user.

use std::net::IpAddr;
use std::sync::Arc;

use tilemud_schema::{Encoding, ErrorCode, Seq, SessionId, UserId};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::task::JoinHandle;

use crate::connection;
use crate::edge::Edge;
pub use crate::outbox::Socket;
use crate::session::admit;

/// The parts of a bootstrap's answer that a player needs.
#[derive(Debug, Clone)]
pub struct Bootstrapped {
    pub session_id: SessionId,
    pub ticket: String,
    /// Brings the session back.
    pub reconnect_token: String,
    /// The last number that is known to be consumed.
    pub last_seq: Seq,
}

/// A bootstrap of a user whose access token was good.
///
/// # Errors
/// As the answer over HTTP would say.
pub async fn bootstrap(
    edge: &Edge,
    peer: IpAddr,
    user_id: UserId,
    token: Option<&str>,
) -> Result<Bootstrapped, ErrorCode> {
    let realm = &edge.worlds.first().realm;
    if realm.health.why_no_play().is_some() {
        return Err(ErrorCode::Unavailable);
    }
    let admission = admit(realm, &edge.visitors, user_id, peer, None, token).await.map_err(|error| error.code)?;
    Ok(Bootstrapped {
        session_id: admission.session.identity.session_id,
        ticket: admission.ticket,
        reconnect_token: admission.reconnect.token,
        last_seq: admission.session.last_seq(),
    })
}

/// Serves a connection over a plain socket that has been upgraded.
pub fn serve_plain(
    edge: &Arc<Edge>,
    peer: IpAddr,
    encoding: Encoding,
    read: impl AsyncRead + Send + Unpin + 'static,
    write: Box<dyn Socket>,
) -> JoinHandle<()> {
    tokio::spawn(connection::serve_plain(Arc::clone(edge), peer, encoding, read, write))
}

/// Serves a connection that has been upgraded, over anything that carries bytes.
pub fn serve(
    edge: &Arc<Edge>,
    peer: IpAddr,
    encoding: Encoding,
    socket: impl AsyncRead + AsyncWrite + Send + 'static,
) -> JoinHandle<()> {
    tokio::spawn(connection::serve_stream(Arc::clone(edge), peer, encoding, socket))
}
