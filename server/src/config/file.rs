//! The optional TOML file: a flat table whose keys are the flags' names. Values keep their line, so
//! that a bad one is found.

use std::path::Path;
use std::sync::Arc;

use toml::de::{DeTable, DeValue};

use super::error::ConfigError;
use super::nearest::remedy_for_unknown;
use super::place::{Given, Place, Values};
use super::settings::{SETTINGS, Setting, Shape};

/// Reads the file's text.
pub(super) fn parse(path: &Path, text: &str) -> Result<Values, ConfigError> {
    let path: Arc<Path> = path.into();
    let place = |at: Option<usize>, key: Option<&str>| Place::File {
        path: Arc::clone(&path),
        line: at.map(|at| line_of(text, at)),
        key: key.map(Arc::from),
    };
    let table = DeTable::parse(text).map_err(|error| {
        let at = place(error.span().map(|span| span.start), None);
        ConfigError::value(&at, format!("not TOML: {}", error.message()), "write lines of the form tick_hz = 20")
    })?;
    let mut values = Values::new();
    for (key, value) in table.get_ref() {
        let name: &str = key.get_ref();
        let place = place(Some(key.span().start), Some(name));
        let Some(setting) = SETTINGS.iter().find(|setting| setting.key() == name.replace('-', "_")) else {
            let remedy = remedy_for_unknown(name, SETTINGS.iter().map(Setting::key));
            return Err(ConfigError::value(&place, "no setting has this name", remedy));
        };
        let texts = texts(setting, value.get_ref()).ok_or_else(|| {
            let problem = format!("expected {}", expected(setting.shape));
            ConfigError::value(&place, problem, format!("write {} = {}", setting.key(), example(setting.shape)))
        })?;
        if let Some(Given { place: first, .. }) = values.insert(setting.name, Given { place: place.clone(), texts }) {
            let problem = format!("the same setting is also given at {first}");
            return Err(ConfigError::value(&place, problem, "keep one of the two"));
        }
    }
    Ok(values)
}

/// The value as texts, when it is of the right type.
fn texts(setting: &Setting, value: &DeValue<'_>) -> Option<Vec<String>> {
    let text = |value: &DeValue<'_>| value.as_str().map(str::to_owned);
    match (setting.shape, value) {
        (Shape::Text | Shape::Secret | Shape::SecretFile, value) => Some(vec![text(value)?]),
        (Shape::Number | Shape::Patience, DeValue::Integer(number)) => {
            Some(vec![i64::from_str_radix(number.as_str(), number.radix()).ok()?.to_string()])
        }
        (Shape::Switch | Shape::Patience, DeValue::Boolean(on)) => Some(vec![on.to_string()]),
        (Shape::List, DeValue::Array(items)) => items.iter().map(|item| text(item.get_ref())).collect(),
        (Shape::List, value) => Some(vec![text(value)?]),
        (Shape::Number | Shape::Switch | Shape::Patience, _) => None,
    }
}

const fn expected(shape: Shape) -> &'static str {
    match shape {
        Shape::Text | Shape::Secret | Shape::SecretFile => "text in quotes",
        Shape::Number => "a whole number without quotes",
        Shape::Switch => "true or false without quotes",
        Shape::List => "an array of texts",
        Shape::Patience => "true, false or a number of seconds, without quotes",
    }
}

const fn example(shape: Shape) -> &'static str {
    match shape {
        Shape::Text | Shape::Secret | Shape::SecretFile => "\"...\"",
        Shape::Number => "20",
        Shape::Switch | Shape::Patience => "true",
        Shape::List => "[\"https://play.example.org\"]",
    }
}

fn line_of(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
}
