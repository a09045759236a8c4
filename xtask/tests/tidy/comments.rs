//! Comments are narrow enough to read, and those on items say something: one of three words or
//! fewer repeats the name, unless it gives a unit, a value, code, or is the help of a command line.

use super::tree::TextFile;
use super::{assert_none, tree};

/// Columns of a line that is only a comment. Code may be wider; what is read as text is not.
const COLUMNS_MAX: usize = 100;

/// Words that say nothing the name does not.
const WORDS_MAX: usize = 3;

/// How many of them there may be: as many as there were when this was last looked at. It only ever
/// falls.
const EMPTY_MAX: usize = 253;

/// Units, which a name may leave open.
const UNITS: &[&str] = &[
    "seconds",
    "second",
    "milliseconds",
    "microseconds",
    "nanoseconds",
    "bytes",
    "pixels",
    "points",
    "tiles",
    "ticks",
    "days",
];

/// Derives whose comments become help.
const HELP: &[&str] = &["Parser", "Args", "Subcommand", "ValueEnum"];

/// The comment in `lines`, with the number of its first line, for each there is outside what
/// becomes help.
fn comments(text: &str) -> Vec<(usize, String)> {
    let lines: Vec<&str> = text.lines().collect();
    let (mut found, mut index) = (Vec::new(), 0);
    while index < lines.len() {
        let length = lines[index..].iter().take_while(|line| line.trim_start().starts_with("///")).count();
        let behind = &lines[index + length..];
        if length > 0 {
            let words = lines[index..index + length].iter().map(|line| line.trim_start()[3..].trim());
            found.push((index + 1, words.collect::<Vec<_>>().join(" ")));
        }
        index += length.max(1);
        let derives = behind.iter().take_while(|line| line.trim_start().starts_with("#["));
        if derives.into_iter().any(|line| line.contains("derive(") && HELP.iter().any(|it| line.contains(it))) {
            if length > 0 {
                found.pop();
            }
            let end = behind.iter().position(|line| *line == "}").unwrap_or(0);
            index += end;
        }
    }
    found
}

fn says_nothing(comment: &str) -> bool {
    let has_code = comment.contains(|c: char| c.is_ascii_digit() || "`[]/".contains(c));
    let is_unit =
        |word: &str| UNITS.contains(&word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase().as_str());
    comment.split_whitespace().count() <= WORDS_MAX && !has_code && !comment.split_whitespace().any(is_unit)
}

fn complaints(file: &TextFile) -> Vec<String> {
    let empty = comments(&file.text).into_iter().filter(|(_, comment)| says_nothing(comment));
    empty.map(|(line, comment)| format!("{}:{line}: \"{comment}\" says no more than the name", file.path)).collect()
}

#[test]
fn comments_that_only_repeat_a_name_become_fewer() {
    let empty: Vec<_> = tree::files(&["rs"]).iter().flat_map(complaints).collect();
    if empty.len() > EMPTY_MAX {
        assert_none(&empty);
    }
}

/// Lines of comments that are too wide. A row of a table stays whole.
fn wide(file: &TextFile) -> Vec<String> {
    let lines = file.text.lines().zip(1..);
    let is_wide = |line: &str| line.trim_start().starts_with("//") && line.chars().count() > COLUMNS_MAX;
    let is_row = |line: &str| line.trim_start().trim_start_matches(['/', '!', ' ']).starts_with('|');
    let wide = lines.filter(|(line, _)| is_wide(line) && !is_row(line));
    wide.map(|(_, number)| format!("{}:{number}: a comment is wider than {COLUMNS_MAX} columns", file.path)).collect()
}

#[test]
fn comments_are_narrow_enough_to_read() {
    let wide: Vec<_> = tree::files(&["rs"]).iter().flat_map(wide).collect();
    assert_none(&wide);
}

#[test]
fn wide_comments_are_told_and_rows_of_tables_are_not() {
    let row = format!("//! | {} |", "a".repeat(COLUMNS_MAX));
    let text =
        format!("{row}\n    // {}\n// short\nlet it = \"{}\";", "a ".repeat(COLUMNS_MAX), "a".repeat(COLUMNS_MAX));
    let file = TextFile { path: "a.rs".to_owned(), text };
    assert_eq!(wide(&file), ["a.rs:2: a comment is wider than 100 columns"]);
}

#[test]
fn empty_comments_are_told_and_short_ones_that_say_something_are_not() {
    let text = "/// Which.\npub a: u8,\n/// The\n/// tick.\npub b: u8,\n/// Seconds.\npub c: u8,\n/// `x - 1`\npub d: u8\
        ,\n/// The whole of it.\npub e: u8,\n\n/// Options.\n#[derive(Debug, Parser)]\nstruct Options {\n    /// Whose.\n    a: u8,\n}\n/// Why.\n";
    let file = TextFile { path: "a.rs".to_owned(), text: text.to_owned() };
    let told: Vec<_> = complaints(&file).iter().map(|it| it.split('"').nth(1).unwrap().to_owned()).collect();
    assert_eq!(told, ["Which.", "The tick.", "Why."]);
}
