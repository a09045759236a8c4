//! Alerts for operators (NFR-003, NFR-008), computed from the counters: failed reconnects, clients
//! with the wrong build, slow actions, actions that failed because of the server. Evaluates samples
//! taken at a fixed pace; owns no clock and counts nothing itself. Each alert is a gauge in GET
//! /metrics and a log line when it changes.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::time::{Interval, MissedTickBehavior};
use tokio_util::sync::CancellationToken;

use crate::metrics::{Alert, Judged, Sample};

/// The pace of the samples.
const PACE: Duration = Duration::from_secs(10);

/// Samples in one minute, the window of the latency percentile.
const MINUTE: usize = 6;

const FIVE_MINUTES: usize = 5 * MINUTE;
const FIFTEEN_MINUTES: usize = 15 * MINUTE;

/// The windows as durations: within one, a user counts once.
pub const RECONNECTS_WINDOW: Duration = PACE.saturating_mul(FIVE_MINUTES as u32);
pub const VERSION_REJECTS_WINDOW: Duration = PACE.saturating_mul(FIFTEEN_MINUTES as u32);

/// Below this share of reconnects that succeed, over five minutes (NFR-008).
const RECONNECT_SUCCESS_MIN: f64 = 0.98;

/// Above this share of connects refused for their version, over fifteen minutes (NFR-008).
const VERSION_REJECTS_MAX: f64 = 0.05;

/// Action latency p95 above this, milliseconds, in [`SLOW_WINDOWS`] windows in a row (NFR-001,
/// NFR-008).
const LATENCY_P95_MAX_MS: f64 = 200.0;
const SLOW_WINDOWS: u32 = 3;

/// Below this share of attempted actions acknowledged, over fifteen minutes (NFR-003).
const AVAILABILITY_MIN: f64 = 0.995;

/// Least number of events for a share; with fewer, one failure would fire the alert.
const EVENTS_MIN: u64 = 20;

#[derive(Debug, Default)]
pub struct Alerts {
    /// The newest last; the one before the first minute is zero.
    samples: VecDeque<Sample>,
    taken: usize,
    /// Reconnects tried before the newest sample.
    reconnect_attempts: u64,
    slow_windows: u32,
    firing: [bool; Alert::ALL.len()],
}

impl Alerts {
    /// Adds the next sample. Returns the alerts that began or ended with it.
    pub fn observe(&mut self, mut sample: Sample) -> Vec<(Alert, bool)> {
        // Those tried since the sample before may still be on their way in: when everybody comes
        // back at once, nobody has failed.
        sample.reconnect_attempts = std::mem::replace(&mut self.reconnect_attempts, sample.reconnect_attempts);
        if self.samples.is_empty() {
            self.samples.push_back(Sample::default());
        }
        if self.samples.len() > FIFTEEN_MINUTES {
            self.samples.pop_front();
        }
        self.samples.push_back(sample);
        self.taken += 1;
        if self.taken.is_multiple_of(MINUTE) {
            let is_slow = sample.latency_p95_ms.is_some_and(|p95| p95 > LATENCY_P95_MAX_MS);
            self.slow_windows = if is_slow { self.slow_windows + 1 } else { 0 };
        }
        let reconnects =
            self.share(FIVE_MINUTES, |sample| sample.reconnect_success, |sample| sample.reconnect_attempts);
        let rejects = self.share(FIFTEEN_MINUTES, |sample| sample.version_rejects, |sample| sample.connect_attempts);
        let mut changes = Vec::new();
        for (alert, fires) in [
            (Alert::ReconnectSuccessLow, reconnects.is_some_and(|share| share < RECONNECT_SUCCESS_MIN)),
            (Alert::VersionRejectsHigh, rejects.is_some_and(|share| share > VERSION_REJECTS_MAX)),
            (Alert::LatencyHigh, self.slow_windows >= SLOW_WINDOWS),
            (Alert::AvailabilityLow, self.availability().is_some_and(|share| share < AVAILABILITY_MIN)),
        ] {
            if std::mem::replace(&mut self.firing[alert as usize], fires) != fires {
                changes.push((alert, fires));
            }
        }
        changes
    }

    /// Acknowledged of attempted actions over the last fifteen minutes (T085); `None` when there
    /// were too few to say.
    #[must_use]
    pub fn availability(&self) -> Option<f64> {
        self.share(FIFTEEN_MINUTES, |sample| sample.acknowledged, |sample| sample.attempted)
    }

    /// The growth of two totals over this many samples.
    fn share(&self, window: usize, part: impl Fn(&Sample) -> u64, whole: impl Fn(&Sample) -> u64) -> Option<f64> {
        let newest = self.samples.back()?;
        let oldest = self.samples.get(self.samples.len().saturating_sub(window + 1))?;
        let whole = whole(newest).saturating_sub(whole(oldest));
        (whole >= EVENTS_MIN).then(|| part(newest).saturating_sub(part(oldest)) as f64 / whole as f64)
    }
}

/// What says that the next sample is due.
#[derive(Debug)]
pub enum Pace {
    /// Every ten seconds.
    Clock(Interval),
    /// On request, with an answer after each evaluation; for tests that let minutes pass at once.
    Asked(mpsc::Receiver<oneshot::Sender<()>>),
}

impl Pace {
    /// The pace of a server. To be called inside a runtime.
    #[must_use]
    pub fn clock() -> Self {
        let mut interval = tokio::time::interval(PACE);
        interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self::Clock(interval)
    }

    /// How old the page of metrics may be: a second, or zero in tests where time passes at once.
    #[must_use]
    pub const fn figures_good_for(&self) -> Duration {
        match self {
            Self::Clock(_) => Duration::from_secs(1),
            Self::Asked(_) => Duration::ZERO,
        }
    }

    /// The sender to answer, if there is one; `None` when there are no more samples.
    async fn next(&mut self) -> Option<Option<oneshot::Sender<()>>> {
        match self {
            Self::Clock(interval) => {
                interval.tick().await;
                Some(None)
            }
            Self::Asked(asked) => asked.recv().await.map(Some),
        }
    }
}

/// Judges metrics until the process stops.
pub async fn watch(metrics: Arc<Judged>, mut pace: Pace, stop: CancellationToken) {
    let mut alerts = Alerts::default();
    loop {
        let asked = tokio::select! {
            due = pace.next() => match due {
                Some(asked) => asked,
                None => return,
            },
            () = stop.cancelled() => return,
        };
        for (alert, fires) in alerts.observe(metrics.sample()) {
            metrics.alert(alert, fires);
            if fires {
                tracing::error!(alert = alert.name(), "an alert is firing");
            } else {
                tracing::info!(alert = alert.name(), "an alert has ended");
            }
        }
        metrics.availability(alerts.availability());
        if let Some(asked) = asked {
            // Nobody needs to wait for it.
            let _ = asked.send(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Plays minutes of samples, each minute growing the totals by `growth`; what changed in which
    /// minute.
    fn play(alerts: &mut Alerts, totals: &mut Sample, minutes: usize, growth: Sample) -> Vec<(usize, Alert, bool)> {
        let mut changes = Vec::new();
        for minute in 1..=minutes {
            totals.connect_attempts += growth.connect_attempts;
            totals.version_rejects += growth.version_rejects;
            totals.reconnect_attempts += growth.reconnect_attempts;
            totals.reconnect_success += growth.reconnect_success;
            totals.acknowledged += growth.acknowledged;
            totals.attempted += growth.attempted;
            totals.latency_p95_ms = growth.latency_p95_ms;
            for _ in 0..MINUTE {
                changes.extend(alerts.observe(*totals).into_iter().map(|(alert, fires)| (minute, alert, fires)));
            }
        }
        changes
    }

    const FINE: Sample = Sample {
        connect_attempts: 100,
        version_rejects: 5,
        reconnect_attempts: 100,
        reconnect_success: 98,
        acknowledged: 996,
        attempted: 1_000,
        latency_p95_ms: Some(200.0),
    };

    #[test]
    fn at_the_limits_nothing_fires() {
        let (mut alerts, mut totals) = (Alerts::default(), Sample::default());
        assert_eq!(play(&mut alerts, &mut totals, 30, FINE), []);
        assert_eq!(alerts.availability(), Some(0.996));
    }

    #[test]
    fn failing_reconnects_fire_over_five_minutes_and_end_when_they_are_past() {
        let (mut alerts, mut totals) = (Alerts::default(), Sample::default());
        play(&mut alerts, &mut totals, 10, FINE);
        let failing = Sample { reconnect_success: 80, ..FINE };
        assert_eq!(play(&mut alerts, &mut totals, 1, failing), [(1, Alert::ReconnectSuccessLow, true)]);
        let fine = Sample { reconnect_success: 100, ..FINE };
        assert_eq!(play(&mut alerts, &mut totals, 10, fine), [(5, Alert::ReconnectSuccessLow, false)]);
    }

    #[test]
    fn those_still_on_their_way_in_have_not_failed_and_those_who_never_come_have() {
        let (mut alerts, storm) = (Alerts::default(), Sample { reconnect_attempts: 10_000, ..Sample::default() });
        assert_eq!(alerts.observe(Sample { reconnect_success: 6_000, ..storm }), []);
        let mut all_back = Alerts { samples: alerts.samples.clone(), ..Alerts::default() };
        all_back.reconnect_attempts = 10_000;
        assert_eq!(all_back.observe(Sample { reconnect_success: 10_000, ..storm }), []);
        let lost = alerts.observe(Sample { reconnect_success: 6_000, ..storm });
        assert_eq!(lost, [(Alert::ReconnectSuccessLow, true)]);
    }

    #[test]
    fn a_wave_of_outdated_clients_fires_over_fifteen_minutes() {
        let (mut alerts, mut totals) = (Alerts::default(), Sample::default());
        play(&mut alerts, &mut totals, 20, Sample { version_rejects: 4, ..FINE });
        let outdated = Sample { version_rejects: 20, ..FINE };
        assert_eq!(play(&mut alerts, &mut totals, 1, outdated), [(1, Alert::VersionRejectsHigh, true)]);
        let rest = play(&mut alerts, &mut totals, 20, Sample { version_rejects: 4, ..FINE });
        assert_eq!(rest, [(15, Alert::VersionRejectsHigh, false)], "76 of 1,500 is more than 5 %, 60 of 1,500 is not");
    }

    #[test]
    fn slow_actions_fire_in_the_third_window_in_a_row() {
        let (mut alerts, mut totals) = (Alerts::default(), Sample::default());
        let slow = Sample { latency_p95_ms: Some(201.0), ..FINE };
        assert_eq!(play(&mut alerts, &mut totals, 2, slow), []);
        assert_eq!(play(&mut alerts, &mut totals, 1, FINE), []);
        assert_eq!(play(&mut alerts, &mut totals, 5, slow), [(3, Alert::LatencyHigh, true)]);
        assert_eq!(
            play(&mut alerts, &mut totals, 1, Sample { latency_p95_ms: None, ..FINE }),
            [(1, Alert::LatencyHigh, false)]
        );
    }

    #[test]
    fn availability_below_the_floor_fires_and_few_actions_say_nothing() {
        let (mut alerts, mut totals) = (Alerts::default(), Sample::default());
        let few = Sample { acknowledged: 0, attempted: 1, ..FINE };
        assert_eq!(play(&mut alerts, &mut totals, 15, few), []);
        assert_eq!(alerts.availability(), None);
        let failing = Sample { acknowledged: 990, attempted: 1_000, ..FINE };
        assert_eq!(play(&mut alerts, &mut totals, 1, failing), [(1, Alert::AvailabilityLow, true)]);
    }
}
