//! Profiles that were changed by hand while the server was stopped. A valid change enters the world
//! when its player next comes in, and is logged; an invalid one stops the start. No change is
//! silently undone.
//!
//! A repair is no event of the log: it is applied while nobody is in the world, and the record of
//! the character's next arrival holds it. So a replay stays exact.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use tilemud_persist::store::{CharacterProfile, HandChange, ProfileWrite, Profiles, StoreError};
use tilemud_schema::{CharacterId, CharacterState, EntityKind, ItemKind, ItemStack, Tick};
use tilemud_sim::limits::{HEALTH_MAX, INVENTORY_STACK_MAX, INVENTORY_STACKS_MAX};
use tilemud_sim::{Map, Shifted};

/// Most rows that are named; of further ones only the number is logged.
const NAMED_MAX: usize = 20;

/// Why a world with repairs cannot be recovered.
#[derive(Debug, thiserror::Error)]
pub enum RepairError {
    /// The store does not answer, or a row is not readable.
    #[error("the profiles could not be read")]
    Store(#[from] StoreError),
    /// Values that no character can have.
    #[error(
        "rows of character_profiles were changed by hand to what this world does not allow; correct them and start again: {}",
        .0.join("; ")
    )]
    Impossible(Vec<String>),
}

/// What is to be taken over, by character.
#[derive(Debug, Default, Clone)]
pub struct Repairs {
    changes: BTreeMap<CharacterId, HandChange>,
}

impl Repairs {
    /// Looks for them, in the store of a world that goes on with this map; `shifted` says where
    /// stored places are on it.
    ///
    /// # Errors
    /// [`RepairError`].
    pub async fn find(store: &dyn Profiles, map: &Map, shifted: Shifted) -> Result<Self, RepairError> {
        let found = store.changed_by_hand().await?;
        let kinds = known_kinds(map);
        let mut faults = Vec::new();
        for change in &found {
            let profile = &change.profile;
            let id = profile.character_id;
            let found = faults_of(change, map, shifted, &kinds);
            faults.extend(found.into_iter().map(|fault| format!("character_id {id}: {fault}")));
        }
        if !faults.is_empty() {
            let more = faults.len().saturating_sub(NAMED_MAX);
            faults.truncate(NAMED_MAX);
            if more > 0 {
                faults.push(format!("and {more} more"));
            }
            return Err(RepairError::Impossible(faults));
        }
        for change in found.iter().filter(|change| change.name).take(NAMED_MAX) {
            tracing::warn!(
                character = %change.profile.character_id,
                "display_name was changed by hand and display_name_folded was not, or the other way round: this character is \
                 seen under the one and found by the other"
            );
        }
        let changes =
            found.into_iter().filter(|change| change.body || change.inventory || change.stats || change.document);
        let changes: BTreeMap<_, _> = changes.map(|change| (change.profile.character_id, change)).collect();
        for change in changes.values().take(NAMED_MAX) {
            tracing::warn!(
                character = %change.profile.character_id,
                fields = fields(change),
                "a profile was changed by hand while the server was stopped; it is taken as it is now"
            );
        }
        if changes.len() > NAMED_MAX {
            tracing::warn!(
                profiles = changes.len(),
                "so many profiles were changed by hand; the first are named above"
            );
        }
        Ok(Self { changes })
    }

    /// Replaces the world's state of a character with the changed one, if it was changed.
    pub fn apply(&mut self, write: &mut ProfileWrite) {
        let Some(change) = self.changes.remove(&write.character_id) else { return };
        let (stored, known) = (change.profile.state, write.state.clone());
        let base = if change.document { stored.clone() } else { known.clone() };
        let body = if change.body { &stored } else { &known };
        let (position, health) = (body.position.or(known.position), body.health);
        write.state = CharacterState {
            display_name: known.display_name,
            look: known.look,
            position,
            health,
            inventory: if change.inventory { in_order(&stored.inventory) } else { known.inventory },
            stats: if change.stats { stored.stats } else { known.stats },
            ..base
        };
    }

    /// Profiles of characters outside the world: accepted as stored, and marked as written by this
    /// program.
    pub fn rest(self, tick: Tick) -> Vec<ProfileWrite> {
        let write = |change: HandChange| {
            let CharacterProfile { character_id, state, .. } = change.profile;
            // One that was never in the world has no place yet; it is said again until it has.
            state.position?;
            let inventory = in_order(&state.inventory);
            Some(ProfileWrite { character_id, state: CharacterState { inventory, ..state }, tick })
        };
        self.changes.into_values().filter_map(write).collect()
    }
}

fn fields(change: &HandChange) -> String {
    let named = [
        (change.body, "position or health"),
        (change.inventory, "inventory"),
        (change.stats, "stats"),
        (change.document, "state"),
    ];
    named.iter().filter(|(is_changed, _)| *is_changed).map(|(_, name)| *name).collect::<Vec<_>>().join(", ")
}

/// The kinds of items that a character can have: those on the map, and those with properties in it.
fn known_kinds(map: &Map) -> BTreeSet<&str> {
    let lying = map.objects.iter().filter(|object| object.kind == EntityKind::Item).map(|object| &*object.look);
    map.items.keys().map(|kind| &**kind).chain(lying).collect()
}

/// By kind, once each.
fn sorted(inventory: &[ItemStack]) -> BTreeMap<ItemKind, u64> {
    let mut sorted = BTreeMap::new();
    for stack in inventory {
        *sorted.entry(stack.item.clone()).or_default() += u64::from(stack.quantity);
    }
    sorted
}

/// The inventory in the order of the world; a change by hand may be in any order.
fn in_order(inventory: &[ItemStack]) -> Arc<Vec<ItemStack>> {
    let stack = |(item, quantity)| ItemStack { item, quantity: u32::try_from(quantity).unwrap_or(u32::MAX) };
    Arc::new(sorted(inventory).into_iter().map(stack).collect())
}

fn faults_of(change: &HandChange, map: &Map, shifted: Shifted, kinds: &BTreeSet<&str>) -> Vec<String> {
    let mut faults = Vec::new();
    let CharacterState { position, health, inventory, .. } = &change.profile.state;
    if change.lost_position {
        faults.push(
            "position_x and position_y are not both there; a character that has been in the world stands on a tile"
                .to_owned(),
        );
    }
    if change.body || change.is_unknown {
        if *health < i32::from(change.body) || *health > HEALTH_MAX {
            faults.push(format!("health is {health}; it can be from 1 to {HEALTH_MAX}"));
        }
        // One that is only unknown may be from before the map was changed: its player is put on a
        // free tile, as ever.
        let place = position.filter(|_| change.body).map(|stored| (stored, shifted.place(stored)));
        if let Some((stored, now)) = place.filter(|(_, now)| map.is_solid(now.x, now.y)) {
            // Rows have the places of the first map.
            let on_the_map = if stored == now {
                String::new()
            } else {
                format!(" ({}, {} on the map, which has grown or was cut at its left or upper edge)", now.x, now.y)
            };
            faults.push(format!(
                "position {}, {}{on_the_map} is where nobody can stand; the map is {} x {} tiles",
                stored.x, stored.y, map.width, map.height
            ));
        }
    }
    if change.inventory || change.is_unknown {
        if inventory.len() > INVENTORY_STACKS_MAX {
            faults.push(format!("inventory has {} kinds; it can have {INVENTORY_STACKS_MAX}", inventory.len()));
        }
        for (kind, quantity) in sorted(inventory) {
            if change.inventory && !kinds.contains(&*kind) {
                faults.push(format!("inventory has {kind:?}, which this world does not know"));
            }
            if quantity == 0 || quantity > u64::from(INVENTORY_STACK_MAX) {
                faults.push(format!("inventory has {quantity} of {kind:?}; it can be 1 to {INVENTORY_STACK_MAX}"));
            }
        }
        if position.is_none() && in_order(inventory) != *inventory {
            faults.push("inventory is not in the alphabetical order of its kinds".to_owned());
        }
    }
    faults
}
