//! Components and resources: the state of the world, and the ways to change it that keep its
//! indexes consistent. No system is here, and nothing here knows who uses it.

pub mod body;
pub mod character;
pub mod character_index;
pub mod chunks;
pub mod clock;
pub mod customs;
pub mod dirty;
pub mod grid;
pub mod hashes;
pub mod inventory;
pub mod mixer;
pub mod nearest;
pub mod numbers;
pub mod occupants;
pub mod origins;
pub mod record;
pub mod scene;
pub mod session;
pub mod shifted;
pub mod spawn;
pub mod spawners;
pub mod terrain;
pub mod unsaved;
pub mod viewers;
pub mod wanderers;
pub mod zone;
