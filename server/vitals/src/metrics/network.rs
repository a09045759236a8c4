//! Metrics of the sockets of the process: requests to come in, bytes sent, ends of connections, and
//! connections ended for taking too much.

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use tilemud_schema::CloseCode;

use super::figures::signed;
use super::judged::Sample;
use super::list::{Labels, List};

#[derive(Debug)]
pub struct NetworkMetrics {
    pub connect_attempts: Counter,
    /// Those with a good access token that are no repeats of a refused version.
    pub signed_in_attempts: Counter,
    version_reject: Counter,
    version_reject_signed_in: Counter,
    realtime_closes: [Counter; CloseCode::ALL.len()],
    realtime_lost: Counter,
    frames_sent: Counter,
    bytes_sent: Counter,
    pub outbox_overflows: Counter,
    outbox_bytes: Gauge,
    pub inbound_pauses: Counter,
    pub rate_limited: RateLimited,
    ended_early: Family<Labels, Counter>,
}

/// By limit: those of addresses, and those of players.
#[derive(Debug, Clone, Default)]
pub struct RateLimited(Family<[(&'static str, String); 1], Counter>);

impl RateLimited {
    pub(super) fn registered(list: &mut List) -> Self {
        Self(list.add("rate_limited", "Requests and messages refused for their rate, by limit"))
    }

    pub fn count(&self, limit: &str) {
        self.0.get_or_create(&[("limit", limit.to_owned())]).inc();
    }
}

impl Default for NetworkMetrics {
    /// Not registered, for outboxes whose traffic is not measured.
    fn default() -> Self {
        Self::registered(&mut List::default(), RateLimited::default())
    }
}

impl NetworkMetrics {
    pub(super) fn registered(list: &mut List, rate_limited: RateLimited) -> Self {
        let closes: Family<Labels, Counter> =
            list.add("realtime_closes", "Realtime connections that have ended, by close code");
        Self {
            connect_attempts: list.add("connect_attempts", "Bootstraps asked for"),
            signed_in_attempts: list.add(
                "signed_in_attempts",
                "Bootstraps with a good access token, refused versions once a user in 15 minutes",
            ),
            version_reject: list.add("version_reject", "Clients refused for their build"),
            version_reject_signed_in: list.add(
                "version_reject_signed_in",
                "Users with a good access token or ticket refused for their build, each once in 15 minutes",
            ),
            realtime_closes: CloseCode::ALL.map(|code| closes.get_or_create(&[("code", close_label(code))]).clone()),
            realtime_lost: closes.get_or_create(&[("code", "none")]).clone(),
            frames_sent: list.add("frames_sent", "WebSocket frames written"),
            bytes_sent: list.add("bytes_sent", "Bytes of WebSocket frames written"),
            outbox_overflows: list
                .add("outbox_overflows", "Backlogs replaced by a full delta, or ended for the second in a row"),
            outbox_bytes: list.add("outbox_bytes", "Bytes held for peers that do not read, all together"),
            inbound_pauses: list
                .add("inbound_pauses", "Pauses in the reading of connections that send more than they may"),
            rate_limited,
            ended_early: list
                .add("connections_ended_early", "Connections ended for what they took from others, by cause"),
        }
    }

    /// A client was refused for its build; `counts`: it is a known user that was not counted yet.
    pub fn version_reject(&self, counts: bool) {
        self.version_reject.inc();
        if counts {
            self.version_reject_signed_in.inc();
        }
    }

    /// A realtime connection has ended: with this code, or without one because the peer has gone or
    /// has closed it.
    pub fn realtime_closed(&self, code: Option<CloseCode>) {
        let place = code.and_then(|code| CloseCode::ALL.iter().position(|known| *known == code));
        place.map_or(&self.realtime_lost, |place| &self.realtime_closes[place]).inc();
    }

    /// Frames and their bytes went to a socket.
    pub fn frames_sent(&self, frames: u64, bytes: u64) {
        self.frames_sent.inc_by(frames);
        self.bytes_sent.inc_by(bytes);
    }

    /// What is owed to one peer has changed.
    pub fn outbox_changed(&self, before: usize, now: usize) {
        self.outbox_bytes.inc_by(signed(now as u64) - signed(before as u64));
    }

    /// What is owed to all peers together, bytes.
    pub fn outbox_bytes(&self) -> usize {
        usize::try_from(self.outbox_bytes.get()).unwrap_or(0)
    }

    /// A connection was ended for what it took from others.
    pub fn ended_early(&self, cause: &'static str) {
        self.ended_early.get_or_create(&[("cause", cause)]).inc();
    }

    /// Puts the totals into what alerts are judged by.
    pub(super) fn sample(&self, sample: &mut Sample) {
        sample.connect_attempts = self.signed_in_attempts.get();
        sample.version_rejects = self.version_reject_signed_in.get();
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
