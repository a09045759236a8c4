//! Interactions with things nearby and carried items: finds the nearest interaction, and builds
//! `intent.action`. The server decides whether it works.

use tilemud_schema::{Action, Direction, EntityKind, Intent, Position};

use super::Game;
use crate::prediction;

/// Something that can be done here and now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interaction {
    /// In words, e.g. "Take Apple".
    pub words: String,
    /// What the server is asked for.
    pub action: Action,
    pub tile: (i32, i32),
}

impl Game {
    /// The action of the interaction key: take the nearest item, else open or close a door, else
    /// take back what was built on the faced tile.
    #[must_use]
    pub fn nearest_interaction(&self) -> Option<Interaction> {
        let at = self.acts_from()?;
        let things = self.things().filter(|interaction| reaches(at, interaction.tile));
        let nearest = things.min_by_key(|Interaction { action, tile: (x, y), .. }| {
            (is_door(action), (x - at.x).abs() + (y - at.y).abs(), *y, *x)
        });
        nearest.or_else(|| self.built_at(self.faced()?))
    }

    /// What a click on that tile does, if it is more than walking there.
    #[must_use]
    pub fn interaction_at(&self, tile: (i32, i32)) -> Option<Interaction> {
        let at = self.acts_from()?;
        self.things().find(|interaction| interaction.tile == tile && reaches(at, tile))
    }

    /// The tile before the player.
    #[must_use]
    pub fn faced(&self) -> Option<(i32, i32)> {
        let facing = self.own_motion().map_or(Direction::South, |motion| motion.facing());
        let Position { x, y } = prediction::step(self.acts_from()?, facing);
        Some((x, y))
    }

    /// Asks for one step of an action.
    pub fn act(&mut self, action: Action) {
        self.want(Intent::Action { steps: vec![action] });
    }

    /// Asks for anything.
    pub fn want(&mut self, intent: Intent) {
        if !self.session.act(intent, self.now_s) {
            self.talk.notice("Nothing can be done right now.", self.now_s);
        }
        self.obey();
    }

    fn acts_from(&self) -> Option<Position> {
        self.predicted().filter(|_| self.session.can_act())
    }

    /// What is done to the items and doors in view.
    fn things(&self) -> impl Iterator<Item = Interaction> {
        self.surroundings.entities.values().filter_map(|entity| {
            let (name, x, y) = (&entity.name, entity.x, entity.y);
            let (words, action) = match (entity.kind, entity.open) {
                (EntityKind::Item, _) => (format!("Take {name}"), Action::Take { item: entity.id }),
                (EntityKind::Door, Some(true)) => (format!("Close {name}"), Action::Close { x, y }),
                (EntityKind::Door, _) => (format!("Open {name}"), Action::Open { x, y }),
                (EntityKind::Player | EntityKind::Npc, _) => return None,
            };
            // Nobody closes a door on themselves.
            let own_feet = self.predicted().is_some_and(|at| (at.x, at.y) == (x, y));
            (!own_feet || !is_door(&action)).then_some(Interaction { words, action, tile: (x, y) })
        })
    }

    fn built_at(&self, (x, y): (i32, i32)) -> Option<Interaction> {
        let original = self.assets.terrain()?.drawn(x, y)?;
        let built = self.surroundings.tiles.get(&(x, y)).is_some_and(|tile| *tile != original);
        built.then(|| Interaction { words: "Take it back".to_owned(), action: Action::Remove { x, y }, tile: (x, y) })
    }
}

fn reaches(at: Position, (x, y): (i32, i32)) -> bool {
    (x - at.x).abs() <= 1 && (y - at.y).abs() <= 1
}

fn is_door(action: &Action) -> bool {
    matches!(action, Action::Open { .. } | Action::Close { .. })
}
