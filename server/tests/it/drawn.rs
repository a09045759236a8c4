//! A small world that a test draws, plays and draws anew: one row that can be walked on.

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;
use tilemud_schema::{Action, ChatChannel, Effect, Encoding, Entity, EntityKind, Intent, ItemStack, StateDelta};
use tilemud_support::player::{Player, bootstrap};
use tilemud_support::process::{Process, command};

/// Columns of the one row that can be walked on, between two rows of water.
pub const WIDTH: i32 = 12;
/// Global ids of tiles of the built-in world.
pub const WATER: u32 = 1;
const GRASS: u32 = 21;

/// A map as its builder has it.
#[derive(Clone)]
pub struct Drawn {
    /// The walkable row.
    pub row: Vec<u32>,
    /// Id, class, look, column and further properties.
    pub objects: Vec<(u32, &'static str, &'static str, i32, String)>,
    pub id: Option<&'static str>,
}

fn property(name: &str, kind: &str, value: &str) -> String {
    format!(r#"<property name="{name}" type="{kind}" value="{value}"/>"#)
}

impl Drawn {
    /// Grass with carrots on every tile, and somebody at its end.
    pub fn first() -> Self {
        let mut objects = vec![(1, "spawn", "", 4, String::new())];
        let carrots = property("quantity", "int", "3") + &property("places", "string", "crops");
        objects.extend((0..WIDTH).map(|x| (x.unsigned_abs() + 10, "item", "carrot", x, carrots.clone())));
        objects.push((5, "npc", "villager_3", WIDTH - 1, property("wander", "int", "0")));
        Self { row: vec![GRASS; WIDTH as usize], objects, id: None }
    }

    pub fn write(&self, folder: &Path, name: &str) -> String {
        let worlds = Path::new(env!("CARGO_MANIFEST_DIR")).join("../sim/worlds");
        for file in ["first_light.tsx", "first_light.png"] {
            std::fs::copy(worlds.join(file), folder.join(file)).unwrap();
        }
        let cells = |row: &[u32]| row.iter().map(u32::to_string).collect::<Vec<_>>().join(",");
        let water = cells(&vec![WATER; self.row.len()]);
        let width = self.row.len();
        let mut map = format!(
            r#"<map version="1.10" orientation="orthogonal" width="{width}" height="3" tilewidth="16" tileheight="16" infinite="0">
<properties><property name="name" value="row"/>{id}</properties>
<tileset firstgid="1" source="first_light.tsx"/>
<layer id="1" name="ground" width="{width}" height="3"><data encoding="csv">{water},{row},{water}</data></layer>
<objectgroup id="2" name="objects">"#,
            id = self.id.map(|id| format!(r#"<property name="world_id" value="{id}"/>"#)).unwrap_or_default(),
            row = cells(&self.row)
        );
        for (id, class, look, x, more) in &self.objects {
            let look = if look.is_empty() { String::new() } else { property("look", "string", look) };
            let at = x * 16 + 8;
            write!(
                map,
                r#"<object id="{id}" type="{class}" x="{at}" y="24"><properties>{look}{more}</properties><point/></object>"#
            )
            .unwrap();
        }
        map.push_str("</objectgroup></map>");
        let path = folder.join(name);
        std::fs::write(&path, map).unwrap();
        path.display().to_string()
    }
}

/// Folders for a world and its map.
pub struct Place {
    pub data: TempDir,
    pub maps: TempDir,
    flags: Vec<String>,
}

impl Place {
    pub fn new(flags: &[&str]) -> Self {
        let (data, maps) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        Self { data, maps, flags: flags.iter().map(|flag| (*flag).to_owned()).collect() }
    }

    pub fn draw(&self, drawn: &Drawn) {
        drawn.write(self.maps.path(), "row.tmx");
    }

    pub fn map(&self) -> PathBuf {
        self.maps.path().join("row.tmx")
    }

    pub fn command(&self) -> Command {
        let map = self.map().display().to_string();
        let flags: Vec<&str> = self.flags.iter().map(String::as_str).collect();
        command(self.data.path(), &[&["--world", &*map], &flags[..]].concat())
    }

    pub fn start(&self) -> Process {
        Process::run(self.command())
    }

    /// `tilemud` with another command.
    pub fn other(&self, verb: &[&str], more: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tilemud"));
        command.args(verb).args(more).args(["--log-filter", "error", "--data-dir"]).arg(self.data.path());
        command.args(&self.flags).output().unwrap()
    }

    pub fn replays(&self) {
        let output = self.other(&["replay", "--world"], &[&self.map().display().to_string()]);
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
        assert!(said.contains("everything is as recorded"), "{said}");
    }

    pub fn plan(&self) -> Value {
        let output = self.other(&["map", "plan", "--json"], &[&self.map().display().to_string()]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }
}

/// Comes in and gets the first state.
pub async fn come(url: &str) -> (Player, StateDelta) {
    let mut player = Player::enter_unread(url, bootstrap(url, "Ann", None).await, Encoding::Json, None).await;
    let first = player.delta().await;
    assert!(first.full);
    player.position = first.own.as_ref().and_then(|own| own.position).unwrap();
    (player, first)
}

pub async fn act(player: &mut Player, step: Action) {
    let seq = player.want(Intent::Action { steps: vec![step] }).await;
    player.answer(seq).await.unwrap();
}

pub fn of_kind(state: &StateDelta, kind: EntityKind) -> Vec<&Entity> {
    let mut found: Vec<_> = state.enter.iter().filter(|entity| entity.kind == kind).collect();
    found.sort_unstable_by_key(|entity| entity.x);
    found
}

pub fn columns(state: &StateDelta, kind: EntityKind) -> Vec<i32> {
    of_kind(state, kind).iter().map(|entity| entity.x).collect()
}

pub fn carried(state: &StateDelta) -> Vec<ItemStack> {
    state.own.as_ref().and_then(|own| own.inventory.as_deref().cloned()).unwrap_or_default()
}

/// Waits until the server has said this in its log; the whole line.
pub fn wait_for(process: &mut Process, words: &str) -> String {
    for line in BufReader::new(process.stderr()).lines() {
        let line = line.expect("text");
        if line.contains(words) {
            return line;
        }
    }
    panic!("it never said {words:?}");
}

/// Whether the server itself says something to the player.
pub fn is_told(state: &StateDelta) -> bool {
    let mut effects = state.effects.iter();
    effects.any(|it| matches!(it, Effect::Chat { channel: ChatChannel::Whisper, from, .. } if **from == *"server"))
}
