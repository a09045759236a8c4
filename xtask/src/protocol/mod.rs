//! `cargo xtask protocol`: writes the tables of docs/protocol.md anew from the sources of `schema`,
//! between the marks that name what belongs there. The words around them are the page's own.

mod character;
mod source;
mod tables;

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, bail};

use source::Schema;

const PAGE: &str = "docs/protocol.md";
const BEGIN: &str = "<!-- generated: ";
const END: &str = "<!-- end of what is generated -->";

/// Rewrites the page, and says whether that changed it.
pub fn run(root: &Path) -> anyhow::Result<ExitCode> {
    let (before, after) = page(root)?;
    if before == after {
        println!("{PAGE} is as the schema says");
    } else {
        std::fs::write(root.join(PAGE), after).with_context(|| format!("{PAGE} cannot be written"))?;
        println!("{PAGE}: tables written anew");
    }
    Ok(ExitCode::SUCCESS)
}

/// The page as it is, and as it should be.
fn page(root: &Path) -> anyhow::Result<(String, String)> {
    let before = std::fs::read_to_string(root.join(PAGE)).with_context(|| format!("{PAGE} cannot be read"))?;
    let after = rewritten(&before, &Schema::read(&root.join("schema/src"))?)?;
    Ok((before, after))
}

/// `page` with every table as it follows from `schema`.
fn rewritten(page: &str, schema: &Schema) -> anyhow::Result<String> {
    let marks: Vec<&str> = page.lines().filter_map(mark).collect();
    let mut tables = tables::Tables::new(schema, &marks);
    let (mut text, mut lines) = (String::new(), page.lines());
    while let Some(line) = lines.next() {
        text += line;
        text.push('\n');
        let Some(wanted) = mark(line) else { continue };
        text += &tables.of(wanted).with_context(|| format!("{PAGE}: {line}"))?;
        text += END;
        text.push('\n');
        if !lines.any(|line| line == END) {
            bail!("{PAGE}: {line} has no {END}");
        }
    }
    tables.complain()?;
    Ok(text)
}

/// What a line says is to be generated behind it.
fn mark(line: &str) -> Option<&str> {
    line.strip_prefix(BEGIN)?.strip_suffix(" -->")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_protocol_page_is_as_the_schema_says() {
        let (before, after) = page(crate::workspace::root()).unwrap();
        let differs = before.lines().zip(after.lines()).find(|(before, after)| before != after);
        assert!(
            before == after,
            "{PAGE} has drifted from the schema; `cargo xtask protocol` writes its tables anew. It differs first in\n{differs:#?}"
        );
    }

    #[test]
    fn a_table_follows_its_type_and_what_is_shown_nowhere_is_told() {
        let schema = Schema::of(&[
            "/// A thing.\npub struct Thing {\n    /// Which.\n    pub id: EntityId,\n    #[serde(default)]\n    pub at: Option<Place>,\n}",
            "/// A place.\npub enum Place {\n    /// Here.\n    Here,\n    ThereAgain,\n}",
            "/// Another.\npub struct Other {\n    pub thing: Vec<Thing>,\n}",
        ]);
        let page = format!("# Page\n{BEGIN}objects Thing -->\nold\n{END}\nrest\n");
        let written = rewritten(&page, &schema).unwrap();
        assert_eq!(
            written,
            format!(
                "# Page\n{BEGIN}objects Thing -->\n\n| object | field | type | meaning |\n|---|---|---|---|\n\
                 | *thing* | | | A thing. |\n| | `id` | integer | Which. |\n\
                 | | `at` | `here`, `there_again`; may be absent | |\n\n{END}\nrest\n"
            )
        );
        assert_eq!(rewritten(&written, &schema).unwrap(), written, "a second time changes nothing");
        let told = |page: String| format!("{:#}", rewritten(&page, &schema).unwrap_err());
        assert!(told(format!("{BEGIN}objects Other -->\n{END}\n")).contains("Thing"), "it is in no table");
        assert!(told(format!("{BEGIN}objects Nothing -->\n{END}\n")).contains("Nothing"));
        assert!(told(format!("{BEGIN}objects Thing -->\n")).contains("has no"));
    }
}
