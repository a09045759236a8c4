//! What holds for every text.

use proptest::prelude::*;
use tilemud_names::{checked, folded, look_keys};
use tilemud_schema::limits::DISPLAY_NAME_CHARS_MAX;

/// Texts that come near to names: letters of many scripts, marks, blanks and what hides between
/// them.
fn near_names() -> impl Strategy<Value = String> {
    let letter = prop_oneof![
        8 => proptest::char::range('a', 'z'),
        4 => proptest::char::range('A', 'Z'),
        2 => Just(' '),
        2 => proptest::char::range('\u{c0}', '\u{24f}'),
        2 => proptest::char::range('\u{300}', '\u{36f}'),
        1 => proptest::char::range('\u{370}', '\u{1fff}'),
        1 => proptest::char::range('\u{2000}', '\u{30ff}'),
        1 => any::<char>(),
    ];
    proptest::collection::vec(letter, 0..12).prop_map(String::from_iter)
}

proptest! {
    #[test]
    fn an_accepted_name_is_accepted_as_it_is(text in near_names()) {
        if let Ok(name) = checked(&text) {
            prop_assert_eq!(checked(&name), Ok(name));
        }
    }

    #[test]
    fn an_accepted_name_can_be_seen_and_is_short(text in near_names()) {
        if let Ok(name) = checked(&text) {
            prop_assert!((1..=DISPLAY_NAME_CHARS_MAX).contains(&name.chars().count()));
            prop_assert!(!name.chars().any(char::is_control));
            prop_assert!(look_keys(&name).iter().all(|key| key.chars().count() > "a:".len()), "{:?}", look_keys(&name));
        }
    }

    #[test]
    fn a_name_is_found_by_what_was_typed_for_it(text in near_names()) {
        if let Ok(name) = checked(&text) {
            prop_assert_eq!(folded(&text), folded(&name));
            prop_assert_eq!(folded(&name.to_uppercase()), folded(&name));
        }
    }

    #[test]
    fn folding_settles(text in near_names()) {
        prop_assert_eq!(folded(&folded(&text)), folded(&text));
    }

    #[test]
    fn names_that_are_the_same_look_the_same(text in near_names()) {
        prop_assert!(!look_keys(&text).is_disjoint(&look_keys(&folded(&text))));
    }
}
