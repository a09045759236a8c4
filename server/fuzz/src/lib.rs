//! Fuzz targets for all code that reads bytes from outside. Each [`Target`] is a function that
//! hands bytes to one reader and asserts its guarantees; the caller chooses the bytes.
//!
//! The property tests beside this crate run the targets over their [`corpus`] and over mutations of
//! it ([`mutate`]); libFuzzer runs them from `fuzz_targets`, guided by coverage. `docs/security.md`
//! describes how to start either.

mod auth;
pub mod corpus;
mod decoders;
mod http;
pub mod memory;
pub mod mutate;
mod stored;
mod words;
mod worlds;

/// A reader and what it promises.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// As its corpus and its file in `fuzz_targets` are called.
    pub name: &'static str,
    /// Panics when a promise is broken.
    pub body: fn(&[u8]),
    /// Longest input worth trying, bytes.
    pub len_max: usize,
    /// How many inputs it gets in the normal run.
    pub share: u32,
    /// What mutations put in.
    pub words: &'static [&'static str],
}

pub const TARGETS: &[Target] = &[
    target("client_json", decoders::client_json, 4_200, 10_000),
    target("client_postcard", decoders::client_postcard, 4_200, 10_000),
    target("server_json", decoders::server_json, 4_200, 8_000),
    target("server_postcard", decoders::server_postcard, 4_200, 8_000),
    target("frames", http::frames, 8_000, 6_000),
    target("bodies", http::bodies, 4_200, 8_000),
    target("forwarded", http::forwarded, 2_000, 10_000),
    target("preamble", http::preamble, 400, 8_000),
    target("addresses", http::addresses, 400, 9_000),
    target("bearer", auth::bearer, 4_200, 4_000),
    target("claims", auth::claims, 2_000, 5_000),
    target("key_sets", auth::key_sets, 4_200, 3_000),
    target("names", words::names, 400, 4_000),
    target("settings", words::settings, 1_500, 2_000),
    target("event_log", stored::event_log, 2_000, 2_000),
    target("snapshots", stored::snapshots, 2_000, 1_000),
    target("maps", worlds::maps, 8_000, 2_000),
    Target { words: mutate::WORDS_OF_TILED, ..target("tiled", worlds::tiled, 8_000, 10_000) },
];

const fn target(name: &'static str, body: fn(&[u8]), len_max: usize, share: u32) -> Target {
    Target { name, body, len_max, share, words: mutate::WORDS }
}

/// The target of this name.
///
/// # Panics
/// When there is none.
#[must_use]
pub fn named(name: &str) -> &'static Target {
    TARGETS.iter().find(|target| target.name == name).unwrap_or_else(|| panic!("there is no target {name:?}"))
}

/// Runs one target on one input.
pub fn run(name: &str, data: &[u8]) {
    (named(name).body)(data);
}
