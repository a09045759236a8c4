//! What became of a map, for its builder.

use std::fmt;

use serde::Serialize;

use crate::dialect::Chosen;
use crate::drawing::{Content, Drawing};
use crate::names::shown;
use crate::roles::{Drawn, Role};
use crate::spawn::Spawn;
use crate::walls::Source;
use crate::warps::Warp;

/// What became of a map.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    pub name: String,
    /// Columns and rows.
    pub width: u32,
    pub height: u32,
    /// Why it is not read tile by tile, as our own worlds are.
    pub because: String,
    pub dialect: Chosen,
    pub layers: Vec<LayerUse>,
    /// Edge of a tile of the sheet, pixels, and how many tiles there are.
    pub tile_size: u32,
    pub tiles: usize,
    /// How many of them move.
    pub moving: usize,
    /// Different stacks below and above the characters.
    pub stacks_below: usize,
    pub stacks_above: usize,
    /// The PNG files that hold the tiles: how many, and the bytes of all.
    pub sheets: usize,
    pub sheet_len: usize,
    pub blocked_percent: u32,
    pub blocked_by: Vec<Source>,
    /// Areas that cannot be reached from one another on foot.
    pub areas: usize,
    pub spawn: Spawn,
    /// Doors, characters and items that stand in the world at first.
    pub objects: usize,
    /// Items and areas whose things come back.
    pub spawners: usize,
    pub warps: Vec<Warp>,
    /// How many of them lead to a place of this map, and are followed.
    pub warps_followed: usize,
    /// How long baking took, milliseconds.
    pub ms: u64,
}

/// What a layer is used for.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LayerUse {
    pub name: String,
    #[serde(rename = "use")]
    pub used: String,
}

/// What each layer is used for, in their order.
pub fn layers(drawing: &Drawing, roles: &[Role]) -> Vec<LayerUse> {
    let used = |(layer, role): (&crate::drawing::Layer, &Role)| {
        let drawn = match (role.drawn, &layer.content) {
            (Drawn::Not(why), _) => format!("not drawn: {why}"),
            (_, Content::Objects(objects)) if objects.iter().all(|object| object.gid.is_none()) => "objects".to_owned(),
            (Drawn::Below, _) => "drawn below the characters".to_owned(),
            (Drawn::Above, _) => "drawn above the characters".to_owned(),
        };
        let blocks = if role.blocks.is_some() { ", blocks" } else { "" };
        LayerUse { name: shown(&layer.name), used: format!("{drawn}{blocks}") }
    };
    drawing.layers.iter().zip(roles).map(used).collect()
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}: {} x {} tiles of {} pixels", self.name, self.width, self.height, self.tile_size)?;
        if !self.because.is_empty() {
            writeln!(f, "baked, as {}", self.because)?;
        }
        writeln!(f, "dialect: {}, as {}", self.dialect.name, self.dialect.why)?;
        for layer in &self.layers {
            writeln!(f, "layer {}: {}", layer.name, layer.used)?;
        }
        let (below, above) = (self.stacks_below, self.stacks_above);
        let kib = self.sheet_len.div_ceil(1024);
        let pictures = if self.sheets == 1 { "1 picture".to_owned() } else { format!("{} pictures", self.sheets) };
        writeln!(
            f,
            "stacks: {below} below and {above} above the characters, {} tiles in {pictures} of {kib} KiB, {} move",
            self.tiles, self.moving
        )?;
        let sources: Vec<_> =
            self.blocked_by.iter().map(|source| format!("{} ({} cells)", source.what, source.cells)).collect();
        let from = if sources.is_empty() { "nothing".to_owned() } else { sources.join(", ") };
        writeln!(f, "blocked: {} %, from {from}; {} areas", self.blocked_percent, self.areas)?;
        writeln!(f, "characters begin at {}, {}: {}", self.spawn.x, self.spawn.y, self.spawn.why)?;
        let (warps, followed) = (self.warps.len(), self.warps_followed);
        writeln!(f, "objects: {}, spawners: {}, warps: {warps}, followed: {followed}", self.objects, self.spawners)?;
        write!(f, "baked in {} ms", self.ms)
    }
}
