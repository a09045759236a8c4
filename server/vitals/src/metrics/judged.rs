//! The inputs of alerts, and their names.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alert {
    /// Too few reconnects succeed.
    ReconnectSuccessLow,
    /// Too many clients have another version.
    VersionRejectsHigh,
    /// Actions take too long.
    LatencyHigh,
    /// Too many actions fail for reasons of the server.
    AvailabilityLow,
}

impl Alert {
    pub const ALL: [Self; 4] =
        [Self::ReconnectSuccessLow, Self::VersionRejectsHigh, Self::LatencyHigh, Self::AvailabilityLow];

    /// Its label in the metrics.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ReconnectSuccessLow => "reconnect_success_low",
            Self::VersionRejectsHigh => "version_rejects_high",
            Self::LatencyHigh => "latency_p95_high",
            Self::AvailabilityLow => "availability_low",
        }
    }
}

/// Totals since the start, and the latency of the last minute.
#[derive(Debug, Clone, Copy, Default)]
pub struct Sample {
    /// Bootstraps with a good access token. Requests of strangers and repeats of a refused version
    /// do not count, because they say nothing about players.
    pub connect_attempts: u64,
    /// Users with a good access token or ticket who were refused for their version, each once in
    /// fifteen minutes.
    pub version_rejects: u64,
    /// Users with a good access token who asked to come back, each once until they are back, or
    /// once in five minutes.
    pub reconnect_attempts: u64,
    /// Those of them who are.
    pub reconnect_success: u64,
    pub acknowledged: u64,
    /// Attempted actions: intents that were acknowledged or failed because of the server. Refusals
    /// by the rules do not count.
    pub attempted: u64,
    /// 95th percentile of the action latency, milliseconds, if there were actions.
    pub latency_p95_ms: Option<f64>,
}
