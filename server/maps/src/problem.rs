//! What is wrong or unusual in the files of a map, with its place and its remedy in Tiled's words.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::Serialize;
use unicode_properties::{GeneralCategory as Category, UnicodeGeneralCategory as _};

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The map is used, perhaps otherwise than its builder meant.
    Warning,
    /// The map cannot be used.
    Error,
}

/// Where it is; what is not known is left out.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Place {
    #[serde(serialize_with = "path_as_text")]
    pub file: PathBuf,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tileset: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub layer: Option<String>,
    /// The id of an object, as Tiled shows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object: Option<u32>,
    /// Local id of a tile in its tileset.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tile: Option<u32>,
    /// Column and row of the map.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cell: Option<(i32, i32)>,
}

/// Paths need not be UTF-8; in JSON they are as near to it as they come.
pub(crate) fn path_as_text<S: serde::Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&path.to_string_lossy())
}

/// One thing that is wrong or unusual.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Problem {
    pub severity: Severity,
    /// Names the kind, for programs: lower case with dashes.
    pub kind: &'static str,
    pub place: Place,
    /// What is so, as a sentence without its end.
    pub what: String,
    /// What to do, as an order without its end.
    pub remedy: String,
}

/// Most problems of one kind that are told one by one; further ones are counted.
pub const OF_A_KIND_MAX: usize = 20;

/// All that was found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Problems {
    pub found: Vec<Problem>,
    /// How many of a kind were left out.
    pub more: Vec<(&'static str, usize)>,
}

impl Problems {
    /// Notes one.
    pub fn add(&mut self, problem: Problem) {
        // First, because there may be millions of them.
        if let Some((_, more)) = self.more.iter_mut().find(|(kind, _)| *kind == problem.kind) {
            *more += 1;
            return;
        }
        let known = self.found.iter().filter(|known| known.kind == problem.kind).count();
        if known < OF_A_KIND_MAX {
            self.found.push(problem);
        } else {
            self.more.push((problem.kind, 1));
        }
    }

    /// Whether the map cannot be used.
    #[must_use]
    pub fn is_unusable(&self) -> bool {
        self.found.iter().any(|problem| problem.severity == Severity::Error)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self.severity {
            Severity::Warning => "warning",
            Severity::Error => "error",
        };
        write!(f, "{word}: {}: {}; {}", self.place, clean(&self.what, WHAT_LEN_MAX), clean(&self.remedy, WHAT_LEN_MAX))
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", clean(&self.file.display().to_string(), WHAT_LEN_MAX))?;
        if let Some(line) = self.line {
            write!(f, ", line {line}")?;
        }
        if let Some(tileset) = &self.tileset {
            write!(f, ", tileset {}", shown(tileset))?;
        }
        if let Some(tile) = self.tile {
            write!(f, ", tile {tile}")?;
        }
        if let Some(layer) = &self.layer {
            write!(f, ", layer {}", shown(layer))?;
        }
        if let Some(object) = self.object {
            write!(f, ", object {object}")?;
        }
        if let Some((x, y)) = self.cell {
            write!(f, ", cell {x}, {y}")?;
        }
        Ok(())
    }
}

/// Characters of a name of a map that are shown in a message.
const NAME_LEN_MAX: usize = 80;
/// Characters of a whole message, which may have several names in it, or of a path.
const WHAT_LEN_MAX: usize = 1000;

/// A text of a map as it stands in a message: in quotes, cut if it is long, and without anything
/// that a terminal obeys or that is seen otherwise than it stands.
#[must_use]
pub fn shown(text: &str) -> String {
    // One more than is shown, so that it is seen to be cut.
    let begin: String = text.chars().take(NAME_LEN_MAX + 1).collect();
    format!("\"{}\"", clean(&begin.replace('"', "'"), NAME_LEN_MAX))
}

/// At most `len_max` characters of a text; what cannot be seen is escaped, and counts as it is
/// shown.
fn clean(text: &str, len_max: usize) -> String {
    let mut cleaned = String::new();
    let mut len = 0;
    for c in text.chars() {
        let escaped = is_unseen(c).then(|| c.escape_unicode().to_string());
        len += escaped.as_ref().map_or(1, String::len);
        if len > len_max {
            cleaned.push_str("...");
            break;
        }
        match escaped {
            Some(escaped) => cleaned.push_str(&escaped),
            None => cleaned.push(c),
        }
    }
    cleaned
}

/// Whether a character is obeyed rather than shown, turns the text around it, or looks like
/// nothing.
pub(crate) fn is_unseen(c: char) -> bool {
    let by_category = matches!(
        c.general_category(),
        Category::Control
            | Category::Format
            | Category::LineSeparator
            | Category::ParagraphSeparator
            | Category::PrivateUse
            | Category::Unassigned
    );
    // Letters and marks that are blank: fillers, joiners and variation selectors.
    let blank = matches!(c,
        '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{2800}' | '\u{3164}' | '\u{ffa0}'
        | '\u{180b}'..='\u{180f}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}');
    // Spaces of other widths than the common one.
    by_category || blank || (c != ' ' && c.general_category() == Category::SpaceSeparator)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_forge_lines_colours_or_directions() {
        let place = Place {
            file: PathBuf::from("a\nb.tmx"),
            layer: Some("x\u{1b}[31m\u{202e}\u{200b}\u{3164}\"".to_owned()),
            ..Place::default()
        };
        let what = format!("the class {} is odd", shown("a\nerror: forged\u{9b}m"));
        let problem =
            Problem { severity: Severity::Warning, kind: "test", place, what, remedy: "rename\rit".to_owned() };
        assert_eq!(
            problem.to_string(),
            r#"warning: a\u{a}b.tmx, layer "x\u{1b}[31m\u{202e}\u{200b}\u{3164}'": the class "a\u{a}error: forged\u{9b}m" is odd; rename\u{d}it"#
        );
    }

    #[test]
    fn long_names_are_cut() {
        assert_eq!(shown(&"é".repeat(80)), format!("\"{}\"", "é".repeat(80)));
        assert_eq!(shown(&"é".repeat(81)), format!("\"{}...\"", "é".repeat(80)));
        assert_eq!(shown(&"\u{202e}".repeat(5000)).len(), 10 * "\\u{202e}".len() + "\"...\"".len());
    }

    #[test]
    fn further_problems_of_a_kind_are_counted() {
        let mut problems = Problems::default();
        for number in 0..OF_A_KIND_MAX + 5 {
            let kind = if number == 0 { "other" } else { "test" };
            problems.add(Problem {
                severity: Severity::Warning,
                kind,
                place: Place::default(),
                what: String::new(),
                remedy: String::new(),
            });
        }
        assert_eq!(problems.found.len(), OF_A_KIND_MAX + 1);
        assert_eq!(problems.more, [("test", 4)]);
    }
}
