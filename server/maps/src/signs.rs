//! The signs of a map: objects of class `sign`, whose text is shown to whoever stands beside them,
//! on whichever layer, in maps of any dialect and of our own. They are no part of the rules. What
//! is wrong with one is told.

use tilemud_schema::rest::Sign;

use crate::dialect::{Dialect, choose, objects};
use crate::drawing::{Cells, Content, Drawing, Object};
use crate::names::{shown, shown_up_to, text};
use crate::objects::position;
use crate::problem::Problems;
use crate::roles::{Drawn, roles};
use crate::say::{self, warning};

/// Most signs of a map.
const SIGNS_MAX: usize = 1_024;
/// Most characters of a text, and most lines.
const TEXT_CHARS_MAX: usize = 400;
const TEXT_LINES_MAX: usize = 10;

/// Whether an object is a sign.
#[must_use]
pub fn is_sign(object: &Object) -> bool {
    object.class.eq_ignore_ascii_case("sign")
}

/// Reads all of them. `draws_objects` tells whether objects that show a tile are drawn by the map.
pub fn read(drawing: &Drawing, dialect: Dialect, draws_objects: bool, problems: &mut Problems) -> Vec<Sign> {
    let mut signs = Vec::new();
    let drawn = drawn(drawing, dialect);
    for (layer, object) in objects(drawing).filter(|(_, object)| is_sign(object)) {
        let place = say::object(drawing, layer, object);
        let Some(said) = object.properties.get("text").and_then(text) else {
            let what = "the sign says nothing, and is left out";
            problems.add(warning("sign-text", place, what, "add the property text, a string, or delete the sign"));
            continue;
        };
        let Some(at) = position(drawing, layer, object) else {
            let what = "it is outside of the map, and is left out";
            problems.add(warning("object-outside", place, what, "move it into the map, or delete it"));
            continue;
        };
        if signs.len() >= SIGNS_MAX {
            let what = format!("there are more than {SIGNS_MAX} signs; the others are left out");
            problems.add(warning("signs-too-many", place, what, "delete some"));
            break;
        }
        let (text, is_whole) = cleaned(&said);
        if text.is_empty() {
            let what = "nothing of the text of the sign can be seen, and it is left out";
            problems.add(warning("sign-text", place, what, "write it in letters"));
            continue;
        }
        if !is_whole {
            let what = format!("of its text only the first {TEXT_LINES_MAX} lines and {TEXT_CHARS_MAX} letters count");
            problems.add(warning("sign-text", place, what, "say less, or put a second sign beside it"));
        }
        let cell = at.y as usize * drawing.width as usize + at.x as usize;
        let is_shown = layer.visible && layer.opacity > 0.0 && object.visible;
        let shows_tile = draws_objects && is_shown && object.gid.is_some();
        let drawn = shows_tile || drawn.iter().any(|cells| cells.get(cell) != 0);
        signs.push(Sign { id: object.id, x: at.x, y: at.y, name: shown(&object.name), text, drawn });
    }
    signs
}

/// The layers of tiles that stand on the ground below the characters.
fn drawn(drawing: &Drawing, dialect: Dialect) -> Vec<&Cells> {
    let roles = roles(drawing, choose(drawing, dialect).name);
    let below = drawing.layers.iter().zip(roles).filter(|(_, role)| role.drawn == Drawn::Below);
    let tiles = below.filter_map(|(layer, _)| match &layer.content {
        Content::Tiles(cells) => Some(cells),
        _ => None,
    });
    tiles.skip(1).collect()
}

/// A text fit for the screens of others, line by line, and whether all of it is there.
fn cleaned(text: &str) -> (String, bool) {
    let lines: Vec<String> =
        text.lines().map(|line| shown_up_to(line, usize::MAX)).filter(|line| !line.is_empty()).collect();
    let whole = lines.join("\n");
    let cut = lines.into_iter().take(TEXT_LINES_MAX).collect::<Vec<_>>().join("\n");
    let cut: String = cut.chars().take(TEXT_CHARS_MAX).collect();
    let is_whole = cut == whole;
    (cut.trim().to_owned(), is_whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_keeps_its_lines_and_nothing_that_cannot_be_seen() {
        assert_eq!(cleaned(" North:\r\n\r\n  the\u{202e} mill\t\n"), ("North:\nthe mill".to_owned(), true));
        assert_eq!(cleaned("\u{200b}\n\u{3164}"), (String::new(), true));
        let lines = "a\n".repeat(TEXT_LINES_MAX + 1);
        assert_eq!(cleaned(&lines), ("a\n".repeat(TEXT_LINES_MAX).trim().to_owned(), false));
        assert_eq!(cleaned(&"é".repeat(TEXT_CHARS_MAX)), ("é".repeat(TEXT_CHARS_MAX), true));
        assert_eq!(cleaned(&"é".repeat(TEXT_CHARS_MAX + 1)), ("é".repeat(TEXT_CHARS_MAX), false));
    }
}
