//! Reads XML into elements. Entities of a file's own are not expanded, so nothing can grow; a bound
//! on depth and memory holds for the rest.

use std::borrow::Cow;

use quick_xml::errors::IllFormedError;
use quick_xml::escape::{EscapeError, resolve_xml_entity};
use quick_xml::events::attributes::Attributes;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::ledger::{Full, Hold};
use super::tree::{Broken, DEPTH_MAX, Element, GROUPS_MAX, SAVE_AGAIN, take_element};

/// Reads the one element of a file. Takes the memory of its elements from `hold`.
///
/// # Errors
/// It is no XML, nests too deeply, or needs too much memory.
pub(super) fn parse<'a>(text: &'a str, hold: &mut Hold<'_>) -> Result<Element<'a>, Broken> {
    let mut lines = Lines { text, counted: 0, line: 1 };
    let mut reader = Reader::from_str(text);
    // Names are compared here: what the parser says of them would quote them, however long.
    reader.config_mut().check_end_names = false;
    reader.config_mut().allow_unmatched_ends = true;
    // Elements that have begun, the outermost first.
    let mut open: Vec<Element<'a>> = Vec::new();
    let mut root = None;
    loop {
        let event = reader.read_event().map_err(|error| {
            let line = lines.at(reader.error_position());
            if let quick_xml::Error::IllFormed(IllFormedError::UnclosedReference) = error {
                return lone_ampersand(line);
            }
            broken(line, "xml", format!("is broken XML: {error}"))
        })?;
        let line = lines.at(reader.buffer_position());
        let closed = match event {
            Event::Start(start) => {
                let element = element(text, &start, open.last(), &mut lines, hold)?;
                open.push(element);
                check_depth(&open, line)?;
                continue;
            }
            Event::Empty(start) => element(text, &start, open.last(), &mut lines, hold)?,
            Event::End(end) => {
                let name = within(text, end.name().as_ref());
                open.pop_if(|element| element.name == name).ok_or_else(|| not_open(&open, name, line))?
            }
            Event::Text(more) => {
                add(&mut open, within(text, &more), hold, line)?;
                continue;
            }
            Event::CData(more) => {
                add(&mut open, within(text, &more), hold, line)?;
                continue;
            }
            Event::GeneralRef(name) => {
                let name = within(text, &name);
                let meant = reference(name).ok_or_else(|| unknown_entity(line, name))?;
                add_owned(&mut open, &meant, hold, line)?;
                continue;
            }
            Event::Eof => break,
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => continue,
        };
        match open.last_mut() {
            Some(parent) if is_cell(Some(parent), &closed.name) => {
                let gid = closed.get("gid").unwrap_or("0").to_owned();
                add_owned(&mut open, &format!("{gid},"), hold, line)?;
            }
            Some(parent) => parent.children.push(closed),
            None if root.is_none() => root = Some(closed),
            None => return Err(broken(line, "xml", "holds more than one outermost element".to_owned())),
        }
    }
    if let Some(element) = open.last() {
        let line = element.line.unwrap_or(1);
        return Err(broken(line, "xml", format!("ends before </{}>, which begins here", short(&element.name))));
    }
    root.ok_or_else(|| broken(1, "xml", "holds no XML element".to_owned()))
}

fn broken(line: u32, kind: &'static str, what: String) -> Broken {
    Broken { line: Some(line), kind, what, remedy: SAVE_AGAIN }
}

/// There is no element of this name that may end here.
fn not_open(open: &[Element<'_>], name: &str, line: u32) -> Broken {
    let open = open.last().map_or_else(
        || "no element is open".to_owned(),
        |element| format!("the open element is <{}> of line {}", short(&element.name), element.line.unwrap_or(1)),
    );
    broken(line, "xml", format!("is broken XML: </{}> stands where {open}", short(name)))
}

/// Of a name that may be very long.
fn short(name: &str) -> String {
    name.chars().take(80).collect()
}

fn lone_ampersand(line: u32) -> Broken {
    let what = "has an & that stands alone".to_owned();
    Broken { line: Some(line), kind: "xml-entity", what, remedy: "write &amp; for it" }
}

fn unknown_entity(line: u32, name: &str) -> Broken {
    Broken {
        line: Some(line),
        kind: "xml-entity",
        what: format!("uses the entity &{};, which is not known", short(name)),
        remedy: "write the character itself, or &amp; for an &",
    }
}

fn too_much(line: u32, _: Full) -> Broken {
    Broken {
        line: Some(line),
        kind: "memory",
        what: "holds more than a map may".to_owned(),
        remedy: "split the map into several",
    }
}

fn check_depth(open: &[Element<'_>], line: u32) -> Result<(), Broken> {
    if open.last().is_some_and(|last| last.name == "group")
        && open.iter().filter(|element| element.name == "group").count() > GROUPS_MAX
    {
        return Err(Broken {
            line: Some(line),
            kind: "groups-nested",
            what: format!("nests groups deeper than {GROUPS_MAX}"),
            remedy: "move the layers out of the inner groups",
        });
    }
    if open.len() > DEPTH_MAX {
        return Err(broken(line, "depth", format!("nests elements deeper than {DEPTH_MAX}")));
    }
    Ok(())
}

/// Whether an element is one of the cells of its parent; they are kept as its text.
fn is_cell(parent: Option<&Element<'_>>, name: &str) -> bool {
    name == "tile" && parent.is_some_and(|parent| matches!(&*parent.name, "data" | "chunk"))
}

/// Whether the text of an element is kept.
fn has_text(name: &str) -> bool {
    matches!(name, "data" | "chunk" | "property" | "text")
}

fn element<'a>(
    text: &'a str,
    start: &BytesStart<'a>,
    parent: Option<&Element<'a>>,
    lines: &mut Lines<'a>,
    hold: &mut Hold<'_>,
) -> Result<Element<'a>, Broken> {
    let whole = within(text, start);
    let line = lines.at((whole.as_ptr() as usize).saturating_sub(text.as_ptr() as usize) as u64);
    let name = whole.get(..start.name().as_ref().len()).unwrap_or_default();
    let mut attributes = Vec::new();
    let mut owned = 0;
    for attribute in Attributes::new(whole, name.len()).with_checks(false) {
        let attribute = attribute
            .map_err(|error| broken(line, "xml", format!("has a broken attribute in <{}>: {error}", short(name))))?;
        let key = within(text, attribute.key.as_ref());
        let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|error| match error {
            quick_xml::Error::Escape(EscapeError::UnrecognizedEntity(_, name)) if !name.contains([' ', '&']) => {
                unknown_entity(line, &name)
            }
            quick_xml::Error::Escape(EscapeError::UnrecognizedEntity(..) | EscapeError::UnterminatedEntity(_)) => {
                lone_ampersand(line)
            }
            error => broken(line, "xml", format!("has a broken attribute {}: {error}", short(key))),
        })?;
        if let Cow::Owned(value) = &value {
            owned += value.len();
        }
        attributes.push((Cow::Borrowed(key), value));
    }
    // A cell ends up as a number in the text around it.
    if !is_cell(parent, name) {
        take_element(hold, attributes.capacity(), owned).map_err(|full| too_much(line, full))?;
    }
    Ok(Element { name: Cow::Borrowed(name), line: Some(line), attributes, ..Element::default() })
}

/// Adds text to the innermost element.
fn add<'a>(open: &mut [Element<'a>], more: &'a str, hold: &mut Hold<'_>, line: u32) -> Result<(), Broken> {
    match open.last_mut().filter(|element| has_text(&element.name)) {
        Some(element) if element.text.is_empty() => {
            element.text = Cow::Borrowed(more);
            Ok(())
        }
        Some(_) => add_owned(open, more, hold, line),
        None => Ok(()),
    }
}

fn add_owned(open: &mut [Element<'_>], more: &str, hold: &mut Hold<'_>, line: u32) -> Result<(), Broken> {
    let Some(element) = open.last_mut().filter(|element| has_text(&element.name)) else { return Ok(()) };
    // The first time all of it becomes owned; a string that grows may take twice its length.
    let before = if let Cow::Borrowed(text) = element.text { text.len() } else { 0 };
    hold.take((before + more.len()) * 2).map_err(|full| too_much(line, full))?;
    element.text.to_mut().push_str(more);
    Ok(())
}

/// What a reference between & and ; stands for.
fn reference(name: &str) -> Option<Cow<'static, str>> {
    let Some(number) = name.strip_prefix('#') else {
        return resolve_xml_entity(name).map(Cow::Borrowed);
    };
    let code = match number.strip_prefix('x') {
        Some(hex) => u32::from_str_radix(hex, 16),
        None => number.parse(),
    };
    let c = char::from_u32(code.ok()?).filter(|c| *c != '\0')?;
    Some(Cow::Owned(c.to_string()))
}

/// The part of the file's text that the parser hands out as bytes; it copies nothing.
fn within<'a>(text: &'a str, part: &[u8]) -> &'a str {
    let begin = (part.as_ptr() as usize).wrapping_sub(text.as_ptr() as usize);
    begin.checked_add(part.len()).and_then(|end| text.get(begin..end)).unwrap_or_default()
}

/// Finds lines of places that only go forward, except for a little.
struct Lines<'a> {
    text: &'a str,
    counted: usize,
    line: u32,
}

impl Lines<'_> {
    /// The line at a byte, from 1.
    fn at(&mut self, byte: u64) -> u32 {
        let byte = usize::try_from(byte).unwrap_or(usize::MAX).min(self.text.len());
        let count = |part: &[u8]| part.iter().filter(|byte| **byte == b'\n').count() as u32;
        let bytes = self.text.as_bytes();
        if byte < self.counted {
            self.line -= count(&bytes[byte..self.counted]);
        } else {
            self.line += count(&bytes[self.counted..byte]);
        }
        self.counted = byte;
        self.line
    }
}
