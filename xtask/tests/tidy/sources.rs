//! Rules for source files: no open ends, a heading on each file, a size a reader can hold, and
//! honest tests.

use super::public::is_for_tests;
use super::{assert_none, tree};

/// A file longer than this holds a second concern.
const FILE_LINES_MAX: usize = 450;

/// The same of tests, which have cases by the dozen.
const TEST_LINES_MAX: usize = 500;

/// Marks of unfinished work, in two halves so that this file does not carry them.
const OPEN_ENDS: &[(&str, &str)] = &[("TO", "DO"), ("FIX", "ME"), ("XX", "X"), ("todo", "!("), ("unimplemented", "!(")];

/// Ways to have a file in two programs, and to silence what follows: what tests share is a crate.
const SHARED: &[(&str, &str)] = &[("#[pa", "th ="), ("allow(dead", "_code")];

/// Types that only serde's derive sees.
const SEEN_BY_DERIVE: &str = "schema/src/wire/mod.rs";

/// Ways to wait for time instead of for what is waited for.
const SLEEPS: &[(&str, &str)] = &[("thread::", "sleep"), ("time::", "sleep("), ("waitFor", "Timeout(")];

/// Complaints about `word` standing in `text` as a word of its own.
fn standing(path: &str, text: &str, halves: &[(&str, &str)], why: &str) -> Vec<String> {
    let is_part = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
    let mut complaints = Vec::new();
    for line in text.lines() {
        for (first, second) in halves {
            let word = format!("{first}{second}");
            let alone = line.match_indices(&word).any(|(at, _)| {
                let bytes = line.as_bytes();
                let open_ended = word.ends_with('(');
                !is_part(at.checked_sub(1).and_then(|before| bytes.get(before)))
                    && (open_ended || !is_part(bytes.get(at + word.len())))
            });
            if alone {
                complaints.push(format!("{path}: {word} {why}, in: {}", line.trim()));
            }
        }
    }
    complaints
}

fn heading(path: &str, text: &str) -> Option<String> {
    let opens = text.lines().next().is_some_and(|line| line.starts_with("//! ") && line.len() > 12);
    (!opens).then(|| format!("{path}: does not open with a //! line that says what it owns"))
}

fn length(path: &str, text: &str) -> Option<String> {
    let lines = text.lines().count();
    let max = if is_for_tests(path) { TEST_LINES_MAX } else { FILE_LINES_MAX };
    (lines > max).then(|| format!("{path}: {lines} lines; {max} are allowed"))
}

fn ignored(path: &str, text: &str) -> Vec<String> {
    text.lines()
        .enumerate()
        .filter(|(_, line)| line.trim_start().starts_with("#[ignore") || line.contains(concat!(", ", "ignore)]")))
        .map(|(number, _)| format!("{path}:{}: an ignored test is not a test", number + 1))
        .collect()
}

/// The part of a Rust file that is tests: all of it in a tests folder, else its test module and
/// what follows.
fn test_part<'a>(path: &str, text: &'a str) -> &'a str {
    let for_tests = path.contains("/tests/") || path.contains("/support/");
    if for_tests || path.ends_with("/tests.rs") || path.ends_with("_tests.rs") {
        return text;
    }
    text.find("#[cfg(test)]\nmod tests {").map_or("", |at| &text[at..])
}

/// `text` with the tests left out whose clock stands still: sleeping there moves the clock and
/// takes no time.
fn without_paused_tests(text: &str) -> String {
    let mut paused = false;
    let mut kept = String::new();
    for line in text.lines() {
        if line.trim_start().starts_with("#[") && line.contains("test") {
            paused = line.contains("start_paused = true");
        }
        if !paused {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    kept
}

#[test]
fn no_open_ends_are_left() {
    let files = tree::files(&["rs", "toml", "mjs", "js", "py", "sh", "sql", "html"]);
    assert_none(
        &files.iter().flat_map(|file| standing(&file.path, &file.text, OPEN_ENDS, "is left")).collect::<Vec<_>>(),
    );
}

#[test]
fn every_rust_file_opens_with_what_it_owns() {
    assert_none(&tree::files(&["rs"]).iter().filter_map(|file| heading(&file.path, &file.text)).collect::<Vec<_>>());
}

#[test]
fn no_rust_file_is_too_long() {
    assert_none(&tree::files(&["rs"]).iter().filter_map(|file| length(&file.path, &file.text)).collect::<Vec<_>>());
}

#[test]
fn no_test_is_ignored() {
    assert_none(&tree::files(&["rs"]).iter().flat_map(|file| ignored(&file.path, &file.text)).collect::<Vec<_>>());
}

#[test]
fn no_test_sleeps() {
    let files = tree::files(&["rs", "mjs", "js"]);
    let complaints = files.iter().flat_map(|file| {
        let part = if file.path.ends_with(".rs") { test_part(&file.path, &file.text) } else { &file.text };
        standing(&file.path, &without_paused_tests(part), SLEEPS, "waits for time, not for what is waited for")
    });
    assert_none(&complaints.collect::<Vec<_>>());
}

#[test]
fn no_file_is_in_two_programs_and_no_code_is_dead() {
    let complaints = tree::files(&["rs"]).into_iter().filter(|file| file.path != SEEN_BY_DERIVE).flat_map(|file| {
        let has = |halves: &&(&str, &str)| file.text.contains(&format!("{}{}", halves.0, halves.1));
        SHARED.iter().filter(has).map(|halves| format!("{}: {}{}", file.path, halves.0, halves.1)).collect::<Vec<_>>()
    });
    assert_none(&complaints.collect::<Vec<_>>());
}

#[test]
fn rules_bite_on_samples() {
    let open = format!("fn a() {{}} // {}{} later\nlet {}{}_LIST = 1;", "TO", "DO", "TO", "DO");
    assert_eq!(standing("a.rs", &open, OPEN_ENDS, "is left").len(), 1);
    assert_eq!(standing("a.rs", concat!("std::thread::", "sleep(x);"), SLEEPS, "waits").len(), 1);
    let paused = "#[tokio::test(start_paused = true)]\nasync fn a() {\n  sleep\n}\n#[tokio::test]\nasync fn b() {}";
    assert_eq!(without_paused_tests(paused), "#[tokio::test]\nasync fn b() {}\n");
    assert!(heading("a.rs", "use std::fmt;").is_some());
    assert!(heading("a.rs", "//! Placeholder.").is_none());
    assert!(length("a.rs", &"x\n".repeat(FILE_LINES_MAX + 1)).is_some());
    assert!(length("a.rs", &"x\n".repeat(FILE_LINES_MAX)).is_none());
    assert!(length("net/tests/a.rs", &"x\n".repeat(FILE_LINES_MAX + 1)).is_none());
    assert_eq!(ignored("a.rs", concat!("    #[", "ignore]\nfn a() {}")).len(), 1);
    let module = "#[cfg(test)]\nmod tests {\n}";
    assert_eq!(test_part("net/src/a.rs", &format!("#[cfg(test)]\nmod tests_apart;\n{module}")), module);
    assert_eq!(test_part("net/tests/it/a.rs", "all of it"), "all of it");
}
