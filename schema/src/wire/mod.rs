//! The realtime messages. Every file in this folder is part of the schema fingerprint.

/// Defines an enum whose JSON form differs from its binary form (a tag beside the fields, or no
/// tag at all), because postcard is not self-describing and can only carry serde's default form.
/// One list of variants makes the type and both forms.
///
/// `read as` names a type that JSON is read as and that then becomes the enum: serde keeps all of an object whose tag may be
/// its last field, also what no variant has a place for, and a stranger chose how much that is.
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

/// Defines everything a client may send, of one list. An intent is told once: of its entry come the variant of [`Intent`] that
/// goes from the connection into the log and back out of it, its outcome, its message on the wire (its number beside its own
/// fields), its row in the log (its outcome beside its own fields), and its limit.
///
/// [`Intent`]: client::Intent
macro_rules! client_messages {
    ($(
        messages {
            $($(#[doc = $plain_doc:expr])* $plain_name:literal $plain:ident
                $(($inner:ident: $newtype:ty))?
                $({ $($(#[doc = $part_doc:expr])* $part:ident: $part_ty:ty),* $(,)? })?;)*
        }
        intents {
            $($(#[doc = $doc:expr])* $name:literal $variant:ident {
                $($(#[doc = $field_doc:expr])* $(#[serde($serde:meta)])? $field:ident: $ty:ty),* $(,)?
            }
            outcome { $($(#[doc = $outcome_doc:expr])* $outcome:ident: $outcome_ty:ty),* $(,)? }
            logged as $row:literal, limited as $limit:literal to $rate:literal $what:literal;)*
        }
    )*) => {
        /// Every message a client may send.
        #[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        #[serde(from = "Wire", into = "Wire")]
        pub enum ClientMessage {
            $($($(#[doc = $plain_doc])* $plain $(($newtype))? $({ $($(#[doc = $part_doc])* $part: $part_ty),* })?,)*)*
            /// Something wanted of the world.
            Intent {
                /// Its place in the session's order.
                seq: $crate::Seq,
                /// What.
                intent: Intent,
            },
        }

        /// What a sequence number stands for: the part of a message that changes the world.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum Intent {
            $($($(#[doc = $doc])* $variant { $($(#[doc = $field_doc])* $field: $ty),* },)*)*
        }

        /// What kind of intent it is. Each has its own limit.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum IntentClass {
            $($($(#[doc = $doc])* $variant,)*)*
        }

        impl IntentClass {
            /// All of them.
            pub const ALL: [Self; [$($(Self::$variant),*),*].len()] = [$($(Self::$variant),*),*];

            /// How often a player may want such a thing.
            #[must_use]
            pub const fn limit(self) -> IntentLimit {
                match self {
                    $($(Self::$variant => IntentLimit {
                        name: $limit,
                        flag: concat!($limit, "-per-s"),
                        per_s: stringify!($rate),
                        help: concat!($what, " per second and player"),
                    },)*)*
                }
            }
        }

        impl Intent {
            /// What kind it is.
            #[must_use]
            pub const fn class(&self) -> IntentClass {
                match self {
                    $($(Self::$variant { .. } => IntentClass::$variant,)*)*
                }
            }
        }

        /// The messages as they are on the wire. Their order is their number in postcard, so new ones come last.
        #[derive(serde::Serialize, serde::Deserialize)]
        enum Wire {
            $(
                $(#[serde(rename = $plain_name)] $plain $(($newtype))? $({ $($part: $part_ty),* })?,)*
                $(#[serde(rename = $name)] $variant { seq: $crate::Seq, $($(#[serde($serde)])? $field: $ty),* },)*
            )*
        }

        impl From<Wire> for ClientMessage {
            fn from(message: Wire) -> Self {
                match message {
                    $(
                        $(Wire::$plain $(($inner))? $({ $($part),* })? => Self::$plain $(($inner))? $({ $($part),* })?,)*
                        $(Wire::$variant { seq, $($field),* } => {
                            Self::Intent { seq, intent: Intent::$variant { $($field),* } }
                        })*
                    )*
                }
            }
        }

        impl From<ClientMessage> for Wire {
            fn from(message: ClientMessage) -> Self {
                match message {
                    $(
                        $(ClientMessage::$plain $(($inner))? $({ $($part),* })? => {
                            Self::$plain $(($inner))? $({ $($part),* })?
                        })*
                        $(ClientMessage::Intent { seq, intent: Intent::$variant { $($field),* } } => {
                            Self::$variant { seq, $($field),* }
                        })*
                    )*
                }
            }
        }
    };
}

pub mod action;
pub mod client;
pub mod close;
pub mod delta;
pub mod error;
pub mod server;
mod update;
