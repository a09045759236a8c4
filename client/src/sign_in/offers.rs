//! The server's ways to sign in, fetched while the sign-in form is on the screen. Turns answers
//! into further requests; sends nothing itself.

use tilemud_schema::sign_in::{ProviderSignIn, SignInOptions};

use super::host_of;
use crate::http::{CallId, HttpAnswer, HttpRequest, Unreachable};

/// The call of the offers; the assets' are below, the session's above.
const OFFERS_CALL: CallId = 3;
/// Time before a failed call is tried again, seconds.
const AGAIN_AFTER_S: f64 = 2.0;
/// Time before the server is asked again while its provider has not been reached, seconds.
const PROVIDER_AGAIN_AFTER_S: f64 = 4.0;
/// Time before a known answer is fetched again, seconds.
const REFRESH_AFTER_S: f64 = 60.0;

/// What the server offers, as far as it is known.
#[derive(Default)]
pub struct Offers {
    known: Option<SignInOptions>,
    unreachable: bool,
    busy: bool,
    again_at_s: f64,
}

impl Offers {
    /// The server's last answer; `None` before the first.
    #[must_use]
    pub fn known(&self) -> Option<&SignInOptions> {
        self.known.as_ref()
    }

    /// The provider players are sent to.
    #[must_use]
    pub fn provider(&self) -> Option<&ProviderSignIn> {
        self.known.as_ref()?.provider.as_ref()
    }

    /// What a player knows that provider by.
    #[must_use]
    pub fn provider_host(&self) -> Option<&str> {
        self.provider().map(|provider| host_of(&provider.issuer))
    }

    /// Whether the last call came to nothing.
    #[must_use]
    pub fn is_unreachable(&self) -> bool {
        self.unreachable
    }

    /// What to ask for now, if anything.
    pub fn next_request(&mut self, now_s: f64) -> Option<(CallId, HttpRequest)> {
        if self.busy || now_s < self.again_at_s {
            return None;
        }
        self.busy = true;
        Some((OFFERS_CALL, HttpRequest::get("/api/sign-in")))
    }

    /// Handles an answer to a call of the offers, and returns any other.
    ///
    /// # Errors
    /// The outcome, when the call is somebody else's.
    pub fn on_http(
        &mut self,
        id: CallId,
        outcome: Result<HttpAnswer, Unreachable>,
        now_s: f64,
    ) -> Result<(), Result<HttpAnswer, Unreachable>> {
        if id != OFFERS_CALL {
            return Err(outcome);
        }
        self.busy = false;
        let options = match outcome {
            Ok(answer) if answer.status == 200 => serde_json::from_slice(&answer.body).ok(),
            // A server from before there was anything to ask. The way there was then leads to its
            // word on our version.
            Ok(answer) if answer.status == 404 => Some(SignInOptions { development: true, ..SignInOptions::default() }),
            _ => None,
        };
        self.unreachable = options.is_none();
        self.again_at_s = now_s
            + match &options {
                None => AGAIN_AFTER_S,
                Some(options) if options.provider_unavailable => PROVIDER_AGAIN_AFTER_S,
                Some(_) => REFRESH_AFTER_S,
            };
        if options.is_some() {
            self.known = options;
        }
        Ok(())
    }
}
