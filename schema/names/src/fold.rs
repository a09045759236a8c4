//! When two names are the same, and when they look the same. Total: any text has a folded form and
//! keys, so that names older than the rule can be found and compared too.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization as _;
use unicode_security::skeleton;

/// Number of the rule that makes [`look_keys`]. A store whose keys were made by another one makes
/// them anew, so a change of the rule or of the Unicode tables under it needs the next number.
pub const LOOK_RULE: i32 = 1;

/// Rounds after which folding has settled: compatibility forms of capitals are the longest way.
const FOLD_ROUNDS_MAX: usize = 4;

/// The form under which names are equal and are looked up: NFKC, without regard to case in any
/// alphabet, blanks at the ends left out and inner ones as one space.
#[must_use]
pub fn folded(name: &str) -> String {
    let mut form = spaced(&name.nfkc().collect::<String>());
    for _ in 0..FOLD_ROUNDS_MAX {
        let next = spaced(&caseless(&form).nfkc().collect::<String>());
        if next == form {
            break;
        }
        form = next;
    }
    form
}

/// The keys of a name's looks. Two names look the same when they have a key in common (UTS 39, 4:
/// the skeleton): as it is written, without regard to case, and without regard to case once letters
/// of other scripts are taken for the Latin ones they look like (Cyrillic `В` is like `B`, its
/// small form is not like `b`).
#[must_use]
pub fn look_keys(name: &str) -> BTreeSet<String> {
    let plain = spaced(&name.nfkc().collect::<String>());
    let latin: String = plain.chars().flat_map(as_ascii).collect();
    [("a", looks(&folded(&plain))), ("b", looks(&plain)), ("c", looks(&folded(&latin)))]
        .into_iter()
        .map(|(kind, key)| format!("{kind}:{key}"))
        .collect()
}

/// White space at the ends removed, each inner run of it as one space.
pub(crate) fn spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Letter by letter, so that nothing depends on the neighbours (`ς` at the end of a word). Upper
/// case between two lower ones makes equal what has no single counterpart (`ß`, `ẞ` and `SS`).
fn caseless(text: &str) -> String {
    let lower = text.chars().flat_map(char::to_lowercase);
    lower.flat_map(char::to_uppercase).flat_map(char::to_lowercase).collect()
}

/// The skeleton, applied until it stays as it is.
fn looks(text: &str) -> String {
    let once: String = skeleton(text).collect();
    spaced(&skeleton(&once).collect::<String>())
}

/// The ASCII character that one of another alphabet looks like; itself where there is none.
fn as_ascii(c: char) -> impl Iterator<Item = char> {
    let mut buffer = [0; 4];
    let mut like = skeleton(c.encode_utf8(&mut buffer)).collect::<Vec<_>>();
    if c.is_ascii() || !like.iter().all(char::is_ascii) {
        like = vec![c];
    }
    like.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_differ_only_in_case_are_the_same() {
        for (one, other) in [
            ("Zoe", "zOE"),
            ("Straße", "STRASSE"),
            ("STRAẞE", "strasse"),
            ("É", "é"),
            ("ΣΟΦΟΣ", "σοφος"),
            ("ΣΟΦΟΣ", "σοφοσ"),
            ("ЁЖ", "ёж"),
            ("ǅur", "dŽur"),
            ("ﬁn", "FIN"),
        ] {
            assert_eq!(folded(one), folded(other), "{one} {other}");
        }
    }

    #[test]
    fn names_that_differ_only_in_how_they_are_encoded_are_the_same() {
        for (one, other) in
            [("\u{c9}ric", "E\u{301}ric"), ("Ａｎｎ", "Ann"), ("각", "\u{1100}\u{1161}\u{11a8}"), ("A  b", " a B ")]
        {
            assert_eq!(folded(one), folded(other), "{one} {other}");
        }
    }

    #[test]
    fn other_names_stay_apart() {
        for (one, other) in
            [("Zoe", "Zoé"), ("Ann", "Anne"), ("o", "ö"), ("Ian", "Lan"), ("Вова", "Bob"), ("Mia", "Mja")]
        {
            assert_ne!(folded(one), folded(other), "{one} {other}");
            assert!(look_keys(one).is_disjoint(&look_keys(other)), "{one} {other}");
        }
    }

    #[test]
    fn names_that_look_the_same_have_a_key_in_common() {
        for (one, other) in [
            ("Ann", "\u{410}nn"),
            ("Robin", "R\u{43e}bin"),
            ("Pope", "\u{420}\u{43e}\u{440}\u{435}"),
            ("ADMIN", "ADMlN"),
            ("Ian", "lan"),
            ("Anna", "\u{391}\u{39d}\u{39d}\u{391}"),
            ("bob", "\u{412}\u{41e}\u{412}"),
            ("O'Neil", "O\u{2019}Neil"),
            ("Robin", "Ro\u{200b}bin"),
            ("modern", "modem"),
            ("Ann", "\u{1d400}nn"),
        ] {
            assert!(!look_keys(one).is_disjoint(&look_keys(other)), "{one} {other}");
        }
    }
}
