//! docs/how_to_add.md tells for each kind of addition which files it touches, by an example that is
//! there: the files listed are exactly those of the product whose code has the example's words, and
//! as many as the page says.

use std::collections::BTreeSet;

use super::public::{is_for_tests, product_code};
use super::tree::TextFile;
use super::{assert_none, tree};

const PAGE: &str = "docs/how_to_add.md";

/// Programs beside the product.
const TOOLS: &[&str] = &["xtask/", "perf/", "snapshots/", "persist/examples/"];

/// What each list is for.
const KINDS: [&str; 12] = [
    "An intent",
    "A step of an action",
    "An effect",
    "A behaviour of NPCs",
    "A component",
    "A field of a character",
    "A count of a character",
    "A setting",
    "A metric",
    "An error code",
    "A panel",
    "A store",
];

/// One list of the page: what it is for, the words of its example, how many files it says there
/// are, and which.
#[derive(Debug, PartialEq)]
struct List {
    kind: String,
    words: Vec<String>,
    count: usize,
    files: BTreeSet<String>,
}

/// The lists of the page: a heading, a line "The example is `word`: 3 files." and links to files.
fn lists(page: &str) -> Vec<List> {
    let mut lists: Vec<List> = Vec::new();
    for line in page.lines() {
        if let Some(kind) = line.strip_prefix("## ") {
            lists.push(List { kind: kind.to_owned(), words: Vec::new(), count: 0, files: BTreeSet::new() });
        }
        let Some(list) = lists.last_mut() else { continue };
        if let Some(example) = line.strip_prefix("The example is ") {
            list.words = example.split('`').skip(1).step_by(2).map(str::to_owned).collect();
            let count = example.split_whitespace().rev().nth(1).and_then(|count| count.parse().ok());
            list.count = count.unwrap_or_default();
        } else if let Some(item) = line.strip_prefix("- ") {
            let targets = item.split("](../").skip(1).filter_map(|rest| rest.split(')').next());
            list.files.extend(targets.filter(|target| target.ends_with(".rs")).map(str::to_owned));
        }
    }
    lists
}

fn has(code: &str, word: &str) -> bool {
    let is_part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    code.match_indices(word)
        .any(|(at, _)| !is_part(code[..at].chars().next_back()) && !is_part(code[at + word.len()..].chars().next()))
}

/// What is wrong with a list, given the code of the product.
fn complaints(list: &List, code: &[(&str, String)]) -> Vec<String> {
    let List { kind, words, count, files } = list;
    // A folder that has the example's name is the thing itself.
    let is_itself = |path: &str| words.iter().any(|word| path.contains(&format!("/{word}/")));
    let has_it = code.iter().filter(|(path, code)| !is_itself(path) && words.iter().any(|word| has(code, word)));
    let real: BTreeSet<String> = has_it.map(|(path, _)| (*path).to_owned()).collect();
    let mut complaints = Vec::new();
    for path in real.difference(files) {
        complaints.push(format!("{PAGE}: {kind}: {path} has {} and is not listed", words.join(", ")));
    }
    for path in files.difference(&real) {
        complaints.push(format!("{PAGE}: {kind}: {path} is listed and has none of {}", words.join(", ")));
    }
    if *count != files.len() || files.is_empty() {
        complaints.push(format!("{PAGE}: {kind}: says {count} files and lists {}", files.len()));
    }
    complaints
}

fn product(files: &[TextFile]) -> Vec<(&str, String)> {
    let is_product = |path: &str| !is_for_tests(path) && !TOOLS.iter().any(|tool| path.starts_with(tool));
    files.iter().filter(|file| is_product(&file.path)).map(|file| (&*file.path, product_code(&file.text))).collect()
}

#[test]
fn lists_of_what_an_addition_touches_are_whole() {
    let page = std::fs::read_to_string(tree::root().join(PAGE)).unwrap();
    let lists = lists(&page);
    assert_eq!(lists.iter().map(|list| &*list.kind).collect::<Vec<_>>(), KINDS);
    let files = tree::files(&["rs"]);
    let code = product(&files);
    assert_none(&lists.iter().flat_map(|list| complaints(list, &code)).collect::<Vec<_>>());
}

#[test]
fn a_file_too_many_or_too_few_is_told() {
    let page = "# Adding\n\n## An effect\n\nThe example is `Heal` (`heal_all`): 2 files.\n\n\
        - [a.rs](../sim/src/a.rs): the rule, see [b](b.md)\n- [b.rs](../sim/src/b.rs) and [c.rs](../sim/src/c.rs)\n";
    let list = lists(page).pop().unwrap();
    assert_eq!((&list.words[..], list.count), (&["Heal".to_owned(), "heal_all".to_owned()][..], 2));
    let code = |path, code: &str| (path, code.to_owned());
    let all =
        [code("sim/src/a.rs", "Effect::Heal {"), code("sim/src/b.rs", "heal_all()"), code("sim/src/d.rs", "(Heal)")];
    let told = complaints(&list, &all).join("\n");
    assert!(
        told.contains("d.rs has Heal") && told.contains("c.rs is listed") && told.contains("says 2 files and lists 3")
    );
    assert_eq!(complaints(&list, &all).len(), 3, "{told}");
    assert!(!has("Healing unHeal _Heal", "Heal"));
}
