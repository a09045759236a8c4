//! What alerts are judged by: the counts of a process with its one world, of one of several worlds,
//! or of their process; and the gauges in which it is shown what fires.

use std::sync::Arc;

use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;

use super::figures::FloatGauge;
use super::judged::{Alert, Sample};
use super::list::{Labels, List};
use super::network::NetworkMetrics;
use super::sessions::SessionMetrics;

/// See the module.
pub struct Judged {
    network: Option<Arc<NetworkMetrics>>,
    sessions: Option<Arc<SessionMetrics>>,
    alerts: [Option<Gauge>; Alert::ALL.len()],
    availability: Option<FloatGauge>,
}

/// The gauges of alerts, before it is known whose.
pub(super) struct Gauges(Family<Labels, Gauge>);

impl Judged {
    pub(super) fn registered(list: &mut List) -> Gauges {
        Gauges(list.add("alert_active", "Whether an alert is firing: 1 or 0"))
    }

    /// The totals that alerts are judged by.
    #[must_use]
    pub fn sample(&self) -> Sample {
        let mut sample = Sample::default();
        self.network.iter().for_each(|network| network.sample(&mut sample));
        self.sessions.iter().for_each(|sessions| sessions.sample(&mut sample));
        sample
    }

    /// Whether an alert is firing.
    pub fn alert(&self, alert: Alert, fires: bool) {
        self.alerts[alert as usize].iter().for_each(|gauge| _ = gauge.set(i64::from(fires)));
    }

    /// Acknowledged of attempted actions; `None` when there were too few to say.
    pub fn availability(&self, share: Option<f64>) {
        self.availability.iter().for_each(|gauge| _ = gauge.set(share.unwrap_or(1.0)));
    }
}

impl Gauges {
    /// Those that these parts can be judged by.
    pub(super) fn of(
        &self,
        list: &mut List,
        network: Option<&Arc<NetworkMetrics>>,
        sessions: Option<&Arc<SessionMetrics>>,
    ) -> Judged {
        let is_shown = |alert| if alert == Alert::VersionRejectsHigh { network.is_some() } else { sessions.is_some() };
        let gauge = |alert: Alert| is_shown(alert).then(|| self.0.get_or_create(&[("alert", alert.name())]).clone());
        let availability = sessions.map(|_| {
            list.add(
                "availability",
                "Acknowledged of attempted actions over the last 15 minutes; 1 when there were too few to say",
            )
        });
        Judged { network: network.cloned(), sessions: sessions.cloned(), alerts: Alert::ALL.map(gauge), availability }
    }
}
