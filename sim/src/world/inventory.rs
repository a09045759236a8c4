//! What a player's entity carries, and the arithmetic of it.

use std::sync::Arc;

use bevy_ecs::prelude::*;
use tilemud_schema::{ErrorCode, ItemKind, ItemStack};

use crate::limits::{INVENTORY_STACK_MAX, INVENTORY_STACKS_MAX};

/// Stacks sorted by kind, none of them empty.
#[derive(Component, Debug, Clone, Default, PartialEq, Eq)]
pub struct Inventory(pub Arc<Vec<ItemStack>>);

impl Inventory {
    /// Puts items into it.
    ///
    /// # Errors
    /// INVENTORY_FULL when that makes too many kinds or too many of one; ACTION_NOT_ALLOWED for
    /// none at all.
    pub fn put(&mut self, kind: &ItemKind, quantity: u32) -> Result<(), ErrorCode> {
        if quantity == 0 {
            return Err(ErrorCode::ActionNotAllowed);
        }
        let stacks = Arc::make_mut(&mut self.0);
        if let Some(stack) = stacks.iter_mut().find(|stack| stack.item == *kind) {
            let sum = stack.quantity.checked_add(quantity).filter(|sum| *sum <= INVENTORY_STACK_MAX);
            stack.quantity = sum.ok_or(ErrorCode::InventoryFull)?;
            return Ok(());
        }
        if stacks.len() >= INVENTORY_STACKS_MAX || quantity > INVENTORY_STACK_MAX {
            return Err(ErrorCode::InventoryFull);
        }
        let index = stacks.partition_point(|stack| stack.item < *kind);
        stacks.insert(index, ItemStack { item: kind.clone(), quantity });
        Ok(())
    }

    /// How many more of a kind can be put into it.
    #[must_use]
    pub fn room_for(&self, kind: &ItemKind) -> u32 {
        match self.0.iter().find(|stack| stack.item == *kind) {
            Some(stack) => INVENTORY_STACK_MAX.saturating_sub(stack.quantity),
            None if self.0.len() < INVENTORY_STACKS_MAX => INVENTORY_STACK_MAX,
            None => 0,
        }
    }

    /// Takes items out of it.
    ///
    /// # Errors
    /// ITEM_NOT_FOUND when there are fewer; ACTION_NOT_ALLOWED for none at all.
    pub fn take(&mut self, kind: &ItemKind, quantity: u32) -> Result<(), ErrorCode> {
        if quantity == 0 {
            return Err(ErrorCode::ActionNotAllowed);
        }
        let stacks = Arc::make_mut(&mut self.0);
        let index = stacks.iter().position(|stack| stack.item == *kind && stack.quantity >= quantity);
        let index = index.ok_or(ErrorCode::ItemNotFound)?;
        stacks[index].quantity -= quantity;
        if stacks[index].quantity == 0 {
            stacks.remove(index);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(name: &str) -> ItemKind {
        name.into()
    }

    #[test]
    fn stacks_stay_sorted_and_never_empty() {
        let mut inventory = Inventory::default();
        for name in ["pear", "apple", "quince", "pear"] {
            inventory.put(&kind(name), 2).expect("there is room");
        }
        let brief: Vec<_> = inventory.0.iter().map(|stack| (&*stack.item, stack.quantity)).collect();
        assert_eq!(brief, [("apple", 2), ("pear", 4), ("quince", 2)]);
        inventory.take(&kind("apple"), 2).expect("there are two");
        assert_eq!(inventory.0.len(), 2);
    }

    #[test]
    fn what_is_not_there_cannot_be_taken() {
        let mut inventory = Inventory(Arc::new(vec![ItemStack { item: kind("apple"), quantity: 2 }]));
        assert_eq!(inventory.take(&kind("apple"), 3), Err(ErrorCode::ItemNotFound));
        assert_eq!(inventory.take(&kind("pear"), 1), Err(ErrorCode::ItemNotFound));
        assert_eq!(inventory.0[0].quantity, 2);
    }

    #[test]
    fn none_at_all_is_no_quantity() {
        let mut inventory = Inventory(Arc::new(vec![ItemStack { item: kind("apple"), quantity: 2 }]));
        assert_eq!(inventory.take(&kind("apple"), 0), Err(ErrorCode::ActionNotAllowed));
        assert_eq!(inventory.put(&kind("apple"), 0), Err(ErrorCode::ActionNotAllowed));
    }

    #[test]
    fn kinds_and_stacks_have_a_bound() {
        let mut inventory = Inventory::default();
        for number in 0..INVENTORY_STACKS_MAX {
            inventory.put(&kind(&format!("thing {number:03}")), INVENTORY_STACK_MAX).expect("there is room");
        }
        let full = inventory.clone();
        assert_eq!(inventory.put(&kind("one more"), 1), Err(ErrorCode::InventoryFull));
        assert_eq!(inventory.put(&kind("thing 000"), 1), Err(ErrorCode::InventoryFull));
        assert_eq!(inventory.put(&kind("thing 000"), u32::MAX), Err(ErrorCode::InventoryFull));
        assert_eq!(inventory, full);
    }
}
