//! Counts users, not their repetitions, so that one player with a loop cannot raise an alert
//! (NFR-008).

use std::collections::HashMap;
use std::time::Duration;

use parking_lot::Mutex;
use tilemud_schema::UserId;
use tokio::time::Instant;

/// Most users remembered. Full: further ones are not counted.
const USERS_MAX: usize = 65_536;

/// Users who have done something that counts once in a while.
#[derive(Debug)]
pub(crate) struct Once {
    window: Duration,
    users: Mutex<HashMap<UserId, Instant>>,
}

impl Once {
    /// Counts a user once in a window.
    pub(crate) fn per(window: Duration) -> Self {
        Self { window, users: Mutex::default() }
    }

    pub(crate) fn counts(&self, user_id: &UserId, now: Instant) -> bool {
        let mut users = self.users.lock();
        if users.len() >= USERS_MAX {
            users.retain(|_, since| now.duration_since(*since) < self.window);
        }
        if users.get(user_id).is_some_and(|since| now.duration_since(*since) < self.window) {
            return false;
        }
        let has_room = users.len() < USERS_MAX;
        if has_room {
            users.insert(user_id.clone(), now);
        }
        has_room
    }

    /// Forgets a user, so that the next time counts again. False when the user was not counted.
    pub(crate) fn settle(&self, user_id: &UserId) -> bool {
        self.users.lock().remove(user_id).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_counts_once_in_a_window_and_again_after_it_is_settled() {
        let (once, now) = (Once::per(Duration::from_secs(60)), Instant::now());
        let [ann, bob] = ["ann", "bob"].map(|user| UserId(user.into()));
        assert_eq!([&ann, &ann, &bob, &ann].map(|user| once.counts(user, now)), [true, false, true, false]);
        assert!(!once.counts(&ann, now + Duration::from_secs(59)));
        assert!(once.counts(&ann, now + Duration::from_secs(60)));
        assert_eq!((once.settle(&bob), once.settle(&bob)), (true, false));
        assert!(once.counts(&bob, now));
    }

    #[test]
    fn no_more_users_are_remembered_than_there_is_room_for() {
        let (once, now) = (Once::per(Duration::from_secs(60)), Instant::now());
        let user = |number: usize| UserId(number.to_string().into());
        assert!((0..USERS_MAX).all(|number| once.counts(&user(number), now)));
        assert!(!once.counts(&user(USERS_MAX), now));
        assert!(once.counts(&user(USERS_MAX), now + Duration::from_secs(60)), "those before are forgotten by then");
        assert_eq!(once.users.lock().len(), 1);
    }
}
