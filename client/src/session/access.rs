//! How the session gets its access token: from the development issuer by name, or from a provider
//! with the player's help (FR-001). Part of the [machine](super::machine); [`crate::sign_in`] has
//! the requests to a provider and the parsing of its answers.
//!
//! A player who starts to play is sent to the provider's form. During a reconnect the provider is
//! only asked whether it still knows the player (`prompt=none`: never a form), and only after the
//! server has answered that it needs another token, because the player comes back to a page of the
//! server.

use tilemud_schema::rest::{DevTokenRequest, DevTokenResponse};
use tilemud_schema::sign_in::ProviderSignIn;
use tilemud_schema::{WireError, codec};

use super::command::Command;
use super::credentials::{Credentials, Issuer};
use super::machine::{Phase, Pursuit, Session};
use super::state::{ConnectStep, SessionState};
use crate::connector::WayBack;
use crate::http::{Bearer, Body, CallId, HttpAnswer, HttpRequest, Unreachable};
use crate::sign_in::{Pending, Problem, Wish, flow, host_of};

impl Session {
    // The player's wishes. ----------------------------------------------------------------------

    /// Signs in under `name` with the development issuer.
    pub fn sign_in(&mut self, name: &str, now_s: f64) {
        if self.credentials.issuer != Issuer::Development || self.name != name {
            self.credentials = Credentials::of(Issuer::Development);
        }
        self.enter(name, now_s);
    }

    /// Signs in at a provider. A player who is signed in there and only changed the name is not
    /// sent there again.
    pub fn sign_in_at(&mut self, provider: &ProviderSignIn, wish: &Wish, now_s: f64) {
        let issuer = Issuer::Provider(Box::new(provider.clone()));
        if self.credentials.issuer != issuer {
            self.credentials = Credentials::of(issuer);
        }
        self.credentials.silent = wish.silent;
        self.enter(&wish.name, now_s);
    }

    fn enter(&mut self, name: &str, now_s: f64) {
        self.forget_session();
        self.name = name.to_owned();
        self.retry(now_s);
    }

    /// Completes a sign-in that an earlier page began, with the `query` of the redirect.
    pub fn resume_sign_in(&mut self, pending: &Pending, query: &str, now_s: f64) {
        self.credentials = Credentials::of(Issuer::Provider(Box::new(pending.provider.clone())));
        self.credentials.silent = pending.wish.silent;
        self.name.clone_from(&pending.wish.name);
        self.pursuit = Pursuit::First;
        self.redeem(pending, query, now_s);
    }

    /// An answer came that nobody asked for.
    pub fn refuse_stray_answer(&mut self) {
        self.end(SessionState::AuthFailed { message: Problem::NotAsked.sentence("") });
    }

    // What others may know. ---------------------------------------------------------------------

    /// Who vouches for the player.
    #[must_use]
    pub fn issuer(&self) -> &Issuer {
        &self.credentials.issuer
    }

    /// The provider's name for the player, if a provider signs them in.
    #[must_use]
    pub fn provider_host(&self) -> Option<&str> {
        match &self.credentials.issuer {
            Issuer::Provider(provider) => Some(host_of(&provider.issuer)),
            Issuer::Nobody | Issuer::Development => None,
        }
    }

    /// The address the player is expected back from.
    #[must_use]
    pub fn provider_page(&self) -> Option<String> {
        match self.phase {
            Phase::Trying { step: ConnectStep::AtProvider, .. } => self.credentials.pending.as_ref().map(Pending::page),
            _ => None,
        }
    }

    /// Whether that address must be opened by hand.
    #[must_use]
    pub fn has_no_browser(&self) -> bool {
        self.credentials.no_browser
    }

    // What happens. -----------------------------------------------------------------------------

    /// There is a way back from the provider, or none.
    pub fn on_way_back(&mut self, id: CallId, outcome: Result<WayBack, Unreachable>) {
        if !self.awaits_return(id) {
            return;
        }
        let Issuer::Provider(provider) = &self.credentials.issuer else { return };
        let wish = Wish { name: self.name.clone(), silent: self.credentials.silent || self.credentials.renewing };
        let pending = match outcome {
            Ok(WayBack { redirect_uri, entropy }) => {
                Pending::new(ProviderSignIn::clone(provider), wish, redirect_uri, &entropy)
            }
            Err(_) => Err(Problem::NoWayBack),
        };
        match pending {
            Ok(pending) => {
                self.credentials.pending = Some(pending.clone());
                self.out.push(Command::Visit { id, pending });
            }
            Err(problem) => self.sign_in_failed(&problem),
        }
    }

    /// The player must open the provider's address themselves.
    pub fn on_no_browser(&mut self, id: CallId) {
        self.credentials.no_browser |= self.awaits_return(id);
    }

    /// The player came back.
    pub fn on_returned(&mut self, id: CallId, query: &str, now_s: f64) {
        if self.awaits_return(id)
            && let Some(pending) = self.credentials.pending.take()
        {
            self.redeem(&pending, query, now_s);
        }
    }

    fn awaits_return(&self, id: CallId) -> bool {
        matches!(self.phase, Phase::Trying { step: ConnectStep::AtProvider, call, .. } if call == id)
    }

    fn redeem(&mut self, pending: &Pending, query: &str, now_s: f64) {
        match pending.code_in(query) {
            Ok(code) => self.ask(ConnectStep::SigningIn, pending.exchange(&code), now_s),
            Err(problem) => self.sign_in_failed(&problem),
        }
    }

    /// The issuer answered a request for an access token.
    pub(super) fn on_issuer(&mut self, outcome: Result<HttpAnswer, Unreachable>, now_s: f64) {
        match self.credentials.issuer {
            Issuer::Provider(_) => self.on_provider(outcome, now_s),
            Issuer::Development | Issuer::Nobody => self.on_development(outcome, now_s),
        }
    }

    fn on_provider(&mut self, outcome: Result<HttpAnswer, Unreachable>, now_s: f64) {
        let renewing = self.credentials.refresh.is_some();
        match outcome.map_err(|_| Problem::Unreachable).and_then(|answer| flow::access_in(&answer)) {
            Ok(access) => {
                self.credentials.keep(access, now_s);
                self.bootstrap(now_s);
            }
            Err(Problem::Unreachable) if renewing => self.lost(now_s),
            Err(_) if renewing => {
                self.credentials.refresh = None;
                self.start_attempt(now_s);
            }
            Err(problem) => self.sign_in_failed(&problem),
        }
    }

    fn on_development(&mut self, outcome: Result<HttpAnswer, Unreachable>, now_s: f64) {
        let Ok(answer) = outcome else { return self.lost(now_s) };
        if answer.status == 200 {
            return match serde_json::from_slice::<DevTokenResponse>(&answer.body) {
                Ok(given) => {
                    let (token, lifetime_s) = (Bearer(given.access_token), given.expires_in as f64);
                    self.credentials.keep(flow::Access { token, lifetime_s, refresh: None }, now_s);
                    self.bootstrap(now_s);
                }
                Err(_) => self.lost(now_s),
            };
        }
        match serde_json::from_slice::<WireError>(&answer.body) {
            Ok(error) => self.refused(error, now_s),
            Err(_) if answer.status == 404 => {
                let message = "This server does not offer sign-in by name.".to_owned();
                self.end(SessionState::AuthFailed { message });
            }
            Err(_) => self.lost(now_s),
        }
    }

    /// A step took too long.
    pub(super) fn step_timed_out(&mut self, step: ConnectStep, now_s: f64) {
        let at_provider = matches!(self.credentials.issuer, Issuer::Provider(_));
        match step {
            ConnectStep::AtProvider => self.sign_in_failed(&Problem::Late),
            // A code is good for one exchange, so there is nothing to try again.
            ConnectStep::SigningIn if at_provider && self.credentials.refresh.is_none() => {
                self.sign_in_failed(&Problem::Unreachable);
            }
            _ => self.lost(now_s),
        }
    }

    // Steps. ------------------------------------------------------------------------------------

    pub(super) fn start_attempt(&mut self, now_s: f64) {
        if self.credentials.token.as_ref().is_some_and(|(_, until_s)| now_s < *until_s) {
            self.credentials.token_is_new = false;
            return self.bootstrap(now_s);
        }
        match &self.credentials.issuer {
            Issuer::Nobody => self.end(SessionState::SignIn { problem: None }),
            Issuer::Development => {
                let body = Body::json(codec::to_json(&DevTokenRequest { user: self.name.to_lowercase() }));
                let request = HttpRequest { path: "/dev/token".into(), bearer: None, body: Some(body) };
                self.ask(ConnectStep::SigningIn, request, now_s);
            }
            Issuer::Provider(provider) => match &self.credentials.refresh {
                Some(refresh) => {
                    let request = flow::renewal(provider, refresh);
                    self.ask(ConnectStep::SigningIn, request, now_s);
                }
                // Old as it is, it tells whether the server is there, and on the way back to a
                // server that is not, the player would be lost.
                None if self.pursuit != Pursuit::First && self.credentials.token.is_some() => {
                    self.credentials.token_is_new = false;
                    self.bootstrap(now_s);
                }
                None => self.go_to_provider(now_s),
            },
        }
    }

    fn go_to_provider(&mut self, now_s: f64) {
        self.credentials.renewing = self.pursuit != Pursuit::First;
        self.credentials.give_up_visit();
        let call = self.next_call();
        self.phase = Phase::Trying { step: ConnectStep::AtProvider, call, since_s: now_s };
        self.out.push(Command::MakeWayBack { id: call });
    }

    fn sign_in_failed(&mut self, problem: &Problem) {
        let state = if self.credentials.renewing && problem.asks_for_the_player() {
            SessionState::AuthFailed { message: Problem::Expired.sentence(self.provider_host().unwrap_or_default()) }
        } else if self.credentials.silent && problem.asks_for_the_player() {
            SessionState::SignIn { problem: None }
        } else {
            SessionState::AuthFailed { message: problem.sentence(self.provider_host().unwrap_or_default()) }
        };
        self.credentials.forget();
        self.end(state);
    }
}
