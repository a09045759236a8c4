//! Opens a file as a tree of elements.

use std::path::Path;

use crate::problem::{Severity, shown};

use super::context::Context;
use super::source::{self, Form};
use super::tree::{Broken, Element};
use super::{json, shape, xml};

/// Gives the outermost element of a file to `use_it`, which may be one of `names`. Tells what is
/// wrong with it and gives `None` otherwise, which is as bad as `severity` says. The tree and its
/// text are gone afterwards.
pub(super) fn with_tree<R>(
    context: &mut Context<'_>,
    file: &Path,
    bytes: Vec<u8>,
    names: &[&str],
    severity: Severity,
    use_it: impl FnOnce(&mut Context<'_>, &Element<'_>) -> R,
) -> Option<R> {
    let ledger = context.ledger;
    let mut hold = ledger.hold();
    let opened = source::text(bytes, &mut hold);
    let (text, form) = match opened {
        Ok(opened) => opened,
        Err(broken) => {
            context.broken(severity, file, broken);
            return None;
        }
    };
    let tree = match form {
        Form::Xml => xml::parse(&text, &mut hold),
        Form::Json => {
            json::parse(&text, &mut hold).and_then(|value| shape::root(value, &mut hold).map_err(|_| too_much()))
        }
    };
    let tree = tree.and_then(|tree| if names.contains(&&*tree.name) { Ok(tree) } else { Err(other(&tree, names)) });
    match tree {
        Ok(tree) => Some(use_it(context, &tree)),
        Err(broken) => {
            context.broken(severity, file, broken);
            None
        }
    }
}

fn too_much() -> Broken {
    let what = "holds more than a map may".to_owned();
    Broken { line: None, kind: "memory", what, remedy: "split the map into several" }
}

fn other(tree: &Element<'_>, names: &[&str]) -> Broken {
    let wanted = names.join(" or ");
    let what = match &*tree.name {
        "" => format!("is no {wanted}"),
        name => format!("is no {wanted}, but holds a {}", shown(name)),
    };
    Broken { line: tree.line, kind: "file-kind", what, remedy: "choose the right file in Tiled" }
}
