//! What requests and connections are served with: the world behind them, and the parts of the process around it.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tilemud_schema::rest::WorldSummary;
use tokio::sync::Semaphore;
use tokio_util::task::TaskTracker;

use crate::assets::Assets;
use crate::auth::Authenticator;
use crate::health::Health;
use crate::limits;
use crate::metrics::Metrics;
use crate::places::{Bounds, Places};
use crate::session::Realm;
use crate::settings::Settings;
use crate::versions::Versions;
use crate::visitors::Visitors;

/// The edge of the server: everything between the sockets and the mailbox.
pub struct Edge {
    /// The world that is played in.
    pub realm: Arc<Realm>,
    /// Who may come in.
    pub auth: Authenticator,
    /// What network addresses may do.
    pub visitors: Visitors,
    /// Which clients may come in.
    pub versions: Arc<Versions>,
    /// Counters and histograms.
    pub metrics: Arc<Metrics>,
    /// What the dependencies and the tick loop are doing.
    pub health: Arc<Health>,
    /// The static world.
    pub world: World,
    /// The web client.
    pub assets: Arc<dyn Assets>,
    /// What the operator chose.
    pub settings: Settings,
    /// Where connections are kept.
    pub gate: Gate,
}

/// The static world, ready to be served.
pub struct World {
    /// For bootstrap answers.
    pub summary: WorldSummary,
    /// Body of GET /api/world.
    pub json: Bytes,
    /// The same, gzipped.
    pub json_gz: Bytes,
    /// The tileset picture.
    pub tileset_png: Bytes,
    /// Its path.
    pub tileset_path: String,
}

/// Where connections are kept.
pub struct Gate {
    /// Places for connections, and who has to wait or to give way.
    pub places: Arc<Places>,
    /// Connections beyond those, on which only probes are answered.
    pub(crate) probes: Arc<Semaphore>,
    /// Every realtime connection: they outlive the request that opened them.
    pub realtime: TaskTracker,
}

impl Gate {
    /// With room for so many connections. What the system allows and the operator chose are in the bounds.
    #[must_use]
    pub fn new(bounds: Bounds) -> Self {
        Self {
            places: Arc::new(Places::new(bounds)),
            probes: Arc::new(Semaphore::new(limits::PROBE_CONNECTIONS_MAX)),
            realtime: TaskTracker::new(),
        }
    }
}

impl Edge {
    /// Changes the version a client must have, and ends every connection that has another one (T087). False when it was
    /// that one already.
    pub fn accept_version(&self, version: &str) -> bool {
        let Some(before) = self.versions.accept(version) else { return false };
        // A handshake that passed the check before looks again once its connection can be seen here.
        for session in self.realm.registry.all() {
            let outbox = session.wire.lock().outbox.clone();
            if let Some(outbox) = outbox {
                self.versions.end_if_outdated(&session.identity, &outbox, &before);
            }
        }
        true
    }
}

/// Time within which an HTTP request must be answered.
pub(crate) const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);
