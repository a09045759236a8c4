//! The macro that makes all forms of an intent of one entry in a list.

/// Defines everything a client may send, of one list. An intent is told once: of its entry come the
/// variant of [`Intent`] that goes from the connection into the log and back out of it, its
/// outcome, its message on the wire (its number beside its own fields), its row in the log (its
/// outcome beside its own fields), and its limit.
///
/// [`Intent`]: super::client::Intent
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

        /// What came of an intent that took effect, as far as that does not follow from the intent
        /// alone. A replay must come to the same.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum IntentOutcome {
            $($($(#[doc = $doc])* $variant { $($(#[doc = $outcome_doc])* $outcome: $outcome_ty),* },)*)*
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

        impl IntentClass {
            /// As in the column `action_type` of the log.
            #[must_use]
            pub const fn action_type(self) -> &'static str {
                match self { $($(Self::$variant => $row,)*)* }
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

        /// The messages as they are on the wire. Their order is their number in postcard, so new
        /// ones come last.
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

        /// Rows of the log, by `action_type`: what was wanted and what came of it side by side in
        /// one object.
        #[derive(serde::Deserialize)]
        enum Row {
            $($(#[serde(rename = $row)] $variant {
                $($(#[serde($serde)])? $field: $ty,)*
                $($outcome: $outcome_ty,)*
            },)*)*
        }

        impl From<Row> for (Intent, IntentOutcome) {
            fn from(row: Row) -> Self {
                match row {
                    $($(Row::$variant { $($field,)* $($outcome,)* } => {
                        (Intent::$variant { $($field),* }, IntentOutcome::$variant { $($outcome),* })
                    })*)*
                }
            }
        }

        /// Reads what `action_type` and `payload` of a row say.
        pub(crate) fn read_row<'de, D: serde::Deserializer<'de>>(row: D) -> Result<(Intent, IntentOutcome), D::Error> {
            <Row as serde::Deserialize>::deserialize(row).map(Into::into)
        }

        /// Writes the `payload` of a row.
        pub(crate) fn write_row<S: serde::Serializer>(
            intent: &Intent,
            outcome: &IntentOutcome,
            serializer: S,
        ) -> Result<S::Ok, S::Error> {
            let mut fields = serializer.serialize_map(None)?;
            match intent {
                $($(Intent::$variant { $($field),* } => { $(fields.serialize_entry(stringify!($field), $field)?;)* })*)*
            }
            match outcome {
                $($(IntentOutcome::$variant { $($outcome),* } => {
                    $(fields.serialize_entry(stringify!($outcome), $outcome)?;)*
                })*)*
            }
            fields.end()
        }
    };
}
