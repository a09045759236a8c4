//! `tilemud map check`: reads maps as a server would, and says all that is wrong or unusual.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::bake::{self, Options};
use crate::drawing::{Content, Drawing, GID};
use crate::files::Disk;
use crate::load::{World, build};
use crate::load_error::LoadError;
use crate::problem::{Place, Problem, Problems, Severity, path_as_text, shown};
use crate::read::read;

/// What is to be looked at, and how it is told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Check {
    pub files: Vec<PathBuf>,
    /// For programs: one object a line for each map.
    pub json: bool,
    /// Warnings count as failures.
    pub strict: bool,
    /// A folder from which maps may use files besides their own.
    pub world_root: Option<PathBuf>,
    /// As a server would be told.
    pub options: Options,
    /// Where a picture of the only map goes.
    pub png: Option<PathBuf>,
}

/// The worst that was found in any map.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    Fine,
    /// There are warnings, and they count.
    Warned,
    /// A map cannot be used.
    Unusable,
}

/// What is said of one map.
#[derive(Debug, Serialize)]
struct Report {
    #[serde(serialize_with = "path_as_text")]
    file: PathBuf,
    usable: bool,
    #[serde(flatten)]
    summary: Option<Summary>,
    /// What becomes of a map that is not drawn as our own worlds are.
    #[serde(skip_serializing_if = "Option::is_none")]
    baked: Option<bake::Report>,
    problems: Vec<Problem>,
    /// How many further ones of a kind there are.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    more: Vec<(&'static str, usize)>,
}

/// What a map is.
#[derive(Debug, Serialize)]
struct Summary {
    /// Cells.
    width: u32,
    height: u32,
    /// Pixels of a cell.
    tile_width: u32,
    tile_height: u32,
    layers: usize,
    tilesets: usize,
    objects: usize,
    /// Different tiles in cells, however they are turned.
    distinct_tiles: usize,
}

impl Verdict {
    /// 0, 1 or 2.
    #[must_use]
    pub fn exit_code(self) -> u8 {
        self as u8
    }
}

/// Looks at every map and writes what it finds to `out`.
///
/// # Errors
/// `out` or the picture cannot be written to, or there are several maps for one picture.
pub fn check(check: &Check, out: &mut dyn Write) -> io::Result<Verdict> {
    if check.png.is_some() && check.files.len() > 1 {
        return Err(io::Error::other("one file takes the picture of one map: name one map"));
    }
    let mut verdict = Verdict::Fine;
    for file in &check.files {
        let (report, world) = look(file, check);
        if let (Some(png), Some(world)) = (&check.png, world)
            && let Some(picture) = bake::overview(world.map())
        {
            std::fs::write(png, picture)?;
        }
        if check.json {
            writeln!(out, "{}", ascii(&serde_json::to_string(&report)?))?;
        } else {
            tell(&report, out)?;
        }
        verdict = verdict.max(match report.usable {
            false => Verdict::Unusable,
            true if check.strict && !report.problems.is_empty() => Verdict::Warned,
            true => Verdict::Fine,
        });
    }
    Ok(verdict)
}

/// All steps from a file to a world.
fn look(file: &Path, check: &Check) -> (Report, Option<World>) {
    let mut problems = Problems::default();
    let unusable = |kind, what, remedy: &str| Problem {
        severity: Severity::Error,
        kind,
        place: Place { file: file.to_owned(), ..Place::default() },
        what,
        remedy: remedy.to_owned(),
    };
    let (mut drawing, mut world) = (None, None);
    match Disk::new(file, check.world_root.as_deref()) {
        Ok(files) => {
            drawing = read(file, &files, &mut problems);
            match build(file, drawing.as_ref(), &files, &check.options, &mut problems) {
                Ok(built) => world = Some(built),
                // Its problems are told already.
                Err(LoadError::Unusable(_)) => {}
                Err(LoadError::File { path, error }) => {
                    let name = shown(&path.to_string_lossy());
                    match problems.found.iter_mut().find(|problem| problem.what.contains(&name)) {
                        Some(told) => told.severity = Severity::Error,
                        None => problems.add(unusable("file", format!("its file {name} {error}"), error.remedy())),
                    }
                }
                Err(LoadError::Own(error)) => {
                    // They say what is wrong, and then what to do.
                    let said = error.to_string();
                    let (what, remedy) = said.rsplit_once(": ").unwrap_or((&said, "change it in Tiled"));
                    problems.add(unusable("own-map", what.to_owned(), remedy));
                }
            }
        }
        Err(error) => {
            let what = format!("its folder or the world root cannot be opened: {error}");
            problems.add(unusable("map-file", what, "name a map and a folder that are there"));
        }
    }
    let usable = world.is_some() && !problems.is_unusable();
    let summary = drawing.as_ref().map(summary);
    let Problems { found, more } = problems;
    let baked = match &world {
        Some(World::Baked(baked)) => Some(baked.report.clone()),
        _ => None,
    };
    (Report { file: file.to_owned(), usable, summary, baked, problems: found, more }, world)
}

fn summary(drawing: &Drawing) -> Summary {
    let mut tiles = BTreeSet::new();
    let mut objects = 0;
    for layer in &drawing.layers {
        match &layer.content {
            Content::Tiles(cells) => tiles.extend(cells.kinds().iter().map(|cell| cell & GID)),
            Content::Objects(all) => objects += all.len(),
            Content::Image { .. } => {}
        }
    }
    tiles.remove(&0);
    Summary {
        width: drawing.width,
        height: drawing.height,
        tile_width: drawing.tile_width,
        tile_height: drawing.tile_height,
        layers: drawing.layers.len(),
        tilesets: drawing.tilesets.len(),
        objects,
        distinct_tiles: tiles.len(),
    }
}

fn tell(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    for problem in &report.problems {
        writeln!(out, "{problem}")?;
    }
    for (kind, count) in &report.more {
        writeln!(out, "and {count} more of {kind}")?;
    }
    match &report.baked {
        Some(baked) => writeln!(out, "{baked}")?,
        None if report.usable => writeln!(out, "read tile by tile, as it has the layers of our own worlds")?,
        None => {}
    }
    write!(
        out,
        "{}: {}",
        shown(&report.file.display().to_string()),
        if report.usable { "usable" } else { "unusable" }
    )?;
    if let Some(summary) = &report.summary {
        let Summary { width, height, tile_width, tile_height, layers, tilesets, objects, distinct_tiles } = summary;
        write!(
            out,
            ", {width} x {height} cells of {tile_width} x {tile_height} pixels, layers: {layers}, tilesets: {tilesets}, \
             distinct tiles: {distinct_tiles}, objects: {objects}"
        )?;
    }
    let of = |severity| report.problems.iter().filter(|problem| problem.severity == severity).count();
    writeln!(out, ", errors: {}, warnings: {}", of(Severity::Error), of(Severity::Warning))
}

/// The same JSON in characters that no terminal obeys.
fn ascii(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for c in json.chars() {
        if matches!(c, ' '..='~') {
            text.push(c);
        } else {
            let mut units = [0; 2];
            c.encode_utf16(&mut units).iter().for_each(|unit| text += &format!("\\u{unit:04x}"));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAP: &str = r#"<map orientation="orthogonal" width="2" height="2" tilewidth="16" tileheight="16">
<tileset firstgid="1" name="t" tilewidth="16" tileheight="16"><image source="t.png"/></tileset>
<layer name="ground" width="2" height="2"><data encoding="csv">1,2,2,2147483650</data></layer>
<layer name="collision" width="2" height="2"><data encoding="csv">0,0,0,1</data></layer>
<objectgroup name="o"><object id="1" type="npc" x="1" y="1"><properties><property name="look" value="villager_1"/><property name="wnader" value="é"/></properties></object></objectgroup>
</map>"#;

    /// Two tiles of one colour each.
    fn picture() -> Vec<u8> {
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, 32, 16);
        encoder.set_color(png::ColorType::Grayscale);
        let pixels: Vec<u8> = (0..512).map(|at| if at % 32 < 16 { 90 } else { 200 }).collect();
        encoder.write_header().expect("a header").write_image_data(&pixels).expect("pixels");
        file
    }

    fn run(map: &str, how: Check) -> (Verdict, String) {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("map.tmx");
        std::fs::write(&file, map).expect("written");
        std::fs::write(folder.path().join("t.png"), picture()).expect("written");
        let mut out = Vec::new();
        let verdict = check(&Check { files: vec![file], ..how }, &mut out).expect("memory");
        let text = String::from_utf8(out).expect("text").replace(&*folder.path().to_string_lossy(), "");
        (verdict, text)
    }

    #[test]
    fn problems_stand_in_a_line_each_and_the_map_in_the_last() {
        let (verdict, text) = run(MAP, Check::default());
        assert_eq!((verdict, verdict.exit_code()), (Verdict::Fine, 0));
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(
            lines[0],
            "warning: /map.tmx, layer \"o\", object 1: the property \"wnader\" is not known: did you mean \"wander\"?; rename it \
             under Custom Properties, or leave it if it is meant for something else"
        );
        assert!(lines.contains(&"blocked: 25 %, from layer collision (1 cells); 1 areas"), "{text}");
        assert_eq!(
            lines.last(),
            Some(
                &"\"/map.tmx\": usable, 2 x 2 cells of 16 x 16 pixels, layers: 3, tilesets: 1, distinct tiles: 2, objects: 1, \
                  errors: 0, warnings: 1"
            )
        );
    }

    #[test]
    fn the_picture_of_a_map_is_written_and_one_file_is_for_one_map() {
        let folder = tempfile::tempdir().expect("a folder");
        let png = folder.path().join("map.png");
        let how = Check { png: Some(png.clone()), ..Check::default() };
        assert_eq!(run(MAP, how.clone()).0, Verdict::Fine);
        assert!(std::fs::read(&png).expect("a file").starts_with(b"\x89PNG"));
        let two = Check { files: vec!["a.tmx".into(), "b.tmx".into()], ..how };
        assert!(check(&two, &mut Vec::new()).is_err());
    }

    #[test]
    fn exit_codes_tell_warnings_from_maps_that_cannot_be_used() {
        let strict = Check { strict: true, ..Check::default() };
        assert_eq!(run(MAP, strict.clone()).0.exit_code(), 1);
        assert_eq!(run(&MAP.replace("wnader", "wander").replace('é', "3"), strict.clone()).0.exit_code(), 0);
        let (verdict, text) = run(&MAP.replace("1,2,2,", ""), strict);
        assert_eq!(verdict.exit_code(), 2);
        assert!(text.ends_with("distinct tiles: 1, objects: 1, errors: 1, warnings: 1\n"), "{text}");
        let nowhere = Check { files: vec!["/nowhere/map.tmx".into(), "/nowhere".into()], ..Check::default() };
        let mut out = Vec::new();
        assert_eq!(check(&nowhere, &mut out).expect("memory"), Verdict::Unusable);
        assert_eq!(String::from_utf8_lossy(&out).lines().count(), 4);
    }

    #[test]
    fn json_is_one_object_a_line_in_plain_characters() {
        let (verdict, text) = run(&MAP.replace("\"o\"", "\"\u{202e}😀\""), Check { json: true, ..Check::default() });
        assert_eq!(verdict, Verdict::Fine);
        assert!(text.is_ascii() && text.lines().count() == 1, "{text}");
        let value: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!((&value["usable"], &value["width"], &value["distinct_tiles"]), (&true.into(), &2.into(), &2.into()));
        assert_eq!(value["problems"][0]["kind"], "property-unknown");
        assert_eq!(value["problems"][0]["place"]["layer"], "\u{202e}😀");
    }
}
