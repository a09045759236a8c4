//! The settings as a file: all that there are, to choose from; and those that a start would have,
//! with the place each came from. Secrets are not shown.

use std::fmt::Write as _;

use toml::Value;

use super::place::{Place, Values};
use super::settings::{SETTINGS, Setting, Shape};

/// Widest line of a comment, columns.
const WIDTH: usize = 100;

/// A file with every setting in a comment, at its default.
pub(super) fn template() -> String {
    let mut text = String::from(
        "# Settings of tilemud, all at their defaults. Take away the # before what is to be another value, and name\n\
         # this file with --config or TILEMUD_CONFIG. A flag or a variable of the environment wins over this file;\n\
         # `tilemud config show` says what comes of all of them.\n",
    );
    let mut group = None;
    for setting in SETTINGS.iter() {
        if group != setting.group {
            group = setting.group;
            let _ = write!(text, "\n## {}\n", group.unwrap_or_default());
        }
        let _ = writeln!(text, "\n{}", comment(&setting.help));
        let _ = writeln!(text, "# {} = {}", setting.key(), sample(setting));
    }
    text
}

/// The settings that a start would have, as a file: those that are set, with their places, and the
/// defaults in comments, because those of another version may be others.
pub(super) fn effective(values: &Values) -> String {
    let mut text = String::new();
    let mut group = None;
    for setting in SETTINGS.iter() {
        let Some(given) = values.get(setting.name) else { continue };
        if group != setting.group {
            let space = if group.is_none() { "" } else { "\n" };
            group = setting.group;
            let _ = writeln!(text, "{space}## {}", group.unwrap_or_default());
        }
        let (key, value) = (setting.key(), written(setting.shape, &given.texts));
        let _ = match &given.place {
            Place::Default(_) => writeln!(text, "# {key} = {value}"),
            place if may_hold_secret(setting, &value) => writeln!(text, "# {key} is set and not shown  # from {place}"),
            place => writeln!(text, "{key} = {value}  # from {place}"),
        };
    }
    text
}

/// Whether a value may hold a password, as addresses of databases do, and others as well.
fn may_hold_secret(setting: &Setting, value: &str) -> bool {
    setting.shape == Shape::Secret || value.split("://").skip(1).any(|address| address.contains('@'))
}

/// A value as the file has it.
fn written(shape: Shape, texts: &[String]) -> String {
    match shape {
        Shape::Number | Shape::Switch | Shape::Patience => texts.concat(),
        Shape::Text | Shape::Secret | Shape::SecretFile => Value::from(texts.concat()).to_string(),
        Shape::List => Value::from(texts.to_vec()).to_string(),
    }
}

/// What stands for a value: the default, or else what is to be written there.
fn sample(setting: &Setting) -> String {
    let texts: Vec<String> = setting.defaults.iter().map(|text| (*text).to_owned()).collect();
    match setting.shape {
        shape if !texts.is_empty() => written(shape, &texts),
        Shape::List => "[]".to_owned(),
        Shape::Switch | Shape::Patience => "false".to_owned(),
        Shape::Number => setting.value.to_owned(),
        Shape::Text | Shape::Secret | Shape::SecretFile => Value::from(setting.value).to_string(),
    }
}

/// A text as lines of comments.
fn comment(text: &str) -> String {
    let mut lines = vec![String::from("#")];
    for word in text.split_whitespace() {
        if lines.last().is_some_and(|line| line.len() + word.len() >= WIDTH) {
            lines.push(String::from("#"));
        }
        if let Some(line) = lines.last_mut() {
            line.push(' ');
            line.push_str(word);
        }
    }
    lines.join("\n")
}
