//! The life of a session as a pure state machine: status and event in, next status and effects out.
//!
//! connecting -> active -> reconnecting -> active; active or reconnecting -> terminating -> gone.
//! It knows no table, no clock and no socket: the [`registry`](super::registry) asks it about every
//! event and carries out the effects it names. A session is in the world in every status but
//! connecting.

use std::time::Duration;

use tilemud_schema::CloseCode;
use tilemud_schema::rest::SessionStatus;
use tokio::time::Instant;

use super::settings::Settings;

/// What happens to a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Event {
    /// A handshake is done: the session has a live connection.
    Connected,
    /// Its connection is gone.
    Disconnected,
    /// Its connection has shown no sign of life for too long.
    FellSilent,
    /// The same connection has shown one again.
    SpokeAgain,
    Ended(End),
    /// Its character has left the world, and its last state is durable.
    Departed,
}

/// Why a session is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// The player said so.
    LoggedOut,
    /// Its time is up: no connection came, none came back, or nothing was heard (FR-017).
    TimeUp,
    /// A newer session of the same user took its place.
    Replaced,
}

impl End {
    /// What is sent to its connection.
    pub(crate) const fn code(self) -> CloseCode {
        match self {
            Self::LoggedOut => CloseCode::LoggedOut,
            Self::TimeUp => CloseCode::Inactivity,
            Self::Replaced => CloseCode::Replaced,
        }
    }
}

/// The next status after an event, and the effects to carry out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Step {
    /// The next status; `None` is gone.
    pub(crate) to: Option<SessionStatus>,
    /// End its present connection with this code.
    pub(crate) close: Option<CloseCode>,
    /// What is sent to the world.
    pub(crate) world: Option<WorldStep>,
}

/// What is sent to the world.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WorldStep {
    /// Put the character in.
    Join,
    /// Take the character out.
    Leave,
}

impl Step {
    const fn to(status: SessionStatus) -> Self {
        Self { to: Some(status), close: None, world: None }
    }

    const fn gone() -> Self {
        Self { to: None, close: None, world: None }
    }
}

/// Whether a session holds one of the places of the server.
pub(crate) const fn holds_place(status: SessionStatus) -> bool {
    !matches!(status, SessionStatus::Terminating)
}

/// The table of transitions. `None`: the event is ignored in this status, and a connection that
/// wanted the session does not get it.
pub(crate) const fn step(status: SessionStatus, event: Event) -> Option<Step> {
    use SessionStatus::{Active, Connecting, Reconnecting, Terminating};
    Some(match (status, event) {
        (Connecting, Event::Connected) => Step { world: Some(WorldStep::Join), ..Step::to(Active) },
        (Active | Reconnecting, Event::Connected) => {
            // The older connection may still be there, or not yet be known to be gone.
            Step { close: Some(CloseCode::Replaced), ..Step::to(Active) }
        }
        (Active, Event::Disconnected | Event::FellSilent) => Step::to(Reconnecting),
        (Reconnecting, Event::SpokeAgain) => Step::to(Active),
        (Connecting, Event::Ended(_)) => Step::gone(),
        (Active | Reconnecting, Event::Ended(end)) => {
            // A replaced character stays in the world: the newer session takes it over where it
            // stands.
            let world = match end {
                End::Replaced => None,
                End::LoggedOut | End::TimeUp => Some(WorldStep::Leave),
            };
            Step { close: Some(end.code()), world, ..Step::to(Terminating) }
        }
        (Active | Reconnecting, Event::Departed) => Step { close: Some(CloseCode::Replaced), ..Step::gone() },
        (Terminating, Event::Departed) => Step::gone(),
        (Connecting | Reconnecting | Terminating, Event::Disconnected | Event::FellSilent)
        | (Connecting | Active | Terminating, Event::SpokeAgain)
        | (Connecting, Event::Departed)
        | (Terminating, Event::Connected | Event::Ended(_)) => return None,
    })
}

/// The times that decide how long a session may keep its status.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Times {
    /// When the status was entered.
    pub(crate) since: Instant,
    /// When something validated last came from the player.
    pub(crate) last_activity: Instant,
    /// Until when a connection may use the current ticket.
    pub(crate) ticket_expires: Option<Instant>,
}

/// When the time of a session is up, if nothing happens until then.
///
/// A ticket handed out within the reconnect window keeps the session until the ticket runs out.
pub(crate) fn deadline(status: SessionStatus, times: Times, settings: &Settings) -> Option<Instant> {
    let idle = times.last_activity + settings.inactivity_timeout;
    match status {
        SessionStatus::Connecting => Some(times.ticket_expires.unwrap_or(times.since + settings.ticket_ttl)),
        SessionStatus::Active => Some(idle),
        SessionStatus::Reconnecting => {
            let window_over = times.since + settings.reconnect_window;
            Some(times.ticket_expires.map_or(window_over, |ticket| ticket.max(window_over)).min(idle))
        }
        SessionStatus::Terminating => None,
    }
}

/// How long a reconnect token is good at most when its holder stays silent. Sent to the client.
pub(crate) fn token_lifetime(settings: &Settings) -> Duration {
    settings.inactivity_timeout + settings.reconnect_window
}

#[cfg(test)]
mod tests {
    use SessionStatus::{Active, Connecting, Reconnecting, Terminating};
    use WorldStep::{Join, Leave};

    use super::*;

    const STATUSES: [SessionStatus; 4] = [Connecting, Active, Reconnecting, Terminating];

    const EVENTS: [Event; 8] = [
        Event::Connected,
        Event::Disconnected,
        Event::FellSilent,
        Event::SpokeAgain,
        Event::Ended(End::LoggedOut),
        Event::Ended(End::TimeUp),
        Event::Ended(End::Replaced),
        Event::Departed,
    ];

    type Expected = Option<(Option<SessionStatus>, Option<u16>, Option<WorldStep>)>;

    /// Rows are statuses, columns events, in the orders above: (next, close code, world).
    const TABLE: [[Expected; 8]; 4] = [
        [Some((Some(Active), None, Some(Join))), None, None, None, GONE, GONE, GONE, None],
        [
            Some((Some(Active), Some(4005), None)),
            Some((Some(Reconnecting), None, None)),
            Some((Some(Reconnecting), None, None)),
            None,
            ended(4010, Some(Leave)),
            ended(4004, Some(Leave)),
            ended(4005, None),
            Some((None, Some(4005), None)),
        ],
        [
            Some((Some(Active), Some(4005), None)),
            None,
            None,
            Some((Some(Active), None, None)),
            ended(4010, Some(Leave)),
            ended(4004, Some(Leave)),
            ended(4005, None),
            Some((None, Some(4005), None)),
        ],
        [None, None, None, None, None, None, None, GONE],
    ];

    const GONE: Expected = Some((None, None, None));

    const fn ended(code: u16, world: Option<WorldStep>) -> Expected {
        Some((Some(Terminating), Some(code), world))
    }

    #[test]
    fn every_event_in_every_status_does_what_the_table_says() {
        for (status, row) in STATUSES.into_iter().zip(TABLE) {
            for (event, expected) in EVENTS.into_iter().zip(row) {
                let found = step(status, event).map(|step| (step.to, step.close.map(u16::from), step.world));
                assert_eq!(found, expected, "{status:?} x {event:?}");
            }
        }
    }

    #[test]
    fn a_session_that_has_ended_never_comes_back() {
        for event in EVENTS {
            assert!(step(Terminating, event).is_none_or(|step| step.to.is_none()), "{event:?}");
        }
        assert_eq!(STATUSES.map(holds_place), [true, true, true, false]);
    }

    #[test]
    fn the_world_is_joined_only_out_of_connecting_and_left_only_by_those_in_it() {
        for status in STATUSES {
            for event in EVENTS {
                match step(status, event).and_then(|step| step.world) {
                    Some(Join) => assert_eq!(status, Connecting),
                    Some(Leave) => assert!(matches!(status, Active | Reconnecting)),
                    None => {}
                }
            }
        }
    }

    #[test]
    fn each_status_has_its_deadline() {
        let settings = Settings {
            max_sessions: 1,
            inactivity_timeout: Duration::from_secs(600),
            reconnect_window: Duration::from_secs(60),
            ticket_ttl: Duration::from_secs(30),
        };
        let start = Instant::now();
        let after = |s| start + Duration::from_secs(s);
        let at = |status, since, active, ticket: Option<u64>| {
            let times = Times { since: after(since), last_activity: after(active), ticket_expires: ticket.map(after) };
            deadline(status, times, &settings).map(|deadline| (deadline - start).as_secs())
        };
        assert_eq!(at(Connecting, 0, 0, Some(30)), Some(30));
        // A ticket that was used up by a handshake that then failed.
        assert_eq!(at(Connecting, 5, 0, None), Some(35));
        assert_eq!(at(Active, 0, 100, None), Some(700));
        assert_eq!(at(Reconnecting, 100, 90, None), Some(160));
        assert_eq!(at(Reconnecting, 100, 90, Some(140)), Some(160), "a ticket does not shorten the window");
        assert_eq!(at(Reconnecting, 100, 90, Some(185)), Some(185), "handed out at the end of the window");
        assert_eq!(at(Reconnecting, 695, 100, Some(720)), Some(700), "inactivity ends it all the same");
        assert_eq!(at(Terminating, 0, 0, None), None);
    }
}
