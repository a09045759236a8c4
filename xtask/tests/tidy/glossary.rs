//! docs/glossary.md stays short enough to be learnt, in order, and of words that the code really
//! has.

use super::{assert_none, tree};

const PAGE: &str = "docs/glossary.md";

/// Words that a newcomer can be asked to learn.
const WORDS_MAX: usize = 40;

/// The words of the page's table.
fn words(page: &str) -> Vec<&str> {
    let rows = page.lines().filter_map(|line| line.strip_prefix("| ")?.split(" | ").next());
    rows.skip_while(|word| *word != "word").skip(1).collect()
}

/// What is wrong with the page, given all the code there is.
fn complaints(page: &str, code: &str) -> Vec<String> {
    let words = words(page);
    let mut complaints = Vec::new();
    if words.is_empty() || words.len() > WORDS_MAX {
        complaints.push(format!("{PAGE}: {} words; 1 to {WORDS_MAX} are allowed", words.len()));
    }
    for pair in words.windows(2).filter(|pair| pair[0] >= pair[1]) {
        complaints.push(format!("{PAGE}: {} does not belong behind {}", pair[1], pair[0]));
    }
    let code = code.to_lowercase();
    for word in words.iter().filter(|word| !code.contains(&word.replace('-', ""))) {
        complaints.push(format!("{PAGE}: no code has the word {word}"));
    }
    complaints
}

#[test]
fn the_glossary_is_short_in_order_and_of_words_that_the_code_has() {
    let page = std::fs::read_to_string(tree::root().join(PAGE)).unwrap();
    let product = tree::files(&["rs"]).into_iter().filter(|file| !file.path.starts_with("xtask/"));
    let code = product.map(|file| file.text).collect::<String>();
    assert_none(&complaints(&page, &code));
}

#[test]
fn too_many_words_and_words_of_nothing_are_told() {
    let page = |words: &[&str]| {
        let rows: String = words.iter().map(|word| format!("| {word} | means |\n")).collect();
        format!("# Words\n\n| word | means |\n|---|---|\n{rows}")
    };
    assert!(complaints(&page(&["fan-out", "tick"]), "struct Fanout; fn tick()").is_empty());
    assert_eq!(complaints(&page(&["tick", "gate"]), "tick gate").len(), 1, "out of order");
    assert_eq!(complaints(&page(&["flux"]), "tick").len(), 1);
    let many: Vec<String> = (10..51).map(|n| format!("w{n}")).collect();
    assert_eq!(complaints(&page(&many.iter().map(String::as_str).collect::<Vec<_>>()), &many.concat()).len(), 1);
    assert_eq!(complaints("", "").len(), 1);
}
