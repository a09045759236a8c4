//! Which reconnect tokens of a session are good: the pure rule, by hashes only (FR-008, NFR-006).
//!
//! A token is used up when the handshake it led to is done. Until then the same token may be
//! presented again, because the answer to a bootstrap can get lost. Each presentation voids the
//! ticket of the one before it, so there is never more than one live connection; the tokens that
//! were offered stay good until one of them is presented or a handshake is done, because a
//! presentation that its player has given up can be served after a newer one, whose answer the
//! player holds. A handshake hands out the next token; the unused one that came with its bootstrap
//! stays good until the player has sent something on the new connection, because the answer to the
//! handshake can get lost as well.

use super::secret::SecretHash;

/// What has to be durable: the newest token, and the one before if it is still good.
pub(crate) type StoredTokens = (SecretHash, Option<SecretHash>);

/// Tokens that a player may have got at one time; the oldest goes for one more.
const OFFERED_MAX: usize = 4;

/// The good tokens of one session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tokens {
    /// The player holds this one.
    held: SecretHash,
    /// The player may have got one of these, the newest last.
    offered: Vec<SecretHash>,
}

impl Tokens {
    /// The tokens of a session whose player holds, or is about to get, `first`.
    pub(crate) const fn new(first: SecretHash) -> Self {
        Self { held: first, offered: Vec::new() }
    }

    /// Whether a token would be taken.
    pub(crate) fn is_good(&self, presented: SecretHash) -> bool {
        self.held == presented || self.offered.contains(&presented)
    }

    /// Somebody presents a token and is offered the next. False when it is not good; then nothing
    /// changes.
    pub(crate) fn present(&mut self, presented: SecretHash, next: SecretHash) -> bool {
        if !self.is_good(presented) {
            return false;
        }
        if self.held != presented {
            // Whoever presents one that was offered has not got another one.
            *self = Self::new(presented);
        }
        if self.offered.len() == OFFERED_MAX {
            self.offered.remove(0);
        }
        self.offered.push(next);
        true
    }

    /// A handshake is done, opened by a bootstrap that handed out `from_bootstrap`; it offers the
    /// next. What was offered after that bootstrap may be on its way to the player.
    pub(crate) fn rotate(&mut self, from_bootstrap: SecretHash, next: SecretHash) {
        let mut after = match self.offered.iter().position(|offered| *offered == from_bootstrap) {
            Some(at) => self.offered.split_off(at + 1),
            None if self.held == from_bootstrap => std::mem::take(&mut self.offered),
            None => Vec::new(),
        };
        if after.len() == OFFERED_MAX {
            after.remove(0);
        }
        *self = Self::rotated(from_bootstrap, next);
        self.offered.extend(after);
    }

    /// The player has shown that a token arrived. Ignored when another one has been offered since:
    /// a late message of an old connection must not make a token the only good one that may never
    /// have arrived.
    pub(crate) fn confirm(&mut self, arrived: SecretHash) {
        if self.offered.last() == Some(&arrived) {
            *self = Self::new(arrived);
        }
    }

    /// The good tokens after [`Tokens::rotate`] when nothing was offered since, independent of the
    /// earlier ones, so that they can be stored before it.
    pub(crate) fn rotated(from_bootstrap: SecretHash, next: SecretHash) -> Self {
        Self { held: from_bootstrap, offered: vec![next] }
    }

    /// What has to be durable. Of more that were offered only the newest outlives the process.
    pub(crate) fn to_store(&self) -> StoredTokens {
        match self.offered.last() {
            Some(offered) => (*offered, Some(self.held)),
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

    fn good(tokens: &Tokens, marks: [u8; 6]) -> [bool; 6] {
        marks.map(|mark| tokens.is_good(hash(mark)))
    }

    #[test]
    fn a_token_is_used_up_when_the_handshake_it_led_to_is_done() {
        let mut tokens = shaken();
        tokens.confirm(hash(2));
        assert!(tokens.present(hash(2), hash(3)));
        tokens.rotate(hash(3), hash(4));
        assert_eq!(good(&tokens, [1, 2, 3, 4, 5, 6]), [false, false, true, true, false, false]);
        tokens.confirm(hash(4));
        assert_eq!(good(&tokens, [1, 2, 3, 4, 5, 6]), [false, false, false, true, false, false]);
    }

    #[test]
    fn a_lost_bootstrap_answer_leaves_the_presented_token_good() {
        let mut tokens = shaken();
        tokens.confirm(hash(2));
        assert!(tokens.present(hash(2), hash(3)));
        assert!(tokens.present(hash(2), hash(4)), "the answer with 3 got lost");
        assert_eq!(good(&tokens, [1, 2, 3, 4, 5, 6]), [false, true, true, true, false, false]);
        tokens.rotate(hash(4), hash(5));
        assert_eq!(good(&tokens, [1, 2, 3, 4, 5, 6]), [false, false, false, true, true, false]);
    }

    #[test]
    fn a_presentation_that_comes_late_takes_nothing_from_a_newer_one() {
        let mut tokens = shaken();
        tokens.confirm(hash(2));
        assert!(tokens.present(hash(2), hash(3)), "the player has this answer");
        assert!(tokens.present(hash(2), hash(4)), "sent before it, and given up");
        assert!(tokens.present(hash(3), hash(5)), "the ticket of the first was void");
        assert_eq!(good(&tokens, [1, 2, 3, 4, 5, 6]), [false, false, true, false, true, false]);
    }

    #[test]
    fn a_handshake_that_comes_late_takes_nothing_from_a_newer_presentation() {
        let mut tokens = shaken();
        tokens.confirm(hash(2));
        assert!(tokens.present(hash(2), hash(3)));
        assert!(tokens.present(hash(2), hash(4)), "the connection with the ticket of 3 broke");
        tokens.rotate(hash(3), hash(5));
        assert_eq!(good(&tokens, [1, 2, 3, 4, 5, 6]), [false, false, true, true, true, false]);
        tokens.confirm(hash(5));
        assert!(tokens.present(hash(4), hash(6)));
        assert_eq!(good(&tokens, [1, 2, 3, 4, 5, 6]), [false, false, false, true, false, true]);
    }

    #[test]
    fn as_many_as_may_be_on_their_way_are_good_and_the_newest_are() {
        let mut tokens = Tokens::new(hash(0));
        for mark in 1..=5 {
            assert!(tokens.present(hash(0), hash(mark)));
        }
        assert_eq!(good(&tokens, [0, 1, 2, 3, 4, 5]), [true, false, true, true, true, true]);
        tokens.rotate(hash(0), hash(6));
        assert_eq!(good(&tokens, [0, 2, 3, 4, 5, 6]), [true, false, true, true, true, true], "of a late handshake too");
    }

    #[test]
    fn a_lost_handshake_answer_leaves_the_token_of_the_bootstrap_good() {
        let mut tokens = shaken();
        assert!(tokens.present(hash(1), hash(3)), "the answer with 2 got lost");
        assert_eq!(good(&tokens, [1, 2, 3, 4, 5, 6]), [true, true, true, false, false, false]);
    }

    #[test]
    fn an_arrived_handshake_answer_may_be_used_before_anything_was_said() {
        let mut tokens = shaken();
        assert!(tokens.present(hash(2), hash(3)));
        assert_eq!(good(&tokens, [1, 2, 3, 4, 5, 6]), [false, true, true, false, false, false]);
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
        let before = tokens.clone();
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
