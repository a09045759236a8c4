//! Objects that are made from templates, and what they have from the tiles they show.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::drawing::{GID, Object, Tileset};
use crate::files::resolve;
use crate::problem::{Place, Severity, shown};

use super::context::Context;
use super::document::with_tree;
use super::object::{self, Draft};
use super::tileset::{Alignment, Tilesets};
use super::tree::Element;
use super::{properties, source};

/// Templates that may be made from one another.
const TEMPLATES_DEEP_MAX: usize = 8;

/// The templates of a map while it is read, by file; `None` of those that cannot be used.
#[derive(Debug, Default)]
pub(super) struct Templates {
    read: BTreeMap<PathBuf, Option<Draft>>,
}

/// What a template file says.
struct Template {
    draft: Draft,
    /// The template it is made from.
    under: Option<String>,
    /// File of its tileset, and where its ids begin in the template.
    tileset: Option<(String, u32)>,
}

/// Reads an object of a layer, with all that it has from elsewhere. `aligned` is how tile objects
/// stand of whose tileset nothing is said.
pub(super) fn object(
    context: &mut Context<'_>,
    element: &Element<'_>,
    file: &Path,
    place: &Place,
    (templates, tilesets): (&mut Templates, &mut Tilesets),
    aligned: Alignment,
) -> Option<Object> {
    let (mut draft, place) = object::read(context, element, file, place)?;
    if let Some(source) = element.get("template").filter(|source| !source.is_empty()) {
        let path = resolve(file, source);
        let mut chain = Vec::new();
        if let Some(under) = templates.draft(context, &path, &place, tilesets, &mut chain) {
            draft = draft.over(under);
        }
    }
    let Some(gid) = draft.gid.filter(|gid| gid & GID > 0) else {
        draft.gid = None;
        return Some(draft.finish());
    };
    let Some((placed, id)) = tilesets.tile(gid) else {
        let what = format!("shows the tile id {}, which is in no tileset", gid & GID);
        context.warn("tile-unknown", &place, what, "choose its tile again with Replace Tile");
        draft.gid = None;
        return Some(draft.finish());
    };
    // Old files do not say how large a tile object is that has the size of its tile.
    let (width, height) = size(&placed.tileset, id);
    draft.width = draft.width.filter(|width| *width > 0.0).or(Some(width));
    draft.height = draft.height.filter(|height| *height > 0.0).or(Some(height));
    if let Some(tile) = placed.tileset.tiles.get(&id) {
        context.take(tile.class.len(), &place)?;
        let of_tile = properties::inherit(context, &tile.properties, &place);
        let class = Some(tile.class.clone()).filter(|class| !class.is_empty());
        draft = draft.over(Draft { class, properties: of_tile, ..Draft::default() });
    }
    let alignment = tilesets.alignment(placed.first_gid).unwrap_or(aligned);
    let mut object = draft.finish();
    align(&mut object, alignment);
    Some(object)
}

/// Pixels of a tile, as far as files say them.
fn size(tileset: &Tileset, id: u32) -> (f64, f64) {
    let tile = tileset.tiles.get(&id);
    let of_part = tile.and_then(|tile| tile.part).map(|(_, _, width, height)| (width, height));
    let of_picture = tile.and_then(|tile| tile.picture.as_ref()).and_then(|picture| picture.size);
    let (width, height) = of_part.or(of_picture).unwrap_or((tileset.tile_width, tileset.tile_height));
    (f64::from(width), f64::from(height))
}

/// Moves the place of a tile object to its lower left corner.
fn align(object: &mut Object, alignment: Alignment) {
    let (across, down) = (-alignment.across * object.width, (1.0 - alignment.down) * object.height);
    let (sin, cos) = object.rotation.to_radians().sin_cos();
    object.x += across * cos - down * sin;
    object.y += across * sin + down * cos;
}

impl Templates {
    /// What a template says of its objects, with the ids of the map's tiles.
    fn draft(
        &mut self,
        context: &mut Context<'_>,
        path: &Path,
        place: &Place,
        tilesets: &mut Tilesets,
        chain: &mut Vec<PathBuf>,
    ) -> Option<Draft> {
        if let Some(known) = self.read.get(path) {
            let draft = known.as_ref()?;
            context.take(draft.len(), place)?;
            return Some(draft.clone());
        }
        if chain.iter().any(|above| above == path) || chain.len() >= TEMPLATES_DEEP_MAX {
            let files: Vec<_> = chain.iter().map(PathBuf::as_path).chain([path]).map(shown_path).collect();
            let what = format!("the template is made from itself or too many others: {}", files.join(", then "));
            context.error("template-cycle", place, what, "detach the object in the template from its template");
            return None;
        }
        chain.push(path.to_owned());
        let draft = self.file(context, path, place, tilesets, chain);
        chain.pop();
        if let Some(draft) = &draft {
            context.take(draft.len(), place)?;
        }
        self.read.insert(path.to_owned(), draft.clone());
        draft
    }

    fn file(
        &mut self,
        context: &mut Context<'_>,
        path: &Path,
        place: &Place,
        tilesets: &mut Tilesets,
        chain: &mut Vec<PathBuf>,
    ) -> Option<Draft> {
        let (bytes, path) = match context.read(path, &place.file, place) {
            Ok(read) => read,
            Err(error) => {
                let what = format!("its template cannot be read: {}", source::unreadable(path, &error));
                context.warn("template-file", place, what, error.remedy());
                return None;
            }
        };
        let path = path.as_path();
        let template = with_tree(context, path, bytes, &["template"], Severity::Warning, |context, tree| {
            template(context, tree, path)
        })??;
        let Template { mut draft, under, tileset } = template;
        if let Some(gid) = draft.gid {
            let first = tileset.and_then(|(source, first)| {
                let first_of_map = tilesets.first_gid_of(context, &resolve(path, &source), place)?;
                Some((first, first_of_map))
            });
            // Without its tileset nobody knows which tile it is.
            draft.gid = first.and_then(|(first, first_of_map)| {
                let id = (gid & GID).checked_sub(first)?.checked_add(first_of_map).filter(|id| *id <= GID)?;
                Some(gid & !GID | id)
            });
            if draft.gid.is_none() {
                let what = format!("its template {} shows a tile of no tileset", shown_path(path));
                context.warn("tile-unknown", place, what, "choose the tile of the template again in Tiled");
            }
        }
        if let Some(under) = under {
            let under = resolve(path, &under);
            if let Some(under) = self.draft(context, &under, place, tilesets, chain) {
                draft = draft.over(under);
            }
        }
        Some(draft)
    }
}

fn template(context: &mut Context<'_>, tree: &Element<'_>, path: &Path) -> Option<Template> {
    let place = Place { file: path.to_owned(), line: tree.line, ..Place::default() };
    let Some(element) = tree.child("object") else {
        let what = "the template holds no object".to_owned();
        context.warn("template-file", &place, what, "save the template again from Tiled");
        return None;
    };
    let (draft, place) = object::read(context, element, path, &place)?;
    let tileset = tree.child("tileset").and_then(|tileset| {
        let first = context.number(tileset, "firstgid", &place).unwrap_or(1);
        Some((tileset.get("source")?.to_owned(), first))
    });
    let under = element.get("template").filter(|under| !under.is_empty()).map(str::to_owned);
    Some(Template { draft, under, tileset })
}

fn shown_path(path: &Path) -> String {
    shown(&path.display().to_string())
}
