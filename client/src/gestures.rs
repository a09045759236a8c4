//! Gestures: the list of emotes that the wheel, its keys and the help offer, and that the log and
//! the overhead show.

use tilemud_schema::{Effect, Emote, EntityId, Intent};

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gesture {
    /// On its button, e.g. "Wave".
    pub name: &'static str,
    /// The text after the name in the log, e.g. "waves".
    pub phrase: &'static str,
    /// Above the head and on the button.
    pub sign: &'static str,
    /// What the server is asked for.
    pub intent: Intent,
}

/// All of them, in the order of their keys.
#[must_use]
pub fn all() -> Vec<Gesture> {
    Emote::ALL.map(of).into()
}

/// Actor and gesture of an effect, if it is one.
#[must_use]
pub fn seen(effect: &Effect) -> Option<(EntityId, Gesture)> {
    match effect {
        Effect::Emote { id, emote } => Some((*id, of(*emote))),
        _ => None,
    }
}

/// The signs are made of letters, because the fonts of the client have no pictures.
fn of(emote: Emote) -> Gesture {
    let (name, phrase, sign) = match emote {
        Emote::Wave => ("Wave", "waves", "o/"),
        Emote::Bow => ("Bow", "bows", "orz"),
        Emote::Dance => ("Dance", "dances", "\\o\\"),
        Emote::Sit => ("Sit", "sits down", "_h_"),
        Emote::Laugh => ("Laugh", "laughs", ":D"),
        Emote::Point => ("Point", "points ahead", "o->"),
        Emote::Cheer => ("Cheer", "cheers", "\\o/"),
        Emote::Cry => ("Cry", "cries", ":'("),
    };
    Gesture { name, phrase, sign, intent: Intent::Emote { emote } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_gesture_is_named_and_known_again_when_it_is_seen() {
        let gestures = all();
        assert_eq!(gestures.len(), 8);
        for (gesture, emote) in gestures.iter().zip(Emote::ALL) {
            assert_eq!(gesture.intent, Intent::Emote { emote });
            assert_eq!(seen(&Effect::Emote { id: EntityId(3), emote }), Some((EntityId(3), gesture.clone())));
        }
        assert_eq!(seen(&Effect::Missed { lines: 1 }), None);
    }
}
