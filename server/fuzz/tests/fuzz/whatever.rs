//! Inputs made from a fixed seed, a hundred thousand in all and ten thousand maps of Tiled. In the
//! long run libFuzzer makes a hundred times as many.

use std::time::Duration;

use tilemud_fuzz::mutate::{Chance, mutated};
use tilemud_fuzz::{TARGETS, corpus, named};

use crate::watch::{Watch, tell};

/// The seed of the run: another one with TILEMUD_FUZZ_SEED.
const SEED: u64 = 1;

/// An input that takes longer hangs, however busy the machine is.
const PATIENCE: Duration = Duration::from_secs(60);

/// Runs a target on its corpus and on its share of inputs made of it.
fn hold(name: &'static str) {
    let target = named(name);
    let kept = corpus::of(name);
    let watch = Watch::over(name, PATIENCE, move |input| {
        tell(name, input, "hangs on");
        // Nobody can end a thread that does not end itself.
        std::process::exit(101);
    });
    let run = |input: &[u8]| watch.run(input, target.body);
    kept.iter().for_each(|input| run(input));
    let seed = std::env::var("TILEMUD_FUZZ_SEED").ok().and_then(|seed| seed.parse().ok());
    let mut chance = Chance::new(seed.unwrap_or(SEED));
    for _ in 0..target.share {
        run(&mutated(&kept, target.words, target.len_max, &mut chance));
    }
}

#[test]
fn a_hundred_thousand_inputs_are_shared_among_the_targets_beside_ten_thousand_maps_of_tiled() {
    assert_eq!(TARGETS.iter().map(|target| target.share).sum::<u32>(), 110_000);
    assert_eq!(named("tiled").share, 10_000);
}

#[test]
fn whatever_a_client_sends_as_json_is_a_message_or_refused_within_64_kib() {
    hold("client_json");
}

#[test]
fn whatever_a_client_sends_as_postcard_is_a_message_or_refused_within_64_kib() {
    hold("client_postcard");
}

#[test]
fn whatever_a_server_sends_as_json_is_a_message_or_refused() {
    hold("server_json");
}

#[test]
fn whatever_a_server_sends_as_postcard_is_a_message_or_refused() {
    hold("server_postcard");
}

#[test]
fn whatever_stream_comes_however_it_is_cut_the_same_is_heard() {
    hold("frames");
}

#[test]
fn whatever_body_comes_it_is_read_or_refused_in_the_one_shape() {
    hold("bodies");
}

#[test]
fn whatever_proxies_and_strangers_say_in_headers_only_proxies_are_believed() {
    hold("forwarded");
}

#[test]
fn whatever_begins_a_connection_is_a_proxy_header_or_none() {
    hold("preamble");
}

#[test]
fn whatever_is_given_as_an_address_is_one_or_refused() {
    hold("addresses");
}

#[test]
fn whatever_stands_in_an_authorization_header_nothing_but_the_good_token_opens() {
    hold("bearer");
}

#[test]
fn whatever_a_provider_claims_is_judged() {
    hold("claims");
}

#[test]
fn whatever_a_provider_gives_as_keys_is_tried_without_harm() {
    hold("key_sets");
}

#[test]
fn whatever_is_typed_as_a_name_settles_and_looks_like_itself() {
    hold("names");
}

#[test]
fn whatever_is_set_starts_nothing_wrong_and_is_told_with_a_remedy() {
    hold("settings");
}

#[test]
fn whatever_stands_in_the_log_is_replayed_the_same_or_named() {
    hold("event_log");
}

#[test]
fn whatever_is_given_as_a_snapshot_becomes_a_world_or_is_refused() {
    hold("snapshots");
}

#[test]
fn whatever_is_given_as_a_map_becomes_a_world_or_is_refused() {
    hold("maps");
}

#[test]
fn whatever_is_given_as_a_map_of_tiled_becomes_a_world_or_is_refused_with_remedies() {
    hold("tiled");
}
