//! Which reconnect tokens of a session are good: the pure rule, by hashes only (FR-008, NFR-006).
//!
//! A token is used up when the handshake it led to is done. Until then the same token may be
//! presented again, because the answer to a bootstrap can get lost; each time the newer
//! presentation wins and voids the ticket of the earlier one, so there is never more than one live
//! connection. A handshake hands out the next token; the unused one that came with its bootstrap
//! stays good until the player has sent something on the new connection, because the answer to the
//! handshake can get lost as well. So at most two are good at any time: one that the player is
//! known to hold, and one on its way.

use super::secret::SecretHash;

/// What has to be durable: the newest token, and the one before if it is still good.
pub(crate) type StoredTokens = (SecretHash, Option<SecretHash>);

/// The good tokens of one session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tokens {
    /// The player holds this one.
    held: SecretHash,
    /// The player may have got this one.
    offered: Option<SecretHash>,
}

impl Tokens {
    /// The tokens of a session whose player holds, or is about to get, `first`.
    pub(crate) const fn new(first: SecretHash) -> Self {
        Self { held: first, offered: None }
    }

    /// Whether a token would be taken.
    pub(crate) fn is_good(self, presented: SecretHash) -> bool {
        self.held == presented || self.offered == Some(presented)
    }

    /// Somebody presents a token and is offered the next. False when it is not good; then nothing
    /// changes.
    pub(crate) fn present(&mut self, presented: SecretHash, next: SecretHash) -> bool {
        if !self.is_good(presented) {
            return false;
        }
        // Whoever presents one does not hold a newer one.
        *self = Self { held: presented, offered: Some(next) };
        true
    }

    /// A handshake is done, opened by a bootstrap that handed out `from_bootstrap`; it offers the
    /// next.
    pub(crate) fn rotate(&mut self, from_bootstrap: SecretHash, next: SecretHash) {
        *self = Self::rotated(from_bootstrap, next);
    }

    /// The player has shown that a token arrived. Ignored when another one has been offered since:
    /// a late message of an old connection must not make a token the only good one that may never
    /// have arrived.
    pub(crate) fn confirm(&mut self, arrived: SecretHash) {
        if self.offered == Some(arrived) {
            *self = Self::new(arrived);
        }
    }

    /// The good tokens after [`Tokens::rotate`], independent of the earlier ones, so that they can
    /// be stored before it.
    pub(crate) const fn rotated(from_bootstrap: SecretHash, next: SecretHash) -> Self {
        Self { held: from_bootstrap, offered: Some(next) }
    }

    /// What has to be durable.
    pub(crate) fn to_store(self) -> StoredTokens {
        match self.offered {
            Some(offered) => (offered, Some(self.held)),
            None => (self.held, None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(mark: u8) -> SecretHash {
        SecretHash([mark; 32])
    }

    /// The tokens of a session after its first handshake: 1 came with the bootstrap, 2 with the
    /// handshake.
    fn shaken() -> Tokens {
        let mut tokens = Tokens::new(hash(1));
        tokens.rotate(hash(1), hash(2));
        tokens
    }

    fn good(tokens: Tokens, marks: [u8; 6]) -> [bool; 6] {
        marks.map(|mark| tokens.is_good(hash(mark)))
    }

    #[test]
    fn a_token_is_used_up_when_the_handshake_it_led_to_is_done() {
        let mut tokens = shaken();
        tokens.confirm(hash(2));
        assert!(tokens.present(hash(2), hash(3)));
        tokens.rotate(hash(3), hash(4));
        assert_eq!(good(tokens, [1, 2, 3, 4, 5, 6]), [false, false, true, true, false, false]);
        tokens.confirm(hash(4));
        assert_eq!(good(tokens, [1, 2, 3, 4, 5, 6]), [false, false, false, true, false, false]);
    }

    #[test]
    fn a_lost_bootstrap_answer_leaves_the_presented_token_good() {
        let mut tokens = shaken();
        tokens.confirm(hash(2));
        assert!(tokens.present(hash(2), hash(3)));
        assert!(tokens.present(hash(2), hash(4)), "the answer with 3 got lost");
        assert_eq!(good(tokens, [1, 2, 3, 4, 5, 6]), [false, true, false, true, false, false]);
    }

    #[test]
    fn a_lost_handshake_answer_leaves_the_token_of_the_bootstrap_good() {
        let mut tokens = shaken();
        assert!(tokens.present(hash(1), hash(3)), "the answer with 2 got lost");
        assert_eq!(good(tokens, [1, 2, 3, 4, 5, 6]), [true, false, true, false, false, false]);
    }

    #[test]
    fn an_arrived_handshake_answer_may_be_used_before_anything_was_said() {
        let mut tokens = shaken();
        assert!(tokens.present(hash(2), hash(3)));
        assert_eq!(good(tokens, [1, 2, 3, 4, 5, 6]), [false, true, true, false, false, false]);
    }

    #[test]
    fn what_an_old_connection_says_late_confirms_no_token_offered_after_it() {
        let mut tokens = shaken();
        assert!(tokens.present(hash(2), hash(3)));
        tokens.confirm(hash(2));
        assert!(tokens.present(hash(2), hash(4)), "the answer with 3 got lost");
    }

    #[test]
    fn a_wrong_token_changes_nothing() {
        let mut tokens = shaken();
        let before = tokens;
        assert!(!tokens.present(hash(9), hash(3)));
        assert_eq!(tokens, before);
    }

    #[test]
    fn two_are_to_be_stored_while_the_newer_one_may_not_have_arrived() {
        let mut tokens = shaken();
        assert_eq!(tokens.to_store(), (hash(2), Some(hash(1))));
        tokens.confirm(hash(2));
        assert_eq!(tokens.to_store(), (hash(2), None));
    }
}
