//! When two display names count as the same one. Owns only that rule; the databases store its result
//! and keep it unique, because their own lower-casing stops at ASCII or depends on their locale.

/// The form of a name under which it is unique: without regard to case in any alphabet.
///
/// Upper-casing first makes letters equal that have no single counterpart (`ß` and `SS`, `ς` and `σ`).
pub(crate) fn folded(name: &str) -> String {
    name.to_uppercase().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::folded;

    #[test]
    fn names_that_differ_only_in_case_are_the_same() {
        for (one, other) in [("Zoe", "zOE"), ("Straße", "STRASSE"), ("É", "é"), ("ΣΟΦΟΣ", "σοφος"), ("ЁЖ", "ёж")]
        {
            assert_eq!(folded(one), folded(other));
        }
    }

    #[test]
    fn other_names_stay_apart() {
        for (one, other) in [("Zoe", "Zoé"), ("Ann", "Anne"), ("o", "ö")] {
            assert_ne!(folded(one), folded(other));
        }
    }
}
