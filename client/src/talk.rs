//! What is said: the chat log, speech bubbles, and how a typed line becomes an intent. Bounded; fed
//! by the effects of state deltas and by notices of the client itself.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use tilemud_schema::limits::CHAT_CHARS_MAX;
use tilemud_schema::{ChatChannel, EntityId, Intent};

/// Lines kept.
const LINES_MAX: usize = 200;
/// Shortest and longest life of a bubble, seconds.
const BUBBLE_S: (f64, f64) = (3.5, 9.0);

/// Who a line is from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Voice {
    /// Somebody in the world.
    Person {
        /// Display name.
        name: Arc<str>,
        /// How it was said.
        channel: ChatChannel,
    },
    /// The game itself.
    Notice,
}

/// One line of the log.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Who.
    pub voice: Voice,
    /// What.
    pub text: Arc<str>,
    /// When, seconds.
    pub at_s: f64,
}

/// Words above a head.
#[derive(Debug, Clone, PartialEq)]
pub struct Bubble {
    /// What.
    pub text: Arc<str>,
    /// Since when, seconds.
    pub from_s: f64,
    /// Until when, seconds.
    pub until_s: f64,
}

/// The log and the bubbles.
#[derive(Debug, Default)]
pub struct Talk {
    lines: VecDeque<Line>,
    bubbles: BTreeMap<EntityId, Bubble>,
}

impl Talk {
    /// Somebody said something; with `speaker` in view it also becomes a bubble.
    pub fn heard(
        &mut self,
        name: &Arc<str>,
        channel: ChatChannel,
        speaker: Option<EntityId>,
        text: &Arc<str>,
        now_s: f64,
    ) {
        self.push(Voice::Person { name: name.clone(), channel }, text.clone(), now_s);
        if let Some(id) = speaker.filter(|_| channel == ChatChannel::Say) {
            let life_s = (2.5 + 0.07 * text.chars().count() as f64).clamp(BUBBLE_S.0, BUBBLE_S.1);
            self.bubbles.insert(id, Bubble { text: text.clone(), from_s: now_s, until_s: now_s + life_s });
        }
    }

    /// The game tells the player something.
    pub fn notice(&mut self, text: &str, now_s: f64) {
        self.push(Voice::Notice, text.into(), now_s);
    }

    fn push(&mut self, voice: Voice, text: Arc<str>, at_s: f64) {
        if self.lines.len() == LINES_MAX {
            self.lines.pop_front();
        }
        self.lines.push_back(Line { voice, text, at_s });
    }

    /// Drops bubbles whose time is over.
    pub fn expire(&mut self, now_s: f64) {
        self.bubbles.retain(|_, bubble| bubble.until_s > now_s);
    }

    /// The lines, oldest first.
    pub fn lines(&self) -> impl DoubleEndedIterator<Item = &Line> {
        self.lines.iter()
    }

    /// The bubble above an entity.
    #[must_use]
    pub fn bubble(&self, id: EntityId) -> Option<&Bubble> {
        self.bubbles.get(&id)
    }
}

/// What a typed line means: plain words are said; `/z words` goes to the whole zone, `/w name words`
/// to one player (a name with spaces in double quotes).
///
/// # Errors
/// What is wrong with it, for the player.
pub fn parse(line: &str) -> Result<Intent, String> {
    let line = line.trim();
    let (channel, to, text) = match line.strip_prefix('/') {
        None => (ChatChannel::Say, None, line),
        Some(command) => {
            let (word, rest) = command.split_once(' ').unwrap_or((command, ""));
            match word {
                "z" | "zone" => (ChatChannel::Zone, None, rest.trim()),
                "w" | "whisper" => {
                    let (name, text) = match rest.trim().strip_prefix('"') {
                        Some(quoted) => quoted.split_once('"'),
                        None => rest.trim().split_once(' '),
                    }
                    .ok_or("Whisper like this: /w name words")?;
                    (ChatChannel::Whisper, Some(Arc::from(name.trim())), text.trim())
                }
                _ => return Err(format!("There is no /{word}. Try /z words or /w name words.")),
            }
        }
    };
    let intent = Intent::Chat { channel, text: text.into(), to };
    match intent.check() {
        Ok(()) => Ok(intent),
        Err(_) if text.is_empty() => Err("Say something first.".to_owned()),
        Err(_) => Err(format!("At most {CHAT_CHARS_MAX} plain characters fit into one message.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_words_are_said_to_those_nearby() {
        let Ok(Intent::Chat { channel: ChatChannel::Say, text, to: None }) = parse("  hello there ") else {
            panic!("not said")
        };
        assert_eq!(&*text, "hello there");
    }

    #[test]
    fn a_whisper_names_its_listener_even_with_spaces() {
        for (line, name) in [("/w Mira hi you", "Mira"), ("/w \"Old Tom\" hi you", "Old Tom")] {
            let Ok(Intent::Chat { channel: ChatChannel::Whisper, text, to: Some(to) }) = parse(line) else {
                panic!("not a whisper: {line}")
            };
            assert_eq!((&*to, &*text), (name, "hi you"));
        }
    }

    #[test]
    fn what_cannot_be_sent_is_explained() {
        for line in ["", "/z", "/w Mira", "/dance now", &"x".repeat(281)] {
            assert!(parse(line).is_err(), "{line:?} was taken");
        }
        assert!(parse(&"x".repeat(280)).is_ok());
    }

    #[test]
    fn the_log_is_bounded_and_bubbles_fade() {
        let mut talk = Talk::default();
        for number in 0..300 {
            talk.heard(&"Mira".into(), ChatChannel::Say, Some(EntityId(7)), &format!("{number}").into(), 0.0);
        }
        assert_eq!(talk.lines().count(), 200);
        assert_eq!(&*talk.lines().next_back().expect("lines").text, "299");
        assert!(talk.bubble(EntityId(7)).is_some());
        talk.expire(20.0);
        assert!(talk.bubble(EntityId(7)).is_none());
    }
}
