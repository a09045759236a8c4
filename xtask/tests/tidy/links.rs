//! Links in the documents that lead somewhere in the checkout: the file is there, has the lines
//! named, and holds the symbol the link is called by. Links to other places are not followed.

use std::path::{Component, Path, PathBuf};

use super::{assert_none, tree};

/// One `[text](target)`.
struct Link {
    line: usize,
    text: String,
    target: String,
}

/// The links of a Markdown text, outside fenced code.
fn links(text: &str) -> Vec<Link> {
    let mut found = Vec::new();
    let mut fenced = false;
    for (number, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        }
        if fenced {
            continue;
        }
        for (at, _) in line.match_indices("](") {
            let Some(target) = line[at + 2..].split(')').next() else { continue };
            let text = line[..at].rsplit('[').next().unwrap_or_default();
            found.push(Link { line: number + 1, text: text.to_owned(), target: target.trim().to_owned() });
        }
    }
    found
}

/// What is wrong with `link` of the document at `document`, given how to read a file of the
/// checkout.
fn complaint(document: &str, link: &Link, read: &dyn Fn(&Path) -> Option<String>) -> Option<String> {
    let target = link.target.as_str();
    if target.contains("://") || target.starts_with("mailto:") {
        return None;
    }
    let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
    let path = if path.is_empty() { PathBuf::from(document) } else { beside(document, path)? };
    let shown = path.display();
    let wrong = |what: String| Some(format!("{document}:{}: [{}]({target}) {what}", link.line, link.text));
    let Some(text) = read(&path) else { return wrong(format!("leads to {shown}, which is not there")) };
    if let Some(last) = anchor.strip_prefix('L').map(|lines| lines.rsplit(['-', 'L']).next().unwrap_or(lines)) {
        let last: usize = last.parse().unwrap_or(usize::MAX);
        if last > text.lines().count() {
            return wrong(format!("names a line past the end of {shown}"));
        }
    } else if !anchor.is_empty() && !headings(&text).iter().any(|heading| heading == anchor) {
        return wrong(format!("names a heading that {shown} does not have"));
    }
    let symbol = symbol(&link.text)?;
    (!contains_word(&text, symbol)).then(|| wrong(format!("names {symbol}, which {shown} does not hold")))?
}

/// `target` relative to the folder of `document`, with its dots resolved. None when it leaves the
/// checkout.
fn beside(document: &str, target: &str) -> Option<PathBuf> {
    let mut path = Path::new(document).parent()?.to_path_buf();
    for part in Path::new(target).components() {
        match part {
            Component::ParentDir => {
                path.pop();
            }
            Component::Normal(name) => path.push(name),
            _ => {}
        }
    }
    Some(path)
}

/// The symbol a link is called by: `` `Stage::commit` `` means `commit`. Text that is a path is no
/// symbol.
fn symbol(text: &str) -> Option<&str> {
    let code = text.strip_prefix('`')?.strip_suffix('`')?;
    let name = code.trim_end_matches("()").rsplit([':', '.']).next()?;
    let is_path = code.contains('/') || ["rs", "md", "toml", "sql", "py", "mjs", "html"].contains(&name);
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
    (is_name && !is_path).then_some(name)
}

fn contains_word(text: &str, word: &str) -> bool {
    text.split(|c: char| !(c.is_alphanumeric() || c == '_')).any(|part| part == word)
}

/// The anchors of a document's headings, as code hosts make them.
fn headings(text: &str) -> Vec<String> {
    text.lines()
        .filter(|line| line.starts_with('#'))
        .map(|line| {
            let title = line.trim_start_matches('#').trim().to_lowercase();
            title.chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c)).collect::<String>().replace(' ', "-")
        })
        .collect()
}

fn read_from_checkout(path: &Path) -> Option<String> {
    let path = tree::root().join(path);
    if path.is_dir() {
        return Some(String::new());
    }
    std::fs::read(path).ok().map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

#[test]
fn links_in_the_documents_lead_somewhere() {
    let documents = tree::files(&["md"]);
    assert!(documents.iter().any(|document| document.path == "README.md"), "the README is gone");
    let complaints = documents.iter().flat_map(|document| {
        links(&document.text)
            .into_iter()
            .filter_map(|link| complaint(&document.path, &link, &read_from_checkout))
            .collect::<Vec<_>>()
    });
    assert_none(&complaints.collect::<Vec<_>>());
}

#[test]
fn dead_links_are_told() {
    let read = |path: &Path| (path == Path::new("net/src/fan.rs")).then(|| "fn send_all() {}\n".to_owned());
    let told = |text: &str| {
        let link = links(text).pop().unwrap();
        complaint("docs/path.md", &link, &read).unwrap_or_default()
    };
    assert_eq!(told("see [`Fan::send_all()`](../net/src/fan.rs#L1)"), "");
    assert_eq!(told("see [there](https://example.org)"), "");
    assert!(told("see [`send_none`](../net/src/fan.rs)").contains("does not hold"));
    assert!(told("see [`send_all`](../net/src/fan.rs#L1-L9)").contains("past the end"));
    assert!(told("see [the fan](../net/src/fun.rs)").contains("not there"));
    assert!(told("see [above](#nothing)").contains("not there"), "the document itself is not readable here");
    assert!(links("```\n[a](b)\n```").is_empty());
    assert_eq!(headings("# One move, step by step\n## Bots"), ["one-move-step-by-step", "bots"]);
}

/// The fenced Python of the README.
fn python_of(readme: &str) -> &str {
    let code = readme.split("```python\n").nth(1).expect("the README shows a bot in Python");
    code.split("```").next().unwrap_or_default().trim()
}

#[test]
fn bot_in_the_readme_is_the_one_that_is_tested() {
    let read = |path: &str| std::fs::read_to_string(tree::root().join(path)).unwrap();
    assert!(
        read("docs/bot.py").contains(python_of(&read("README.md"))),
        "README.md shows another bot than docs/bot.py"
    );
}
