//! Everything that serves requests and connections: the worlds behind them, and the parts of the
//! process around these.

use std::sync::Arc;

use tilemud_vitals::health::Provider;
use tilemud_vitals::metrics::Metrics;
use tilemud_vitals::process::Process;
use tokio_util::task::TaskTracker;

use crate::assets::Assets;
use crate::auth::Authenticator;
use crate::places::{Bounds, Places};
use crate::settings::Settings;
use crate::versions::Versions;
use crate::visitors::Visitors;
use crate::worlds::Worlds;

/// The edge of the server: everything between the sockets and the mailbox.
pub struct Edge {
    /// The worlds that are played in.
    pub worlds: Worlds,
    /// Who may come in.
    pub auth: Authenticator,
    /// How the identity provider is.
    pub provider: Arc<Provider>,
    /// What network addresses may do.
    pub visitors: Visitors,
    /// Which clients may come in.
    pub versions: Arc<Versions>,
    pub process: Process,
    pub metrics: Arc<Metrics>,
    pub assets: Arc<dyn Assets>,
    /// What the operator chose.
    pub settings: Settings,
    /// Where connections are kept.
    pub gate: Gate,
}

/// Where connections are kept.
pub struct Gate {
    /// Places for connections, and which connection waits or is ended for another.
    pub places: Arc<Places>,
    /// Every realtime connection: they outlive the request that opened them.
    pub realtime: TaskTracker,
}

impl Gate {
    /// With room for this many connections. The bounds include the system's limits and the
    /// operator's settings.
    #[must_use]
    pub fn new(bounds: Bounds) -> Self {
        Self { places: Arc::new(Places::new(bounds)), realtime: TaskTracker::new() }
    }
}

impl Edge {
    /// Changes the version a client must have, and ends every connection that has another one
    /// (T087). False when it was that one already.
    pub fn accept_version(&self, version: &str) -> bool {
        let Some(before) = self.versions.accept(version) else { return false };
        // A handshake that passed the check before looks again once its connection can be seen
        // here.
        for session in self.worlds.all().iter().flat_map(|world| world.realm.registry.all()) {
            let outbox = session.wire.lock().outbox.clone();
            if let Some(outbox) = outbox {
                self.versions.end_if_outdated(&session.identity, &outbox, &before);
            }
        }
        true
    }
}
