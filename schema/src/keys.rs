//! JSON in which no object has a key twice (RFC 8259, 4: what such an object means differs from
//! reader to reader). The types that are read see this only of the fields they have; here it is
//! asked of all, at any depth, before anything is read. Keeps a hash of each key of the objects
//! that it is in.

use std::collections::BTreeSet;
use std::fmt;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

/// Whether each object in the text has each of its keys once.
///
/// # Errors
/// When one has not, or the text is not one JSON value.
pub fn are_unique(json: &[u8]) -> Result<(), serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_slice(json);
    Value.deserialize(&mut deserializer)?;
    deserializer.end()
}

/// Any value.
struct Value;

impl<'de> DeserializeSeed<'de> for Value {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Value {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while list.next_element_seed(Self)?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<(), A::Error> {
        let mut keys = BTreeSet::new();
        while object.next_key_seed(Key { before: &mut keys })?.is_some() {
            object.next_value_seed(Self)?;
        }
        Ok(())
    }
}

/// Characters of a key that are told.
const KEY_CHARS_SHOWN: usize = 32;

/// A key, as it is when its escapes are read, after hashes of those before it in its object. Who
/// looks for two that collide finds their own message refused.
struct Key<'a> {
    before: &'a mut BTreeSet<u64>,
}

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: serde::de::Error>(self, key: &str) -> Result<(), E> {
        let mut hasher = DefaultHasher::new();
        key.hash(&mut hasher);
        if self.before.insert(hasher.finish()) {
            return Ok(());
        }
        let shown: String = key.chars().take(KEY_CHARS_SHOWN).collect();
        Err(E::custom(format_args!("an object has the key {shown:?} twice")))
    }
}

#[cfg(test)]
mod tests {
    use super::are_unique;

    #[test]
    fn a_key_that_stands_twice_in_one_object_is_found_at_any_depth_and_however_it_is_written() {
        for good in [
            "{}",
            "[1,-1,1.5,null,true,\"a\",\"\\u0061\"]",
            r#"{"a":{"a":1},"b":[{"a":1},{"a":2}],"A":0,"":""}"#,
            " 1 ",
        ] {
            assert!(are_unique(good.as_bytes()).is_ok(), "{good}");
        }
        for (twice, key) in [
            (r#"{"a":1,"a":1}"#, "a"),
            (r#"{"a":1,"\u0061":1}"#, "a"),
            (r#"{"b":0,"a":[[{"c":{"x":1,"y":2,"x":null}}]]}"#, "x"),
            (r#"{"":1,"":2}"#, ""),
        ] {
            let error = are_unique(twice.as_bytes()).unwrap_err().to_string();
            assert!(error.starts_with(&format!("an object has the key {key:?} twice")), "{twice}: {error}");
        }
        let long = "k".repeat(1_000);
        let error = are_unique(format!("{{\"{long}\":1,\"{long}\":1}}").as_bytes()).unwrap_err().to_string();
        assert!(error.len() < 100, "what is echoed is cut: {error}");
        for broken in ["", "{", "{}{}", "{1:2}", "nul", "\"\u{0}\""] {
            assert!(are_unique(broken.as_bytes()).is_err(), "{broken}");
        }
    }
}
