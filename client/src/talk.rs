//! The chat log, and how a typed line becomes an intent. Bounded; fed by the effects of state
//! deltas and by notices of the client itself.

use std::collections::VecDeque;
use std::sync::Arc;

use tilemud_schema::limits::CHAT_CHARS_MAX;
use tilemud_schema::{ChatChannel, Details, Intent, WireError};

const LINES_MAX: usize = 200;
/// Lines that were not said, kept.
const UNSAID_MAX: usize = 24;

/// Who a line is from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Voice {
    /// Somebody in the world.
    Person {
        name: Arc<str>,
        /// How it was said.
        channel: ChatChannel,
    },
    /// Nobody: somebody was seen doing it.
    Seen {
        name: Arc<str>,
    },
    Notice,
}

/// One line of the log.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    pub voice: Voice,
    pub text: Arc<str>,
    /// When, seconds.
    pub at_s: f64,
}

/// The log, and what was typed but not said.
#[derive(Debug, Default)]
pub struct Talk {
    lines: VecDeque<Line>,
    unsaid: VecDeque<String>,
}

impl Talk {
    pub fn heard(&mut self, name: &Arc<str>, channel: ChatChannel, text: &Arc<str>, now_s: f64) {
        self.push(Voice::Person { name: name.clone(), channel }, text.clone(), now_s);
    }

    /// Adds a gesture, with the text after the actor's name.
    pub fn seen(&mut self, name: &Arc<str>, phrase: &str, now_s: f64) {
        self.push(Voice::Seen { name: name.clone() }, phrase.into(), now_s);
    }

    /// More was said than could be kept for the player.
    pub fn missed(&mut self, lines: u32, now_s: f64) {
        let text = if lines == 1 { "You missed one line.".to_owned() } else { format!("You missed {lines} lines.") };
        self.notice(&text, now_s);
    }

    /// Adds a notice of the game itself.
    pub fn notice(&mut self, text: &str, now_s: f64) {
        self.push(Voice::Notice, text.into(), now_s);
    }

    /// Keeps a refused line as it was typed, for the input field. When many are kept, further ones
    /// go to the log instead.
    pub fn put_back(&mut self, intent: &Intent, now_s: f64) {
        let Some(line) = typed(intent) else { return };
        if self.unsaid.len() == UNSAID_MAX {
            return self.notice(&format!("Not said: {line}"), now_s);
        }
        self.unsaid.push_back(line);
    }

    /// The oldest words that were not said.
    pub fn take_unsaid(&mut self) -> Option<String> {
        self.unsaid.pop_front()
    }

    fn push(&mut self, voice: Voice, text: Arc<str>, at_s: f64) {
        if self.lines.len() == LINES_MAX {
            self.lines.pop_front();
        }
        self.lines.push_back(Line { voice, text, at_s });
    }

    /// The lines, oldest first.
    pub fn lines(&self) -> impl DoubleEndedIterator<Item = &Line> {
        self.lines.iter()
    }
}

/// Why something was not done, for the player.
#[must_use]
pub fn reason(error: &WireError) -> String {
    match &error.details {
        Some(Details::Unheard { to, lines: 0 | 1 }) => format!("{to} is away and did not hear you."),
        Some(Details::Unheard { to, lines }) => format!("{to} is away and did not hear {lines} lines of yours."),
        Some(Details::Field { field, .. }) if field == "no_build" => "Nothing may be built there.".to_owned(),
        _ => error.message.clone(),
    }
}

/// What a typed line means: plain words are said; `/z words` goes to the whole zone,
/// `/w name words` to one player (a name with spaces in double quotes).
///
/// # Errors
/// What is wrong with it, for the player.
pub fn parse(line: &str) -> Result<Intent, String> {
    let line = line.replace(char::is_control, " ");
    let line = line.trim();
    let (channel, to, text) = match line.strip_prefix('/') {
        None => (ChatChannel::Say, None, line),
        Some(command) => {
            let (word, rest) = command.split_once(' ').unwrap_or((command, ""));
            match word {
                "z" | "zone" => (ChatChannel::Zone, None, rest.trim()),
                "w" | "whisper" => {
                    let (name, text) = listener(rest).ok_or("Whisper like this: /w name words")?;
                    (ChatChannel::Whisper, Some(Arc::from(name)), text)
                }
                _ => return Err(format!("There is no /{word}. Try /z words or /w name words.")),
            }
        }
    };
    let intent = Intent::Chat { channel, text: text.into(), to };
    match intent.check() {
        Ok(()) => Ok(intent),
        Err(_) if text.is_empty() => Err("Say something first.".to_owned()),
        Err((_, Details::Field { field, .. })) if field == "to" => Err("Nobody can have that name.".to_owned()),
        Err(_) => {
            let over = text.chars().count().saturating_sub(CHAT_CHARS_MAX);
            Err(format!("{over} characters too many: at most {CHAT_CHARS_MAX} fit into one message."))
        }
    }
}

/// The characters of a typed line that count: what is said, without command and name.
#[must_use]
pub fn count(line: &str) -> usize {
    let line = line.trim();
    let said = match line.strip_prefix('/').and_then(|command| command.split_once(' ')) {
        Some(("z" | "zone", rest)) => rest.trim(),
        Some(("w" | "whisper", rest)) => listener(rest).map_or("", |(_, text)| text),
        _ => line,
    };
    said.chars().count()
}

/// Name and words of a whisper.
fn listener(rest: &str) -> Option<(&str, &str)> {
    let (name, text) = match rest.trim().strip_prefix('"') {
        Some(quoted) => quoted.split_once('"'),
        None => rest.trim().split_once(' '),
    }?;
    Some((name.trim(), text.trim()))
}

/// The line that [`parse`] makes this intent of; `None` for what is not said.
fn typed(intent: &Intent) -> Option<String> {
    match intent {
        Intent::Chat { channel: ChatChannel::Zone, text, .. } => Some(format!("/z {text}")),
        Intent::Chat { text, to: Some(to), .. } => Some(format!("/w \"{to}\" {text}")),
        Intent::Chat { text, .. } => Some(text.to_string()),
        _ => None,
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
    fn who_may_not_build_somewhere_is_told_so() {
        let details = Details::Field { field: "no_build".to_owned(), reason: "as the map says".to_owned() };
        let error = |details| WireError::new(tilemud_schema::ErrorCode::ActionNotAllowed, uuid::Uuid::nil(), details);
        assert_eq!(reason(&error(Some(details))), "Nothing may be built there.");
        assert_eq!(reason(&error(None)), "That cannot be done.");
    }

    #[test]
    fn who_did_not_hear_is_named_and_missed_lines_are_counted() {
        let error = |lines| {
            let details = Details::Unheard { to: "Mira".to_owned(), lines };
            WireError::new(tilemud_schema::ErrorCode::TargetAway, uuid::Uuid::nil(), Some(details))
        };
        assert_eq!(reason(&error(1)), "Mira is away and did not hear you.");
        assert_eq!(reason(&error(3)), "Mira is away and did not hear 3 lines of yours.");
        let mut talk = Talk::default();
        talk.missed(1, 0.0);
        talk.missed(12, 0.0);
        let lines: Vec<_> = talk.lines().map(|line| &*line.text).collect();
        assert_eq!(lines, ["You missed one line.", "You missed 12 lines."]);
    }

    #[test]
    fn what_somebody_is_seen_doing_stands_in_the_log_without_being_their_words() {
        let mut talk = Talk::default();
        talk.seen(&"Ann".into(), "waves", 1.0);
        let line = talk.lines().next_back().expect("a line");
        assert_eq!((&line.voice, &*line.text), (&Voice::Seen { name: "Ann".into() }, "waves"));
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
        assert_eq!(parse(&"x".repeat(283)).unwrap_err(), "3 characters too many: at most 280 fit into one message.");
        assert!(parse("a\tb\nc").is_ok_and(|intent| typed(&intent).as_deref() == Some("a b c")));
    }

    #[test]
    fn what_was_not_said_comes_back_as_it_was_typed_and_too_much_of_it_stands_in_the_log() {
        let mut talk = Talk::default();
        for line in ["hello", "/z to all", "/w \"Old Tom\" hi you"] {
            talk.put_back(&parse(line).expect("words"), 0.0);
            assert_eq!(talk.take_unsaid().as_deref(), Some(line));
        }
        (0..UNSAID_MAX + 1).for_each(|n| talk.put_back(&parse(&format!("line {n}")).expect("words"), 0.0));
        assert_eq!(&*talk.lines().next_back().expect("a line").text, "Not said: line 24");
        assert_eq!(talk.take_unsaid().as_deref(), Some("line 0"));
    }

    #[test]
    fn only_what_is_said_counts() {
        let lines = ["hello", " /z hello ", "/w Mira hello", "/w \"Old Tom\" hello"];
        assert_eq!(lines.map(count), [5; 4]);
        assert_eq!(["", "/w Mira", "/dance"].map(count), [0, 0, 6]);
    }

    #[test]
    fn the_log_is_bounded() {
        let mut talk = Talk::default();
        for number in 0..300 {
            talk.heard(&"Mira".into(), ChatChannel::Say, &format!("{number}").into(), 0.0);
        }
        assert_eq!(talk.lines().count(), 200);
        assert_eq!(&*talk.lines().next_back().expect("lines").text, "299");
    }
}
