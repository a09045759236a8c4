//! What is kept: corpora for every target, small, and a file for libFuzzer; and what once broke a
//! target, by name. What broke the loader of maps has its tests beside it, and hosts with empty
//! names theirs.

use std::collections::BTreeSet;
use std::path::Path;

use tilemud_fuzz::memory::peak;
use tilemud_fuzz::{TARGETS, corpus};
use tilemud_schema::Encoding;
use tilemud_schema::codec::decode_client;

/// All corpora together, bytes.
const CORPORA_BYTES_MAX: usize = 300 * 1024;

fn names_in(folder: &str) -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let entries = std::fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned()).collect()
}

#[test]
fn every_target_has_a_small_corpus_and_a_file_for_libfuzzer() {
    let targets: BTreeSet<String> = TARGETS.iter().map(|target| target.name.to_owned()).collect();
    assert_eq!(names_in("fuzz_targets"), targets);
    assert_eq!(names_in("corpus"), targets);
    let bytes = |name: &str| corpus::of(name).iter().map(Vec::len).sum::<usize>();
    assert!(TARGETS.iter().all(|target| !corpus::of(target.name).is_empty()));
    let all: usize = TARGETS.iter().map(|target| bytes(target.name)).sum();
    assert!(all <= CORPORA_BYTES_MAX, "{all} bytes");
}

/// What a client's message takes while it is read, and whether it is one.
fn read(encoding: Encoding, input: &[u8]) -> (bool, usize) {
    let (read, bytes) = peak(|| decode_client(encoding, input));
    (read.is_ok(), bytes)
}

#[test]
fn a_few_bytes_that_claim_endless_steps_take_no_memory() {
    // They took 1 MiB: serde believes a list's claim up to there.
    let claim = [&[3, 1][..], &[0xff; 9], &[1]].concat();
    let (_, bytes) = read(Encoding::Postcard, &claim);
    assert!(bytes < 256, "{bytes}");
}

#[test]
fn what_no_message_has_a_place_for_is_not_kept_while_it_is_read() {
    let zeros = vec!["0"; 1_900].join(",");
    let objects = (0..300).map(|at| format!("\"{at:x}\":{{\"a\":0}}")).collect::<Vec<_>>().join(",");
    for text in [
        format!(r#"{{"type":"resync","payload":{{"a":[{zeros}]}}}}"#),
        format!(r#"{{"type":"resync","payload":{{{objects}}}}}"#),
        format!(r#"{{"a":[{zeros}],"type":"resync"}}"#),
        format!(r#"{{"type":"intent.action","payload":{{"seq":1,"steps":[{{"do":"take","item":1,"a":[{zeros}]}}]}}}}"#),
    ] {
        let (is_message, bytes) = read(Encoding::Json, text.as_bytes());
        // Eight bytes of each key are kept until its object ends, and as many again while the list
        // of them grows.
        assert!(is_message && bytes < 8 * 1_024, "{bytes} bytes for {} of {}...", text.len(), &text[..60]);
    }
}
