//! What people say: kept as it was written, without what cannot be seen and is not part of any
//! writing. Whoever reads a line sees all there is of it, in its order, and it stays on its line.
//!
//! Chat is not as strict as names: any language may be mixed with any other, and with pictures. So
//! what does not belong is left out rather than refused, because it often came along with what was
//! pasted. Kept are joiners and selectors where writing and pictures need them, and direction marks
//! in text that runs from right to left: never so many of them that a message could be written in
//! what nobody sees. Sources: UAX 9, UTS 51, UAX 44, StandardizedVariants.txt.

use tilemud_schema::limits::CHAT_CHARS_MAX;
use unicode_normalization::char::compose;
use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeEmoji as _, UnicodeGeneralCategory as _};

use crate::rule::{is_ignored, stacks};

/// Most marks on one character: polytonic Greek has three, and Thai a vowel, a tone and a silencer.
const MARKS_MAX: usize = 3;
/// Arabic with a hamza, a doubling, a vowel and a small alef; Devanagari with a dot for a foreign
/// sound, a vowel, a nasal and a Vedic accent.
const MARKS_POINTED_MAX: usize = 4;
/// Scripts that stack them: pointed Hebrew with accents, Burmese, Tibetan.
const MARKS_STACKED_MAX: usize = 6;

/// The regions whose flags are in use (RGI emoji): England, Scotland, Wales. Any other code would
/// be a word that nobody sees.
const FLAGS: [&str; 3] = ["gbeng", "gbsct", "gbwls"];

/// Variants of Chinese signs in a line: names have a few, a message in variants has many.
const SIGN_VARIANTS_MAX: usize = 4;

const ZWNJ: char = '\u{200c}';
const ZWJ: char = '\u{200d}';
/// Mongolian: sets the last vowel of a word apart.
const VOWEL_SEPARATOR: char = '\u{180e}';
const BLACK_FLAG: char = '\u{1f3f4}';
/// What a tag is above the ASCII letter that it stands for.
const TAGS: u32 = 0xe0000;
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
    line.end_flag();
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
    marks: usize,
    /// Whether a direction mark was kept since.
    is_directed: bool,
    /// What was kept last.
    last: Option<char>,
    /// Letters of a flag so far, in ASCII; `None` outside of one.
    flag: Option<String>,
    sign_variants: usize,
}

impl Line {
    fn take(&mut self, c: char) {
        if !is_tag(c) {
            self.end_flag();
        }
        let is_kept = match c {
            ZWNJ | ZWJ => self.may_join(c),
            '\u{200e}' | '\u{200f}' | '\u{61c}' => {
                self.is_right_to_left && !std::mem::replace(&mut self.is_directed, true)
            }
            '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' | '\u{180b}'..='\u{180f}' => self.selects(c),
            _ if is_tag(c) => self.is_of_flag(c),
            // Blanks that are no spaces, letters that are blank, and what stands for an object.
            '\u{2800}' | '\u{fffc}' | '\u{13441}' | '\u{13442}' | '\u{16fe4}' | '\u{1d159}' => return self.take(' '),
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
        // A picture is joined to nothing but another.
        if self.last == Some(ZWJ) && self.base.is_some_and(is_picture) && !is_picture(c) {
            self.said.pop();
        }
        self.is_seen |= !c.is_whitespace();
        self.base = (!c.is_whitespace()).then_some(c);
        self.marks = 0;
        self.is_directed = false;
        self.flag = (c == BLACK_FLAG).then(String::new);
    }

    /// Whether a mark has something to stand on and is not one of too many.
    fn carries(&mut self, c: char) -> bool {
        let Some(base) = self.base.filter(|_| self.last != Some(c)) else { return false };
        // The second half of an Indic vowel sign is part of the first.
        let is_half = self.marks > 0 && self.last.and_then(|first| compose(first, c)).is_some();
        let is_kept = is_half || self.marks < marks_max(base);
        if is_kept {
            self.marks += usize::from(!is_half);
            self.is_directed = false;
        }
        is_kept
    }

    /// Joiners shape letters of scripts that join, and put pictures together.
    fn may_join(&self, joiner: char) -> bool {
        let Some(base) = self.base else { return false };
        let is_in_place = !self.is_directed && !matches!(self.last, Some(ZWNJ | ZWJ | VOWEL_SEPARATOR));
        is_in_place && (joins(base) || joiner == ZWJ && is_picture(base))
    }

    /// A selector says how the character right before it is drawn: one, and only where there is
    /// another way to draw it.
    fn selects(&mut self, selector: char) -> bool {
        let Some(base) = self.base else { return false };
        // It stands before the last vowel of a word, and other selectors before it.
        let is_behind_selector =
            selector == VOWEL_SEPARATOR && matches!(self.last, Some('\u{180b}'..='\u{180d}' | '\u{180f}'));
        (self.last == self.base || is_behind_selector)
            && match selector {
                '\u{180b}'..='\u{180f}' => is_mongolian(base),
                '\u{fe0e}' | '\u{fe0f}' => is_picture(base) || matches!(base, '0'..='9' | '#' | '*'),
                '\u{fe00}' if matches!(u32::from(base), 0x1000..=0x109f | 0xa840..=0xa877 | 0xaa60..=0xaa7f) => true,
                '\u{fe00}'..='\u{fe02}' | '\u{e0100}'..='\u{e01ef}' if is_han(base) => {
                    self.sign_variants += 1;
                    self.sign_variants <= SIGN_VARIANTS_MAX
                }
                _ => false,
            }
    }

    /// A region of a flag is written in characters that are not shown.
    fn is_of_flag(&mut self, c: char) -> bool {
        let Some(code) = &mut self.flag else { return false };
        if c == END_OF_FLAG {
            let is_used = FLAGS.contains(&code.as_str());
            if is_used {
                self.flag = None;
            }
            return is_used;
        }
        let letter = u32::from(c).checked_sub(TAGS).and_then(char::from_u32);
        let letter = letter.filter(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit());
        code.extend(letter);
        letter.is_some()
    }

    /// Without its end, a region is none, and what was written of it is left out.
    fn end_flag(&mut self) {
        let code = self.flag.take().unwrap_or_default();
        if !code.is_empty() {
            for _ in 0..code.len() {
                self.said.pop();
            }
            self.last = Some(BLACK_FLAG);
        }
    }
}

fn is_tag(c: char) -> bool {
    ('\u{e0020}'..=END_OF_FLAG).contains(&c)
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

fn marks_max(base: char) -> usize {
    match u32::from(base) {
        0x0e00..=0x0eff => MARKS_MAX,
        0x0600..=0x0dff => MARKS_POINTED_MAX,
        _ if stacks(base) => MARKS_STACKED_MAX,
        _ => MARKS_MAX,
    }
}

/// Pictures, of this table or of one to come.
fn is_picture(c: char) -> bool {
    let is_yet_to_come =
        ('\u{1f000}'..='\u{1faff}').contains(&c) && c.general_category() == GeneralCategory::Unassigned;
    !c.is_ascii() && c.is_emoji_char() || is_yet_to_come
}

fn is_han(c: char) -> bool {
    matches!(u32::from(c), 0x3005 | 0x3007 | 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xf900..=0xfaff | 0x20000..=0x3ffff)
}

fn is_mongolian(c: char) -> bool {
    ('\u{1820}'..='\u{18aa}').contains(&c)
}

/// Letters of cursive scripts, from Arabic to N'Ko, Mongolian, Phags-pa and Adlam, and of Indic
/// ones and their neighbours, in which a joiner decides about the form of a cluster.
fn joins(base: char) -> bool {
    let is_there = matches!(
        u32::from(base),
        0x0600..=0x0dff | 0x1000..=0x109f | 0x1780..=0x18af | 0x1a20..=0x1c4f | 0xa840..=0xa87f | 0xa8e0..=0xa9df
            | 0x10a00..=0x10fff | 0x11000..=0x11fff | 0x1e900..=0x1e95f
    );
    is_there && base.general_category_group() == GeneralCategoryGroup::Letter
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
