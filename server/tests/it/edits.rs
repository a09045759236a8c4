//! FR-022: a world that was played goes on with the map as its builder has edited it, after a stop
//! and after a kill at any moment; the edit replays, and what it would do can be asked before.

use std::ffi::OsStr;
use std::process::{Command, Stdio};

use tilemud_persist::store::{LeaseRequest, StoredSnapshot};
use tilemud_persist::testing::PostgresServer;
use tilemud_schema::{Action, EntityKind, ItemStack};
use tilemud_sim::{Provenance, WorldSnapshot};
use tilemud_support::process::{Process, command, database};

use crate::drawn::{Drawn, Place, WATER, WIDTH, act, carried, columns, come, is_told, of_kind, wait_for};

/// The command of a server that says all it does, and not only what is unusual.
fn talkative(quiet: &Command) -> Command {
    let mut command = Command::new(quiet.get_program());
    command.args(quiet.get_args().map(|arg| if arg == "warn" { OsStr::new("info") } else { arg }));
    command
}

/// She takes the carrots where she is, plants one beside, and goes away. Then the builder makes
/// water of where she was, takes away the carrots at one end, and has the villager go elsewhere.
async fn edited_and_merged(place: &Place, is_killed: bool) {
    let first = Drawn::first();
    place.draw(&first);
    let server = place.start();
    let (mut ann, state) = come(&server.url).await;
    let at = ann.position.x;
    let item = of_kind(&state, EntityKind::Item).iter().find(|item| item.x == at).unwrap().id;
    act(&mut ann, Action::Take { item }).await;
    let planted = if at > 1 { at - 1 } else { at + 1 };
    act(&mut ann, Action::Place { item: "carrot".into(), x: planted, y: 1 }).await;
    if is_killed {
        server.kill();
    } else {
        assert!(server.terminate().success());
    }

    let mut edited = first.clone();
    edited.row[at as usize] = WATER;
    let end = if at < WIDTH / 2 { WIDTH - 2 } else { 0 };
    edited.objects.retain(|(_, class, _, x, _)| *class != "item" || *x != end);
    edited.objects.iter_mut().filter(|(_, class, ..)| *class == "spawn").for_each(|spawn| spawn.3 = planted);
    edited.objects.iter_mut().filter(|(id, ..)| *id == 5).for_each(|npc| npc.3 = end);
    place.draw(&edited);

    let plan = place.plan();
    assert_eq!((&plan["is_edited"], &plan["counts"]["tiles_changed"]), (&true.into(), &1.into()), "{plan}");
    assert_eq!((&plan["tiles_kept"], &plan["objects_taken"]), (&1.into(), &1.into()), "{plan}");
    assert_eq!(plan["objects_removed"][0]["object"], u64::from(end.unsigned_abs() + 10), "{plan}");
    assert_eq!(plan["objects_moved"][0]["at"]["x"], end, "{plan}");
    assert_eq!(plan["items"]["carrot"], -3, "{plan}");
    let moved = &plan["people_moved"][0];
    assert_eq!((&moved["from"]["x"], &plan["counts"]["people_moved"]), (&at.into(), &1.into()), "{plan}");
    assert_eq!(place.plan(), plan, "nothing was changed by asking");

    // Killed as soon as the edit is in the log, and before it begins.
    let (starting, _) = Process::spawn(place.command());
    starting.kill();
    let mut command = talkative(&place.command());
    command.stderr(Stdio::piped());
    let (mut starting, _announcement) = Process::spawn(command);
    wait_for(&mut starting, "the map was edited");
    starting.kill();

    let server = place.start();
    let (mut ann, state) = come(&server.url).await;
    let to = moved["to"]["x"].as_i64().unwrap();
    assert_eq!(i64::from(ann.position.x), to, "as it was foretold");
    assert_ne!(ann.position.x, at);
    if !is_told(&state) {
        ann.delta_where(is_told).await;
    }
    assert_eq!(carried(&state), [ItemStack { item: "carrot".into(), quantity: 2 }]);
    let carrots: Vec<i32> = (0..WIDTH).filter(|x| *x != at && *x != end).collect();
    assert_eq!(columns(&state, EntityKind::Item), carrots, "hers stay taken, those of the end are gone");
    assert_eq!(columns(&state, EntityKind::Npc), [end]);
    assert_eq!(state.tiles.iter().map(|tile| (tile.x, tile.y)).collect::<Vec<_>>(), [(planted, 1)]);
    act(&mut ann, Action::Drop { item: "carrot".into(), quantity: Some(1) }).await;
    server.kill();
    place.replays();
    assert_eq!(place.plan()["is_edited"], false);

    // And back: what the builder takes back is taken back, and nothing of hers.
    place.draw(&first);
    let server = place.start();
    let (_, state) = come(&server.url).await;
    assert_eq!(carried(&state), [ItemStack { item: "carrot".into(), quantity: 1 }]);
    assert_eq!(columns(&state, EntityKind::Npc), [WIDTH - 1]);
    assert!(columns(&state, EntityKind::Item).contains(&end) && !columns(&state, EntityKind::Item).contains(&at));
    assert!(server.terminate().success());
    place.replays();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_edited_map_is_merged_into_the_world_after_a_stop_and_through_kills_and_replays() {
    edited_and_merged(&Place::new(&[]), false).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_edited_map_is_merged_into_a_world_that_was_killed_and_replays() {
    edited_and_merged(&Place::new(&[]), true).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_edited_map_is_merged_into_a_world_in_postgres() {
    let postgres = PostgresServer::start();
    let url = postgres.create_database().await;
    edited_and_merged(&Place::new(&["--database-url", &url]), true).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plan_in_words_names_what_becomes_of_the_world() {
    let place = Place::new(&[]);
    place.draw(&Drawn::first());
    let server = place.start();
    drop(come(&server.url).await);
    assert!(server.terminate().success());
    let said = || {
        let output = place.other(&["map", "plan"], &[&place.map().display().to_string()]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(said().contains("a start would change nothing"), "{}", said());
    let mut edited = Drawn::first();
    edited.objects.retain(|(id, ..)| *id != 5);
    place.draw(&edited);
    let said = said();
    for words in
        ["objects removed: 1\n  \"villager_3\" (object 5) at 11, 1\n", "objects that stay: 12", "Nothing was changed"]
    {
        assert!(said.contains(words), "{words:?} in\n{said}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_world_is_known_by_the_id_in_its_map_whatever_its_file_is_called() {
    let place = Place::new(&[]);
    let drawn = Drawn { id: Some("meadow"), ..Drawn::first() };
    place.draw(&drawn);
    let server = place.start();
    let (ann, _) = come(&server.url).await;
    assert!(server.terminate().success());
    let renamed = drawn.write(place.maps.path(), "other.tmx");
    let start = |flags: &[&str]| Process::run(command(place.data.path(), &[&["--world", &*renamed], flags].concat()));
    let server = start(&["--must-exist"]);
    assert_eq!(come(&server.url).await.0.position, ann.position);
    assert!(server.terminate().success());
    // The flag wins.
    let mut refused = command(place.data.path(), &["--world", &renamed, "--world-id", "harbour", "--must-exist"]);
    let output = refused.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code() == Some(2) && said.contains("meadow"), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_maps_of_one_name_are_two_worlds_and_one_is_not_made_of_the_other() {
    let place = Place::new(&[]);
    place.draw(&Drawn::first());
    let server = place.start();
    let (ann, _) = come(&server.url).await;
    assert!(server.terminate().success());
    let sand = Drawn { row: vec![9; 40], objects: vec![(1, "spawn", "", 30, String::new())], id: None };
    place.draw(&sand);
    let output = place.command().output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code() == Some(1) && said.contains("has nothing in common"), "{said}");
    assert!(said.contains("--world-id"), "{said}");
    let sand_at = place.map().display().to_string();
    let server = Process::run(command(place.data.path(), &["--world", &sand_at, "--world-id", "dunes"]));
    assert!(come(&server.url).await.0.position.x < 40);
    assert!(server.terminate().success());
    place.draw(&Drawn::first());
    let server = place.start();
    assert_eq!(come(&server.url).await.0.position, ann.position, "it is as it was");
    assert!(server.terminate().success());
    // Whoever names it means it.
    place.draw(&sand);
    let server = Process::run(command(place.data.path(), &["--world", &sand_at, "--world-id", "row"]));
    assert_eq!(come(&server.url).await.0.position, ann.position);
    assert!(server.terminate().success());
}

/// As if a version of the program had stored the world that kept no maps.
async fn forget_maps(place: &Place) {
    let url = format!("sqlite:{}", database(place.data.path()).display());
    let store = tilemud_persist::open(&url, "row").await.unwrap();
    store.acquire_lease(&LeaseRequest { holder: "test".to_owned(), supersedes: None }).await.unwrap();
    let newest = store.newest_snapshot().await.unwrap().unwrap();
    let mut world = WorldSnapshot::decode(&newest.data).unwrap();
    world.provenance = Provenance::default();
    store.save_snapshot(&StoredSnapshot { data: world.encode(), ..newest }).await.unwrap();
    store.release_lease().await.unwrap();
    store.close().await;
    let pool = sqlx::SqlitePool::connect(&url).await.unwrap();
    sqlx::query("DELETE FROM world_maps").execute(&pool).await.unwrap();
    pool.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_world_stored_without_its_map_goes_on_keeps_it_from_then_on_and_can_be_edited() {
    let place = Place::new(&[]);
    let first = Drawn::first();
    place.draw(&first);
    let server = place.start();
    let (mut ann, state) = come(&server.url).await;
    let at = ann.position.x;
    let item = of_kind(&state, EntityKind::Item).iter().find(|item| item.x == at).unwrap().id;
    act(&mut ann, Action::Take { item }).await;
    assert!(server.terminate().success());
    forget_maps(&place).await;
    assert!(place.start().terminate().success());

    // Its things are known by kind and place.
    let mut edited = first.clone();
    edited.objects.iter_mut().filter(|(id, ..)| *id == 5).for_each(|npc| npc.3 = 1);
    place.draw(&edited);
    let server = place.start();
    let (_, state) = come(&server.url).await;
    assert_eq!(columns(&state, EntityKind::Npc), [1]);
    assert_eq!(columns(&state, EntityKind::Item), (0..WIDTH).filter(|x| *x != at).collect::<Vec<_>>());
    assert!(server.terminate().success());
    place.replays();

    // With another map at once there is nothing to compare it with.
    forget_maps(&place).await;
    edited.row[0] = WATER;
    place.draw(&edited);
    let mut command = place.command();
    command.stderr(Stdio::piped());
    let (mut server, announcement) = Process::spawn(command);
    wait_for(&mut server, "kept no map to compare it with");
    server.url = announcement.url().unwrap();
    let (_, state) = come(&server.url).await;
    assert_eq!(columns(&state, EntityKind::Item), (0..WIDTH).collect::<Vec<_>>(), "they begin anew");
    assert_eq!(carried(&state), [ItemStack { item: "carrot".into(), quantity: 3 }]);
}

#[test]
fn a_start_with_the_same_files_takes_the_world_that_was_made_of_them() {
    let place = Place::new(&[]);
    let drawn = Drawn::first();
    place.draw(&drawn);
    // What is kept after a start, and when it was written.
    let started = || {
        assert!(place.start().terminate().success());
        let kept = std::fs::read_dir(place.data.path().join("baked-maps")).expect("a folder");
        let mut kept: Vec<_> = kept
            .map(|entry| entry.expect("a file"))
            .map(|entry| (entry.file_name(), entry.metadata().and_then(|it| it.modified()).expect("a time")))
            .collect();
        kept.sort_unstable();
        kept
    };
    let first = started();
    assert_eq!(first.len(), 1);
    assert_eq!(started(), first, "it was not made anew");
    let mut edited = drawn;
    edited.objects[0].3 += 1;
    place.draw(&edited);
    let both = started();
    assert!(both.len() == 2 && both.contains(&first[0]), "{both:?}");
    assert_eq!(started(), both);
    place.replays();
}
