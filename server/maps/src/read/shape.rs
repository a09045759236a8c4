//! Brings the JSON form of maps, tilesets and templates into that of XML, so that what a file means
//! is said once. Knows the form of files of Tiled before 1.2 too.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::json::{Json, Members, text};
use super::ledger::{Full, Hold};
use super::tree::{Element, take_element};

/// What a file holds, as an element.
///
/// # Errors
/// It needs too much memory.
pub(super) fn root<'a>(value: Json<'a>, hold: &mut Hold<'_>) -> Result<Element<'a>, Full> {
    let Json::Object(members) = value else { return Ok(Element::default()) };
    let has = |name: &str| members.iter().any(|(key, _)| key == name);
    // Old files do not say what they are.
    if has("layers") {
        map(members, hold)
    } else if has("object") {
        template(members, hold)
    } else if has("tilewidth") || has("tiles") {
        tileset(members, hold)
    } else {
        element("", members, hold, &mut |_, _, _, _| Ok(()))
    }
}

/// What is done with a member that is no attribute: the element it is of, its name and its value.
type Nested<'n, 'a> = &'n mut dyn FnMut(&mut Element<'a>, &str, Json<'a>, &mut Hold<'_>) -> Result<(), Full>;

/// An element with the texts and numbers of an object as attributes.
fn element<'a>(
    name: &'static str,
    members: Members<'a>,
    hold: &mut Hold<'_>,
    nested: Nested<'_, 'a>,
) -> Result<Element<'a>, Full> {
    // Numbers become texts of their own.
    take_element(hold, members.len(), members.len() * 24)?;
    let mut element = Element { name: Cow::Borrowed(name), ..Element::default() };
    element.attributes.reserve_exact(members.iter().filter(|(_, value)| value.is_scalar()).count());
    for (key, value) in members {
        match value {
            Json::Null => {}
            value if value.is_scalar() => element.attributes.push((key, text(value))),
            value => nested(&mut element, &key, value, hold)?,
        }
    }
    Ok(element)
}

/// The objects in a list.
fn objects(value: Json<'_>) -> impl Iterator<Item = Members<'_>> {
    let list = if let Json::List(list) = value { list } else { Vec::new() };
    list.into_iter().filter_map(|value| if let Json::Object(members) = value { Some(members) } else { None })
}

fn take<'a>(element: &mut Element<'a>, name: &str) -> Option<Cow<'a, str>> {
    let index = element.attributes.iter().position(|(key, _)| key == name)?;
    Some(element.attributes.swap_remove(index).1)
}

fn map<'a>(members: Members<'a>, hold: &mut Hold<'_>) -> Result<Element<'a>, Full> {
    let mut types = PropertyTypes::default();
    let mut map = element("map", members, hold, &mut |map, key, value, hold| {
        match key {
            "layers" => {
                for members in objects(value) {
                    map.children.push(layer(members, hold)?);
                }
            }
            "tilesets" => {
                for members in objects(value) {
                    map.children.push(tileset(members, hold)?);
                }
            }
            _ => property_list(map, key, value, &mut types, hold)?,
        }
        Ok(())
    })?;
    types.apply(&mut map);
    Ok(map)
}

fn template<'a>(members: Members<'a>, hold: &mut Hold<'_>) -> Result<Element<'a>, Full> {
    element("template", members, hold, &mut |template, key, value, hold| {
        match (key, value) {
            ("tileset", Json::Object(members)) => template.children.push(tileset(members, hold)?),
            ("object", Json::Object(members)) => template.children.push(object(members, hold)?),
            _ => {}
        }
        Ok(())
    })
}

fn layer<'a>(members: Members<'a>, hold: &mut Hold<'_>) -> Result<Element<'a>, Full> {
    let mut types = PropertyTypes::default();
    let mut data = None;
    let mut layer = element("", members, hold, &mut |layer, key, value, hold| {
        match (key, value) {
            ("layers", value) => {
                for members in objects(value) {
                    layer.children.push(self::layer(members, hold)?);
                }
            }
            ("objects", value) => {
                for members in objects(value) {
                    layer.children.push(object(members, hold)?);
                }
            }
            ("data", Json::Row(row)) => data = Some(Element { text: Cow::Owned(row), ..Element::default() }),
            ("data", _) => data = Some(Element::default()),
            ("chunks", value) => {
                let mut chunks = Element::default();
                for members in objects(value) {
                    chunks.children.push(chunk(members, hold)?);
                }
                data = Some(chunks);
            }
            (key, value) => property_list(layer, key, value, &mut types, hold)?,
        }
        Ok(())
    })?;
    types.apply(&mut layer);
    layer.name = match take(&mut layer, "type") {
        Some(kind) if kind == "tilelayer" => Cow::Borrowed("layer"),
        Some(kind) => kind,
        None => Cow::Borrowed("layer"),
    };
    if let Some(text) = take(&mut layer, "data") {
        data = Some(Element { text, ..Element::default() });
    }
    if let Some(mut data) = data {
        data.name = Cow::Borrowed("data");
        for name in ["encoding", "compression"] {
            data.attributes.extend(take(&mut layer, name).map(|value| (Cow::Borrowed(name), value)));
        }
        layer.children.push(data);
    }
    image(&mut layer);
    Ok(layer)
}

fn chunk<'a>(members: Members<'a>, hold: &mut Hold<'_>) -> Result<Element<'a>, Full> {
    let mut chunk = element("chunk", members, hold, &mut |chunk, key, value, _| {
        if let ("data", Json::Row(row)) = (key, value) {
            chunk.text = Cow::Owned(row);
        }
        Ok(())
    })?;
    if let Some(text) = take(&mut chunk, "data") {
        chunk.text = text;
    }
    Ok(chunk)
}

/// Moves what is said of a picture into an element of its own.
fn image(element: &mut Element<'_>) {
    let Some(source) = take(element, "image").filter(|source| !source.is_empty()) else { return };
    let mut image = Element { name: Cow::Borrowed("image"), ..Element::default() };
    image.attributes.push((Cow::Borrowed("source"), source));
    for (of_json, of_xml) in [("transparentcolor", "trans"), ("imagewidth", "width"), ("imageheight", "height")] {
        image.attributes.extend(take(element, of_json).map(|value| (Cow::Borrowed(of_xml), value)));
    }
    element.children.push(image);
}

fn object<'a>(members: Members<'a>, hold: &mut Hold<'_>) -> Result<Element<'a>, Full> {
    let mut types = PropertyTypes::default();
    let mut object = element("object", members, hold, &mut |object, key, value, hold| {
        match (key, value) {
            ("polygon", value) => object.children.push(points("polygon", value, hold)?),
            ("polyline", value) => object.children.push(points("polyline", value, hold)?),
            ("text", Json::Object(members)) => {
                let mut written = element("text", members, hold, &mut |_, _, _, _| Ok(()))?;
                written.text = take(&mut written, "text").unwrap_or_default();
                object.children.push(written);
            }
            (key, value) => property_list(object, key, value, &mut types, hold)?,
        }
        Ok(())
    })?;
    types.apply(&mut object);
    for shape in ["ellipse", "point", "capsule"] {
        if take(&mut object, shape).is_some_and(|value| value == "true") {
            object.children.push(Element { name: Cow::Borrowed(shape), ..Element::default() });
        }
    }
    Ok(object)
}

fn points<'a>(name: &'static str, value: Json<'a>, hold: &mut Hold<'_>) -> Result<Element<'a>, Full> {
    let mut points = String::new();
    for members in objects(value) {
        let point = element("", members, hold, &mut |_, _, _, _| Ok(()))?;
        points += &format!("{},{} ", point.get("x").unwrap_or("0"), point.get("y").unwrap_or("0"));
    }
    take_element(hold, 1, points.capacity())?;
    let attributes = vec![(Cow::Borrowed("points"), Cow::Owned(points))];
    Ok(Element { name: Cow::Borrowed(name), attributes, ..Element::default() })
}

fn tileset<'a>(members: Members<'a>, hold: &mut Hold<'_>) -> Result<Element<'a>, Full> {
    let mut types = PropertyTypes::default();
    // What old files say of tiles in lists beside one another, by tile.
    let mut tiles: BTreeMap<String, Element<'a>> = BTreeMap::new();
    let mut tile_types: BTreeMap<String, PropertyTypes> = BTreeMap::new();
    let mut tileset = element("tileset", members, hold, &mut |tileset, key, value, hold| {
        match (key, value) {
            ("tileoffset", Json::Object(members)) => {
                tileset.children.push(element("tileoffset", members, hold, &mut |_, _, _, _| Ok(()))?);
            }
            ("tiles", Json::Object(members)) => {
                for (id, members) in by_tile(members) {
                    let mut read = tile(members, hold)?;
                    let known = of_tile(&mut tiles, &id, hold)?;
                    known.children.append(&mut read.children);
                    known.attributes.append(&mut read.attributes);
                }
            }
            ("tiles", value) => {
                for members in objects(value) {
                    tileset.children.push(tile(members, hold)?);
                }
            }
            ("tileproperties" | "tilepropertytypes", Json::Object(members)) => {
                for (id, members) in by_tile(members) {
                    let key = if key == "tileproperties" { "properties" } else { "propertytypes" };
                    let types = tile_types.entry(id.to_string()).or_default();
                    property_list(of_tile(&mut tiles, &id, hold)?, key, Json::Object(members), types, hold)?;
                }
            }
            (key, value) => property_list(tileset, key, value, &mut types, hold)?,
        }
        Ok(())
    })?;
    for (id, types) in &tile_types {
        tiles.get_mut(id).into_iter().for_each(|tile| types.apply(tile));
    }
    tileset.children.extend(tiles.into_values());
    types.apply(&mut tileset);
    image(&mut tileset);
    Ok(tileset)
}

/// What a list by local id says of each tile.
fn by_tile<'a>(members: Members<'a>) -> impl Iterator<Item = (Cow<'a, str>, Members<'a>)> {
    members
        .into_iter()
        .filter_map(|(id, value)| if let Json::Object(of_tile) = value { Some((id, of_tile)) } else { None })
}

fn of_tile<'t, 'a>(
    tiles: &'t mut BTreeMap<String, Element<'a>>,
    id: &str,
    hold: &mut Hold<'_>,
) -> Result<&'t mut Element<'a>, Full> {
    if !tiles.contains_key(id) {
        take_element(hold, 1, id.len() * 2)?;
    }
    Ok(tiles.entry(id.to_owned()).or_insert_with(|| Element {
        name: Cow::Borrowed("tile"),
        attributes: vec![(Cow::Borrowed("id"), Cow::Owned(id.to_owned()))],
        ..Element::default()
    }))
}

fn tile<'a>(members: Members<'a>, hold: &mut Hold<'_>) -> Result<Element<'a>, Full> {
    let mut types = PropertyTypes::default();
    let mut tile = element("tile", members, hold, &mut |tile, key, value, hold| {
        match (key, value) {
            ("animation", value) => {
                take_element(hold, 0, 0)?;
                let mut animation = Element { name: Cow::Borrowed("animation"), ..Element::default() };
                for members in objects(value) {
                    animation.children.push(element("frame", members, hold, &mut |_, _, _, _| Ok(()))?);
                }
                tile.children.push(animation);
            }
            ("objectgroup", Json::Object(members)) => {
                let mut group = layer(members, hold)?;
                group.name = Cow::Borrowed("objectgroup");
                tile.children.push(group);
            }
            (key, value) => property_list(tile, key, value, &mut types, hold)?,
        }
        Ok(())
    })?;
    types.apply(&mut tile);
    image(&mut tile);
    Ok(tile)
}

/// Types of the properties of files in which they stand beside them.
#[derive(Default)]
struct PropertyTypes(BTreeMap<String, String>);

impl PropertyTypes {
    /// Gives the properties of an element their types.
    fn apply(&self, element: &mut Element<'_>) {
        let lists = element.children.iter_mut().filter(|child| child.name == "properties");
        for property in lists.flat_map(|list| list.children.iter_mut()) {
            if let Some(kind) = property.get("name").and_then(|name| self.0.get(name)).cloned()
                && let Some((_, known)) = property.attributes.iter_mut().find(|(key, _)| key == "type")
            {
                *known = Cow::Owned(kind);
            }
        }
    }
}

/// The members that have to do with properties; others say nothing that is used.
fn property_list<'a>(
    element: &mut Element<'a>,
    key: &str,
    value: Json<'a>,
    types: &mut PropertyTypes,
    hold: &mut Hold<'_>,
) -> Result<(), Full> {
    match (key, value) {
        ("properties", Json::Object(members)) => element.children.push(members_of_class(members, hold)?),
        ("properties", value) => {
            take_element(hold, 0, 0)?;
            let mut list = Element { name: Cow::Borrowed("properties"), ..Element::default() };
            for members in objects(value) {
                let property = self::element("property", members, hold, &mut |property, key, value, hold| {
                    if let ("value", Json::Object(members)) = (key, value) {
                        property.children.push(members_of_class(members, hold)?);
                    }
                    Ok(())
                })?;
                list.children.push(property);
            }
            element.children.push(list);
        }
        ("propertytypes", Json::Object(members)) => {
            for (name, kind) in members {
                hold.take(128 + name.len())?;
                types.0.insert(name.into_owned(), text(kind).into_owned());
            }
        }
        _ => {}
    }
    Ok(())
}

/// The members of a value of a class, whose types are those of JSON.
fn members_of_class<'a>(members: Members<'a>, hold: &mut Hold<'_>) -> Result<Element<'a>, Full> {
    take_element(hold, 0, 0)?;
    let mut list = Element { name: Cow::Borrowed("properties"), ..Element::default() };
    for (name, value) in members {
        take_element(hold, 3, 24)?;
        let kind = match &value {
            Json::Bool(_) => "bool",
            Json::Whole(_) => "int",
            Json::Fraction(_) => "float",
            Json::Object(_) => "class",
            _ => "string",
        };
        let mut property = Element { name: Cow::Borrowed("property"), ..Element::default() };
        property.attributes.push((Cow::Borrowed("name"), name));
        property.attributes.push((Cow::Borrowed("type"), Cow::Borrowed(kind)));
        match value {
            Json::Object(members) => property.children.push(members_of_class(members, hold)?),
            value => property.attributes.push((Cow::Borrowed("value"), text(value))),
        }
        list.children.push(property);
    }
    Ok(list)
}
