//! Names that nobody may take, because they would be taken for the operator's words.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use crate::fold::{folded, look_keys};

/// From whom lines are that nobody says; reserved whatever the operator sets.
pub const SYSTEM_NAME: &str = "server";

/// Reserved unless the operator sets others.
pub const RESERVED_NAMES: [&str; 10] =
    ["admin", "administrator", "gamemaster", "gm", "moderator", "operator", "root", SYSTEM_NAME, "system", "tilemud"];

/// A list of reserved names, [`SYSTEM_NAME`] among them, compared by look.
#[derive(Debug, Clone)]
pub struct Reserved {
    keys: BTreeSet<String>,
}

impl Reserved {
    /// From the names themselves, in any case.
    pub fn new<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let mut keys = BTreeSet::new();
        for name in names.into_iter().chain([SYSTEM_NAME]) {
            let small = letters(&folded(name));
            let capital: String =
                small.chars().take(1).flat_map(char::to_uppercase).chain(small.chars().skip(1)).collect();
            // As they are usually written: a look-alike of a capital is none of the small letter.
            for form in [letters(name), small.to_uppercase(), capital, small] {
                if !form.is_empty() {
                    keys.extend(look_keys(&form));
                }
            }
        }
        Self { keys }
    }

    /// Whether a name would be taken for one of them, or begins with one as with a title. Blanks,
    /// punctuation, symbols, accents and digits in place of letters do not make it another one.
    #[must_use]
    pub fn holds(&self, name: &str) -> bool {
        let title = name.split(|c: char| !c.is_alphanumeric() && !is_combining_mark(c)).find(|word| !word.is_empty());
        [Some(name), title].into_iter().flatten().any(|name| self.is_one(&letters(name)))
    }

    fn is_one(&self, bare: &str) -> bool {
        let plain: String = bare.nfd().filter(|c| !is_combining_mark(*c)).collect();
        let as_letters =
            [DIGITS_AS_LETTERS, DIGITS_AS_LETTERS.map(|(digit, c)| (digit, if digit == '1' { 'l' } else { c }))];
        let spelt = as_letters.map(|letters| {
            let letter = |c| letters.iter().find(|(digit, _)| *digit == c).map_or(c, |(_, letter)| *letter);
            plain.chars().map(letter).collect::<String>()
        });
        let forms = [bare, &plain].into_iter().chain(spelt.iter().map(String::as_str));
        forms.filter(|form| !form.is_empty()).any(|form| !look_keys(form).is_disjoint(&self.keys))
    }
}

/// Digits that are written for letters.
const DIGITS_AS_LETTERS: [(char, char); 6] = [('0', 'o'), ('1', 'i'), ('3', 'e'), ('4', 'a'), ('5', 's'), ('7', 't')];

fn letters(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reserved_name_is_reserved_in_every_disguise() {
        let reserved = Reserved::new(RESERVED_NAMES);
        for name in [
            "admin",
            "Admin",
            "ADMIN",
            "AdMiN",
            "ADMlN",
            "\u{430}dmin",
            "[Admin]",
            "a d m i n",
            "-= System =-",
            "G.M.",
            "R00t",
            "Adm1n",
            "m0d3rator",
            "5y5tem",
            "adm\u{12b}n",
            "Tilemu\u{1e0d}",
            "GM Bob",
            "Admin: Ann",
            "\u{ff33}erver",
            "Tile MUD",
        ] {
            assert!(reserved.holds(name), "{name}");
        }
        for name in ["Adam", "Adminka", "Rooted", "Sir Ver", "Gemma", "Tree Root", "Bob 007", "1234", "!!", ""] {
            assert!(!reserved.holds(name), "{name}");
        }
    }

    #[test]
    fn an_empty_list_reserves_the_systems_own_name_alone() {
        assert!(Reserved::new([]).holds("server") && Reserved::new(["boss"]).holds("S e r v e r"));
        assert!(!Reserved::new([]).holds("admin"));
        assert!(!Reserved::new(["", "--"]).holds("!!"));
    }
}
