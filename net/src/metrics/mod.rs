//! Counters, gauges and histograms of the server (FR-019), and their text for GET /metrics.
//!
//! Updated from the sockets, the tick thread, the persistence stage and the fan-out: atomics throughout, except histograms and
//! windows, each of which one thread updates behind a lock that only a reader of metrics ever contends for. No label ever
//! names a player. Names keep the unit last; `_total` is added by the encoder.

mod certificate;
mod engine;
mod judged;
mod list;
mod page;
mod pressure;
mod window;

use std::fmt;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use prometheus_client::encoding::text;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use tilemud_schema::CloseCode;
use tilemud_sim::api::TickPhase;
use tokio::time::Instant;

pub use certificate::Certificate;
pub use judged::{Alert, Sample};
use list::{Labels, List};
use page::Page;
use window::Window;

/// Content type of [`Metrics::render`].
pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Bounds of the latency histogram, milliseconds; the budgets 120 and 200 (NFR-001) are among them.
const LATENCY_MS: [f64; 17] =
    [1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 40.0, 50.0, 75.0, 100.0, 120.0, 150.0, 200.0, 300.0, 500.0, 1_000.0, 5_000.0];

/// Bounds of durations of ticks and commits, microseconds; a tick at 20 Hz has 50,000.
const DURATION_US: [f64; 18] = [
    50.0,
    100.0,
    200.0,
    500.0,
    1_000.0,
    2_000.0,
    5_000.0,
    10_000.0,
    20_000.0,
    50_000.0,
    100_000.0,
    200_000.0,
    500_000.0,
    1_000_000.0,
    2_000_000.0,
    5_000_000.0,
    10_000_000.0,
    30_000_000.0,
];

/// Bounds of durations of phases of a tick, microseconds.
const PHASE_US: [f64; 14] =
    [1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1_000.0, 2_000.0, 5_000.0, 10_000.0, 50_000.0];

/// Bounds of events per commit.
const BATCH_EVENTS: [f64; 11] = [0.0, 1.0, 5.0, 10.0, 50.0, 100.0, 500.0, 1_000.0, 2_000.0, 5_000.0, 10_000.0];

type FloatGauge = Gauge<f64, AtomicU64>;
type LogLinesDropped = Box<dyn Fn() -> u64 + Send + Sync>;

/// All metrics of one server. Share it by reference; every method is cheap.
pub struct Metrics {
    registry: Registry,
    page: Page,
    connect_attempts: Counter,
    connect_success: Counter,
    reconnect_attempts: Counter,
    reconnect_success: Counter,
    version_reject: Counter,
    signed_in_attempts: Counter,
    version_reject_signed_in: Counter,
    realtime_closes: [Counter; CloseCode::ALL.len()],
    realtime_lost: Counter,
    /// Attempts and successes that alerts count.
    judged_reconnects: [AtomicU64; 2],
    active_sessions: Gauge,
    action_latency_ms: Histogram,
    latency_window_us: Window,
    latency_p95: FloatGauge,
    intents_applied: Counter,
    intents_refused: Counter,
    intents_duplicate: Counter,
    intents_failed: Counter,
    alerts: [Gauge; Alert::ALL.len()],
    availability: FloatGauge,
    state_refresh_forced: Counter,
    cache_hits: Counter,
    cache_misses: Counter,
    cache_hit_ratio: FloatGauge,
    tick_duration_us: Histogram,
    tick_window_us: Window,
    tick_phase_us: [Histogram; TickPhase::ALL.len()],
    tick_overruns: Counter,
    ticks_skipped: Counter,
    mailbox_depth: Gauge,
    pipeline_depth: Gauge,
    commit_duration_us: Histogram,
    commit_batch_events: Histogram,
    commit_failures: Counter,
    profiles_overruled: Counter,
    clock_jumps: Counter,
    fanout_duration_us: Histogram,
    frames_sent: Counter,
    bytes_sent: Counter,
    outbox_overflows: Counter,
    rate_limited: Family<[(&'static str, String); 1], Counter>,
    ended_early: Family<Labels, Counter>,
    inbound_pauses: Counter,
    outbox_bytes: Gauge,
    log_lines_dropped: Counter,
    log_lines_dropped_source: OnceLock<LogLinesDropped>,
    /// The certificate of the port.
    pub certificate: Certificate,
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metrics").finish_non_exhaustive()
    }
}

impl Default for Metrics {
    fn default() -> Self {
        let mut list = List(Registry::default());
        let now = Instant::now();
        let intents = Family::<Labels, Counter>::default();
        list.add("intents", "Intents answered, by outcome", intents.clone());
        let alerts = Family::<Labels, Gauge>::default();
        list.add("alert_active", "Whether an alert is firing: 1 or 0", alerts.clone());
        let phases = Family::<Labels, Histogram>::new_with_constructor(|| Histogram::new(PHASE_US));
        list.add("tick_phase_us", "Time a phase of a tick took, microseconds", phases.clone());
        let closes = Family::<Labels, Counter>::default();
        list.add("realtime_closes", "Realtime connections that have ended, by close code", closes.clone());
        let outcome = |outcome| intents.get_or_create(&[("outcome", outcome)]).clone();
        Self {
            intents_applied: outcome("applied"),
            intents_refused: outcome("refused"),
            intents_duplicate: outcome("duplicate"),
            intents_failed: outcome("failed"),
            alerts: Alert::ALL.map(|alert| alerts.get_or_create(&[("alert", alert.name())]).clone()),
            availability: list.add(
                "availability",
                "Acknowledged of attempted actions over the last 15 minutes; 1 when there were too few to say",
                FloatGauge::default(),
            ),
            connect_attempts: list.add("connect_attempts", "Bootstraps asked for", Counter::default()),
            connect_success: list.add("connect_success", "Realtime handshakes completed", Counter::default()),
            reconnect_attempts: list.add("reconnect_attempts", "Bootstraps with a reconnect token", Counter::default()),
            reconnect_success: list.add("reconnect_success", "Sessions that came back", Counter::default()),
            version_reject: list.add("version_reject", "Clients refused for their build", Counter::default()),
            signed_in_attempts: list.add(
                "signed_in_attempts",
                "Bootstraps with a good access token, refused versions once a user in 15 minutes",
                Counter::default(),
            ),
            version_reject_signed_in: list.add(
                "version_reject_signed_in",
                "Users with a good access token or ticket refused for their build, each once in 15 minutes",
                Counter::default(),
            ),
            realtime_closes: CloseCode::ALL.map(|code| closes.get_or_create(&[("code", close_label(code))]).clone()),
            judged_reconnects: Default::default(),
            realtime_lost: closes.get_or_create(&[("code", "none")]).clone(),
            active_sessions: list.add("active_sessions_gauge", "Sessions now", Gauge::default()),
            action_latency_ms: list.add(
                "action_latency_ms",
                "From the arrival of an applied intent to its acknowledgement, milliseconds",
                Histogram::new(LATENCY_MS),
            ),
            latency_window_us: Window::new(now),
            latency_p95: list.add(
                "latency_p95",
                "95th percentile of action_latency_ms over the last minute, milliseconds; 0 without actions",
                FloatGauge::default(),
            ),
            state_refresh_forced: list.add(
                "state_refresh_forced",
                "Reads that found the cache too old and went to the durable store, and resyncs",
                Counter::default(),
            ),
            cache_hits: list.add("cache_hits", "Reads the cache answered", Counter::default()),
            cache_misses: list.add("cache_misses", "Reads the cache could not answer", Counter::default()),
            cache_hit_ratio: list.add(
                "cache_hit_ratio",
                "Hits of all cache reads; 1 before any",
                FloatGauge::default(),
            ),
            tick_duration_us: list.add(
                "tick_duration_us",
                "Time a tick took, microseconds",
                Histogram::new(DURATION_US),
            ),
            tick_window_us: Window::new(now),
            tick_phase_us: TickPhase::ALL.map(|phase| phases.get_or_create(&[("phase", phase.name())]).clone()),
            tick_overruns: list.add("tick_overruns", "Ticks that took longer than their share", Counter::default()),
            ticks_skipped: list.add("ticks_skipped", "Times the tick clock gave up catching up", Counter::default()),
            mailbox_depth: list.add("mailbox_depth", "Inputs waiting at the start of the last tick", Gauge::default()),
            pipeline_depth: list.add("pipeline_depth", "Ticks waiting for their commit", Gauge::default()),
            commit_duration_us: list.add(
                "commit_duration_us",
                "Time a durable commit took, microseconds",
                Histogram::new(DURATION_US),
            ),
            commit_batch_events: list.add(
                "commit_batch_events",
                "Action events in a commit",
                Histogram::new(BATCH_EVENTS),
            ),
            commit_failures: list.add(
                "commit_failures",
                "Attempts to commit that failed and were tried again",
                Counter::default(),
            ),
            profiles_overruled: list.add(
                "profiles_overruled",
                "Profiles that were changed in the store while their character was in the world, and written over",
                Counter::default(),
            ),
            clock_jumps: list.add(
                "clock_jumps",
                "Times the time of day jumped by more than a second",
                Counter::default(),
            ),
            fanout_duration_us: list.add(
                "fanout_duration_us",
                "Time it took to queue or send what a committed tick brings, microseconds",
                Histogram::new(DURATION_US),
            ),
            frames_sent: list.add("frames_sent", "WebSocket frames written", Counter::default()),
            bytes_sent: list.add("bytes_sent", "Bytes of WebSocket frames written", Counter::default()),
            outbox_overflows: list.add(
                "outbox_overflows",
                "Backlogs replaced by a full delta, or ended for the second in a row",
                Counter::default(),
            ),
            rate_limited: list.add(
                "rate_limited",
                "Requests and messages refused for their rate, by limit",
                Family::default(),
            ),
            inbound_pauses: list.add(
                "inbound_pauses",
                "Pauses in the reading of connections that send more than they may",
                Counter::default(),
            ),
            outbox_bytes: list.add(
                "outbox_bytes",
                "Bytes held for peers that do not read, all together",
                Gauge::default(),
            ),
            ended_early: list.add(
                "connections_ended_early",
                "Connections ended for what they took from others, by cause",
                Family::default(),
            ),
            log_lines_dropped: list.add(
                "log_lines_dropped",
                "Log lines lost because the writer was behind",
                Counter::default(),
            ),
            log_lines_dropped_source: OnceLock::new(),
            certificate: Certificate::registered(&mut list),
            page: Page::default(),
            registry: list.0,
        }
    }
}

/// Sessions.
impl Metrics {
    /// Somebody asked for a bootstrap.
    pub fn connect_attempt(&self) {
        self.connect_attempts.inc();
    }

    /// A realtime handshake is complete.
    pub fn connect_success(&self) {
        self.connect_success.inc();
    }

    /// Somebody came with a reconnect token; whether alerts count it.
    pub fn reconnect_attempt(&self, counts: bool) {
        self.reconnect_attempts.inc();
        self.judged_reconnects[0].fetch_add(u64::from(counts), Ordering::Relaxed);
    }

    /// A session came back; whether alerts count it.
    pub fn reconnect_success(&self, counts: bool) {
        self.reconnect_success.inc();
        self.judged_reconnects[1].fetch_add(u64::from(counts), Ordering::Relaxed);
    }

    /// Somebody who asked for a bootstrap has shown a good access token, and is no repeat of a refused version.
    pub fn signed_in(&self) {
        self.signed_in_attempts.inc();
    }

    /// A client was refused for its build; whether it had shown who it is, and is not counted yet.
    pub fn version_reject(&self, counts: bool) {
        self.version_reject.inc();
        if counts {
            self.version_reject_signed_in.inc();
        }
    }

    /// A realtime connection has ended: with this code, or without one because the peer has gone or has closed it.
    pub fn realtime_closed(&self, code: Option<CloseCode>) {
        let place = code.and_then(|code| CloseCode::ALL.iter().position(|known| *known == code));
        place.map_or(&self.realtime_lost, |place| &self.realtime_closes[place]).inc();
    }

    /// How many sessions there are.
    pub fn active_sessions(&self, sessions: u64) {
        self.active_sessions.set(signed(sessions));
    }
}

/// Intents and state.
impl Metrics {
    /// An intent took effect and is acknowledged `now`, `latency` after it arrived (when that is known).
    pub fn intent_applied(&self, now: Instant, latency: Option<Duration>) {
        self.intents_applied.inc();
        if let Some(latency) = latency {
            self.action_latency_ms.observe(latency.as_secs_f64() * 1_000.0);
            self.latency_window_us.record(now, micros(latency));
        }
    }

    /// An intent was refused.
    pub fn intent_refused(&self) {
        self.intents_refused.inc();
    }

    /// So many intents were refused for reasons of the server, not of the rules: each an attempted action without an
    /// acknowledgement (NFR-003).
    pub fn intents_failed(&self, intents: u64) {
        self.intents_failed.inc_by(intents);
    }

    /// An intent had been answered before.
    pub fn intent_duplicate(&self) {
        self.intents_duplicate.inc();
    }

    /// Something was read anew from the durable store because what was at hand was too old (FR-005).
    pub fn state_refresh_forced(&self) {
        self.state_refresh_forced.inc();
    }

    /// The cache had it.
    pub fn cache_hit(&self) {
        self.cache_hits.inc();
    }

    /// The cache did not have it.
    pub fn cache_miss(&self) {
        self.cache_misses.inc();
    }

    /// 95th percentile of the action latency over the last minute, milliseconds.
    #[must_use]
    pub fn latency_p95_ms(&self) -> Option<f64> {
        // Microseconds of at most ten minutes are exact in an f64.
        self.latency_window_us.percentile(Instant::now(), 95.0).map(|us| us as f64 / 1_000.0)
    }
}

/// Alerts.
impl Metrics {
    /// The totals that alerts are judged by.
    #[must_use]
    pub fn sample(&self) -> Sample {
        let acknowledged = self.intents_applied.get();
        Sample {
            connect_attempts: self.signed_in_attempts.get(),
            version_rejects: self.version_reject_signed_in.get(),
            reconnect_attempts: self.judged_reconnects[0].load(Ordering::Relaxed),
            reconnect_success: self.judged_reconnects[1].load(Ordering::Relaxed),
            acknowledged,
            attempted: acknowledged + self.intents_failed.get(),
            latency_p95_ms: self.latency_p95_ms(),
        }
    }

    /// Whether an alert is firing.
    pub fn alert(&self, alert: Alert, fires: bool) {
        self.alerts[alert as usize].set(i64::from(fires));
    }

    /// Acknowledged of attempted actions; `None` when there were too few to say.
    pub fn availability(&self, share: Option<f64>) {
        self.availability.set(share.unwrap_or(1.0));
    }
}

/// Sockets and logs.
impl Metrics {
    /// Frames and their bytes went to a socket.
    pub fn frames_sent(&self, frames: u64, bytes: u64) {
        self.frames_sent.inc_by(frames);
        self.bytes_sent.inc_by(bytes);
    }

    /// A connection's backlog was dropped.
    pub fn outbox_overflow(&self) {
        self.outbox_overflows.inc();
    }

    /// Something was refused for its rate.
    pub fn rate_limited(&self, limit: &str) {
        self.rate_limited.get_or_create(&[("limit", limit.to_owned())]).inc();
    }

    /// Where to read how many log lines were lost so far. The first source given stays.
    pub fn watch_log_lines_dropped(&self, source: impl Fn() -> u64 + Send + Sync + 'static) {
        // A second source would make the counter go back.
        let _ = self.log_lines_dropped_source.set(Box::new(source));
    }
}

impl Metrics {
    /// The text for GET /metrics, not made again while it is good; `active_sessions` is asked when it is.
    pub(crate) fn page(&self, good_for: Duration, active_sessions: impl FnOnce() -> u64) -> Bytes {
        self.page.get(good_for, || {
            self.active_sessions(active_sessions());
            self.render()
        })
    }

    /// Everything as text, see [`CONTENT_TYPE`].
    #[must_use]
    pub fn render(&self) -> String {
        self.latency_p95.set(self.latency_p95_ms().unwrap_or_default());
        self.cache_hit_ratio.set(ratio(self.cache_hits.get(), self.cache_misses.get()));
        self.certificate.read();
        if let Some(source) = self.log_lines_dropped_source.get() {
            self.log_lines_dropped.inner().fetch_max(source(), Ordering::Relaxed);
        }
        let mut text = String::with_capacity(16 * 1024);
        // A String takes everything.
        let _ = text::encode(&mut text, &self.registry);
        text
    }
}

const fn close_label(code: CloseCode) -> &'static str {
    match code {
        CloseCode::Authentication => "4001",
        CloseCode::Version => "4002",
        CloseCode::Capacity => "4003",
        CloseCode::Inactivity => "4004",
        CloseCode::Replaced => "4005",
        CloseCode::ShuttingDown => "4006",
        CloseCode::Protocol => "4007",
        CloseCode::TooSlow => "4008",
        CloseCode::HandshakeTimeout => "4009",
        CloseCode::LoggedOut => "4010",
    }
}

fn ratio(hits: u64, misses: u64) -> f64 {
    let all = hits + misses;
    if all == 0 { 1.0 } else { hits as f64 / all as f64 }
}

fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests;
