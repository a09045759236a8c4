//! FR-022: an edited map is taken while people play: between two ticks, by a signal or by itself,
//! and nobody reconnects. A map that cannot be used changes nothing.

use std::process::Stdio;

use hyper::Method;
use tilemud_maps::bake::Options;
use tilemud_schema::{
    Action, ClientMessage, Encoding, Entity, EntityKind, ErrorCode, ItemStack, ServerMessage, StateDelta, WorldEvent,
};
use tilemud_server::engine::tick_thread::RUN_AHEAD_TICKS_MAX;
use tilemud_sim::Map;
use tilemud_support::player::{Player, call, exchange, until};
use tilemud_support::process::{Local, Process};

use crate::drawn::{Drawn, Place, WATER, WIDTH, act, carried, columns, come, is_told, of_kind, wait_for};

/// What the server says of the new map, and all that is seen of it at once.
async fn told_of_map(player: &mut Player) -> (WorldEvent, StateDelta) {
    let event = loop {
        match player.next().await {
            ServerMessage::World(event) => break event,
            ServerMessage::StateDelta(delta) => assert!(!delta.full, "of the new map before it is told of"),
            _ => {}
        }
    };
    let full = player.delta_where(|delta| delta.full).await;
    assert!(full.tick > event.tick);
    (event, full)
}

/// The map as it is served now: its ETag's map has this at a place.
async fn served_tile(url: &str, x: usize) -> u64 {
    let (_, map) = call(url, Method::GET, "/api/world", None, None).await;
    let width = map["width"].as_u64().expect("a width") as usize;
    map["tiles"][width + x].as_u64().expect("a tile")
}

/// The builder makes water of where Ann stands, takes carrots away and has the villager go
/// elsewhere, while she and Bob play.
async fn edited_while_played(flags: &[&str], asks: impl Fn(&Process)) {
    let place = Place::new(&[]);
    let first = Drawn::first();
    place.draw(&first);
    let mut command = place.command();
    command.args(flags);
    let server = Process::run(command);
    let (mut ann, first_seen) = come(&server.url).await;
    let mut bob = Player::join(&server.url, "Bob", Encoding::Postcard).await;
    let at = ann.position.x;
    let item = of_kind(&first_seen, EntityKind::Item).iter().find(|item| item.x == at).unwrap().id;
    act(&mut ann, Action::Take { item }).await;
    let mut edited = first.clone();
    edited.row[at as usize] = WATER;
    let end = if at < WIDTH / 2 { WIDTH - 2 } else { 0 };
    edited.objects.retain(|(_, class, _, x, _)| *class != "item" || *x != end);
    let spawn = if at > 1 { at - 1 } else { at + 1 };
    edited.objects.iter_mut().filter(|(_, class, ..)| *class == "spawn").for_each(|it| it.3 = spawn);
    edited.objects.iter_mut().filter(|(id, ..)| *id == 5).for_each(|npc| npc.3 = end);
    let before = served_tile(&server.url, at as usize).await;
    place.draw(&edited);
    asks(&server);

    let (event, state) = told_of_map(&mut ann).await;
    assert_eq!(columns(&state, EntityKind::Npc), [end]);
    let carrots: Vec<i32> = (0..WIDTH).filter(|x| *x != at && *x != end).collect();
    assert_eq!(columns(&state, EntityKind::Item), carrots);
    let now = state.own.as_ref().and_then(|own| own.position).expect("her place");
    assert_ne!(now.x, at, "nobody stands in the water");
    let is_ann = |entity: &&Entity| entity.kind == EntityKind::Player && *entity.name == *"Ann";
    let [then, now_seen] = [&first_seen, &state].map(|state| state.enter.iter().find(is_ann).map(|ann| ann.id));
    assert_eq!(then, now_seen, "she is who she was");
    if !is_told(&state) {
        ann.delta_where(is_told).await;
    }
    assert_ne!(served_tile(&server.url, at as usize).await, before);
    let (of_bob, seen) = told_of_map(&mut bob).await;
    assert_eq!((&of_bob, columns(&seen, EntityKind::Npc)), (&event, vec![end]));
    // The numbers of intents go on.
    act(&mut ann, Action::Drop { item: "carrot".into(), quantity: Some(1) }).await;
    bob.say_for_sure("where did it go?").await;
    server.kill();

    place.replays();
    let server = place.start();
    let (ann, state) = come(&server.url).await;
    assert_eq!((ann.position.x, columns(&state, EntityKind::Npc)), (now.x, vec![end]));
    assert_eq!(carried(&state), [ItemStack { item: "carrot".into(), quantity: 2 }]);
    assert!(server.terminate().success());
    place.replays();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_edited_map_is_taken_at_a_signal_while_people_play_and_nobody_reconnects() {
    edited_while_played(&[], Process::reload).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_edited_map_is_taken_by_itself_when_its_files_are_watched() {
    edited_while_played(&["--watch"], |_| {}).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_map_that_cannot_be_used_changes_nothing_and_the_log_says_why() {
    let place = Place::new(&[]);
    let first = Drawn::first();
    place.draw(&first);
    let mut command = place.command();
    command.stderr(Stdio::piped());
    let mut server = Process::run(command);
    let (mut ann, _) = come(&server.url).await;
    let mut refused = |words: &[&str]| {
        server.reload();
        let line = wait_for(&mut server, "is not taken");
        assert!(words.iter().all(|words| line.contains(words)) && line.contains("row.tmx"), "{line}");
    };
    std::fs::write(place.map(), "<map").unwrap();
    refused(&["the world goes on with the one before"]);
    place.draw(&Drawn { row: vec![9; 40], objects: vec![(1, "spawn", "", 30, String::new())], id: None });
    refused(&["has nothing in common"]);
    place.draw(&Drawn { id: Some("elsewhere"), ..first.clone() });
    refused(&["elsewhere", "world_id"]);
    ann.say_for_sure("nothing has happened").await;

    // Mended, it is taken.
    let mut edited = first.clone();
    edited.objects.retain(|(id, ..)| *id != 5);
    place.draw(&edited);
    server.reload();
    let (_, state) = told_of_map(&mut ann).await;
    assert!(columns(&state, EntityKind::Npc).is_empty());
    assert!(server.terminate().success());
}

/// The store refuses a batch for good while a map is on its way; the world goes back to before both
/// and takes the map again.
#[tokio::test]
async fn a_map_is_taken_as_well_when_the_world_has_to_go_back_meanwhile() {
    let maps = tempfile::tempdir().unwrap();
    let first = Drawn::first();
    let file = first.write(maps.path(), "row.tmx");
    let map = tilemud_server::engine::world::load(Some(file.as_ref()), None, &Options::default(), None).unwrap();
    let flags = ["--world", &*file, "--watch", "--tick-hz", "2"];
    let (server, gate) = Local::gated(Map::clone(&map), &flags).await;
    let url = server.url.clone();
    let [health, etag] = ["/api/health", "/api/world"].map(|path| (url.clone(), path));
    let tick = async || call(&health.0, Method::GET, health.1, None, None).await.1["tick"]["current"].as_u64();
    let etag = async || exchange(&etag.0, Method::GET, etag.1, None, None).await.1["etag"].clone();
    let served = etag().await;
    let mut ann = Player::join(&url, "Ann", Encoding::Json).await;
    let commits = gate.arrived();
    gate.close();
    ann.say("Hold on").await;
    gate.wait_for_arrivals(commits + 1).await;
    let began = tick().await;
    let seq = ann.say("and this is refused").await;
    let mut edited = first.clone();
    edited.objects.retain(|(id, ..)| *id != 5);
    edited.row[0] = WATER;
    edited.write(maps.path(), "row.tmx");
    // The world runs ahead of its store, with the map or without.
    until(async || tick().await >= began.map(|began| began + RUN_AHEAD_TICKS_MAX as u64 / 2)).await;
    assert_eq!(etag().await, served, "what is not durable is not shown");
    gate.refuse_actions_of(Some(ann.bootstrap.state.character.character_id));
    gate.open();
    assert_eq!(ann.answer(seq).await.unwrap_err().code, ErrorCode::ActionAtomicRollback);
    gate.refuse_actions_of(None);
    ann.connection.drain().await;
    until(async || etag().await != served).await;
    let mut ann = Player::resume(&url, "Ann", &ann.reconnect_token, Encoding::Json, Some(ann.tick)).await;
    ann.say_for_sure("and on").await;
    ann.connection.send(&ClientMessage::Resync {}).await;
    let state = ann.delta_where(|delta| delta.full).await;
    assert!(columns(&state, EntityKind::Npc).is_empty());
    server.stop().await.unwrap();
}
