//! Counters, gauges and histograms of the server (FR-019), and their text for GET /metrics.
//!
//! One file for each part: [`engine`] and [`sessions`] of one world, [`network`] of the process.
//! Where a process has several worlds, those of each have the label `world`.
//! Name, help and rule of each metric are in that file; a caller gets only the part it counts in.
//!
//! Atomics throughout, except histograms and windows, each of which one thread updates behind a
//! lock that only a reader of metrics ever contends for. No label ever names a player. Names keep
//! the unit last; `_total` is added by the encoder.

mod engine;
mod families;
mod figures;
mod judged;
mod list;
mod network;
mod page;
mod sessions;
mod subject;
mod watched;
mod window;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use prometheus_client::encoding::text;
use prometheus_client::registry::Registry;

pub use engine::EngineMetrics;
pub use judged::{Alert, Sample};
use list::List;
pub use network::NetworkMetrics;
use network::RateLimited;
use page::Page;
pub use sessions::SessionMetrics;
pub use subject::Judged;
pub use watched::Watched;

/// Content type of [`Metrics::page`].
pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// All metrics of one server.
pub struct Metrics {
    registry: Registry,
    page: Page,
    pub network: Arc<NetworkMetrics>,
    pub watched: Watched,
    worlds: Vec<OfWorld>,
    /// What alerts are judged by for the process alone; `None` where it has one world.
    judged: Option<Arc<Judged>>,
}

/// Those of one world.
#[derive(Debug, Clone)]
pub struct WorldMetrics {
    pub engine: Arc<EngineMetrics>,
    pub sessions: Arc<SessionMetrics>,
}

struct OfWorld {
    metrics: WorldMetrics,
    judged: Arc<Judged>,
    /// Of its own, with its label, where there are several.
    registry: Option<Registry>,
}

impl Default for Metrics {
    /// Of a process with one world.
    fn default() -> Self {
        let mut list = List::default();
        let rate_limited = RateLimited::registered(&mut list);
        let alerts = Judged::registered(&mut list);
        let metrics = WorldMetrics::registered(&mut list, rate_limited.clone());
        let network = Arc::new(NetworkMetrics::registered(&mut list, rate_limited));
        let watched = Watched::registered(&mut list);
        let judged = alerts.of(&mut list, Some(&network), Some(&metrics.sessions));
        let worlds = vec![OfWorld { metrics, judged: Arc::new(judged), registry: None }];
        Self { registry: list.0, page: Page::default(), network, watched, worlds, judged: None }
    }
}

impl WorldMetrics {
    fn registered(list: &mut List, rate_limited: RateLimited) -> Self {
        Self {
            sessions: Arc::new(SessionMetrics::registered(list, rate_limited)),
            engine: Arc::new(EngineMetrics::registered(list)),
        }
    }
}

impl OfWorld {
    fn labelled(world: &str) -> Self {
        let mut list = List::of_world(world);
        let rate_limited = RateLimited::registered(&mut list);
        let alerts = Judged::registered(&mut list);
        let metrics = WorldMetrics::registered(&mut list, rate_limited);
        let judged = alerts.of(&mut list, None, Some(&metrics.sessions));
        Self { metrics, judged: Arc::new(judged), registry: Some(list.0) }
    }
}

impl Metrics {
    /// Of a process with these worlds, whose metrics have a label that names the world.
    #[must_use]
    pub fn of_worlds<'a>(ids: impl IntoIterator<Item = &'a str>) -> Self {
        let mut list = List::default();
        let rate_limited = RateLimited::registered(&mut list);
        let alerts = Judged::registered(&mut list);
        let network = Arc::new(NetworkMetrics::registered(&mut list, rate_limited));
        let watched = Watched::registered(&mut list);
        let judged = Some(Arc::new(alerts.of(&mut list, Some(&network), None)));
        let worlds = ids.into_iter().map(OfWorld::labelled).collect();
        Self { registry: list.0, page: Page::default(), network, watched, worlds, judged }
    }

    /// Those of the world with this number, in the order in which they were named.
    #[must_use]
    pub fn world(&self, number: usize) -> &WorldMetrics {
        &self.worlds[number].metrics
    }

    /// What alerts are judged by, of each world.
    pub fn judged_worlds(&self) -> impl Iterator<Item = &Arc<Judged>> {
        self.worlds.iter().map(|world| &world.judged)
    }

    /// The same of the process, where it has several worlds.
    #[must_use]
    pub fn judged(&self) -> Option<&Arc<Judged>> {
        self.judged.as_ref()
    }

    /// The text for GET /metrics, cached for a while; when it is made, `sessions` is asked for
    /// those of each world now, by its number.
    pub fn page(&self, good_for: Duration, sessions: impl Fn(usize) -> u64) -> Bytes {
        self.page.get(good_for, || {
            for (number, world) in self.worlds.iter().enumerate() {
                world.metrics.sessions.active_sessions(sessions(number));
            }
            self.render()
        })
    }

    /// Everything as text, see [`CONTENT_TYPE`].
    fn render(&self) -> String {
        self.worlds.iter().for_each(|world| world.metrics.sessions.derive());
        self.watched.read();
        let registries = self.worlds.iter().filter_map(|world| world.registry.as_ref());
        let texts: Vec<String> = std::iter::once(&self.registry).chain(registries).map(encoded).collect();
        let mut text = families::together(&texts);
        // A String takes everything.
        let _ = text::encode_eof(&mut text);
        text
    }
}

fn encoded(registry: &Registry) -> String {
    let mut text = String::with_capacity(16 * 1024);
    // A String takes everything.
    let _ = text::encode_registry(&mut text, registry);
    text
}

#[cfg(test)]
mod tests;
