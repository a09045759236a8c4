//! The identity provider: whether there are keys. It belongs to the process; players in a world do
//! not need it, so they are not notified.

use parking_lot::Mutex;
use tilemud_schema::rest::DependencyHealth;

use super::track::{Track, Transition};

/// As it is called in the log.
const NAME: &str = "identity";

#[derive(Debug, Default)]
pub struct Provider(Mutex<Track>);

impl Provider {
    /// Takes in something about it.
    pub fn note(&self, note: impl FnOnce(&mut Track) -> Option<Transition>) {
        // Held meanwhile, so that changes are told in the order in which they were made.
        let mut track = self.0.lock();
        if let Some(transition) = note(&mut track) {
            transition.log(NAME, None);
        }
    }

    #[must_use]
    pub fn report(&self) -> DependencyHealth {
        self.0.lock().report()
    }

    /// Why nobody can come in, if so.
    #[must_use]
    pub fn unready(&self) -> Option<String> {
        self.0.lock().unready(NAME)
    }
}
