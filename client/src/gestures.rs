//! Gestures: what a player does with one press for others to see. The wheel, its keys and the help offer what is listed
//! here; the log and the heads show it when somebody does it.

use tilemud_schema::{Effect, EntityId, Intent};

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gesture {
    /// On its button, e.g. "Wave".
    pub name: &'static str,
    /// What the log says behind the name of whoever does it, e.g. "waves".
    pub told: &'static str,
    /// Above the head and on the button.
    pub sign: &'static str,
    /// What the server is asked for.
    pub intent: Intent,
}

/// All of them, in the order of their keys. There are none yet, so nothing is offered.
#[must_use]
pub fn all() -> Vec<Gesture> {
    Vec::new()
}

/// Who makes which gesture, if that is what happened.
#[must_use]
pub fn seen(_effect: &Effect) -> Option<(EntityId, Gesture)> {
    None
}
