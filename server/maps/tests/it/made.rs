//! Made maps: a small one whose parts tests replace, and what is said of it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use tilemud_maps::bake::Options;
use tilemud_maps::drawing::{Content, Drawing, Layer, Object};
use tilemud_maps::load;
use tilemud_maps::problem::Problems;

pub const TILESET: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<tileset version="1.10" name="t" tilewidth="16" tileheight="16" tilecount="2" columns="2">
 <image source="t.png" width="32" height="16"/>
 <tile id="0" type="grass"/>
 <tile id="1" type="wall"><properties><property name="solid" type="bool" value="true"/></properties></tile>
</tileset>"#;

pub const GROUND: &str = r#"<layer id="1" name="ground" width="4" height="4"><data encoding="csv">2,2,2,2,
2,1,1,2,
2,1,1,2,
2,2,2,2</data></layer>"#;

pub const SPAWN: &str = r#"<object id="1" type="spawn" x="20" y="20"><point/></object>"#;

/// The files of a map.
#[derive(Default)]
pub struct Made {
    pub files: BTreeMap<PathBuf, Vec<u8>>,
}

/// What came of reading them.
pub struct Outcome {
    pub drawing: Option<Drawing>,
    pub problems: Problems,
}

impl Made {
    /// A map of 4 x 4 tiles with what is inside of its element.
    pub fn map(inside: &str) -> Self {
        Self::text(&format!(
            r#"<?xml version="1.0" encoding="UTF-8"?>
<map version="1.10" orientation="orthogonal" width="4" height="4" tilewidth="16" tileheight="16" infinite="0">
{inside}
</map>"#
        ))
    }

    /// A map with a ground, and the objects.
    pub fn objects(objects: &str) -> Self {
        Self::map(&format!(
            "<tileset firstgid=\"1\" source=\"t.tsx\"/>\n{GROUND}\n<objectgroup id=\"2\" name=\"objects\">{objects}</objectgroup>"
        ))
    }

    /// A map with a layer of this data element.
    pub fn data(data: &str) -> Self {
        Self::map(&format!(
            "<tileset firstgid=\"1\" source=\"t.tsx\"/><layer id=\"1\" name=\"ground\" width=\"4\" height=\"4\">{data}</layer>"
        ))
    }

    /// A map that is this text.
    pub fn text(text: &str) -> Self {
        Self::default().and("w/map.tmx", text).and("w/t.tsx", TILESET)
    }

    /// With one more file.
    pub fn and(mut self, path: &str, bytes: impl AsRef<[u8]>) -> Self {
        self.files.insert(PathBuf::from(path), bytes.as_ref().to_vec());
        self
    }

    pub fn read(&self) -> Outcome {
        self.read_at("w/map.tmx")
    }

    /// Reads it and makes a world of it.
    pub fn load(&self) -> Outcome {
        let mut problems = Problems::default();
        let world = load(Path::new("w/map.tmx"), &self.files, &Options::default(), &mut problems);
        assert!(world.is_ok() || problems.is_unusable(), "{world:?}");
        Outcome { drawing: None, problems }
    }

    pub fn read_at(&self, path: &str) -> Outcome {
        let mut problems = Problems::default();
        let drawing = tilemud_maps::read(Path::new(path), &self.files, &mut problems);
        Outcome { drawing, problems }
    }
}

impl Outcome {
    /// The drawing, about which there is nothing to say.
    #[track_caller]
    pub fn fine(self) -> Drawing {
        assert_eq!(self.lines(), Vec::<String>::new());
        self.drawing.expect("drawn")
    }

    /// The drawing, about which there is this to warn of.
    #[track_caller]
    pub fn warned(self, warnings: &[&str]) -> Drawing {
        assert_eq!(self.lines(), warnings);
        assert!(!self.problems.is_unusable());
        self.drawing.expect("drawn")
    }

    /// It is unusable, for the one reason.
    #[track_caller]
    pub fn refused(&self, error: &str) {
        assert_eq!(self.lines(), [error]);
        assert!(self.problems.is_unusable());
    }

    pub fn lines(&self) -> Vec<String> {
        self.problems.found.iter().map(ToString::to_string).collect()
    }
}

/// The cells of a layer.
#[track_caller]
pub fn cells(layer: &Layer) -> Vec<u32> {
    match &layer.content {
        Content::Tiles(cells) => cells.iter().collect(),
        other => panic!("no tile layer: {other:?}"),
    }
}

/// The objects of a layer.
#[track_caller]
pub fn objects(layer: &Layer) -> &[Object] {
    match &layer.content {
        Content::Objects(objects) => objects,
        other => panic!("no object layer: {other:?}"),
    }
}
