//! What somebody carries: stacks sorted by kind, none of them empty. Pure arithmetic; who has it is
//! in [`super::character`].

use tilemud_schema::{ErrorCode, ItemKind, ItemStack};

use crate::limits::{INVENTORY_STACK_MAX, INVENTORY_STACKS_MAX};

/// Puts items into an inventory.
///
/// # Errors
/// INVENTORY_FULL when that makes too many kinds or too many of one; ACTION_NOT_ALLOWED for none at
/// all.
pub fn put(inventory: &mut Vec<ItemStack>, kind: &ItemKind, quantity: u32) -> Result<(), ErrorCode> {
    if quantity == 0 {
        return Err(ErrorCode::ActionNotAllowed);
    }
    if let Some(stack) = inventory.iter_mut().find(|stack| stack.item == *kind) {
        let sum = stack.quantity.checked_add(quantity).filter(|sum| *sum <= INVENTORY_STACK_MAX);
        stack.quantity = sum.ok_or(ErrorCode::InventoryFull)?;
        return Ok(());
    }
    if inventory.len() >= INVENTORY_STACKS_MAX || quantity > INVENTORY_STACK_MAX {
        return Err(ErrorCode::InventoryFull);
    }
    let index = inventory.partition_point(|stack| stack.item < *kind);
    inventory.insert(index, ItemStack { item: kind.clone(), quantity });
    Ok(())
}

/// How many more of a kind can be put into an inventory.
#[must_use]
pub fn room_for(inventory: &[ItemStack], kind: &ItemKind) -> u32 {
    match inventory.iter().find(|stack| stack.item == *kind) {
        Some(stack) => INVENTORY_STACK_MAX.saturating_sub(stack.quantity),
        None if inventory.len() < INVENTORY_STACKS_MAX => INVENTORY_STACK_MAX,
        None => 0,
    }
}

/// Takes items out of an inventory.
///
/// # Errors
/// ITEM_NOT_FOUND when there are fewer; ACTION_NOT_ALLOWED for none at all.
pub fn take(inventory: &mut Vec<ItemStack>, kind: &ItemKind, quantity: u32) -> Result<(), ErrorCode> {
    if quantity == 0 {
        return Err(ErrorCode::ActionNotAllowed);
    }
    let index = inventory.iter().position(|stack| stack.item == *kind && stack.quantity >= quantity);
    let index = index.ok_or(ErrorCode::ItemNotFound)?;
    inventory[index].quantity -= quantity;
    if inventory[index].quantity == 0 {
        inventory.remove(index);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(name: &str) -> ItemKind {
        name.into()
    }

    #[test]
    fn stacks_stay_sorted_and_never_empty() {
        let mut inventory = Vec::new();
        for name in ["pear", "apple", "quince", "pear"] {
            put(&mut inventory, &kind(name), 2).expect("there is room");
        }
        let brief: Vec<_> = inventory.iter().map(|stack| (&*stack.item, stack.quantity)).collect();
        assert_eq!(brief, [("apple", 2), ("pear", 4), ("quince", 2)]);
        take(&mut inventory, &kind("apple"), 2).expect("there are two");
        assert_eq!(inventory.len(), 2);
    }

    #[test]
    fn what_is_not_there_cannot_be_taken() {
        let mut inventory = vec![ItemStack { item: kind("apple"), quantity: 2 }];
        assert_eq!(take(&mut inventory, &kind("apple"), 3), Err(ErrorCode::ItemNotFound));
        assert_eq!(take(&mut inventory, &kind("pear"), 1), Err(ErrorCode::ItemNotFound));
        assert_eq!(inventory[0].quantity, 2);
    }

    #[test]
    fn none_at_all_is_no_quantity() {
        let mut inventory = vec![ItemStack { item: kind("apple"), quantity: 2 }];
        assert_eq!(take(&mut inventory, &kind("apple"), 0), Err(ErrorCode::ActionNotAllowed));
        assert_eq!(put(&mut inventory, &kind("apple"), 0), Err(ErrorCode::ActionNotAllowed));
    }

    #[test]
    fn kinds_and_stacks_have_a_bound() {
        let mut inventory = Vec::new();
        for number in 0..INVENTORY_STACKS_MAX {
            put(&mut inventory, &kind(&format!("thing {number:03}")), INVENTORY_STACK_MAX).expect("there is room");
        }
        let full = inventory.clone();
        assert_eq!(put(&mut inventory, &kind("one more"), 1), Err(ErrorCode::InventoryFull));
        assert_eq!(put(&mut inventory, &kind("thing 000"), 1), Err(ErrorCode::InventoryFull));
        assert_eq!(put(&mut inventory, &kind("thing 000"), u32::MAX), Err(ErrorCode::InventoryFull));
        assert_eq!(inventory, full);
    }
}
