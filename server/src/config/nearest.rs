//! The most similar known name to an unknown one.

/// Names the nearest known name, when one is near.
pub(super) fn remedy_for_unknown(name: &str, known: impl Iterator<Item = String>) -> String {
    match nearest(name, known) {
        Some(known) => format!("did you mean {known}? `tilemud serve --help` lists all settings"),
        None => "remove it; `tilemud serve --help` lists all settings".to_owned(),
    }
}

/// The nearest known name, when one is near.
pub(super) fn nearest(name: &str, known: impl Iterator<Item = String>) -> Option<String> {
    let nearest = known.map(|known| (strsim::levenshtein(name, &known), known)).min();
    nearest.filter(|(distance, known)| *distance <= known.len().min(name.len()) / 3).map(|(_, known)| known)
}
