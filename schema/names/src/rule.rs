//! What may be the name of a character: it is normalised, and then nothing in it may be invisible,
//! out of place or out of another alphabet than the rest.

use tilemud_schema::limits::{DISPLAY_NAME_CHARS_MAX, DISPLAY_NAME_TYPED_CHARS_MAX};
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;
use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory as _};
use unicode_security::general_security_profile::IdentifierType;
use unicode_security::{
    GeneralSecurityProfile as _, MixedScript as _, RestrictionLevel, RestrictionLevelDetection as _,
};

use unicode_security::skeleton;

use crate::fold::spaced;

/// Most marks on one letter: Vietnamese, and scripts that stack them.
const MARKS_MAX: usize = 2;
const MARKS_STACKED_MAX: usize = 3;

/// Letters that are blank, and stand-ins for characters that could not be shown. Those that Unicode
/// says are to be ignored are found by that.
const BLANKS: [char; 7] = ['\u{2800}', '\u{fffc}', '\u{fffd}', '\u{13441}', '\u{13442}', '\u{16fe4}', '\u{1d159}'];

/// Why a text cannot be a name, in words for its player.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameFault {
    /// Nothing, or nothing but blanks.
    Empty,
    /// More than [`DISPLAY_NAME_CHARS_MAX`] characters.
    TooLong,
    /// White space other than the space bar's.
    Blank(char),
    /// Cannot be seen, or changes how its neighbours are shown.
    Invisible(char),
    /// Not a character of living writing.
    Unknown(char),
    /// A mark without a letter under it.
    LooseMark,
    /// More marks on a letter than writing has.
    TooManyMarks,
    /// Letters of alphabets that are not written together.
    MixedScripts,
    /// Punctuation and nothing else.
    NoLetter,
}

impl std::fmt::Display for NameFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Empty => write!(f, "a name has 1 to {DISPLAY_NAME_CHARS_MAX} characters"),
            Self::TooLong => write!(f, "a name has at most {DISPLAY_NAME_CHARS_MAX} characters"),
            Self::Blank(c) => write!(f, "the only blank allowed in a name is a plain space, not {}", code(*c)),
            Self::Invisible(c) => write!(f, "a name may not hold the invisible character {}", code(*c)),
            Self::Unknown(c) => write!(f, "a name may not hold the character {}", code(*c)),
            Self::LooseMark => f.write_str("an accent in a name needs a letter to stand on"),
            Self::TooManyMarks => f.write_str("a letter in a name may not carry so many accents"),
            Self::MixedScripts => f.write_str("a name may not mix letters of different alphabets"),
            Self::NoLetter => f.write_str("a name needs a letter, a digit or a picture"),
        }
    }
}

/// The name that a text stands for: in NFKC, with single inner spaces and none at the ends.
///
/// # Errors
/// The first thing about it that no name may have.
pub fn checked(text: &str) -> Result<String, NameFault> {
    if text.chars().nth(DISPLAY_NAME_TYPED_CHARS_MAX).is_some() {
        return Err(NameFault::TooLong);
    }
    // Before normalisation, which turns some blanks into spaces and some invisible letters into
    // others.
    text.chars().try_for_each(visible)?;
    let name = spaced(&text.nfkc().collect::<String>());
    name.chars().try_for_each(|c| visible(c).and_then(|()| living(c)))?;
    match name.chars().count() {
        0 => return Err(NameFault::Empty),
        1..=DISPLAY_NAME_CHARS_MAX => {}
        _ => return Err(NameFault::TooLong),
    }
    marks(&name)?;
    if name.chars().all(|c| c == ' ' || c.general_category_group() == GeneralCategoryGroup::Punctuation) {
        return Err(NameFault::NoLetter);
    }
    scripts(&name)?;
    Ok(name)
}

/// Can be seen, and leaves its neighbours as they are.
fn visible(c: char) -> Result<(), NameFault> {
    use GeneralCategory as Category;
    if c == ' ' {
        return Ok(());
    }
    if c.is_whitespace() && !c.is_control() {
        return Err(NameFault::Blank(c));
    }
    match c.general_category() {
        Category::Control
        | Category::Format
        | Category::Surrogate
        | Category::LineSeparator
        | Category::ParagraphSeparator => Err(NameFault::Invisible(c)),
        Category::SpaceSeparator => Err(NameFault::Blank(c)),
        _ if BLANKS.contains(&c) || is_ignored(c) => Err(NameFault::Invisible(c)),
        _ => Ok(()),
    }
}

/// Letters of names of today, whatever the table of identifiers says: Malayalam au, half rings of
/// Arabic and Hebrew names in Latin letters, alef wasla, and letters of African languages.
const IN_NAMES: [char; 7] = ['\u{d4c}', '\u{2be}', '\u{2bf}', '\u{671}', '\u{28a}', '\u{275}', '\u{294}'];

/// Belongs to the writing of today. Only asked of what is normalised: parts of a letter may be
/// none.
fn living(c: char) -> Result<(), NameFault> {
    use GeneralCategory as Category;
    // Letters drawn as pictures: no table says which ones they look like.
    if matches!(c, '\u{1f130}'..='\u{1f189}' | '\u{1f1e6}'..='\u{1f1ff}') {
        return Err(NameFault::Unknown(c));
    }
    match c.general_category() {
        _ if IN_NAMES.contains(&c) => Ok(()),
        Category::PrivateUse | Category::Unassigned | Category::EnclosingMark => Err(NameFault::Unknown(c)),
        // Letters that nobody writes a language of today with: extinct scripts, phonetic small
        // capitals.
        Category::UppercaseLetter
        | Category::LowercaseLetter
        | Category::TitlecaseLetter
        | Category::OtherLetter
        | Category::ModifierLetter
        | Category::NonspacingMark
        | Category::SpacingMark
            if matches!(
                c.identifier_type(),
                Some(
                    IdentifierType::Exclusion
                        | IdentifierType::Obsolete
                        | IdentifierType::Deprecated
                        | IdentifierType::Technical
                )
            ) =>
        {
            Err(NameFault::Unknown(c))
        }
        _ => Ok(()),
    }
}

/// Default_Ignorable_Code_Point: the skeleton leaves out these and no others.
pub(crate) fn is_ignored(c: char) -> bool {
    skeleton(c.encode_utf8(&mut [0; 4])).next().is_none()
}

/// Every mark stands on a letter or digit, and there are not many of them on one.
fn marks(name: &str) -> Result<(), NameFault> {
    let mut base = None;
    let mut run = Vec::new();
    for c in name.chars() {
        if !is_combining_mark(c) {
            base = matches!(c.general_category_group(), GeneralCategoryGroup::Letter | GeneralCategoryGroup::Number)
                .then_some(c);
            run.clear();
            continue;
        }
        let Some(base) = base else { return Err(NameFault::LooseMark) };
        let marks_max = if stacks(base) { MARKS_STACKED_MAX } else { MARKS_MAX };
        // A dot on a letter that has one already cannot be seen (UTS 39, 5.4).
        let is_hidden =
            c == '\u{307}' && run.is_empty() && "ij\u{131}\u{237}\u{12f}\u{268}\u{456}\u{458}".contains(base);
        if run.len() == marks_max || run.contains(&c) || is_hidden {
            return Err(NameFault::TooManyMarks);
        }
        run.push(c);
    }
    Ok(())
}

/// Scripts in which three marks on one letter are writing: Hebrew with points, and those from
/// Arabic to the Indic ones and their neighbours.
pub(crate) fn stacks(base: char) -> bool {
    matches!(u32::from(base), 0x0590..=0x109f | 0x1780..=0x17ff | 0x1a00..=0x1cff | 0xa800..=0xabff | 0x11000..=0x11fff)
}

/// The letters are of one script, or of those that are written together (UTS 39, 5.2: highly
/// restrictive); the digits are of one kind.
fn scripts(name: &str) -> Result<(), NameFault> {
    let written: String = name.chars().filter(|c| is_written(*c)).collect();
    if !written.is_single_script() && written.detect_restriction_level() > RestrictionLevel::HighlyRestrictive {
        return Err(NameFault::MixedScripts);
    }
    // The ten digits of a system stand within one sixteen of code points.
    let mut digits = name.chars().filter(|c| c.general_category() == GeneralCategory::DecimalNumber);
    if let Some(first) = digits.next()
        && digits.any(|digit| u32::from(digit) >> 4 != u32::from(first) >> 4)
    {
        return Err(NameFault::MixedScripts);
    }
    Ok(())
}

fn is_written(c: char) -> bool {
    matches!(
        c.general_category_group(),
        GeneralCategoryGroup::Letter | GeneralCategoryGroup::Mark | GeneralCategoryGroup::Number
    )
}

fn code(c: char) -> String {
    format!("U+{:04X}", u32::from(c))
}
