//! Reads JSON into values that borrow from the text of the file. Lists of numbers, as of cells, are
//! kept as one text, which takes less memory than their digits do in the file.

use std::borrow::Cow;
use std::fmt::{self, Write as _};

use serde::de::{DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor};

use super::ledger::Hold;
use super::tree::{Broken, SAVE_AGAIN};

/// The members of a JSON object, in the order of the file.
pub(super) type Members<'a> = Vec<(Cow<'a, str>, Json<'a>)>;

/// A JSON value.
#[derive(Debug)]
pub(super) enum Json<'a> {
    Null,
    Bool(bool),
    Whole(i64),
    Fraction(f64),
    Text(Cow<'a, str>),
    /// Of objects and lists.
    List(Vec<Json<'a>>),
    /// A list of anything else, with commas between.
    Row(String),
    Object(Members<'a>),
}

/// Reads the one value of a file. Takes its memory from `hold`. The parser goes 128 levels deep.
///
/// # Errors
/// It is no JSON, nests too deeply, or needs too much memory.
pub(super) fn parse<'a>(text: &'a str, hold: &mut Hold<'_>) -> Result<Json<'a>, Broken> {
    let mut full = false;
    let mut parser = serde_json::Deserializer::from_str(text);
    let value = Seed { hold, full: &mut full }.deserialize(&mut parser);
    value.and_then(|value| parser.end().map(|()| value)).map_err(|error| {
        let line = u32::try_from(error.line()).ok();
        if full {
            let what = "holds more than a map may".to_owned();
            return Broken { line, kind: "memory", what, remedy: "split the map into several" };
        }
        let what = format!("is broken JSON: {error}");
        Broken { line, kind: "json", what, remedy: SAVE_AGAIN }
    })
}

impl Json<'_> {
    /// A value that is one text or number.
    pub(super) fn is_scalar(&self) -> bool {
        matches!(self, Self::Bool(_) | Self::Whole(_) | Self::Fraction(_) | Self::Text(_))
    }
}

/// Reads one value.
struct Seed<'s, 'l> {
    hold: &'s mut Hold<'l>,
    /// Whether it failed for want of memory.
    full: &'s mut bool,
}

impl<'l> Seed<'_, 'l> {
    fn take<E: serde::de::Error>(&mut self, bytes: usize) -> Result<(), E> {
        self.hold.take(bytes).map_err(|_| {
            *self.full = true;
            E::custom("too large")
        })
    }

    fn again(&mut self) -> Seed<'_, 'l> {
        Seed { hold: &mut *self.hold, full: &mut *self.full }
    }
}

impl<'de> DeserializeSeed<'de> for Seed<'_, '_> {
    type Value = Json<'de>;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Json<'de>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_, '_> {
    type Value = Json<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Json<'de>, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json<'de>, E> {
        Ok(Json::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json<'de>, E> {
        Ok(Json::Whole(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json<'de>, E> {
        Ok(i64::try_from(value).map_or(Json::Fraction(value as f64), Json::Whole))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Json<'de>, E> {
        Ok(Json::Fraction(value))
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Json<'de>, E> {
        Ok(Json::Text(Cow::Borrowed(value)))
    }

    fn visit_str<E: serde::de::Error>(mut self, value: &str) -> Result<Json<'de>, E> {
        self.take(value.len())?;
        Ok(Json::Text(Cow::Owned(value.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<Json<'de>, A::Error> {
        let mut row = String::new();
        let mut values = Vec::new();
        while let Some(value) = list.next_element_seed(self.again())? {
            let before = row.len();
            match value {
                Json::Whole(number) => write!(row, "{number},").map_err(A::Error::custom)?,
                value if value.is_scalar() || matches!(value, Json::Null) => {
                    write!(row, "{},", text(value)).map_err(A::Error::custom)?;
                }
                value => {
                    // A list that grows may have room for twice as much.
                    self.take(2 * size_of::<Json<'_>>())?;
                    values.push(value);
                }
            }
            self.take(2 * (row.len() - before))?;
        }
        Ok(if row.is_empty() { Json::List(values) } else { Json::Row(row) })
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut object: A) -> Result<Json<'de>, A::Error> {
        let mut members = Vec::new();
        while let Some(key) = object.next_key_seed(self.again())? {
            let Json::Text(key) = key else { continue };
            let value = object.next_value_seed(self.again())?;
            self.take(size_of::<(Cow<'_, str>, Json<'_>)>())?;
            members.push((key, value));
        }
        members.shrink_to_fit();
        Ok(Json::Object(members))
    }
}

/// A scalar as an XML file would have it; nothing of any other value.
pub(super) fn text(value: Json<'_>) -> Cow<'_, str> {
    match value {
        Json::Text(text) => text,
        Json::Bool(value) => Cow::Borrowed(if value { "true" } else { "false" }),
        Json::Whole(number) => Cow::Owned(number.to_string()),
        Json::Fraction(number) => Cow::Owned(number.to_string()),
        Json::Null | Json::List(_) | Json::Row(_) | Json::Object(_) => Cow::Borrowed(""),
    }
}
