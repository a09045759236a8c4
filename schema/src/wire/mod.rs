//! The realtime messages. Every file in this folder is part of the schema fingerprint.

/// Defines an enum whose JSON form differs from its binary form (a tag beside the fields, or no
/// tag at all), because postcard is not self-describing and can only carry serde's default form.
/// One list of variants makes the type and both forms.
///
/// `read as` names a type that JSON is read as and that then becomes the enum: serde keeps all of
/// an object whose tag may be its last field, also what no variant has a place for, and a stranger
/// chose how much that is.
macro_rules! json_shaped_enum {
    (@read $json:ident, $deserializer:ident) => {
        $json::deserialize($deserializer)
    };
    (@read $json:ident, $deserializer:ident, $reader:ty) => {
        <$reader as serde::Deserialize>::deserialize($deserializer)?.try_into().map_err(serde::de::Error::custom)
    };
    (
        $(#[$meta:meta])*
        pub enum $name:ident, $remote:literal, json($($json:tt)*) $(read as $reader:ty)? {
            $($(#[$variant_meta:meta])* $variant:ident {
                $($(#[$field_meta:meta])* $field:ident : $ty:ty),* $(,)?
            }),* $(,)?
        }
    ) => {
        $(#[$meta])*
        pub enum $name {
            $($(#[$variant_meta])* $variant {
                $($(#[$field_meta])* $field: $ty),*
            }),*
        }

        const _: () = {
            #[derive(serde::Serialize, serde::Deserialize)]
            #[serde(remote = $remote, rename_all = "snake_case", $($json)*)]
            #[allow(dead_code)]
            enum Json { $($variant { $($field: $ty),* }),* }

            #[derive(serde::Serialize, serde::Deserialize)]
            #[serde(remote = $remote)]
            #[allow(dead_code)]
            enum Binary { $($variant { $($field: $ty),* }),* }

            impl serde::Serialize for $name {
                fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                    if serializer.is_human_readable() {
                        Json::serialize(self, serializer)
                    } else {
                        Binary::serialize(self, serializer)
                    }
                }
            }

            impl<'de> serde::Deserialize<'de> for $name {
                fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    if deserializer.is_human_readable() {
                        json_shaped_enum!(@read Json, deserializer $(, $reader)?)
                    } else {
                        Binary::deserialize(deserializer)
                    }
                }
            }
        };
    };
}

#[macro_use]
mod client_messages;

pub(crate) mod acks;
pub mod action;
pub mod character;
pub mod client;
pub mod close;
pub mod delta;
mod entity;
pub mod error;
pub mod in_view;
mod packed;
pub mod position;
pub mod server;
pub mod state_delta;
mod update;
