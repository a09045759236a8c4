//! Counters, gauges and histograms of the server (FR-019), and their text for GET /metrics.
//!
//! One file for each part: [`engine`] and [`sessions`] of one world, [`network`] of the process.
//! Name, help and rule of each metric are in that file; a caller gets only the part it counts in.
//!
//! Atomics throughout, except histograms and windows, each of which one thread updates behind a
//! lock that only a reader of metrics ever contends for. No label ever names a player. Names keep
//! the unit last; `_total` is added by the encoder.

mod engine;
mod figures;
mod judged;
mod list;
mod network;
mod page;
mod sessions;
mod watched;
mod window;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use prometheus_client::encoding::text;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

pub use engine::EngineMetrics;
use figures::FloatGauge;
pub use judged::{Alert, Sample};
use list::{Labels, List};
pub use network::NetworkMetrics;
use network::RateLimited;
use page::Page;
pub use sessions::SessionMetrics;
pub use watched::Watched;

/// Content type of [`Metrics::page`].
pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// All metrics of one server.
pub struct Metrics {
    registry: Registry,
    page: Page,
    pub world: WorldMetrics,
    pub network: Arc<NetworkMetrics>,
    pub watched: Watched,
    alerts: [Gauge; Alert::ALL.len()],
    availability: FloatGauge,
}

/// Those of one world.
#[derive(Debug, Clone)]
pub struct WorldMetrics {
    pub engine: Arc<EngineMetrics>,
    pub sessions: Arc<SessionMetrics>,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut list = List::default();
        let rate_limited = RateLimited::registered(&mut list);
        let alerts: Family<Labels, Gauge> = list.add("alert_active", "Whether an alert is firing: 1 or 0");
        Self {
            world: WorldMetrics {
                sessions: Arc::new(SessionMetrics::registered(&mut list, rate_limited.clone())),
                engine: Arc::new(EngineMetrics::registered(&mut list)),
            },
            network: Arc::new(NetworkMetrics::registered(&mut list, rate_limited)),
            watched: Watched::registered(&mut list),
            alerts: Alert::ALL.map(|alert| alerts.get_or_create(&[("alert", alert.name())]).clone()),
            availability: list.add(
                "availability",
                "Acknowledged of attempted actions over the last 15 minutes; 1 when there were too few to say",
            ),
            page: Page::default(),
            registry: list.0,
        }
    }
}

impl Metrics {
    /// The totals that alerts are judged by.
    #[must_use]
    pub fn sample(&self) -> Sample {
        let mut sample = Sample::default();
        self.network.sample(&mut sample);
        self.world.sessions.sample(&mut sample);
        sample
    }

    /// Whether an alert is firing.
    pub fn alert(&self, alert: Alert, fires: bool) {
        self.alerts[alert as usize].set(i64::from(fires));
    }

    /// Acknowledged of attempted actions; `None` when there were too few to say.
    pub fn availability(&self, share: Option<f64>) {
        self.availability.set(share.unwrap_or(1.0));
    }

    /// The text for GET /metrics, cached for a while; `active_sessions` is called when it is made.
    pub fn page(&self, good_for: Duration, active_sessions: impl FnOnce() -> u64) -> Bytes {
        self.page.get(good_for, || {
            self.world.sessions.active_sessions(active_sessions());
            self.render()
        })
    }

    /// Everything as text, see [`CONTENT_TYPE`].
    fn render(&self) -> String {
        self.world.sessions.derive();
        self.watched.read();
        let mut text = String::with_capacity(16 * 1024);
        // A String takes everything.
        let _ = text::encode(&mut text, &self.registry);
        text
    }
}

#[cfg(test)]
mod tests;
