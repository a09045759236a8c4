//! What is public is used by the product: a `pub` item whose name stands in no product code but its
//! own definition is there for tests alone, and belongs to them.
//!
//! Goes by names, so it misses what has the name of something else; it needs no compiler for that.

use std::collections::BTreeMap;

use super::tree::TextFile;
use super::{assert_none, tree};

/// What is there for tests by design: made worlds, a simulated clock, flaws on purpose, and what is
/// built for tests or fuzzing only.
const FOR_TESTS: &[&str] = &[
    "/tests/",
    "/testing",
    "/support/",
    "/fuzz/",
    "/tests.rs",
    "_tests.rs",
    "/cases.rs",
    "/map_art.rs",
    "/simulated.rs",
    "/flaws.rs",
];

/// A part of the product that has faults for tests to cause.
const PRETEND_SERVER: &str = "client/src/demo";

/// Kinds of items, as they are written.
const KINDS: &[&str] = &["fn", "struct", "enum", "trait", "type", "const", "static"];

pub fn is_for_tests(path: &str) -> bool {
    FOR_TESTS.iter().any(|part| path.contains(part))
}

/// The code of a Rust file that is part of the product: without comments, test modules, and mere
/// re-exports.
pub fn product_code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let mut code = String::new();
    let mut exporting = false;
    for line in text.lines().map(str::trim_start).filter(|line| !line.starts_with("//")) {
        // One under another name is a use: the name it had is needed for it.
        exporting |= line.starts_with("pub use ") && !line.contains(" as ");
        if !exporting {
            code.push_str(line);
            code.push('\n');
        }
        exporting &= !line.ends_with(';');
    }
    code
}

fn words(code: &str) -> impl Iterator<Item = &str> {
    code.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| !word.is_empty())
}

/// The name of the item that a line makes public.
fn public_item(line: &str) -> Option<&str> {
    let mut words = line.strip_prefix("pub ")?.split_whitespace().skip_while(|word| ["async", "unsafe"].contains(word));
    let mut kind = words.next()?;
    let mut name = words.next()?;
    if kind == "const" && name == "fn" {
        kind = "fn";
        name = words.next()?;
    }
    let name = name.split(|c: char| !(c.is_alphanumeric() || c == '_')).next()?;
    (KINDS.contains(&kind) && !name.is_empty()).then_some(name)
}

/// Public items of `files` that nothing in them uses.
fn unused(files: &[TextFile]) -> Vec<String> {
    let code: Vec<(&str, String)> = files
        .iter()
        .filter(|file| file.path.ends_with(".rs") && !is_for_tests(&file.path))
        .map(|file| (&*file.path, product_code(&file.text)))
        .collect();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let pages = files.iter().filter(|file| file.path.ends_with(".html")).map(|file| &*file.text);
    for word in code.iter().map(|(_, code)| &**code).chain(pages).flat_map(words) {
        *counts.entry(word).or_default() += 1;
    }
    let owners = code.iter().filter(|(path, _)| !path.starts_with(PRETEND_SERVER));
    let items = owners.flat_map(|(path, code)| code.lines().filter_map(public_item).map(move |name| (path, name)));
    items
        .filter(|(_, name)| counts[name] == 1)
        .map(|(path, name)| format!("{path}: `{name}` is public, and only tests use it; delete it, or give it to them"))
        .collect()
}

#[test]
fn no_public_item_is_there_for_tests_alone() {
    assert_none(&unused(&tree::files(&["rs", "html"])));
}

#[test]
fn what_only_tests_use_is_found() {
    let file = |path: &str, text: &str| TextFile { path: path.to_owned(), text: text.to_owned() };
    let files = [
        file("net/src/a.rs", "pub use b::{\n    lonely,\n};\npub use b::old as new;\n/// lonely\npub struct Used;\n"),
        file("net/src/b.rs", "pub const fn lonely() -> Used {}\npub fn old() {}\npub async fn page_calls_it() {}\n"),
        file("net/src/c.rs", "pub const FEW: u8 = 1;\nfn private() {}\n#[cfg(test)]\nmod tests {\n    lonely();\n}"),
        file("net/tests/it/c.rs", "lonely(); FEW"),
        file("client/src/map_art.rs", "pub fn art() {}"),
        file("client/web/index.html", "page_calls_it()"),
    ];
    let found: Vec<_> = unused(&files).iter().map(|it| it.split('`').nth(1).unwrap().to_owned()).collect();
    assert_eq!(found, ["lonely", "FEW"]);
}
