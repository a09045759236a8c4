//! Sign-in and logout: the ways the server offers, the choice among them, and leaving. Part of the
//! game loop; the session has the steps of a sign-in.

use super::{Entry, Game};
use crate::session::SessionState;
use crate::sign_in::{Offers, Pending, Wish};

impl Game {
    /// Signs in under a name, with the development issuer.
    pub fn sign_in(&mut self, name: &str) {
        self.entry = None;
        self.session.sign_in(name, self.now_s);
        self.obey();
    }

    /// Signs in at the server's provider; the name, which may be empty, is for a new character.
    pub fn sign_in_at_provider(&mut self, name: &str) {
        self.visit_provider(name, false);
    }

    /// Signs in by the simplest way, once the server has named its ways.
    pub fn sign_in_somehow(&mut self, name: &str) {
        self.entry = Some(Entry::Any(name.to_owned()));
    }

    /// The session this page's player had before it was loaded again; the next sign-in goes on with
    /// it.
    pub fn resume_session(&mut self, reconnect_token: Option<String>) {
        self.session.resume_later(reconnect_token);
    }

    /// Resumes after a reload of the page during play: the issuer confirms the player without a
    /// form, or the sign-in form comes.
    pub fn sign_in_again(&mut self, name: &str) {
        self.entry = Some(Entry::Again(name.to_owned()));
    }

    /// Completes a sign-in that an earlier page began, with the `query` of the redirect. Without
    /// such a sign-in the answer is not ours.
    pub fn resume_sign_in(&mut self, pending: Option<&Pending>, query: &str) {
        match pending {
            Some(pending) => self.session.resume_sign_in(pending, query, self.now_s),
            None => self.session.refuse_stray_answer(),
        }
        self.obey();
    }

    pub fn retry(&mut self) {
        self.session.retry(self.now_s);
        self.obey();
    }

    /// The page is visible again: retries immediately.
    pub fn wake(&mut self) {
        self.session.wake(self.now_s);
        self.obey();
    }

    /// The device has a network again, or none any more.
    pub fn network(&mut self, is_there: bool) {
        self.session.network(is_there, self.now_s);
        self.obey();
        self.log_changes();
    }

    /// Ends the session and goes to the sign-in form.
    pub fn log_out(&mut self) {
        self.session.log_out();
        self.obey();
    }

    /// To the sign-in form.
    pub fn leave(&mut self) {
        self.session.leave();
        self.obey();
    }

    /// How the server lets players sign in.
    #[must_use]
    pub fn offers(&self) -> &Offers {
        &self.offers
    }

    /// Name and reconnect token with which a reload of the page resumes.
    #[must_use]
    pub fn returning_player(&self) -> Option<(&str, &str)> {
        let in_world = matches!(
            self.session.state(),
            SessionState::Active
                | SessionState::Degraded
                | SessionState::Unavailable { .. }
                | SessionState::Reconnecting { .. }
                | SessionState::RetryLimitReached { .. }
                | SessionState::UpdateRequired { .. }
        );
        self.session.return_ticket().filter(|_| in_world)
    }

    /// Asks the server for its ways to sign in while the player must choose one, and starts a
    /// waiting sign-in.
    pub(super) fn offer_ways_in(&mut self) {
        if !matches!(self.session.state(), SessionState::SignIn { .. }) {
            return;
        }
        if let Some((id, request)) = self.offers.next_request(self.now_s) {
            self.connector.request(id, request);
        }
        let Some(known) = self.offers.known() else { return };
        let (development, provider, to_come) =
            (known.development, known.provider.is_some(), known.provider_unavailable);
        match self.entry.take() {
            Some(Entry::Any(name)) if development && !name.is_empty() => self.sign_in(&name),
            Some(Entry::Any(name)) if provider => self.visit_provider(&name, false),
            Some(Entry::Again(name)) if provider => self.visit_provider(&name, true),
            Some(Entry::Again(name)) if development && !name.is_empty() => self.sign_in(&name),
            entry => self.entry = entry.filter(|_| to_come),
        }
    }

    fn visit_provider(&mut self, name: &str, silent: bool) {
        self.entry = None;
        if let Some(provider) = self.offers.provider() {
            self.session.sign_in_at(provider, &Wish { name: name.to_owned(), silent }, self.now_s);
            self.obey();
        }
    }
}
