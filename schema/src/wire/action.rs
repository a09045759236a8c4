//! The steps of `intent.action`.

use std::sync::Arc;

use crate::EntityId;

/// The kind of an item, e.g. `apple`; what an inventory counts.
pub type ItemKind = Arc<str>;

json_shaped_enum! {
    /// One step of an `intent.action`; all steps happen or none does (FR-011). Reach is the 8
    /// neighbouring tiles and one's own.
    #[derive(Debug, Clone, PartialEq, Eq)]
    #[allow(missing_docs, reason = "the fields are told in each step's own line")]
    pub enum Action, "Action", json(tag = "do") {
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
