//! The database of a point and the world that is in it: an open map, and a character for every
//! session where the generator expects it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Result;
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _};
use tilemud_persist::testing::PostgresServer;
use tilemud_schema::EntityKind;
use tilemud_sim::map::MapObject;

use crate::course::{Course, user_name};
use crate::processes;

/// Name of the world.
const WORLD: &str = "perf";

/// Issuer in the tokens of the development issuer.
const DEV_ISSUER: &str = "tilemud-dev";

/// Sides of a tile in the picture.
const TILE: i32 = 16;

/// A character as the server makes it at a first sign-in, but for its place. The user id is the
/// server's: the first half of a hash of issuer and subject.
const INSERT: &str =
    "INSERT INTO character_profiles (world_id, character_id, user_id, display_name, display_name_folded, look,
        position_x, position_y, health, inventory, stats, projected_tick, created_at, updated_at)
    SELECT $1, gen_random_uuid(),
        left(encode(sha256(convert_to($2, 'UTF8') || '\\x00'::bytea || convert_to(name, 'UTF8')), 'hex'), 32),
        name, name, 'traveller_1', x, y, 100, '[]', '{}', 0, now(), now()
    FROM UNNEST($3::text[], $4::integer[], $5::integer[]) AS start (name, x, y)";

/// A private Postgres that waits for its disk.
pub struct Database {
    /// Its address for the server.
    pub url: String,
    /// The process id of its first process.
    pub postmaster: u32,
    runtime: tokio::runtime::Runtime,
    _postgres: PostgresServer,
}

impl Database {
    /// Starts it and makes the tables.
    ///
    /// # Errors
    /// When it does not answer.
    pub fn start() -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let postgres = PostgresServer::start_durable();
        let url = runtime.block_on(postgres.create_database());
        runtime.block_on(async { tilemud_persist::open(&url, WORLD).await.map(drop) })?;
        let postmaster = processes::postmaster(&url.parse()?)?;
        Ok(Self { url, postmaster, runtime, _postgres: postgres })
    }

    /// Puts a character for each session where it starts.
    ///
    /// # Errors
    /// As all statements.
    pub fn populate(&self, course: &Course, seed: u64, sessions: usize) -> Result<()> {
        let names: Vec<String> = (0..sessions).map(|session| user_name(seed, session)).collect();
        let (x, y): (Vec<i32>, Vec<i32>) =
            (0..sessions).map(|session| course.start(session)).map(|start| (start.x, start.y)).unzip();
        self.runtime.block_on(async {
            let mut connection = self.url.parse::<PgConnectOptions>()?.connect().await?;
            let insert = sqlx::query(INSERT).bind(WORLD).bind(DEV_ISSUER).bind(&names).bind(&x).bind(&y);
            insert.execute(&mut connection).await?;
            connection.close().await?;
            Ok(())
        })
    }

    /// Actions that are in the log.
    ///
    /// # Errors
    /// As all statements.
    pub fn count_actions(&self) -> Result<u64> {
        self.runtime.block_on(async {
            let mut connection = self.url.parse::<PgConnectOptions>()?.connect().await?;
            let rows: i64 = sqlx::query_scalar("SELECT count(*) FROM action_events").fetch_one(&mut connection).await?;
            connection.close().await?;
            Ok(u64::try_from(rows)?)
        })
    }
}

/// Writes an open square map with this furniture into a folder; its path.
///
/// # Errors
/// When it cannot be written.
pub fn write_map(folder: &Path, edge: i32, furniture: &[MapObject]) -> Result<PathBuf> {
    std::fs::write(folder.join("floor.png"), &tilemud_sim::Map::built_in().tileset.images[0])?;
    let path = folder.join("perf.tmx");
    std::fs::write(&path, map(edge, furniture))?;
    Ok(path)
}

fn map(edge: i32, furniture: &[MapObject]) -> String {
    let row = vec!["1"; edge.unsigned_abs() as usize].join(",");
    let cells = vec![row; edge.unsigned_abs() as usize].join(",\n");
    let spawn = edge / 2 * TILE + TILE / 2;
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    // A String takes everything.
    let _ = write!(
        text,
        r#"<map version="1.10" orientation="orthogonal" renderorder="right-down" width="{edge}" height="{edge}" tilewidth="{TILE}" tileheight="{TILE}" infinite="0" nextlayerid="3" nextobjectid="{next}">
 <properties><property name="name" value="{WORLD}"/></properties>
 <tileset firstgid="1" name="floor" tilewidth="{TILE}" tileheight="{TILE}" tilecount="1" columns="1">
  <image source="floor.png" width="{TILE}" height="{TILE}"/>
 </tileset>
 <layer id="1" name="ground" width="{edge}" height="{edge}"><data encoding="csv">
{cells}
</data></layer>
 <objectgroup id="2" name="objects">
  <object id="1" name="spawn" type="spawn" x="{spawn}" y="{spawn}"><point/></object>
"#,
        next = furniture.len() + 2
    );
    for (index, object) in furniture.iter().enumerate() {
        append_object(index + 2, object, &mut text);
    }
    text.push_str(" </objectgroup>\n</map>\n");
    text
}

fn append_object(id: usize, object: &MapObject, text: &mut String) {
    let MapObject { name, look, open, quantity, wander, .. } = object;
    let class = match object.kind {
        EntityKind::Door => "door",
        EntityKind::Npc => "npc",
        EntityKind::Item | EntityKind::Player => "item",
    };
    let [x, y] = [object.position.x, object.position.y].map(|tiles| tiles * TILE + TILE / 2);
    let _ = writeln!(
        text,
        r#"  <object id="{id}" name="{name}" type="{class}" x="{x}" y="{y}"><properties><property name="look" value="{look}"/><property name="open" type="bool" value="{open}"/><property name="quantity" type="int" value="{quantity}"/><property name="wander" type="int" value="{wander}"/></properties><point/></object>"#
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::furniture::furniture;

    #[test]
    fn the_map_is_open_of_its_size_and_furnished_as_the_world_alone_is() {
        let folder = tempfile::tempdir().unwrap();
        let objects = furniture(7, 32, 30);
        let path = write_map(folder.path(), 32, &objects).unwrap();
        let map = tilemud_sim::Map::from_tmx(&path, |path| std::fs::read(path)).unwrap();
        assert_eq!((map.name.as_str(), map.width, map.height), (WORLD, 32, 32));
        assert!((0..32).all(|x| (0..32).all(|y| !map.is_solid(x, y))));
        // The spawn point is object 1.
        let numbered: Vec<_> = objects.into_iter().zip(2..).map(|(object, id)| MapObject { id, ..object }).collect();
        assert_eq!(map.objects, numbered);
    }
}
