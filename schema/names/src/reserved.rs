//! Names that nobody may take, because they would be taken for the operator's words.

use std::collections::BTreeSet;

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

    /// Whether a name would be taken for one of them. Blanks, punctuation and symbols do not make
    /// it another one.
    #[must_use]
    pub fn holds(&self, name: &str) -> bool {
        let bare = letters(name);
        !bare.is_empty() && !look_keys(&bare).is_disjoint(&self.keys)
    }
}

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
            "\u{ff33}erver",
            "Tile MUD",
        ] {
            assert_eq!(reserved.holds(name), name != "R00t", "{name}");
        }
        for name in ["Adam", "Adminka", "Rooted", "Sir Ver", "Gemma", "!!", ""] {
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
