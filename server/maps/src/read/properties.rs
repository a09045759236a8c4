//! Custom properties.

use std::path::Path;

use crate::drawing::{Properties, Value};
use crate::files::resolve;
use crate::problem::{Place, shown};

use super::context::{Context, Number as _, color};
use super::tree::Element;

/// Estimate of what a property takes beside its texts, bytes.
const PROPERTY_LEN: usize = 128;
/// And the first one of a list, whose node has room for several.
const PROPERTIES_LEN: usize = 640;

/// The custom properties of an element.
pub(super) fn read(context: &mut Context<'_>, element: &Element<'_>, file: &Path, place: &Place) -> Properties {
    let mut properties = Properties::new();
    for property in element.children("properties").flat_map(|list| list.children("property")) {
        let name = property.get("name").unwrap_or_default();
        let text = property.get("value").unwrap_or(&property.text);
        let first = if properties.is_empty() { PROPERTIES_LEN } else { 0 };
        if context.take(first + PROPERTY_LEN + name.len() + text.len(), place).is_none() {
            break;
        }
        let value = value(context, property, text, file, place);
        properties.insert(name.to_owned(), value);
    }
    properties
}

/// A copy of properties that are in effect for something else too.
pub(super) fn inherit(context: &mut Context<'_>, from: &Properties, place: &Place) -> Properties {
    match context.take(len(from), place) {
        Some(()) => from.clone(),
        None => Properties::new(),
    }
}

/// Estimate of what properties take.
pub(super) fn len(properties: &Properties) -> usize {
    let of_values = properties.iter().map(|(name, value)| {
        let of_value = match value {
            Value::Text(text) => text.len(),
            Value::File(path) => path.as_os_str().len(),
            Value::Class(members) => len(members),
            _ => 0,
        };
        PROPERTY_LEN + name.len() + of_value
    });
    of_values.sum::<usize>() + if properties.is_empty() { 0 } else { PROPERTIES_LEN }
}

fn value(context: &mut Context<'_>, property: &Element<'_>, text: &str, file: &Path, place: &Place) -> Value {
    let number = text.trim();
    let kind = property.get("type").unwrap_or("string");
    let value = match kind {
        "string" => Some(Value::Text(text.to_owned())),
        // What is not set is nothing, for Tiled too.
        "int" if number.is_empty() => Some(Value::Int(0)),
        "int" => number.parse().ok().map(Value::Int),
        "float" if number.is_empty() => Some(Value::Float(0.0)),
        "float" => number.parse().ok().filter(|number: &f64| number.is_finite()).map(Value::Float),
        "bool" if number.is_empty() => Some(Value::Bool(false)),
        "bool" => bool::of(number).map(Value::Bool),
        "color" if number.is_empty() => Some(Value::Color([0; 4])),
        "color" => color(number).map(Value::Color),
        "file" if number.is_empty() => Some(Value::File(Default::default())),
        "file" => Some(Value::File(resolve(file, text))),
        "object" if number.is_empty() => Some(Value::Object(0)),
        "object" => number.parse().ok().map(Value::Object),
        // Nothing here has a list, and what is said in one is its own program's.
        "list" => Some(Value::Text(text.to_owned())),
        "class" => Some(Value::Class(read(context, property, file, place))),
        _ => None,
    };
    value.unwrap_or_else(|| {
        let what = format!("the property {} is {}, which is no {}", named(property), shown(text), shown(kind));
        let place = Place { line: property.line.or(place.line), ..place.clone() };
        context.warn("property-value", &place, what, "remove it under Custom Properties and add it again");
        Value::Text(text.to_owned())
    })
}

fn named(property: &Element<'_>) -> String {
    shown(property.get("name").unwrap_or_default())
}
