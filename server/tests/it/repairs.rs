//! Rows changed by hand while the server is stopped, of who was in the world at the stop and of who
//! was not: taken and said, or refused with the row and what it may be. And while it runs: written
//! over, said and counted. On both stores.

use std::path::Path;
use std::process::Command;

use sqlx::{Connection as _, PgConnection, SqliteConnection};
use tilemud_persist::testing::PostgresServer;
use tilemud_schema::{ClientMessage, Encoding, Position};
use tilemud_support::player::{Player, bootstrap, until};
use tilemud_support::process::{Process, command, database};

use crate::alerts::metric;

const EMPTY: &str = "stats = '{}', state = '{}'";

/// A store that a test may change behind the server's back.
struct Hand<'a> {
    data: &'a Path,
    postgres: Option<&'a str>,
}

impl Hand<'_> {
    fn flags(&self) -> Vec<&str> {
        self.postgres.map_or_else(Vec::new, |url| vec!["--database-url", url])
    }

    async fn changes(&self, name: &str, set: &str) {
        self.executes(format!("UPDATE character_profiles SET {set} WHERE display_name = '{name}'")).await;
    }

    /// Changes one row.
    async fn executes(&self, statement: String) {
        let statement = sqlx::AssertSqlSafe(statement);
        let changed = match self.postgres {
            Some(url) => {
                let mut connection = PgConnection::connect(url).await.unwrap();
                sqlx::query(statement).execute(&mut connection).await.unwrap().rows_affected()
            }
            None => {
                let url = format!("sqlite:{}", database(self.data).display());
                let mut connection = SqliteConnection::connect(&url).await.unwrap();
                let changed = sqlx::query(statement).execute(&mut connection).await.unwrap().rows_affected();
                connection.close().await.unwrap();
                changed
            }
        };
        assert_eq!(changed, 1);
    }

    /// Where the store has somebody: column and row, -1 before they were ever written.
    async fn place_of(&self, name: &str) -> (i64, i64) {
        let query = sqlx::AssertSqlSafe(format!(
            "SELECT CAST(COALESCE(position_x, -1) AS BIGINT), CAST(COALESCE(position_y, -1) AS BIGINT)
             FROM character_profiles WHERE display_name = '{name}'"
        ));
        match self.postgres {
            Some(url) => {
                let mut connection = PgConnection::connect(url).await.unwrap();
                sqlx::query_as(query).fetch_one(&mut connection).await.unwrap()
            }
            None => {
                let url = format!("sqlite:{}", database(self.data).display());
                let mut connection = SqliteConnection::connect(&url).await.unwrap();
                let place = sqlx::query_as(query).fetch_one(&mut connection).await.unwrap();
                connection.close().await.unwrap();
                place
            }
        }
    }

    /// Starts; the server and what it said before it was ready.
    fn start(&self) -> (Process, String) {
        let said = self.data.join("said");
        let mut starting = command(self.data, &self.flags());
        starting.stderr(std::fs::File::create(&said).unwrap());
        let server = Process::run(starting);
        (server, std::fs::read_to_string(said).unwrap())
    }

    fn refused(&self) -> String {
        let output = command(self.data, &self.flags()).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{said}");
        // As a line of JSON has it, quotes have a mark of their own.
        said.replace("\\\"", "\"")
    }

    fn replays(&self) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tilemud"));
        let output = command.args(["replay", "--data-dir"]).arg(self.data).args(self.flags()).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

async fn repairs_are_taken_or_refused(hand: Hand<'_>) {
    let (server, _) = hand.start();
    // Ann is in the world at the stop, Bob has left before.
    let mut ann = Player::join(&server.url, "Ann", Encoding::Json).await;
    ann.say_for_sure("I stay").await;
    let mut bob = Player::join(&server.url, "Bob", Encoding::Json).await;
    bob.connection.send(&ClientMessage::Logout {}).await;
    let (_, closed) = bob.connection.drain().await;
    assert_eq!(closed.0, 4010);
    assert!(server.terminate().success());
    let place = (ann.position.x, ann.position.y);

    let (server, said) = hand.start();
    assert!(!said.contains("changed by hand"), "what the server wrote itself is no repair: {said}");
    assert!(server.terminate().success());

    for name in ["Ann", "Bob"] {
        hand.changes(
            name,
            r#"health = 41, inventory = '[{"item":"shell","quantity":3},{"item":"apple","quantity":2}]',
               stats = '{"steps": 500, "strength": 9}', state = '{"camp": {"x": 3, "y": 4}}'"#,
        )
        .await;
    }
    let (server, said) = hand.start();
    assert_eq!(said.matches("was changed by hand").count(), 2, "{said}");
    assert!(said.contains("position or health, inventory, stats, state"), "{said}");
    for name in ["Ann", "Bob"] {
        let answer = bootstrap(&server.url, name, None).await;
        let shown = serde_json::to_value(&answer).unwrap().to_string();
        assert!(shown.contains("apple") && shown.contains("shell"), "{name}: {shown}");
        let player = Player::join(&server.url, name, Encoding::Json).await;
        let state = &answer.state.character.state;
        assert_eq!((state.health, state.stats.steps, state.stats.named["strength"]), (41, 500, 9), "{name}");
        assert_eq!(state.camp, Some(Position { x: 3, y: 4 }), "{name}");
        if name == "Ann" {
            assert_eq!((player.position.x, player.position.y), place);
        }
    }
    server.kill();
    hand.replays();
    let (server, said) = hand.start();
    assert!(!said.contains("changed by hand"), "it was taken: {said}");
    assert!(server.terminate().success());
    hand.replays();

    for (set, fault) in [
        ("health = -1", "health is -1; it can be from 1 to 100"),
        ("health = 101", "health is 101"),
        ("position_x = 100000", "position 100000,"),
        ("position_x = NULL, position_y = NULL", "position_x and position_y are not both there"),
        ("position_y = NULL", "position_x and position_y are not both there"),
        (r#"inventory = '[{"item":"unobtainium","quantity":1}]'"#, "\"unobtainium\", which this world does not know"),
        (r#"inventory = '[{"item":"apple","quantity":1000}]'"#, "1000 of \"apple\""),
        (r#"inventory = '[{"item":"apple","quantity":0}]'"#, "0 of \"apple\""),
        (r#"inventory = '[{"item":"apple"}]'"#, "character_id"),
        (r#"stats = '{"steps": -1}'"#, "steps is no count"),
        (r#"state = '{"kamp": {"x": 3, "y": 4}}'"#, "nothing in it is called \"kamp\""),
        (r#"state = '{"health": 5}'"#, "nothing in it is called \"health\""),
    ] {
        for name in ["Ann", "Bob"] {
            hand.changes(name, set).await;
            let said = hand.refused();
            assert!(said.contains(fault) && said.contains("character_id"), "{name}, {set}: {said}");
            let good =
                format!("health = 50, position_x = {}, position_y = {}, inventory = '[]', {}", place.0, place.1, EMPTY);
            hand.changes(name, &good).await;
        }
    }
    let (server, _) = hand.start();
    assert_eq!(bootstrap(&server.url, "Ann", None).await.state.character.state.health, 50);
    assert!(server.terminate().success());
    hand.replays();
}

/// Who is in the world is written within a second, whatever the row says.
async fn what_is_changed_meanwhile_is_written_over(hand: Hand<'_>) {
    let (server, _) = hand.start();
    let mut ann = Player::join(&server.url, "Ann", Encoding::Json).await;
    for _ in 0..2 {
        ann.walk_somewhere().await;
        let stands = (i64::from(ann.position.x), i64::from(ann.position.y));
        until(async || hand.place_of("Ann").await == stands).await;
        assert_eq!(metric(&server.url, "profiles_overruled_total").await, 0.0, "nobody else has written it");
    }
    hand.changes("Ann", "health = 41, updated_at = '2031-01-01T00:00:00.000000Z'").await;
    ann.walk_somewhere().await;
    until(async || metric(&server.url, "profiles_overruled_total").await == 1.0).await;
    let said = std::fs::read_to_string(hand.data.join("said")).unwrap();
    assert!(said.contains("changed by hand while its character was in the world"), "{said}");
    assert!(server.terminate().success());
    let (server, _) = hand.start();
    assert_eq!(bootstrap(&server.url, "Ann", None).await.state.character.state.health, 100, "the world knew better");
    assert!(server.terminate().success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_row_changed_by_hand_while_its_character_plays_is_written_over_said_and_counted() {
    let data = tempfile::tempdir().unwrap();
    what_is_changed_meanwhile_is_written_over(Hand { data: data.path(), postgres: None }).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_row_changed_by_hand_while_its_character_plays_is_written_over_said_and_counted_in_postgres() {
    let (data, postgres) = (tempfile::tempdir().unwrap(), PostgresServer::start());
    let url = postgres.create_database().await;
    what_is_changed_meanwhile_is_written_over(Hand { data: data.path(), postgres: Some(&url) }).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_changed_by_hand_while_the_server_is_stopped_are_taken_or_refused() {
    let data = tempfile::tempdir().unwrap();
    repairs_are_taken_or_refused(Hand { data: data.path(), postgres: None }).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_changed_by_hand_while_the_server_is_stopped_are_taken_or_refused_in_postgres() {
    let (data, postgres) = (tempfile::tempdir().unwrap(), PostgresServer::start());
    let url = postgres.create_database().await;
    repairs_are_taken_or_refused(Hand { data: data.path(), postgres: Some(&url) }).await;
}

async fn names_changed_by_hand_are_seen(hand: Hand<'_>) {
    let (server, _) = hand.start();
    for name in ["Ann", "Bob"] {
        let mut player = Player::join(&server.url, name, Encoding::Json).await;
        player.connection.send(&ClientMessage::Logout {}).await;
        player.connection.drain().await;
    }
    let before = bootstrap(&server.url, "Bob", None).await.state.character.character_id;
    assert!(server.terminate().success());
    hand.changes("Ann", "display_name = 'Zoe'").await;
    hand.executes("DELETE FROM character_profiles WHERE display_name = 'Bob'".to_owned()).await;
    let (server, said) = hand.start();
    assert_eq!(said.matches("display_name was changed by hand").count(), 1, "{said}");
    assert_eq!(said.matches("characters were deleted by hand").count(), 1, "{said}");
    let bob = bootstrap(&server.url, "Bob", None).await.state.character;
    assert_eq!(&*bob.state.display_name, "Bob", "the name is free again");
    assert_ne!(bob.character_id, before);
    assert!(server.terminate().success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn names_changed_by_hand_are_told_and_those_of_deleted_rows_are_free_again() {
    let data = tempfile::tempdir().unwrap();
    names_changed_by_hand_are_seen(Hand { data: data.path(), postgres: None }).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn names_changed_by_hand_are_told_and_those_of_deleted_rows_are_free_again_in_postgres() {
    let (data, postgres) = (tempfile::tempdir().unwrap(), PostgresServer::start());
    let url = postgres.create_database().await;
    names_changed_by_hand_are_seen(Hand { data: data.path(), postgres: Some(&url) }).await;
}
