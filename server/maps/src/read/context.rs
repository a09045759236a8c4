//! What the reading of one map has in common: where its files come from, what was found wrong, and
//! how much memory is left.

use std::path::{Path, PathBuf};

use crate::files::{CHOOSE_AGAIN, FileError, Files, read_near, taken_instead};
use crate::problem::{Place, Problem, Problems, Severity, shown};

use super::ledger::{Full, Ledger};
use super::tree::{Broken, Element};

/// Characters that are kept of what is told; what parsers say may quote a file.
const WHAT_LEN_MAX: usize = 1000;
/// Characters of a name that are kept in the place of a problem.
const NAME_LEN_MAX: usize = 200;

/// Passed to whatever reads a part of a map.
pub(super) struct Context<'c> {
    pub(super) files: &'c dyn Files,
    pub(super) problems: &'c mut Problems,
    pub(super) ledger: &'c Ledger,
    /// Whether it was said that a bound was reached. Once is enough.
    full: bool,
}

/// A number that a file may say in text.
pub(super) trait Number: Sized {
    const WANTED: &'static str;

    fn of(text: &str) -> Option<Self>;
}

impl<'c> Context<'c> {
    pub(super) fn new(files: &'c dyn Files, problems: &'c mut Problems, ledger: &'c Ledger) -> Self {
        Self { files, problems, ledger, full: false }
    }

    /// Reads a file that `file` names, or one in its place of which it warns. Gives the path of
    /// what was read.
    pub(super) fn read(&mut self, path: &Path, file: &Path, place: &Place) -> Result<(Vec<u8>, PathBuf), FileError> {
        let (bytes, near) = read_near(self.files, path, file)?;
        if let Some(near) = &near {
            self.warn("file-elsewhere", place, taken_instead(path, near), CHOOSE_AGAIN);
        }
        Ok((bytes, near.unwrap_or_else(|| path.to_owned())))
    }

    pub(super) fn warn(&mut self, kind: &'static str, place: &Place, what: String, remedy: &str) {
        self.add(Severity::Warning, kind, place, what, remedy);
    }

    pub(super) fn error(&mut self, kind: &'static str, place: &Place, what: String, remedy: &str) {
        self.add(Severity::Error, kind, place, what, remedy);
    }

    fn add(&mut self, severity: Severity, kind: &'static str, place: &Place, mut what: String, remedy: &str) {
        if let Some((end, _)) = what.char_indices().nth(WHAT_LEN_MAX) {
            what.truncate(end);
            what.shrink_to_fit();
        }
        self.problems.add(Problem { severity, kind, place: place.clone(), what, remedy: remedy.to_owned() });
    }

    /// Tells why a file is no tree. What takes too much memory is always an error.
    pub(super) fn broken(&mut self, severity: Severity, file: &Path, broken: Broken) {
        let place = Place { file: file.to_owned(), line: broken.line, ..Place::default() };
        let severity = if broken.kind == "memory" { Severity::Error } else { severity };
        self.add(severity, broken.kind, &place, broken.what, broken.remedy);
    }

    /// Takes memory for what becomes part of the drawing. `None`, and an error the first time, when
    /// there is none left.
    pub(super) fn take(&mut self, bytes: usize, place: &Place) -> Option<()> {
        let taken = self.ledger.take(bytes);
        self.taken(taken, place)
    }

    /// Takes cells that are unpacked, as [`Context::take`].
    pub(super) fn take_cells(&mut self, cells: usize, place: &Place) -> Option<()> {
        let taken = self.ledger.take_cells(cells);
        self.taken(taken, place)
    }

    fn taken(&mut self, taken: Result<(), Full>, place: &Place) -> Option<()> {
        let what = match taken {
            Ok(()) => return Some(()),
            Err(Full::Memory) => "the map holds more than a map may",
            Err(Full::Cells) => "the layers of the map have more cells than 40 layers of 1024 x 1024",
        };
        if !self.full {
            self.full = true;
            self.error("memory", place, what.to_owned(), "split the map into several");
        }
        None
    }

    /// A text of a file as part of the drawing. Empty when there is no memory left for it.
    pub(super) fn text(&mut self, text: &str, place: &Place) -> String {
        match self.take(text.len(), place) {
            Some(()) => text.to_owned(),
            None => String::new(),
        }
    }

    /// An attribute as text; empty when there is none.
    pub(super) fn text_of(&mut self, element: &Element<'_>, attribute: &str, place: &Place) -> String {
        self.text(element.get(attribute).unwrap_or_default(), place)
    }

    /// An attribute as a number. Warns of one that is none.
    pub(super) fn number<N: Number>(&mut self, element: &Element<'_>, attribute: &str, place: &Place) -> Option<N> {
        let text = element.get(attribute)?;
        let number = N::of(text.trim());
        if number.is_none() {
            let what = format!("{attribute} is {}, not {}", shown(text), N::WANTED);
            let place = Place { line: element.line.or(place.line), ..place.clone() };
            self.warn("number", &place, what, "set it again in Tiled, or remove it from the file");
        }
        number
    }
}

/// A name as it is kept in places.
pub(super) fn name(text: &str) -> Option<String> {
    Some(text.chars().take(NAME_LEN_MAX).collect())
}

impl Number for u32 {
    const WANTED: &'static str = "a whole number of 0 or more";

    fn of(text: &str) -> Option<Self> {
        whole(text).and_then(|number| number.try_into().ok())
    }
}

impl Number for i32 {
    const WANTED: &'static str = "a whole number";

    fn of(text: &str) -> Option<Self> {
        whole(text).and_then(|number| number.try_into().ok())
    }
}

impl Number for f64 {
    const WANTED: &'static str = "a number that a map can have";

    fn of(text: &str) -> Option<Self> {
        // Far beyond the edge of any map, and small enough to be multiplied.
        text.parse().ok().filter(|number: &Self| number.abs() <= 1e9)
    }
}

impl Number for bool {
    const WANTED: &'static str = "0 or 1";

    fn of(text: &str) -> Option<Self> {
        match text {
            "1" | "true" => Some(true),
            "0" | "false" => Some(false),
            _ => None,
        }
    }
}

/// Old files have some whole numbers as fractions.
fn whole(text: &str) -> Option<i64> {
    text.parse().ok().or_else(|| {
        let number = f64::of(text)?;
        (number.fract() == 0.0).then_some(number as i64)
    })
}

/// Red, green, blue and opacity of a colour as Tiled writes it: RRGGBB or AARRGGBB, with or without
/// a # before it.
pub(super) fn color(text: &str) -> Option<[u8; 4]> {
    let digits = text.trim().trim_start_matches('#');
    if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    let number = u32::from_str_radix(digits, 16).ok()?;
    let [opacity, red, green, blue] = number.to_be_bytes();
    match digits.len() {
        6 => Some([red, green, blue, 255]),
        8 => Some([red, green, blue, opacity]),
        _ => None,
    }
}
