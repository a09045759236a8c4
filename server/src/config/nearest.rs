//! What to do about a name that is not known.

pub(super) use tilemud_persist::diagnostic::nearest;

/// Names the nearest known name, when one is near.
pub(super) fn remedy_for_unknown(name: &str, known: impl Iterator<Item = String>) -> String {
    match nearest(name, known) {
        Some(known) => format!("did you mean {known}? `tilemud serve --help` lists all settings"),
        None => "remove it; `tilemud serve --help` lists all settings".to_owned(),
    }
}
