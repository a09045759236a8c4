//! `docs/traceability.md` maps every requirement to what shows it: each id has a row, and what a
//! row names exists.
//!
//! In a row the first cell holds the ids. What stands in backticks under `shown by` is a test (a
//! function, or the title of an end-to-end test) or a document; a source file shows nothing,
//! because it cannot fail. A row names at least one test or document, or says under `open` what is
//! missing.

use std::collections::BTreeSet;

use super::{assert_none, tree};

const DOCUMENT: &str = "docs/traceability.md";

/// Every id that needs a row.
fn required_ids() -> Vec<String> {
    let numbered = |prefix: &str, last: u32| (1..=last).map(|n| format!("{prefix}{n:03}")).collect::<Vec<_>>();
    let scenarios = (1..=10).map(|n| format!("S{n}")).collect();
    [numbered("T", 88), numbered("FR-", 32), numbered("NFR-", 8), scenarios].concat()
}

/// The columns that are read, by their heading.
const SHOWN_BY: &str = "shown by";
const OPEN: &str = "open";

/// One row: its ids, what it names in backticks as showing them, and whether it says that something
/// is open.
struct Row {
    line: usize,
    ids: Vec<String>,
    named: Vec<String>,
    is_open: bool,
}

fn rows(document: &str) -> Vec<Row> {
    let required: BTreeSet<String> = required_ids().into_iter().collect();
    let mut rows = Vec::new();
    let mut heading: Vec<&str> = Vec::new();
    for (number, line) in document.lines().enumerate() {
        let Some(line) = line.trim().strip_prefix('|') else { continue };
        let cells: Vec<&str> = line.trim_end_matches('|').split('|').map(str::trim).collect();
        if cells.contains(&SHOWN_BY) {
            heading = cells;
            continue;
        }
        let words = cells[0].split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
        let ids: Vec<String> = words.filter(|word| required.contains(*word)).map(str::to_owned).collect();
        if !ids.is_empty() {
            let cell =
                |name| heading.iter().position(|title| *title == name).and_then(|at| cells.get(at)).unwrap_or(&"");
            let named = cell(SHOWN_BY).split('`').skip(1).step_by(2).map(str::to_owned).collect();
            rows.push(Row { line: number + 1, ids, named, is_open: !cell(OPEN).is_empty() });
        }
    }
    rows
}

/// What is wrong with the document, given whether a name is a test or document of the checkout.
fn complaints(document: &str, exists: &dyn Fn(&str) -> bool) -> Vec<String> {
    let rows = rows(document);
    let have: BTreeSet<&String> = rows.iter().flat_map(|row| &row.ids).collect();
    let mut complaints: Vec<String> = required_ids()
        .iter()
        .filter(|id| !have.contains(id))
        .map(|id| format!("{DOCUMENT}: {id} has no row"))
        .collect();
    for (at, row) in rows.iter().enumerate() {
        let place = format!("{DOCUMENT}:{}: {}", row.line, row.ids.join(" "));
        if rows[..at].iter().any(|before| before.ids == row.ids) {
            complaints.push(format!("{place} has a row above"));
        }
        if row.named.is_empty() && !row.is_open {
            complaints.push(format!("{place} names neither a test nor a document"));
        }
        let gone = row.named.iter().filter(|name| !exists(name));
        complaints.extend(gone.map(|name| format!("{place} names `{name}`, which is neither a test nor a document")));
    }
    complaints
}

/// Names of all test functions, and the text of the end-to-end tests.
struct Tests {
    functions: BTreeSet<String>,
    end_to_end: String,
}

impl Tests {
    fn of_checkout() -> Self {
        let mut functions = BTreeSet::new();
        for file in tree::files(&["rs"]) {
            functions.extend(test_functions(&file.text));
            functions.extend(cases(&file.text));
        }
        let end_to_end = tree::files(&["mjs"]).into_iter().map(|file| file.text).collect();
        Self { functions, end_to_end }
    }

    fn has(&self, name: &str) -> bool {
        let last = name.rsplit("::").next().unwrap_or(name);
        self.functions.contains(last)
            || ["'", "\""].iter().any(|quote| self.end_to_end.contains(&format!("test({quote}{name}{quote}")))
    }
}

/// The functions that follow a test attribute; inside `proptest!` and other macros the attribute
/// stands there too.
fn test_functions(text: &str) -> Vec<String> {
    let mut functions = Vec::new();
    let mut marked = false;
    for line in text.lines().map(str::trim) {
        let attribute = line.starts_with("#[");
        marked |= attribute && (line.contains("test]") || line.contains("test("));
        let declared = line.split_once("fn ").filter(|(before, _)| before.split(' ').all(is_qualifier));
        if let Some((_, rest)) = declared.filter(|_| marked) {
            functions.push(rest.split(['(', '<']).next().unwrap_or_default().to_owned());
        }
        marked &= attribute || line.starts_with("//");
    }
    functions
}

/// What a macro such as `for_every_store!` makes a test of, once for each store or cache.
fn cases(text: &str) -> Vec<String> {
    let mut cases = Vec::new();
    let mut inside = false;
    for line in text.lines().map(str::trim) {
        inside = if line.starts_with("for_every_") && line.ends_with("! {") { true } else { inside && line != "}" };
        let named = line.strip_suffix(',').filter(|name| inside && name.chars().all(is_of_a_name));
        cases.extend(named.map(str::to_owned));
    }
    cases
}

fn is_of_a_name(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '_'
}

fn is_qualifier(word: &str) -> bool {
    ["", "pub", "async"].contains(&word)
}

#[test]
fn every_requirement_has_a_row_and_every_name_in_it_exists() {
    let document = std::fs::read_to_string(tree::root().join(DOCUMENT)).expect("the table of requirements is there");
    let tests = Tests::of_checkout();
    assert_none(&complaints(&document, &|name| tests.has(name) || is_document(name)));
}

/// Whether it is a page under docs. Source files are not taken for proofs.
fn is_document(name: &str) -> bool {
    name.starts_with("docs/") && name.ends_with(".md") && tree::root().join(name).exists()
}

#[test]
fn a_source_file_is_no_proof_and_a_document_is_one() {
    assert!(is_document("docs/architecture.md"));
    for name in ["xtask/src/main.rs", "docs/bot.py", "docs/never_written.md", "README.md"] {
        assert!(!is_document(name), "{name}");
    }
}

#[test]
fn missing_rows_and_unknown_names_are_told() {
    let rows: String = required_ids().iter().map(|id| format!("| {id} | `any` | `shown_by_this` | |\n")).collect();
    let all = format!("| id | what | shown by | open |\n|---|---|---|---|\n{rows}");
    let exists = |name: &str| name == "shown_by_this";
    assert_eq!(complaints(&all, &exists), Vec::<String>::new());
    let without = all.replace("| T041 | `any` | `shown_by_this` | |\n", "");
    assert_eq!(complaints(&without, &exists), [format!("{DOCUMENT}: T041 has no row")]);
    let unknown = all.replacen("shown_by_this", "never_written", 1);
    assert!(complaints(&unknown, &exists)[0].contains("never_written"));
    let empty = all.replacen("`shown_by_this`", "", 1);
    assert!(complaints(&empty, &exists)[0].contains("neither a test nor a document"));
    let twice = format!("{all}| T041 | `any` | `shown_by_this` | |\n");
    assert!(complaints(&twice, &exists)[0].contains("T041 has a row above"));
    let open = all.replacen("`shown_by_this` | |", "| not yet |", 1);
    assert_eq!(complaints(&open, &exists), Vec::<String>::new());
}

#[test]
fn test_functions_are_found_under_their_attributes() {
    let text = "#[test]\nfn walks() {}\nfn helper() {}\n#[tokio::test(start_paused = true)]\nasync fn waits() {}";
    assert_eq!(test_functions(text), ["walks", "waits"]);
    let text = "helper,\nfor_every_store! {\n    cases:\n    it_is_kept,\n    it_is_forgotten,\n}\nother,";
    assert_eq!(cases(text), ["it_is_kept", "it_is_forgotten"]);
}
