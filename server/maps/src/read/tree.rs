//! The elements of a file as XML has them. JSON files are brought into this form too, so that what
//! they mean is said once. Borrows from the text of the file.

use std::borrow::Cow;

use super::ledger::{Full, Hold};

/// Deepest nesting of elements. Groups are bounded more narrowly; what else nests has a few levels.
pub(super) const DEPTH_MAX: usize = 160;
/// Deepest nesting of groups.
pub(super) const GROUPS_MAX: usize = 32;

/// What is said of files that no program has written as they are.
pub(super) const SAVE_AGAIN: &str = "undo the last change there, or save the file again from Tiled";

/// An element and all that is in it.
#[derive(Debug, Default)]
pub(super) struct Element<'a> {
    pub(super) name: Cow<'a, str>,
    /// From 1; `None` in JSON files.
    pub(super) line: Option<u32>,
    pub(super) attributes: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    pub(super) children: Vec<Element<'a>>,
    /// Only kept of elements whose text means something.
    pub(super) text: Cow<'a, str>,
}

/// Why a file is no tree that can be used.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Broken {
    pub(super) line: Option<u32>,
    /// As [`crate::problem::Problem::kind`].
    pub(super) kind: &'static str,
    pub(super) what: String,
    pub(super) remedy: &'static str,
}

impl<'a> Element<'a> {
    /// The value of an attribute.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| &**value)
    }

    /// The first element of a name in it.
    pub(super) fn child(&self, name: &str) -> Option<&Element<'a>> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The elements of a name in it.
    pub(super) fn children<'e>(&'e self, name: &'e str) -> impl Iterator<Item = &'e Element<'a>> {
        self.children.iter().filter(move |child| child.name == name)
    }
}

/// Takes what an element costs, with the slack of lists that grow. Its text is in the file's,
/// unless `owned` bytes of it are not.
pub(super) fn take_element(hold: &mut Hold<'_>, attributes: usize, owned: usize) -> Result<(), Full> {
    hold.take(size_of::<Element<'_>>() * 2 + attributes * size_of::<(Cow<'_, str>, Cow<'_, str>)>() + owned)
}
