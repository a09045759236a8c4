//! Names as builders write them: `Above Player`, `above_player2` and `AbovePlayer` say the same.

use crate::drawing::{Properties, Value};
use crate::problem::is_unseen;

/// The words of a name in lower case, without digits and signs.
#[must_use]
pub fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_small = false;
    for letter in name.chars() {
        if !letter.is_alphabetic() || (letter.is_uppercase() && was_small) {
            words.push(String::new());
        }
        was_small = letter.is_lowercase();
        if letter.is_alphabetic()
            && let Some(word) = words.last_mut()
        {
            word.extend(letter.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// The words without what is between them.
#[must_use]
pub fn joined(name: &str) -> String {
    words(name).concat()
}

/// The property whose name is one of `names`, however it is written.
#[must_use]
pub fn property<'a>(properties: &'a Properties, names: &[&str]) -> Option<&'a Value> {
    properties.iter().find(|(name, _)| names.contains(&joined(name).as_str())).map(|(_, value)| value)
}

/// What a value says when it is read as yes or no; old files have no types.
#[must_use]
pub fn truth(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(value) => Some(*value),
        Value::Int(value) => Some(*value != 0),
        Value::Float(value) => Some(*value != 0.0),
        Value::Text(text) => match text.trim().to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" | "1" => Some(true),
            "false" | "no" | "off" | "0" | "" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

/// What a value says when it is read as a whole number.
#[must_use]
pub fn number(value: &Value) -> Option<i64> {
    match value {
        Value::Int(value) => Some(*value),
        // A float that is no whole number within an i32 is no place of a map.
        Value::Float(value) if value.abs() < f64::from(i32::MAX) => Some(value.floor() as i64),
        Value::Text(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// What a value says when it is read as text, without what is around it.
#[must_use]
pub fn text(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(text.trim().to_owned()),
        Value::Int(value) => Some(value.to_string()),
        Value::File(path) => Some(path.to_string_lossy().into_owned()),
        _ => None,
    }
    .filter(|text| !text.is_empty())
}

/// Most characters of a name that players see.
pub const SHOWN_CHARS_MAX: usize = 48;

/// A name fit for the screens of others: without signs that move or colour text, and not long.
#[must_use]
pub fn shown(name: &str) -> String {
    shown_up_to(name, SHOWN_CHARS_MAX)
}

/// The same of another length, characters.
#[must_use]
pub fn shown_up_to(name: &str, chars_max: usize) -> String {
    name.trim().chars().filter(|letter| !is_unseen(*letter)).take(chars_max).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_a_name_are_found_however_it_is_written() {
        for name in ["Above Player", "above_player2", "AbovePlayer", "above-player", "3_above.player"] {
            assert_eq!(words(name), ["above", "player"], "{name}");
        }
        assert!(words("42").is_empty());
    }

    #[test]
    fn values_without_types_are_read() {
        assert_eq!(truth(&Value::Text("True".to_owned())), Some(true));
        assert_eq!(truth(&Value::Text("maybe".to_owned())), None);
        assert_eq!(number(&Value::Text(" 12 ".to_owned())), Some(12));
        assert_eq!(number(&Value::Float(f64::NAN)), None);
    }

    #[test]
    fn names_that_move_text_are_made_plain() {
        assert_eq!(shown(" a\u{202e}b\x1b[31m\nc "), "ab[31mc");
        assert_eq!(shown("A\u{ad}n\u{61c}n\u{3164}\u{e0061}\u{fe0f}"), "Ann");
        assert_eq!(shown(&"x".repeat(5_000)).len(), SHOWN_CHARS_MAX);
    }
}
