//! The steps of `intent.action`.

use std::fmt;
use std::sync::Arc;

use serde::Deserialize;
use serde::de::{Deserializer, Visitor};

use crate::EntityId;

/// The kind of an item, e.g. `apple`; what an inventory counts.
pub type ItemKind = Arc<str>;

json_shaped_enum! {
    /// One step of an `intent.action`; all steps happen or none does (FR-011). Reach is the 8
    /// neighbouring tiles and one's own.
    #[derive(Debug, Clone, PartialEq, Eq)]
    #[allow(missing_docs, reason = "the fields are told in each step's own line")]
    pub enum Action, "Action", json(tag = "do") read as Step {
        /// Pick up the item entity `item`.
        Take { item: EntityId },
        /// Put `quantity` (1 when absent) of kind `item` on the ground.
        Drop { item: ItemKind, quantity: Option<u32> },
        /// Use one `item`, on `target` if it needs one.
        Use { item: ItemKind, target: Option<EntityId> },
        /// Hand `quantity` of `item` to the player entity `to`.
        Give { item: ItemKind, quantity: u32, to: EntityId },
        /// Open the door at a tile.
        Open { x: i32, y: i32 },
        /// Close the door at a tile.
        Close { x: i32, y: i32 },
        /// Build `item` into the world at a tile.
        Place { item: ItemKind, x: i32, y: i32 },
        /// Take what was built at a tile.
        Remove { x: i32, y: i32 },
    }
}

/// A step as JSON writes it: the fields of all of them.
#[derive(Deserialize)]
struct Step {
    #[serde(rename = "do")]
    deed: Deed,
    item: Option<Item>,
    quantity: Option<u32>,
    target: Option<EntityId>,
    to: Option<EntityId>,
    x: Option<i32>,
    y: Option<i32>,
}

/// Which step it is.
#[derive(Deserialize)]
#[serde(variant_identifier, rename_all = "snake_case")]
enum Deed {
    Take,
    Drop,
    Use,
    Give,
    Open,
    Close,
    Place,
    Remove,
}

/// An item that lies in the world, or a kind of item.
enum Item {
    Entity(EntityId),
    Kind(ItemKind),
}

impl<'de> Deserialize<'de> for Item {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ItemVisitor)
    }
}

struct ItemVisitor;

impl Visitor<'_> for ItemVisitor {
    type Value = Item;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an entity's number or a kind of item")
    }

    fn visit_u64<E>(self, id: u64) -> Result<Item, E> {
        Ok(Item::Entity(EntityId(id)))
    }

    fn visit_str<E>(self, kind: &str) -> Result<Item, E> {
        Ok(Item::Kind(kind.into()))
    }
}

impl TryFrom<Step> for Action {
    type Error = String;

    fn try_from(step: Step) -> Result<Self, String> {
        fn given<T>(value: Option<T>, field: &str) -> Result<T, String> {
            value.ok_or_else(|| format!("missing field `{field}`"))
        }
        let Step { deed, item, quantity, target, to, x, y } = step;
        let entity = |item| match given(item, "item")? {
            Item::Entity(id) => Ok(id),
            Item::Kind(_) => Err("item: the number of an entity is expected".to_owned()),
        };
        let kind = |item| match given(item, "item")? {
            Item::Kind(kind) => Ok(kind),
            Item::Entity(_) => Err("item: a kind of item is expected".to_owned()),
        };
        let (x, y) = (|| given(x, "x"), || given(y, "y"));
        Ok(match deed {
            Deed::Take => Self::Take { item: entity(item)? },
            Deed::Drop => Self::Drop { item: kind(item)?, quantity },
            Deed::Use => Self::Use { item: kind(item)?, target },
            Deed::Give => {
                Self::Give { item: kind(item)?, quantity: given(quantity, "quantity")?, to: given(to, "to")? }
            }
            Deed::Open => Self::Open { x: x()?, y: y()? },
            Deed::Close => Self::Close { x: x()?, y: y()? },
            Deed::Place => Self::Place { item: kind(item)?, x: x()?, y: y()? },
            Deed::Remove => Self::Remove { x: x()?, y: y()? },
        })
    }
}
