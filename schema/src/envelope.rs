//! `{"type": ..., "payload": ...}`, read straight into the message that it is: nothing of a payload
//! is kept that no message has a place for, because whoever sent it chose how much there is.

use std::borrow::Cow;

use serde::de::value::CowStrDeserializer;
use serde::de::{DeserializeSeed, Deserializer, EnumAccess, Error as _, IntoDeserializer as _, VariantAccess, Visitor};
use serde::{Deserialize, forward_to_deserialize_any};
use serde_json::Error;
use serde_json::value::RawValue;

/// The envelope, its payload unread.
#[derive(Deserialize)]
pub(crate) struct Envelope<'a> {
    #[serde(rename = "type", borrow)]
    kind: Cow<'a, str>,
    #[serde(default, borrow)]
    payload: Option<&'a RawValue>,
}

impl<'a> Envelope<'a> {
    /// What is in it, unless the payload is something else than an object. None is an empty one.
    pub(crate) fn message(self) -> Option<Message<'a>> {
        let payload = self.payload.map_or("{}", RawValue::get);
        payload.starts_with('{').then_some(Message { kind: self.kind, payload })
    }
}

/// The variant of an enum that has this name, with an object's fields.
pub(crate) struct Message<'a> {
    kind: Cow<'a, str>,
    payload: &'a str,
}

impl<'a> Message<'a> {
    /// The same, by name and fields.
    pub(crate) fn of(kind: &'a str, payload: &'a str) -> Self {
        Self { kind: kind.into(), payload }
    }
}

impl<'de> Deserializer<'de> for Message<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Error> {
        Err(Error::custom("a message is an enum"))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_enum(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

impl<'a> EnumAccess<'a> for Message<'a> {
    type Error = Error;
    type Variant = Payload<'a>;

    fn variant_seed<V: DeserializeSeed<'a>>(self, seed: V) -> Result<(V::Value, Payload<'a>), Error> {
        let kind: CowStrDeserializer<'a, Error> = self.kind.into_deserializer();
        Ok((seed.deserialize(kind)?, Payload(self.payload)))
    }
}

/// The fields of a message, one JSON object.
pub(crate) struct Payload<'a>(&'a str);

impl<'a> VariantAccess<'a> for Payload<'a> {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        Err(Error::custom("a message has a payload"))
    }

    fn newtype_variant_seed<T: DeserializeSeed<'a>>(self, seed: T) -> Result<T::Value, Error> {
        seed.deserialize(&mut serde_json::Deserializer::from_str(self.0))
    }

    fn tuple_variant<V: Visitor<'a>>(self, _: usize, _: V) -> Result<V::Value, Error> {
        Err(Error::custom("the payload of a message is an object"))
    }

    fn struct_variant<V: Visitor<'a>>(self, _: &'static [&'static str], visitor: V) -> Result<V::Value, Error> {
        let mut fields = serde_json::Deserializer::from_str(self.0);
        let value = fields.deserialize_map(visitor)?;
        fields.end().map(|()| value)
    }
}
