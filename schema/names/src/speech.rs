//! What people say: kept as it was written, without what cannot be seen and is not part of any
//! writing. Whoever reads a line sees all there is of it, in its order, and it stays on its line.
//!
//! Chat is not as strict as names: any language may be mixed with any other, and with pictures. So
//! what does not belong is left out rather than refused, because it often came along with what was
//! pasted. Kept are joiners and selectors where writing and pictures need them, and direction marks
//! in text that runs from right to left. Sources: UAX 9, UTS 51, UAX 44.

use tilemud_schema::limits::CHAT_CHARS_MAX;
use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory as _};

use crate::rule::{is_ignored, stacks};

/// Most marks on one character: polytonic Greek has three. And in scripts that stack them: pointed
/// Hebrew with accents, Burmese, Tibetan.
const MARKS_MAX: usize = 3;
const MARKS_STACKED_MAX: usize = 6;

/// Most letters of the code of a flag's region, with what ends it.
const FLAG_TAGS_MAX: usize = 7;

const ZWNJ: char = '\u{200c}';
const ZWJ: char = '\u{200d}';
const BLACK_FLAG: char = '\u{1f3f4}';
const END_OF_FLAG: char = '\u{e007f}';

/// Why a text cannot be said, in words for its player.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpeechFault {
    /// Too long, as it was written.
    TooLong,
    /// A control character, or the end of a line.
    Control,
    /// Nothing in it can be seen.
    Nothing,
}

impl std::fmt::Display for SpeechFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::TooLong => write!(f, "1 to {CHAT_CHARS_MAX} characters are allowed"),
            Self::Control => f.write_str("control characters and ends of lines are not allowed"),
            Self::Nothing => f.write_str("there is nothing in it that can be seen"),
        }
    }
}

/// The text as it is said.
///
/// # Errors
/// When it cannot be said at all.
pub fn said(text: &str) -> Result<String, SpeechFault> {
    if text.chars().nth(CHAT_CHARS_MAX).is_some() {
        return Err(SpeechFault::TooLong);
    }
    if text.chars().any(|c| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')) {
        return Err(SpeechFault::Control);
    }
    if text.is_ascii() {
        return if text.trim().is_empty() { Err(SpeechFault::Nothing) } else { Ok(text.to_owned()) };
    }
    let mut line = Line { is_right_to_left: text.chars().any(runs_left), ..Line::default() };
    text.chars().for_each(|c| line.take(c));
    // What joins needs something behind it.
    let said = line.said.trim_end_matches([ZWNJ, ZWJ]);
    if line.is_seen { Ok(said.to_owned()) } else { Err(SpeechFault::Nothing) }
}

/// A line as far as it has been read.
#[derive(Default)]
struct Line {
    said: String,
    is_right_to_left: bool,
    is_seen: bool,
    /// The last character that stands by itself, and what was put on it.
    base: Option<char>,
    marks: Vec<char>,
    has_selector: bool,
    /// What was kept last.
    last: Option<char>,
    /// Letters of a flag so far; `None` outside of one.
    flag: Option<usize>,
}

impl Line {
    fn take(&mut self, c: char) {
        let is_kept = match c {
            ZWNJ | ZWJ => self.may_join(),
            '\u{200e}' | '\u{200f}' | '\u{61c}' => self.is_right_to_left && self.last != Some(c),
            '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' | '\u{180b}'..='\u{180d}' | '\u{180f}' => {
                self.selects()
            }
            '\u{180e}' => self.last.is_some_and(is_mongolian),
            '\u{e0020}'..=END_OF_FLAG => self.is_of_flag(c),
            // Blanks that are no spaces, and letters that are blank.
            '\u{2800}' | '\u{13441}' | '\u{13442}' | '\u{16fe4}' | '\u{1d159}' => return self.take(' '),
            _ if is_mark(c) && !is_ignored(c) => self.carries(c),
            _ if is_shown(c) => {
                self.stand(c);
                true
            }
            _ => false,
        };
        if is_kept {
            self.said.push(c);
            self.last = Some(c);
        }
    }

    /// A character that stands by itself.
    fn stand(&mut self, c: char) {
        self.is_seen |= !c.is_whitespace();
        self.base = (!c.is_whitespace()).then_some(c);
        self.marks.clear();
        self.has_selector = false;
        self.flag = (c == BLACK_FLAG).then_some(0);
    }

    /// Whether a mark has something to stand on and is not one of too many.
    fn carries(&mut self, c: char) -> bool {
        let Some(base) = self.base else { return false };
        let marks_max = if stacks(base) { MARKS_STACKED_MAX } else { MARKS_MAX };
        let is_kept = self.marks.len() < marks_max && self.marks.last() != Some(&c);
        if is_kept {
            self.marks.push(c);
        }
        is_kept
    }

    /// Joiners shape letters of scripts that join, and put pictures together.
    fn may_join(&self) -> bool {
        self.base.is_some_and(|base| !base.is_ascii()) && !matches!(self.last, None | Some(ZWNJ | ZWJ))
    }

    /// A selector says how the character before it is drawn; one is enough.
    fn selects(&mut self) -> bool {
        self.base.is_some() && self.marks.is_empty() && !std::mem::replace(&mut self.has_selector, true)
    }

    /// A region of a flag is written in characters that are not shown.
    fn is_of_flag(&mut self, c: char) -> bool {
        let Some(tags) = self.flag.filter(|tags| *tags < FLAG_TAGS_MAX) else { return false };
        self.flag = (c != END_OF_FLAG).then_some(tags + 1);
        true
    }
}

fn is_mark(c: char) -> bool {
    c.general_category_group() == GeneralCategoryGroup::Mark
}

/// Is seen, or is a space, and leaves its neighbours as they are. Characters newer than the tables
/// are.
fn is_shown(c: char) -> bool {
    match c.general_category() {
        GeneralCategory::Format => is_sign_of_numbers(c),
        GeneralCategory::PrivateUse | GeneralCategory::Surrogate | GeneralCategory::Control => false,
        _ => !is_ignored(c) && !is_no_character(c),
    }
}

/// Signs that are drawn around the digits behind them, though Unicode calls them formats.
fn is_sign_of_numbers(c: char) -> bool {
    matches!(
        u32::from(c),
        0x0600..=0x0605 | 0x06dd | 0x070f | 0x0890..=0x0891 | 0x08e2 | 0x110bd | 0x110cd
    )
}

/// Code points that never will be characters.
fn is_no_character(c: char) -> bool {
    let code = u32::from(c);
    code & 0xfffe == 0xfffe || (0xfdd0..=0xfdef).contains(&code)
}

fn is_mongolian(c: char) -> bool {
    ('\u{1800}'..='\u{18af}').contains(&c)
}

/// Letters of scripts that run from right to left: Hebrew to Arabic and their presentation forms,
/// and those of the upper planes.
fn runs_left(c: char) -> bool {
    let is_there = matches!(
        u32::from(c),
        0x0590..=0x08ff | 0xfb1d..=0xfdff | 0xfe70..=0xfeff | 0x10800..=0x10fff | 0x1e800..=0x1efff
    );
    is_there && c.general_category_group() == GeneralCategoryGroup::Letter
}
