//! The content of a map that a world is played on, as bytes: what the rules read of it and what an
//! edit compares, so that a world can be replayed when its file is no more. Pictures, the canopy,
//! signs, the map's name and areas without rules are no part of it. Equal contents give equal
//! bytes, and those the map's id.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use tilemud_schema::rest::{Area, TileInfo, Warp};
use tilemud_schema::{EntityKind, ItemKind, MapId, Position};

use super::areas::Rules;
use super::drawn::{ItemInfo, MAP_EDGE_MAX, Map, MapObject, MapTileset, Spawner};

/// First byte of a content. What maps are given later is written behind all else, and only for a
/// map that has it: a map without keeps its bytes, and with them its id.
const FORMAT: u8 = 1;

/// Large maps are written without a copy of their layers.
#[derive(Serialize, Deserialize)]
struct Content<'m> {
    width: i32,
    height: i32,
    tiles: Cow<'m, [u16]>,
    ground: Cow<'m, [u16]>,
    tileset: Vec<TileContent>,
    damage: BTreeMap<u16, i32>,
    prints: Vec<u64>,
    spawn: Position,
    objects: Vec<ObjectContent>,
    items: BTreeMap<ItemKind, ItemContent>,
    warps: Vec<Warp>,
    spawners: Vec<Spawner>,
}

#[derive(Serialize, Deserialize)]
struct TileContent {
    name: String,
    solid: bool,
}

#[derive(Serialize, Deserialize)]
struct ObjectContent {
    id: u32,
    kind: EntityKind,
    name: Arc<str>,
    look: Arc<str>,
    position: Position,
    open: bool,
    quantity: u32,
    wander: u8,
}

#[derive(Serialize, Deserialize)]
struct ItemContent {
    name: Arc<str>,
    heals: i32,
    places: Option<u16>,
}

/// Why bytes are not the content of a map.
#[derive(Debug, thiserror::Error)]
pub enum ContentError {
    /// Written by another version of the program.
    #[error("the stored map is of a format that this program does not read, it reads format {FORMAT}")]
    Format,
    #[error("the stored map cannot be read")]
    Unreadable(#[source] postcard::Error),
    /// It can be decoded, but no map is like that.
    #[error("the stored map contradicts itself: {what}")]
    Inconsistent { what: &'static str },
}

impl Map {
    /// The content as bytes.
    #[must_use]
    pub fn content(&self) -> Vec<u8> {
        let Self { name: _, world_id: _, width, height, tiles, ground, canopy: _, tileset, spawn, objects, .. } = self;
        let Self { origin, items, warps, spawners, areas, music: _, .. } = self;
        let MapTileset { images: _, tile_size: _, columns: _, tiles: infos, damage, animations: _, prints } = tileset;
        let content = Content {
            width: *width,
            height: *height,
            tiles: tiles.into(),
            ground: ground.into(),
            tileset: infos.iter().map(|info| TileContent { name: info.name.clone(), solid: info.solid }).collect(),
            damage: damage.clone(),
            prints: prints.clone(),
            spawn: *spawn,
            objects: objects.iter().map(object_content).collect(),
            items: items.iter().map(|(kind, info)| (kind.clone(), item_content(info))).collect(),
            warps: warps.clone(),
            spawners: spawners.clone(),
        };
        let rules: Vec<Rules> = areas.iter().filter_map(Rules::of).collect();
        let bytes = postcard::to_extend(&content, vec![FORMAT]);
        let has_origin = *origin != Position::default();
        let bytes = bytes.and_then(|bytes| match rules.as_slice() {
            [] if !has_origin => Ok(bytes),
            rules => postcard::to_extend(rules, bytes),
        });
        let bytes = bytes.and_then(|bytes| if has_origin { postcard::to_extend(origin, bytes) } else { Ok(bytes) });
        bytes.expect("a vector takes all bytes, and every type here can be encoded")
    }

    /// The id of its content.
    #[must_use]
    pub fn id(&self) -> MapId {
        Self::id_of(&self.content())
    }

    /// The id of a content.
    #[must_use]
    pub fn id_of(content: &[u8]) -> MapId {
        MapId(Sha256::digest(content).into())
    }

    /// The map of a content, without a name, pictures and a canopy.
    ///
    /// # Errors
    /// [`ContentError`] for what [`Self::content`] did not write.
    pub fn from_content(bytes: &[u8]) -> Result<Self, ContentError> {
        let Some((&FORMAT, bytes)) = bytes.split_first() else { return Err(ContentError::Format) };
        let (content, rest): (Content<'_>, _) = postcard::take_from_bytes(bytes).map_err(ContentError::Unreadable)?;
        let (areas, origin) = behind(rest, (content.width, content.height))?;
        check(&content)?;
        let Content { width, height, tiles, ground, tileset, damage, prints, spawn, .. } = content;
        let Content { objects, items, warps, spawners, .. } = content;
        let infos = tileset.into_iter().zip(0_u16..);
        let tileset = MapTileset {
            images: Vec::new(),
            tile_size: 0,
            columns: 0,
            tiles: infos.map(|(TileContent { name, solid }, id)| TileInfo { id, name, solid }).collect(),
            animations: Vec::new(),
            damage,
            prints,
        };
        Ok(Self {
            name: String::new(),
            world_id: None,
            width,
            height,
            origin,
            canopy: vec![0; tiles.len()],
            tiles: tiles.into_owned(),
            ground: ground.into_owned(),
            tileset,
            spawn,
            objects: objects.into_iter().map(object).collect(),
            items: items.into_iter().map(|(kind, info)| (kind, item(info))).collect(),
            warps,
            spawners,
            areas,
            signs: Vec::new(),
            sprites: None,
            music: BTreeMap::new(),
        })
    }
}

/// The areas and the origin, which stand behind all else.
fn behind(bytes: &[u8], size: (i32, i32)) -> Result<(Vec<Area>, Position), ContentError> {
    if bytes.is_empty() {
        return Ok(Default::default());
    }
    let (rules, rest): (Vec<Rules>, _) = postcard::take_from_bytes(bytes).map_err(ContentError::Unreadable)?;
    let (origin, rest) = match rest {
        [] if rules.is_empty() => return Err(ContentError::Format),
        [] => (Position::default(), rest),
        _ => postcard::take_from_bytes(rest).map_err(ContentError::Unreadable)?,
    };
    if !rest.is_empty() {
        return Err(ContentError::Format);
    }
    let areas: Option<Vec<Area>> = rules.into_iter().map(|rules| rules.area(size)).collect();
    Ok((areas.ok_or(ContentError::Inconsistent { what: "an area is outside of it" })?, origin))
}

fn check(content: &Content<'_>) -> Result<(), ContentError> {
    let inconsistent = |what| Err(ContentError::Inconsistent { what });
    let edges = 1..=MAP_EDGE_MAX as i32;
    if !edges.contains(&content.width) || !edges.contains(&content.height) {
        return inconsistent("no map is that large");
    }
    let places = content.width as usize * content.height as usize;
    if content.tiles.len() != places || content.ground.len() != places {
        return inconsistent("it has not a tile for every place");
    }
    let kinds = content.tileset.len();
    let is_known = |tile: &u16| usize::from(*tile) < kinds;
    if kinds > usize::from(u16::MAX) + 1 || !content.tiles.iter().chain(content.ground.iter()).all(is_known) {
        return inconsistent("a tile is not in the tileset");
    }
    if !content.items.values().filter_map(|item| item.places.as_ref()).all(is_known) {
        return inconsistent("an item becomes a tile that is not in the tileset");
    }
    let is_inside = |at: Position| (0..content.width).contains(&at.x) && (0..content.height).contains(&at.y);
    if !is_inside(content.spawn) || !content.objects.iter().all(|object| is_inside(object.position)) {
        return inconsistent("something is outside of it");
    }
    let size = (content.width, content.height);
    let is_area = |x: i32, y: i32, width: i32, height: i32| {
        let has = |from: i32, count: i32, all: i32| from >= 0 && count >= 1 && count <= all && from <= all - count;
        has(x, width, size.0) && has(y, height, size.1)
    };
    let leads = |warp: &Warp| is_area(warp.x, warp.y, warp.width, warp.height) && is_inside(warp.to);
    let makes = |it: &Spawner| is_area(it.x, it.y, it.width, it.height) && it.number >= 1 && it.quantity >= 1;
    if !content.warps.iter().all(leads) || !content.spawners.iter().all(makes) {
        return inconsistent("a warp or a spawner is outside of it");
    }
    Ok(())
}

fn object_content(object: &MapObject) -> ObjectContent {
    let MapObject { id, kind, name, look, position, open, quantity, wander } = object.clone();
    ObjectContent { id, kind, name, look, position, open, quantity, wander }
}

fn object(content: ObjectContent) -> MapObject {
    let ObjectContent { id, kind, name, look, position, open, quantity, wander } = content;
    MapObject { id, kind, name, look, position, open, quantity, wander }
}

fn item_content(info: &ItemInfo) -> ItemContent {
    let ItemInfo { name, heals, places } = info.clone();
    ItemContent { name, heals, places }
}

fn item(content: ItemContent) -> ItemInfo {
    let ItemContent { name, heals, places } = content;
    ItemInfo { name, heals, places }
}

#[cfg(test)]
mod tests {
    use tilemud_schema::rest::Run;

    use super::*;

    #[test]
    fn a_map_read_from_its_content_is_the_same_to_the_rules_and_has_the_same_id() {
        let map = Map::built_in();
        let content = map.content();
        let again = Map::from_content(&content).unwrap();
        assert_eq!(again.content(), content);
        assert_eq!(again.id(), map.id());
        let MapTileset { images, tile_size, columns, animations, .. } = map.tileset.clone();
        let tileset = MapTileset { images, tile_size, columns, animations, ..again.tileset };
        assert_eq!(Map { name: map.name.clone(), canopy: map.canopy.clone(), tileset, ..again }, map);
    }

    #[test]
    fn a_name_and_a_canopy_are_no_part_of_the_id_and_all_that_is_played_with_is() {
        let map = Map::from_art(&["@.i", "..D", "N.."]);
        let id = |change: fn(&mut Map)| {
            let mut map = map.clone();
            change(&mut map);
            map.id()
        };
        assert_eq!(id(|map| map.name = "another".to_owned()), map.id());
        assert_eq!(id(|map| map.canopy[1] = 2), map.id());
        let changes: [fn(&mut Map); 6] = [
            |map| map.tiles[4] = 2,
            |map| map.spawn.x = 1,
            |map| map.objects[0].quantity = 2,
            |map| map.objects[2].name = "Ida".into(),
            |map| map.objects[1].id = 77,
            |map| map.tileset.prints = vec![0; 6],
        ];
        for (number, change) in changes.into_iter().enumerate() {
            assert_ne!(id(change), map.id(), "change {number}");
        }
    }

    fn area(x: i32, width: i32) -> Area {
        Area { runs: vec![Run { x, y: 1, width }], ..Area::default() }
    }

    #[test]
    fn of_areas_only_rules_are_part_of_the_content_and_a_map_without_keeps_its_id() {
        let map = Map::from_art(&["@.i", "..D", "N.."]);
        let with = |areas: Vec<Area>| Map { areas, ..map.clone() };
        let named =
            Area { name: "Yard".to_owned(), light: Some(40), indoor: true, music: Some("a".to_owned()), ..area(0, 2) };
        assert_eq!(with(vec![named.clone()]).content(), map.content());
        let kept = Area { no_build: true, ..named.clone() };
        let ruled = with(vec![named, kept, Area { damage: 3, safe: true, ..area(1, 2) }]);
        assert_ne!(ruled.id(), map.id());
        let again = Map::from_content(&ruled.content()).expect("just written");
        let rules = [Area { no_build: true, ..area(0, 2) }, Area { damage: 3, safe: true, ..area(1, 2) }];
        assert_eq!((again.areas.as_slice(), again.id()), (&rules[..], ruled.id()));
        let mut ids = std::collections::BTreeSet::from([map.id(), ruled.id()]);
        for other in [
            Area { no_build: true, ..area(0, 2) },
            Area { no_build: true, ..area(0, 1) },
            Area { safe: true, ..area(0, 2) },
            Area { damage: 1, ..area(0, 2) },
            Area { damage: 2, ..area(0, 2) },
        ] {
            assert!(ids.insert(with(vec![other.clone()]).id()), "{other:?}");
        }
    }

    #[test]
    fn where_an_infinite_map_begins_is_kept_with_it_and_any_other_keeps_its_id() {
        let map = Map::from_art(&["@.i", "..D", "N.."]);
        let ruled = Map { areas: vec![Area { no_build: true, ..area(0, 2) }], ..map.clone() };
        for map in [map, ruled] {
            let grown = Map { origin: Position { x: -16, y: -32 }, ..map.clone() };
            let again = Map::from_content(&grown.content()).expect("just written");
            assert_eq!((again.origin, again.id()), (grown.origin, grown.id()));
            assert_eq!(again.areas.len(), map.areas.len());
            assert_ne!(grown.id(), map.id());
        }
    }

    #[test]
    fn bytes_that_are_no_map_are_refused() {
        let mut map = Map::from_art(&["@.", ".i"]);
        map.areas = vec![Area { no_build: true, damage: 2, ..area(0, 2) }];
        let content = map.content();
        assert!(Map::from_content(&[&content[..], &[0]].concat()).is_err());
        assert!(matches!(Map::from_content(&[&content[..], &[2, 2, 2]].concat()), Err(ContentError::Format)));
        assert!(matches!(Map::from_content(&[]), Err(ContentError::Format)));
        assert!(matches!(Map::from_content(&[9]), Err(ContentError::Format)));
        assert!(Map::from_content(&content[..content.len() / 2]).is_err());
        for at in 1..content.len() {
            for bit in 0..8 {
                let mut other = content.clone();
                other[at] ^= 1 << bit;
                // Another map, or none; never a panic.
                if let Ok(map) = Map::from_content(&other) {
                    assert!(map.index(map.spawn.x, map.spawn.y).is_some());
                }
            }
        }
    }
}
