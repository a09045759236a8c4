//! The modules of a crate, one for each file, and which of them import which: read from the
//! sources, tests left out.
//!
//! An import is a `use` of something in another file of the crate, or a path to it in the code. A
//! name is followed through re-exports to the file that says what it is. To re-export something of
//! a child is no import, unless the name is used too.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// Re-exports of re-exports that are followed, so that two which name each other end.
const RE_EXPORTS_MAX: usize = 8;

/// Segments of a path, from the root of the crate for a module.
pub(super) type Path = Vec<String>;

/// The sources of one crate.
pub(super) struct Modules {
    modules: BTreeMap<Path, Module>,
}

#[derive(Default)]
struct Module {
    uses: Vec<Use>,
    /// Paths of two and more segments in the code.
    paths: BTreeSet<Path>,
    /// All names in the code.
    names: BTreeSet<String>,
    /// Names of what it says itself.
    items: BTreeSet<String>,
}

/// One leaf of a `use`.
struct Use {
    path: Path,
    name: String,
    exported: bool,
}

/// Where a path leads.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Target {
    /// To an item of a module of the crate.
    Item(Path),
    /// To a module of the crate.
    Module(Path),
    /// Into another crate.
    Elsewhere(Path),
}

impl Modules {
    /// Follows the `mod` lines from the file `root`; `read` gives a file's text.
    pub(super) fn read(root: &str, read: &dyn Fn(&str) -> Option<String>) -> Self {
        let mut modules = BTreeMap::new();
        let mut waiting = vec![(Path::new(), root.to_owned())];
        while let Some((path, file)) = waiting.pop() {
            let text = read(&file).unwrap_or_default();
            let tokens: TokenStream = text.parse().unwrap_or_else(|error| panic!("{file}: {error}"));
            let mut module = Module::default();
            let children = module.take(&tokens.into_iter().collect::<Vec<_>>(), true);
            let (folder, name) = file.rsplit_once('/').unwrap_or(("", &file));
            let stem = name.trim_end_matches(".rs");
            let folder = if path.is_empty() || stem == "mod" { folder.to_owned() } else { format!("{folder}/{stem}") };
            for child in children {
                let flat = format!("{folder}/{child}.rs");
                let nested = format!("{folder}/{child}/mod.rs");
                let file = if read(&flat).is_some() { flat } else { nested };
                waiting.push(([path.as_slice(), &[child]].concat(), file));
            }
            modules.insert(path, module);
        }
        Self { modules }
    }

    /// Every import: the module that has it, and where it leads.
    pub(super) fn imports(&self) -> BTreeSet<(Path, Target)> {
        let mut imports = BTreeSet::new();
        for (from, module) in &self.modules {
            for leaf in &module.uses {
                let target = self.follow(from, &leaf.path, 0);
                let facade = leaf.exported
                    && !module.names.contains(&leaf.name)
                    && matches!(&target, Some(Target::Item(to) | Target::Module(to)) if to.starts_with(from));
                if !facade && let Some(target @ (Target::Item(_) | Target::Elsewhere(_))) = target {
                    imports.insert((from.clone(), target));
                }
            }
            for path in &module.paths {
                if let Some(target @ (Target::Item(_) | Target::Elsewhere(_))) = self.follow(from, path, 0) {
                    imports.insert((from.clone(), target));
                }
            }
        }
        imports
    }

    /// Imports of one module from another one.
    pub(super) fn edges(&self) -> BTreeMap<Path, BTreeSet<Path>> {
        let mut edges: BTreeMap<Path, BTreeSet<Path>> = BTreeMap::new();
        for (from, target) in self.imports() {
            if let Target::Item(to) = target
                && to != from
            {
                edges.entry(from).or_default().insert(to);
            }
        }
        edges
    }

    /// Where `path` leads, as it stands in `module`. None when it names nothing that an import
    /// could bring.
    fn follow(&self, module: &[String], path: &[String], depth: usize) -> Option<Target> {
        let (first, rest) = path.split_first()?;
        match first.as_str() {
            "crate" => Some(self.descend(Path::new(), rest, depth)),
            "self" => Some(self.descend(module.to_vec(), rest, depth)),
            "super" => {
                let mut at = module.to_vec();
                at.pop();
                let ups = rest.iter().take_while(|segment| *segment == "super").count();
                at.truncate(at.len().saturating_sub(ups));
                Some(self.descend(at, &rest[ups..], depth))
            }
            "Self" => None,
            _ => self.bound(module, path, depth),
        }
    }

    /// A path whose first segment is a child of `module`, a name it has by a `use`, or a crate.
    fn bound(&self, module: &[String], path: &[String], depth: usize) -> Option<Target> {
        let (first, rest) = path.split_first()?;
        let child = [module, std::slice::from_ref(first)].concat();
        if self.modules.contains_key(&child) {
            return Some(self.descend(child, rest, depth));
        }
        let known = &self.modules[module];
        if let Some(leaf) = known.uses.iter().find(|leaf| leaf.name == *first && leaf.path.as_slice() != path) {
            if depth > RE_EXPORTS_MAX {
                return None;
            }
            return self.follow(module, &[leaf.path.as_slice(), rest].concat(), depth + 1);
        }
        (first.starts_with("tilemud_")).then(|| Target::Elsewhere(path.to_vec()))
    }

    /// A path from the module `at` down. What is not found is taken for an item of the module where
    /// it was looked for.
    fn descend(&self, at: Path, path: &[String], depth: usize) -> Target {
        let Some(first) = path.first() else { return Target::Module(at) };
        if first == "*" || self.modules[&at].items.contains(first) {
            return Target::Item(at);
        }
        self.bound(&at, path, depth).unwrap_or(Target::Item(at))
    }
}

impl Module {
    /// Takes in what tokens say; the children it names are returned. `top` is for items, not for
    /// what is within them.
    fn take(&mut self, tokens: &[TokenTree], top: bool) -> Vec<String> {
        let mut children = Vec::new();
        let mut at = 0;
        let mut exported = false;
        while at < tokens.len() {
            match &tokens[at] {
                TokenTree::Punct(hash) if hash.as_char() == '#' => {
                    let (attribute, after) = attribute(tokens, at);
                    if attribute.is_some_and(|attribute| is_for_tests(&attribute)) {
                        at = end_of_item(tokens, after);
                    } else {
                        at = after;
                    }
                    continue;
                }
                TokenTree::Ident(word) if word == "use" => {
                    let end = end_of_item(tokens, at);
                    self.take_use(&tokens[at + 1..end], &[], exported);
                    at = end;
                    exported = false;
                    continue;
                }
                TokenTree::Ident(word) if word == "pub" => {
                    exported = true;
                    at += 1;
                    if matches!(tokens.get(at), Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis)
                    {
                        at += 1;
                    }
                    continue;
                }
                TokenTree::Ident(word) if word == "mod" && top => {
                    if let (Some(TokenTree::Ident(name)), Some(TokenTree::Punct(_))) =
                        (tokens.get(at + 1), tokens.get(at + 2))
                    {
                        children.push(name.to_string());
                    }
                    at += 2;
                }
                TokenTree::Ident(word) => {
                    let is_item = ["struct", "enum", "fn", "trait", "type", "const", "static", "union"];
                    if top
                        && is_item.iter().any(|item| word == item)
                        && let Some(TokenTree::Ident(name)) = tokens.get(at + 1)
                    {
                        self.items.insert(name.to_string());
                    }
                    at = self.take_path(tokens, at);
                }
                TokenTree::Group(group) => {
                    self.take_group(group);
                    at += 1;
                }
                _ => at += 1,
            }
            exported = false;
        }
        children
    }

    fn take_group(&mut self, group: &Group) {
        self.take(&group.stream().into_iter().collect::<Vec<_>>(), false);
    }

    /// A path in the code, from its first name; where it ends.
    fn take_path(&mut self, tokens: &[TokenTree], mut at: usize) -> usize {
        let after_dot = at > 0 && matches!(&tokens[at - 1], TokenTree::Punct(dot) if dot.as_char() == '.');
        let mut path = Path::new();
        while let Some(TokenTree::Ident(name)) = tokens.get(at) {
            path.push(name.to_string());
            at += 1;
            if !is_path_separator(tokens, at) {
                break;
            }
            at += 2;
        }
        if !after_dot {
            self.names.insert(path[0].clone());
            if path.len() > 1 {
                self.paths.insert(path);
            }
        }
        at
    }

    fn take_use(&mut self, tokens: &[TokenTree], prefix: &[String], exported: bool) {
        let mut path = prefix.to_vec();
        let mut name = None;
        for (at, token) in tokens.iter().enumerate() {
            match token {
                TokenTree::Ident(word) if word == "as" => {
                    name = tokens.get(at + 1).map(ToString::to_string);
                    break;
                }
                TokenTree::Ident(word) => path.push(word.to_string()),
                TokenTree::Punct(star) if star.as_char() == '*' => path.push("*".to_owned()),
                TokenTree::Group(group) => {
                    let inner = group.stream().into_iter().collect::<Vec<_>>();
                    for part in inner.split(|token| matches!(token, TokenTree::Punct(comma) if comma.as_char() == ','))
                    {
                        if !part.is_empty() {
                            self.take_use(part, &path, exported);
                        }
                    }
                    return;
                }
                _ => {}
            }
        }
        if path.len() > 1 && path.last().is_some_and(|last| last == "self") {
            path.pop();
        }
        let name = name.or_else(|| path.last().cloned()).unwrap_or_default();
        self.uses.push(Use { path, name, exported });
    }
}

fn is_path_separator(tokens: &[TokenTree], at: usize) -> bool {
    let is_colon = |at: usize| matches!(tokens.get(at), Some(TokenTree::Punct(colon)) if colon.as_char() == ':');
    is_colon(at) && is_colon(at + 1)
}

/// The attribute whose `#` stands at `at`, and what comes after it. None for an inner one.
fn attribute(tokens: &[TokenTree], at: usize) -> (Option<Group>, usize) {
    match (tokens.get(at + 1), tokens.get(at + 2)) {
        (Some(TokenTree::Group(group)), _) => (Some(group.clone()), at + 2),
        (Some(TokenTree::Punct(bang)), Some(TokenTree::Group(_))) if bang.as_char() == '!' => (None, at + 3),
        _ => (None, at + 1),
    }
}

fn is_for_tests(attribute: &Group) -> bool {
    attribute.stream().to_string().replace(' ', "") == "cfg(test)"
}

/// The end of the item that stands at `at`: after its semicolon, or after its braces.
fn end_of_item(tokens: &[TokenTree], at: usize) -> usize {
    let is_use = matches!(&tokens[at], TokenTree::Ident(word) if word == "use");
    let ends = |token: &TokenTree| match token {
        TokenTree::Punct(semicolon) => semicolon.as_char() == ';',
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace && !is_use,
        _ => false,
    };
    tokens[at..].iter().position(ends).map_or(tokens.len(), |length| at + length + 1)
}
