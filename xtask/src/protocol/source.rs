//! Reads the types of `schema` out of its sources: names, fields, serde's names for them, and what
//! their comments say. Made for code as rustfmt leaves it, a field a line; knows no more of Rust
//! than that takes.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context as _;

/// Everything public that was found, by name.
#[derive(Debug, Default)]
pub struct Schema {
    pub items: BTreeMap<String, Item>,
    /// In the order of the source.
    pub errors: Vec<ErrorRow>,
    pub closes: Vec<CloseRow>,
    pub limits: Vec<Limit>,
}

/// A struct, or an enum with its variants.
#[derive(Debug, Default, Clone)]
pub struct Item {
    pub doc: String,
    pub fields: Vec<Field>,
    pub variants: Vec<Variant>,
    /// Of an enum: the field that names the variant in JSON.
    pub tag: Option<String>,
    /// Of an enum: its variants are in capitals in JSON.
    pub in_capitals: bool,
}

#[derive(Debug, Default, Clone)]
pub struct Variant {
    pub name: String,
    pub doc: String,
    /// What serde calls it, if not by its own name.
    pub rename: Option<String>,
    /// The one type it wraps.
    pub wraps: Option<String>,
    pub fields: Vec<Field>,
}

#[derive(Debug, Clone)]
pub struct Field {
    pub name: String,
    pub doc: String,
    pub ty: String,
    /// The fields of its type stand in its place.
    pub flat: bool,
}

#[derive(Debug)]
pub struct ErrorRow {
    pub code: String,
    pub category: String,
    pub http: Option<String>,
    pub retryable: bool,
    pub message: String,
}

#[derive(Debug)]
pub struct CloseRow {
    pub code: String,
    pub reason: String,
    pub message: String,
}

#[derive(Debug)]
pub struct Limit {
    pub doc: String,
    pub value: u64,
}

/// Comments and attributes in front of what they are about.
#[derive(Debug, Default)]
struct Ahead {
    doc: Vec<String>,
    attributes: String,
}

impl Ahead {
    fn doc(&mut self) -> String {
        std::mem::take(&mut self.doc).join(" ")
    }

    /// The value of `key = "..."` in the attributes.
    fn given(&self, key: &str) -> Option<String> {
        let (_, rest) = self.attributes.split_once(&format!("{key} = \""))?;
        rest.split('"').next().map(str::to_owned)
    }

    fn forget(&mut self) {
        *self = Self::default();
    }
}

impl Schema {
    /// Reads every file of a folder and the folders in it.
    pub fn read(folder: &Path) -> anyhow::Result<Self> {
        let mut texts = Vec::new();
        let mut folders = vec![folder.to_path_buf()];
        while let Some(folder) = folders.pop() {
            let entries = std::fs::read_dir(&folder).with_context(|| format!("{} cannot be read", folder.display()))?;
            for entry in entries {
                let path = entry?.path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|extension| extension == "rs") {
                    texts.push(std::fs::read_to_string(&path).with_context(|| path.display().to_string())?);
                }
            }
        }
        Ok(Self::of(&texts.iter().map(String::as_str).collect::<Vec<_>>()))
    }

    pub fn of(texts: &[&str]) -> Self {
        let mut schema = Self::default();
        for text in texts {
            let text = text.split("#[cfg(test)]").next().unwrap_or_default();
            schema.items_of(text);
            schema.errors_of(text);
            schema.limits_of(text);
            if text.contains("pub enum CloseCode") {
                schema.closes_of(text);
            }
        }
        // Last, in place of what the macro's own text looks like.
        texts.iter().for_each(|text| schema.client_messages_of(text));
        texts.iter().for_each(|text| schema.character_state_of(text));
        schema
    }

    /// The list behind `client_messages!`: `"name" Variant { field: Type }`, and for intents also
    /// what came of them, which is none of a client's business.
    fn client_messages_of(&mut self, text: &str) {
        let Some((_, list)) = text.split_once("\nclient_messages! {\n") else { return };
        let mut lines = list.lines().take_while(|line| *line != "}").map(str::trim);
        let mut ahead = Ahead::default();
        while let Some(line) = lines.next() {
            if take_ahead(line, &mut ahead, &mut lines) {
                continue;
            }
            let is_open = line.ends_with('{');
            if let Some((name, rest)) = line.strip_prefix('"').and_then(|line| line.split_once("\" ")) {
                let mut variant = Variant { doc: ahead.doc(), ..Variant::default() };
                variant.name = rest.chars().take_while(|c| c.is_alphanumeric()).collect();
                variant.wraps = rest.trim_end_matches(");").split_once(": ").map(|(_, wrapped)| wrapped.to_owned());
                if is_open {
                    variant.fields =
                        fields(&lines.by_ref().take_while(|line| !line.starts_with('}')).collect::<Vec<_>>());
                }
                let is_intent = name.starts_with("intent.");
                variant.rename = (!is_intent).then(|| name.to_owned());
                let owner = if is_intent { "Intent" } else { "ClientMessage" };
                let known = self.items.entry(owner.to_owned()).or_default();
                known.variants.retain(|known| known.name != variant.name);
                known.variants.push(variant);
            } else if line == "outcome {" {
                lines.by_ref().take_while(|line| *line != "}").for_each(drop);
            }
            ahead.forget();
        }
    }

    fn items_of(&mut self, text: &str) {
        let mut lines = text.lines();
        let mut ahead = Ahead::default();
        while let Some(line) = lines.next() {
            let indent = line.len() - line.trim_start().len();
            let line = line.trim_start();
            if take_ahead(line, &mut ahead, &mut lines) {
                continue;
            }
            let is_enum = line.starts_with("pub enum ");
            let head = line.strip_prefix("pub struct ").or_else(|| line.strip_prefix("pub enum "));
            if let Some(head) = head.filter(|head| head.ends_with('{')) {
                let name = head.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default().to_owned();
                let tag = ahead.given("tag").or_else(|| {
                    let (_, rest) = head.split_once("tag = \"")?;
                    rest.split('"').next().map(str::to_owned)
                });
                let (doc, in_capitals) = (ahead.doc(), ahead.attributes.contains("SCREAMING_SNAKE_CASE"));
                let body: Vec<&str> = lines.by_ref().take_while(|line| *line != format!("{:indent$}}}", "")).collect();
                let mut item = Item { doc, tag, in_capitals, ..Item::default() };
                if is_enum {
                    item.variants = variants(&body);
                } else {
                    item.fields = fields(&body);
                }
                // A macro's own pattern has a name beginning with a dollar.
                if !name.is_empty() {
                    self.items.insert(name, item);
                }
            }
            ahead.forget();
        }
    }

    /// `Name, Category, Some(401), false, "Message.";`
    fn errors_of(&mut self, text: &str) {
        for line in text.lines().map(str::trim) {
            let Some((row, message)) = line.strip_suffix("\";").and_then(|line| line.split_once(", \"")) else {
                continue;
            };
            let [code, category, http, retryable] = row.split(", ").collect::<Vec<_>>()[..] else { continue };
            self.errors.push(ErrorRow {
                code: snake(code).to_uppercase(),
                category: snake(category).to_uppercase(),
                http: http.strip_prefix("Some(").map(|http| http.trim_end_matches(')').to_owned()),
                retryable: retryable == "true",
                message: message.to_owned(),
            });
        }
    }

    /// `Name = 4001,` and, for each name, `Self::Name => "reason",` before
    /// `Self::Name => "Message.",`.
    fn closes_of(&mut self, text: &str) {
        for line in text.lines().map(str::trim) {
            let Some((name, code)) = line.strip_suffix(',').and_then(|line| line.split_once(" = ")) else { continue };
            if code.parse::<u16>().is_err() {
                continue;
            }
            let arm = format!("Self::{name} => \"");
            let mut said = text.match_indices(&arm).map(|(at, _)| text[at + arm.len()..].split('"').next());
            let mut next = || said.next().flatten().unwrap_or_default().to_owned();
            self.closes.push(CloseRow { code: code.to_owned(), reason: next(), message: next() });
        }
    }

    /// `pub const NAME_MAX: usize = 4 * 1024;` with a comment.
    fn limits_of(&mut self, text: &str) {
        if !text.starts_with("//! Bounds of the wire") {
            return;
        }
        let mut values: BTreeMap<&str, u64> = BTreeMap::new();
        let mut lines = text.lines();
        let mut ahead = Ahead::default();
        while let Some(line) = lines.next() {
            if take_ahead(line, &mut ahead, &mut lines) {
                continue;
            }
            let parts = line.strip_prefix("pub const ").and_then(|line| line.strip_suffix(';')?.split_once(" = "));
            if let Some((head, value)) = parts {
                let name = head.split(':').next().unwrap_or_default();
                let factor = |text: &str| text.replace('_', "").parse().ok().or_else(|| values.get(text).copied());
                if let Some(value) = value.split(" * ").map(factor).product::<Option<u64>>() {
                    values.insert(name, value);
                    self.limits.push(Limit { doc: ahead.doc(), value });
                }
            }
            ahead.forget();
        }
    }
}

/// Takes a comment or an attribute. `false` when the line is neither.
fn take_ahead<'a>(line: &str, ahead: &mut Ahead, rest: &mut impl Iterator<Item = &'a str>) -> bool {
    if let Some(doc) = line.strip_prefix("///") {
        ahead.doc.push(doc.trim().to_owned());
    } else if line.starts_with("#[") {
        ahead.attributes += line;
        while ahead.attributes.matches('[').count() > ahead.attributes.matches(']').count() {
            let Some(line) = rest.next() else { break };
            ahead.attributes += line.trim();
        }
    } else {
        return false;
    }
    true
}

pub(super) fn fields(body: &[&str]) -> Vec<Field> {
    let mut found = Vec::new();
    let mut ahead = Ahead::default();
    let mut lines = body.iter().map(|line| line.trim());
    while let Some(line) = lines.next() {
        if take_ahead(line, &mut ahead, &mut lines) {
            continue;
        }
        if let Some((name, ty)) = line.trim_start_matches("pub ").trim_end_matches(',').split_once(": ") {
            let name = ahead.given("rename").unwrap_or_else(|| name.to_owned());
            let flat = ahead.attributes.contains("flatten");
            // What only binary frames say is no field of a message.
            if !ahead.attributes.contains("serde(skip)") {
                found.push(Field { name, doc: ahead.doc(), ty: ty.to_owned(), flat });
            }
        }
        ahead.forget();
    }
    found
}

fn variants(body: &[&str]) -> Vec<Variant> {
    let mut found = Vec::new();
    let mut ahead = Ahead::default();
    let mut lines = body.iter().copied();
    while let Some(line) = lines.next() {
        let indent = line.len() - line.trim_start().len();
        let line = line.trim_start();
        if take_ahead(line, &mut ahead, &mut lines) {
            continue;
        }
        let name: String = line.chars().take_while(|c| c.is_alphanumeric()).collect();
        if name.is_empty() {
            continue;
        }
        let rest = line[name.len()..].trim_end_matches(',').trim();
        let mut variant = Variant { rename: ahead.given("rename"), name, doc: ahead.doc(), ..Variant::default() };
        if let Some(wrapped) = rest.strip_prefix('(') {
            variant.wraps = Some(wrapped.trim_end_matches(')').to_owned());
        } else if rest == "{" {
            let end = format!("{:indent$}}},", "");
            variant.fields = fields(&lines.by_ref().take_while(|line| *line != end).collect::<Vec<_>>());
        } else if let Some(inner) = rest.strip_prefix('{') {
            let inner = inner.trim_end_matches('}').trim();
            variant.fields = fields(&inner.split(", ").collect::<Vec<_>>());
        }
        found.push(variant);
        ahead.forget();
    }
    found
}

/// `TargetAway` as `target_away`.
pub fn snake(name: &str) -> String {
    let mut text = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !text.is_empty() {
            text.push('_');
        }
        text.extend(letter.to_lowercase());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_of_the_client_are_read_from_their_list() {
        let schema = Schema::of(&[r#"
client_messages! {
    messages {
        /// First.
        "hello" Hello(hello: Hello);
    }
    intents {
        /// Walk.
        "intent.move" Move {
            /// Where to.
            direction: Direction,
            #[serde(deserialize_with = "few")]
            steps: Vec<Step>,
        }
        outcome {
            /// The tile.
            to: Position,
        }
        logged as "move", limited as "move" to 20 "Moves";
    }
    messages {
        "logout" Logout {};
    }
}
"#]);
        let messages: Vec<_> = schema.items["ClientMessage"].variants.iter().collect();
        let told: Vec<_> = messages.iter().map(|it| (it.rename.as_deref(), it.wraps.as_deref(), &*it.doc)).collect();
        assert_eq!(told, [(Some("hello"), Some("Hello"), "First."), (Some("logout"), None, "")]);
        let [walk] = &schema.items["Intent"].variants[..] else { panic!("one intent") };
        let fields: Vec<_> = walk.fields.iter().map(|field| (&*field.name, &*field.ty, &*field.doc)).collect();
        assert_eq!((&*walk.name, &*walk.doc), ("Move", "Walk."));
        assert_eq!(fields, [("direction", "Direction", "Where to."), ("steps", "Vec<Step>", "")]);
    }

    #[test]
    fn types_are_read_as_rustfmt_leaves_them() {
        let schema = Schema::of(&[r#"
json_shaped_enum! {
    /// What happens in the world.
    #[derive(Debug, Clone)]
    pub enum Effect, "Effect", json(tag = "type") {
        /// Somebody said
        /// something.
        Chat {
            /// The words themselves, whole.
            text: Arc<str>,
        },
        /// A step of it.
        Take { item: EntityId, quantity: Option<u32> },
        Nothing,
    }
}

/// Every message of a client.
pub enum ClientMessage {
    /// Must be the first.
    #[serde(rename = "hello")]
    Hello(Hello),
}
"#]);
        let effect = &schema.items["Effect"];
        assert_eq!((effect.tag.as_deref(), &*effect.doc), (Some("type"), "What happens in the world."));
        let shown: Vec<_> = effect
            .variants
            .iter()
            .map(|it| {
                let fields: Vec<_> = it.fields.iter().map(|field| (&*field.name, &*field.ty, &*field.doc)).collect();
                (&*it.name, &*it.doc, fields)
            })
            .collect();
        let expected = [
            ("Chat", "Somebody said something.", vec![("text", "Arc<str>", "The words themselves, whole.")]),
            ("Take", "A step of it.", vec![("item", "EntityId", ""), ("quantity", "Option<u32>", "")]),
            ("Nothing", "", vec![]),
        ];
        assert_eq!(shown, expected);
        let hello = &schema.items["ClientMessage"].variants[0];
        assert_eq!((hello.rename.as_deref(), hello.wraps.as_deref()), (Some("hello"), Some("Hello")));
    }

    #[test]
    fn codes_and_limits_are_read_from_their_tables() {
        let schema = Schema::of(&[
            "    /// Gone.\n    SessionNotFound, Auth, Some(401), false, \"There is no such session.\";\n    MoveBlocked, Validation, None, true, \"No.\";",
            "pub enum CloseCode {\n    A = 4001,\n}\nSelf::A => \"a\",\nSelf::A => \"Ah.\",",
            "//! Bounds of the wire\n\n/// Largest, bytes.\npub const B_MAX: usize = 4 * 1_024;\n/// Twice.\npub const C: usize = 2 * B_MAX;",
        ]);
        let [first, second] = &schema.errors[..] else { panic!("{:?}", schema.errors) };
        assert_eq!((&*first.code, &*first.category, first.http.as_deref()), ("SESSION_NOT_FOUND", "AUTH", Some("401")));
        assert_eq!((second.http.as_deref(), second.retryable, &*second.message), (None, true, "No."));
        assert_eq!(
            (&*schema.closes[0].code, &*schema.closes[0].reason, &*schema.closes[0].message),
            ("4001", "a", "Ah.")
        );
        let limits: Vec<_> = schema.limits.iter().map(|limit| (&*limit.doc, limit.value)).collect();
        assert_eq!(limits, [("Largest, bytes.", 4_096), ("Twice.", 8_192)]);
    }
}
