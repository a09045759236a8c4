//! House rules that a program can check, held against every file of the checkout.
//!
//! Reads files only; each rule is a function from text to complaints, shown to bite on a sample of
//! its own.

mod circles;
mod code_map;
mod comments;
mod flaws;
mod glossary;
mod how_to_add;
mod links;
mod modules;
mod public;
mod sources;
mod traceability;
mod tree;

/// Fails with every complaint at once, so that one run shows all there is to mend.
fn assert_none(complaints: &[String]) {
    assert!(complaints.is_empty(), "{} complaints:\n{}", complaints.len(), complaints.join("\n"));
}
