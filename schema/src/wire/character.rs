//! The state of a character, told once. Of one list come the state itself, what its player is told
//! of it and when its parts last changed. The log, the store, snapshots and REST keep and show it
//! under the names given here.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::de::{Deserializer, Error as _};
use serde::ser::{SerializeMap as _, Serializer};
use serde::{Deserialize, Serialize};

use super::action::ItemKind;
use super::packed::{MEANINGLESS, Pack, Reader, Unpacked, pack_part, unpack_part};
use super::position::Position;
use crate::{CharacterId, Tick};

/// Makes the forms of a character's state of its fields: the `constant` ones never change in play,
/// the `optional` ones may be missing until something sets them. What is not in a stored form has
/// its default.
macro_rules! character_state {
    (
        $(#[doc = $state_doc:expr])*
        pub struct CharacterState {
            constant { $($(#[doc = $constant_doc:expr])* $constant:ident: $constant_ty:ty,)* }
            optional { $($(#[doc = $optional_doc:expr])* $optional:ident: $optional_ty:ty,)* }
            always { $($(#[doc = $field_doc:expr])* $field:ident: $ty:ty,)* }
        }
    ) => {
        $(#[doc = $state_doc])*
        #[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(default)]
        pub struct CharacterState {
            $($(#[doc = $constant_doc])* pub $constant: $constant_ty,)*
            $($(#[doc = $optional_doc])* pub $optional: Option<$optional_ty>,)*
            $($(#[doc = $field_doc])* pub $field: $ty,)*
        }

        /// The private state of the receiving player: all of it in a full delta, else what changed.
        #[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(default)]
        pub struct SelfState {
            /// The id of the own character.
            pub character_id: Option<CharacterId>,
            $($(#[doc = $optional_doc])* pub $optional: Option<$optional_ty>,)*
            $($(#[doc = $field_doc])* pub $field: Option<$ty>,)*
        }

        /// The ticks at which the parts of a character's state last changed.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub struct CharacterMarks {
            $($(#[doc = $optional_doc])* pub $optional: Tick,)*
            $($(#[doc = $field_doc])* pub $field: Tick,)*
        }

        impl CharacterMarks {
            /// Everything changed at one tick.
            #[must_use]
            pub const fn all(tick: Tick) -> Self {
                Self { $($optional: tick,)* $($field: tick,)* }
            }

            /// When any part last changed.
            #[must_use]
            pub fn newest(&self) -> Tick {
                0 $(.max(self.$optional))* $(.max(self.$field))*
            }
        }

        /// In binary frames: a byte that says which fields are present, and those.
        impl Pack for SelfState {
            fn pack(&self, out: &mut Vec<u8>) {
                let (told_at, mut bit) = (out.len(), 1);
                out.push(0);
                pack_part(self.character_id.as_ref(), &mut bit, told_at, out);
                $(pack_part(self.$optional.as_ref(), &mut bit, told_at, out);)*
                $(pack_part(self.$field.as_ref(), &mut bit, told_at, out);)*
            }

            fn unpack(reader: &mut Reader<'_>) -> Unpacked<Self> {
                let (mut present, mut bit) = (reader.byte()?, 1);
                let own = Self {
                    character_id: unpack_part(&mut present, &mut bit, reader)?,
                    $($optional: unpack_part(&mut present, &mut bit, reader)?,)*
                    $($field: unpack_part(&mut present, &mut bit, reader)?,)*
                };
                if present == 0 { Ok(own) } else { Err(MEANINGLESS) }
            }
        }

        impl CharacterState {
            /// What of it changed after a tick.
            #[must_use]
            pub fn since(&self, marks: &CharacterMarks, tick: Tick) -> SelfState {
                SelfState {
                    character_id: None,
                    $($optional: if marks.$optional > tick { Clone::clone(&self.$optional) } else { None },)*
                    $($field: (marks.$field > tick).then(|| Clone::clone(&self.$field)),)*
                }
            }

            /// Takes over what changed.
            pub fn apply(&mut self, change: &SelfState) {
                $(if change.$optional.is_some() {
                    self.$optional = Clone::clone(&change.$optional);
                })*
                $(if let Some(value) = &change.$field {
                    self.$field = Clone::clone(value);
                })*
            }
        }
    };
}

/// Makes the named numbers of the counted ones. In JSON all are in one object, and a count of 0 is
/// left out.
macro_rules! stats {
    ($(#[doc = $doc:expr])* pub struct Stats { $($(#[doc = $field_doc:expr])* $field:ident: u32,)* }) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, Default, PartialEq, Eq)]
        pub struct Stats {
            $($(#[doc = $field_doc])* pub $field: u32,)*
            /// Those that nothing counts, for example `strength`.
            pub named: Arc<BTreeMap<Arc<str>, i32>>,
        }

        impl Serialize for Stats {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                if !serializer.is_human_readable() {
                    return ($(self.$field,)* &self.named).serialize(serializer);
                }
                let mut object = serializer.serialize_map(None)?;
                $(if self.$field > 0 {
                    object.serialize_entry(stringify!($field), &self.$field)?;
                })*
                self.named.iter().try_for_each(|(name, number)| object.serialize_entry(name, number))?;
                object.end()
            }
        }

        /// In binary frames: a byte that says which are not 0 and whether others are named, and
        /// those.
        impl Pack for Stats {
            fn pack(&self, out: &mut Vec<u8>) {
                let (told_at, mut bit) = (out.len(), 1);
                out.push(0);
                $(pack_part(Some(&self.$field).filter(|count| **count > 0), &mut bit, told_at, out);)*
                pack_part(Some(&self.named).filter(|named| !named.is_empty()), &mut bit, told_at, out);
            }

            fn unpack(reader: &mut Reader<'_>) -> Unpacked<Self> {
                let (mut present, mut bit) = (reader.byte()?, 1);
                let stats = Self {
                    $($field: unpack_part(&mut present, &mut bit, reader)?.unwrap_or_default(),)*
                    named: unpack_part(&mut present, &mut bit, reader)?.unwrap_or_default(),
                };
                if present == 0 { Ok(stats) } else { Err(MEANINGLESS) }
            }
        }

        impl<'de> Deserialize<'de> for Stats {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                if !deserializer.is_human_readable() {
                    let ($($field,)* named) = Deserialize::deserialize(deserializer)?;
                    return Ok(Self { $($field,)* named });
                }
                let mut numbers = BTreeMap::<Arc<str>, i64>::deserialize(deserializer)?;
                $(let $field = u32::try_from(numbers.remove(stringify!($field)).unwrap_or_default());)*
                let number = |(name, number)| i32::try_from(number).map(|number| (name, number));
                let named = numbers.into_iter().map(number).collect::<Result<_, _>>();
                Ok(Self {
                    $($field: $field.map_err(|_| D::Error::custom(concat!(stringify!($field), " is no count")))?,)*
                    named: Arc::new(named.map_err(|_| D::Error::custom("a named number is too large"))?),
                })
            }
        }
    };
}

/// How many of one kind somebody carries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemStack {
    /// What it is, for example `apple`.
    pub item: ItemKind,
    /// How many there are; at least 1.
    pub quantity: u32,
}

character_state! {
    /// All of a character that is kept, whoever plays it.
    pub struct CharacterState {
        constant {
            /// What others see above it.
            display_name: Arc<str>,
            /// The sprite it is drawn with.
            look: Arc<str>,
        }
        optional {
            /// The tile it stands on.
            position: Position,
            /// Where it last sat down.
            camp: Position,
        }
        always {
            /// Health points; 100 is full health.
            health: i32,
            /// Named numbers.
            stats: Stats,
            /// What it carries, sorted by kind.
            inventory: Arc<Vec<ItemStack>>,
        }
    }
}

stats! {
    /// Named numbers. A count that is absent is 0; there may be other numbers, for example
    /// `strength`.
    pub struct Stats {
        /// Tiles walked.
        steps: u32,
        /// Messages said, in any way.
        messages: u32,
        /// How often it died.
        deaths: u32,
        /// How often it gave something to somebody.
        gifts_given: u32,
    }
}

impl Pack for CharacterId {}
impl Pack for Position {}
impl Pack for i32 {}
impl Pack for u32 {}
impl Pack for Arc<Vec<ItemStack>> {}
impl Pack for Arc<BTreeMap<Arc<str>, i32>> {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn stats(json: &str) -> serde_json::Result<Stats> {
        serde_json::from_str(json)
    }

    #[test]
    fn what_is_counted_and_what_is_only_named_are_one_object_in_json() {
        let text = r#"{"steps":3,"deaths":1,"luck":-1,"strength":7}"#;
        let read = stats(text).unwrap();
        assert_eq!((read.steps, read.messages, read.deaths), (3, 0, 1));
        assert_eq!(read.named.len(), 2);
        assert_eq!(serde_json::to_string(&read).unwrap(), text);
        assert_eq!(
            serde_json::to_string(&stats("{}").unwrap()).unwrap(),
            "{}",
            "as a row of before anything was counted"
        );
        let bytes = postcard::to_stdvec(&read).unwrap();
        assert_eq!(postcard::from_bytes::<Stats>(&bytes).unwrap(), read);
        for wrong in [r#"{"steps":-1}"#, r#"{"steps":4294967296}"#, r#"{"luck":2147483648}"#, r#"{"luck":"much"}"#] {
            assert!(stats(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_changed_after_a_tick_makes_the_old_state_the_new_one_and_nothing_else_is_in_it() {
        let old = CharacterState { health: 9, position: Some(Position { x: 1, y: 1 }), ..CharacterState::default() };
        let stats = Stats { steps: 1, ..Stats::default() };
        let new = CharacterState { position: Some(Position { x: 2, y: 1 }), stats, ..old.clone() };
        let marks = CharacterMarks { position: 8, stats: 8, ..CharacterMarks::all(4) };
        let change = new.since(&marks, 7);
        assert_eq!((change.health, &change.inventory), (None, &None));
        let mut held = old;
        held.apply(&change);
        assert_eq!(held, new);
        assert_eq!(new.since(&marks, 8), SelfState::default());
        assert_eq!(marks.newest(), 8);
    }

    #[test]
    fn a_stored_form_without_a_field_has_its_default() {
        let before: CharacterState = serde_json::from_str(r#"{"display_name":"Ann","health":50}"#).unwrap();
        assert_eq!(before, CharacterState { display_name: "Ann".into(), health: 50, ..CharacterState::default() });
    }

    fn own() -> impl Strategy<Value = SelfState> {
        let position = || any::<Option<(i32, i32)>>().prop_map(|at| at.map(|(x, y)| Position { x, y }));
        let stats = prop::option::of(any::<([Option<u32>; 4], Option<i32>)>()).prop_map(|stats| {
            stats.map(|(counts, luck)| {
                let [steps, messages, deaths, gifts_given] = counts.map(Option::unwrap_or_default);
                let named = luck.map(|luck| ("luck".into(), luck)).into_iter().collect::<BTreeMap<_, _>>();
                Stats { steps, messages, deaths, gifts_given, named: named.into() }
            })
        });
        let stack = ("[a-z]{1,5}", any::<u32>()).prop_map(|(item, quantity)| ItemStack { item: item.into(), quantity });
        let inventory = prop::option::of(prop::collection::vec(stack, 0..3));
        (any::<Option<u128>>(), position(), position(), any::<Option<i32>>(), stats, inventory).prop_map(
            |(id, position, camp, health, stats, inventory)| SelfState {
                character_id: id.map(|id| CharacterId(uuid::Uuid::from_u128(id))),
                position,
                camp,
                health,
                stats,
                inventory: inventory.map(Arc::new),
            },
        )
    }

    fn packed(own: &SelfState) -> Vec<u8> {
        let mut out = Vec::new();
        own.pack(&mut out);
        out
    }

    proptest! {
        #[test]
        fn what_is_told_of_oneself_survives_a_binary_frame(own in own()) {
            let bytes = packed(&own);
            let mut reader = Reader(&bytes);
            prop_assert_eq!(SelfState::unpack(&mut reader).unwrap(), own);
            prop_assert!(reader.0.is_empty());
            prop_assert!(SelfState::unpack(&mut Reader(&bytes[..bytes.len() - 1])).is_err(), "cut off");
        }
    }

    #[test]
    fn a_step_of_ones_own_is_its_place_and_the_count_of_steps_and_two_bytes() {
        let stats = Stats { steps: 300, ..Stats::default() };
        let own = SelfState { position: Some(Position { x: 300, y: 8 }), stats: Some(stats), ..SelfState::default() };
        assert_eq!(packed(&own).len(), 1 + 3 + 1 + 2);
        for meaningless in [&[1 << 6][..], &[1 << 7], &[1 << 4, 1 << 5]] {
            assert!(SelfState::unpack(&mut Reader(meaningless)).is_err(), "{meaningless:?}");
        }
    }
}
