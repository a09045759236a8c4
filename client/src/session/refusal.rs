//! What each refusal and each close code of the server means for the session (FR-015): try again,
//! wait, ask for something else, or come to rest. The steps themselves are in [`super::machine`].

use tilemud_schema::{CloseCode, Details, ErrorCode, WireError};

use super::command::Command;
use super::machine::{Phase, Pursuit, Session};
use super::outbox::Unanswered;
use super::state::{EndReason, SessionState};

/// Wait when the server is full or paused and does not say how long, seconds.
const PAUSE_S: f64 = 4.0;
/// Most often an out-of-order answer makes everything be sent again, seconds.
const RESEND_EVERY_S: f64 = 0.25;

impl Session {
    /// The server asks to come back later; such waits are not counted as attempts.
    fn pause(&mut self, pursuit: Pursuit, details: Option<&Details>, now_s: f64) {
        self.out.push(Command::CloseSocket);
        let asked_s = match details {
            Some(Details::Retry { retry_after_ms } | Details::Limit { retry_after_ms, .. }) => {
                *retry_after_ms as f64 / 1_000.0
            }
            _ => PAUSE_S,
        };
        // A little later than asked, so that all who were asked do not come at once.
        let until_s = now_s + asked_s + (self.random)();
        self.pursuit = pursuit;
        self.phase = Phase::Waiting { until_s };
    }

    /// An HTTP call was answered with an error.
    pub(super) fn refused(&mut self, error: WireError, now_s: f64) {
        match error.code {
            ErrorCode::UpdateRequired => self.end(SessionState::UpdateRequired { expected: expected(&error) }),
            ErrorCode::CapacityFull | ErrorCode::RateLimited => {
                self.pause(Pursuit::Capacity, error.details.as_ref(), now_s);
            }
            ErrorCode::Unavailable => self.pause(Pursuit::Unavailable, error.details.as_ref(), now_s),
            ErrorCode::AuthTokenExpired | ErrorCode::AuthTokenInvalid if !self.credentials.token_is_new => {
                self.credentials.drop_token();
                self.start_attempt(now_s);
            }
            ErrorCode::SessionNotFound | ErrorCode::ReconnectTokenInvalid | ErrorCode::TicketInvalid
                if self.reconnect_token.is_some() =>
            {
                self.reconnect_token = None;
                self.bootstrap(now_s);
            }
            ErrorCode::NameTaken | ErrorCode::IntentInvalid => {
                let problem = match &error.details {
                    Some(Details::Field { reason, .. }) => format!("{} {reason}", error.message),
                    _ => error.message,
                };
                self.end(SessionState::SignIn { problem: Some(problem) });
            }
            _ if error.retryable => self.lost(now_s),
            _ => self.end(SessionState::AuthFailed { message: error.message }),
        }
    }

    pub(super) fn on_error(&mut self, seq: Option<u64>, error: &WireError, now_s: f64) -> Vec<Unanswered> {
        if error.code == ErrorCode::SeqOutOfOrder {
            if let Some(Details::Sequence { expected, .. }) = error.details
                && now_s - self.last_resend_s > RESEND_EVERY_S
            {
                self.last_resend_s = now_s;
                let again = self.outbox.renumber_from(expected);
                self.out.extend(again.into_iter().map(Command::Send));
            }
            return Vec::new();
        }
        if let Some(seq) = seq {
            return self.outbox.answer(seq).into_iter().collect();
        }
        self.refusal = Some(error.clone());
        Vec::new()
    }

    pub(super) fn on_close_code(&mut self, code: CloseCode, now_s: f64) {
        let refusal = self.refusal.take();
        let details = refusal.as_ref().and_then(|error| error.details.as_ref());
        match code {
            CloseCode::Authentication => match refusal {
                // The ticket got too old on the way; the next bootstrap gives another.
                Some(error) if matches!(error.code, ErrorCode::TicketInvalid | ErrorCode::SessionNotFound) => {
                    self.lost(now_s);
                }
                Some(error) => self.end(SessionState::AuthFailed { message: error.message }),
                None => self.end(SessionState::AuthFailed { message: "The server ended the session.".to_owned() }),
            },
            CloseCode::Version => {
                let expected = refusal.as_ref().map(expected).unwrap_or_default();
                self.end(SessionState::UpdateRequired { expected });
            }
            CloseCode::Capacity => self.pause(Pursuit::Capacity, details, now_s),
            CloseCode::Inactivity => self.end(SessionState::SessionEnded { reason: EndReason::Inactivity }),
            CloseCode::Replaced => self.end(SessionState::SessionEnded { reason: EndReason::Replaced }),
            CloseCode::LoggedOut => self.end(SessionState::SessionEnded { reason: EndReason::LoggedOut }),
            CloseCode::ShuttingDown | CloseCode::Protocol | CloseCode::TooSlow | CloseCode::HandshakeTimeout => {
                self.lost(now_s);
            }
        }
    }
}

fn expected(error: &WireError) -> String {
    match &error.details {
        Some(Details::Version { expected, .. }) => expected.clone(),
        _ => String::new(),
    }
}
