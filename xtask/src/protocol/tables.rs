//! Types of the schema as tables for people who read no Rust: JSON names, JSON types, and what the
//! comments say.

use std::collections::BTreeSet;

use anyhow::{Context as _, bail};

use super::source::{Field, Item, Schema, Variant, snake};

/// What `quantity` or `position` is to a reader of JSON.
const SIMPLE: &[(&[&str], &str)] = &[
    (&["bool"], "true or false"),
    (&["i32", "u8", "u16", "u32", "u64", "Seq", "Tick", "EntityId"], "integer"),
    (&["f64"], "number"),
    (&["String", "Arc<str>", "ItemKind", "UserId"], "text"),
    (&["Uuid", "SessionId", "CharacterId", "ActionId"], "UUID"),
    (&["Timestamp"], "time"),
    (&["ErrorCode"], "error code"),
    (&["CloseCode"], "close code"),
];

/// The tables of one page.
pub struct Tables<'a> {
    schema: &'a Schema,
    /// Types that have a table somewhere on the page.
    shown: BTreeSet<String>,
    /// Types that are named, but shown nowhere.
    missing: BTreeSet<String>,
}

impl<'a> Tables<'a> {
    /// For a page with these marks.
    pub fn new(schema: &'a Schema, marks: &[&str]) -> Self {
        let objects = marks.iter().filter_map(|mark| mark.strip_prefix("objects "));
        let shown = objects.flat_map(str::split_whitespace).map(str::to_owned).collect();
        Self { schema, shown, missing: BTreeSet::new() }
    }

    /// The table that a mark asks for.
    pub fn of(&mut self, wanted: &str) -> anyhow::Result<String> {
        let (head, rows) = match wanted {
            "messages of the client" => ("message | field | type | meaning", self.client()?),
            "messages of the server" => ("message | field | type | meaning", self.server()?),
            "error codes" => ("code | category | HTTP | retryable | message", self.errors()),
            "close codes" => ("code | reason | meaning", self.closes()),
            "limits" => ("limit | value", self.limits()),
            _ => {
                let names = wanted.strip_prefix("objects ").context("nobody knows how to make this")?;
                let mut rows = Vec::new();
                for name in names.split_whitespace() {
                    let item = self.item(name)?;
                    rows.push(row(&[format!("*{}*", spoken(name)), String::new(), String::new(), words(&item.doc)]));
                    rows.extend(self.content(item));
                }
                ("object | field | type | meaning", rows)
            }
        };
        let columns = head.split('|').map(|_| "---|").collect::<String>();
        Ok(format!("\n| {head} |\n|{columns}\n{}\n\n", rows.join("\n")))
    }

    /// Fails when a type is named in a table and explained in none.
    pub fn complain(&self) -> anyhow::Result<()> {
        if self.missing.is_empty() {
            return Ok(());
        }
        bail!("in no table: {}; name them behind an `objects` mark", Vec::from_iter(self.missing.clone()).join(", "))
    }

    fn item(&self, name: &str) -> anyhow::Result<&'a Item> {
        self.schema.items.get(name).with_context(|| format!("the schema has no {name}"))
    }

    fn client(&mut self) -> anyhow::Result<Vec<String>> {
        let mut rows = Vec::new();
        for variant in &self.item("ClientMessage")?.variants {
            if let Some(name) = variant.rename.as_ref().filter(|name| !name.starts_with("intent.")) {
                rows.extend(self.message(name, variant)?);
            }
        }
        // Whatever shape they have in Rust, on the wire they are a number and what is intended.
        for intent in &self.item("Intent")?.variants {
            rows.push(head(&format!("intent.{}", snake(&intent.name)), &intent.doc));
            rows.push(row(
                &["", "`seq`", "integer", "The number of the intent, one more than that before."].map(str::to_owned)
            ));
            rows.extend(self.fields(&intent.fields));
        }
        Ok(rows)
    }

    fn server(&mut self) -> anyhow::Result<Vec<String>> {
        let mut rows = Vec::new();
        for variant in &self.item("ServerMessage")?.variants {
            rows.extend(self.message(variant.rename.as_ref().context("a message without a name")?, variant)?);
        }
        Ok(rows)
    }

    fn message(&mut self, name: &str, variant: &Variant) -> anyhow::Result<Vec<String>> {
        let mut rows = vec![head(name, &variant.doc)];
        match &variant.wraps {
            Some(wrapped) => rows.extend(self.content(self.item(wrapped)?)),
            None => rows.extend(self.fields(&variant.fields)),
        }
        Ok(rows)
    }

    /// The fields of a struct; of an enum, the fields of each variant behind a row that tells them
    /// apart.
    fn content(&mut self, item: &Item) -> Vec<String> {
        let mut rows = self.fields(&item.fields);
        for variant in &item.variants {
            let doc = words(&variant.doc);
            let name = snake(&variant.name);
            match &item.tag {
                Some(tag) => rows.push(row(&[String::new(), format!("`{tag}: {name}`"), String::new(), doc])),
                None => rows.push(row(&[String::new(), "either".to_owned(), String::new(), doc])),
            }
            rows.extend(self.fields(&variant.fields));
        }
        rows
    }

    fn fields(&mut self, fields: &[Field]) -> Vec<String> {
        let schema = self.schema;
        fields
            .iter()
            .flat_map(|Field { name, doc, ty, flat }| {
                if let Some(item) = schema.items.get(ty).filter(|_| *flat) {
                    return self.fields(&item.fields);
                }
                let ty = match inside(ty, "Option") {
                    Some(ty) => format!("{}; may be absent", self.json(ty)),
                    None => self.json(ty),
                };
                vec![row(&[String::new(), format!("`{name}`"), ty, words(doc)])]
            })
            .collect()
    }

    /// A type as it is in JSON.
    fn json(&mut self, ty: &str) -> String {
        if let Some((_, simple)) = SIMPLE.iter().find(|(names, _)| names.contains(&ty)) {
            return (*simple).to_owned();
        }
        if let Some(of) = inside(ty, "Arc") {
            return self.json(of);
        }
        if let Some(of) = inside(ty, "Vec") {
            return format!("list of {}", self.json(of));
        }
        if let Some((_, values)) = inside(ty, "BTreeMap").and_then(|of| of.split_once(", ")) {
            return format!("object, each value {}", self.json(values));
        }
        match self.schema.items.get(ty) {
            Some(item) if item.fields.is_empty() && item.variants.iter().all(|it| it.fields.is_empty()) => {
                let name = |it: &Variant| match item.in_capitals {
                    true => snake(&it.name).to_uppercase(),
                    false => snake(&it.name),
                };
                item.variants.iter().map(|it| format!("`{}`", name(it))).collect::<Vec<_>>().join(", ")
            }
            _ => {
                if !self.shown.contains(ty) {
                    self.missing.insert(ty.to_owned());
                }
                format!("*{}*", spoken(ty))
            }
        }
    }

    fn errors(&self) -> Vec<String> {
        let rows = self.schema.errors.iter().map(|error| {
            let http = error.http.clone().unwrap_or_else(|| "-".to_owned());
            let retryable = if error.retryable { "yes" } else { "no" };
            row(&[
                format!("`{}`", error.code),
                error.category.clone(),
                http,
                retryable.to_owned(),
                error.message.clone(),
            ])
        });
        rows.collect()
    }

    fn closes(&self) -> Vec<String> {
        let rows = self.schema.closes.iter();
        rows.map(|close| row(&[close.code.clone(), format!("`{}`", close.reason), close.message.clone()])).collect()
    }

    fn limits(&self) -> Vec<String> {
        self.schema.limits.iter().map(|limit| row(&[words(&limit.doc), limit.value.to_string()])).collect()
    }
}

fn head(name: &str, doc: &str) -> String {
    row(&[format!("`{name}`"), String::new(), String::new(), words(doc)])
}

fn row(cells: &[String]) -> String {
    let cells = cells.iter().map(|cell| if cell.is_empty() { " |".to_owned() } else { format!(" {cell} |") });
    format!("|{}", cells.collect::<String>())
}

/// `Option<Seq>` with `Option` is `Seq`.
fn inside<'t>(ty: &'t str, outer: &str) -> Option<&'t str> {
    ty.strip_prefix(outer)?.strip_prefix('<')?.strip_suffix('>')
}

/// `EntityUpdate` as a reader says it.
fn spoken(name: &str) -> String {
    snake(name).replace('_', " ")
}

/// A comment without the brackets of links within the code, fit for a cell.
fn words(doc: &str) -> String {
    doc.replace("[`", "`").replace("`]", "`").replace('|', "\\|")
}
