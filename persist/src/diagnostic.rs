//! Errors for operators: what is wrong, where, and what to do. Never contains a password, and
//! repeats nothing. The stores find out which call failed and why.

use std::error::Error;
use std::io;

/// What is wrong and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{problem}")]
pub struct Diagnostic {
    /// What is wrong, with path or user, host and database.
    pub problem: String,
    pub remedy: String,
}

impl Diagnostic {
    pub fn new(problem: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { problem: problem.into(), remedy: remedy.into() }
    }

    /// The diagnostic among the causes of an error.
    #[must_use]
    pub fn within<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a Self> {
        let mut cause = Some(error);
        while let Some(error) = cause {
            if let Some(diagnostic) = error.downcast_ref() {
                return Some(diagnostic);
            }
            cause = error.source();
        }
        None
    }
}

/// An error and its causes in one line. Libraries repeat the cause in the text of the error; here
/// it appears once.
#[must_use]
pub fn in_one_line(error: &(dyn Error + 'static)) -> String {
    let mut line = words(error);
    let mut cause = error.source();
    while let Some(error) = cause {
        let words = words(error);
        if !line.contains(&words) {
            line.push_str(": ");
            line.push_str(&words);
        }
        cause = error.source();
    }
    line
}

/// The text of an error itself, without what sqlx adds: the line in the database's own source.
fn words(error: &(dyn Error + 'static)) -> String {
    let text = error.to_string();
    match error.downcast_ref::<sqlx::Error>() {
        Some(sqlx::Error::Database(answer)) => answer.message().to_owned(),
        Some(sqlx::Error::Io(source)) => source.to_string(),
        _ => match text.rsplit_once(" at line ") {
            Some((before, number)) if number.parse::<u32>().is_ok() && error.source().is_none() => before.to_owned(),
            _ => text,
        },
    }
}

/// What the system says, without its number.
#[must_use]
pub fn system_words(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or_default().to_owned()
}

/// The most similar known name to an unknown one, when one is near.
#[must_use]
pub fn nearest(name: &str, known: impl Iterator<Item = String>) -> Option<String> {
    let nearest = known.map(|known| (strsim::levenshtein(name, &known), known)).min();
    nearest.filter(|(distance, known)| *distance <= known.len().min(name.len()) / 3).map(|(_, known)| known)
}

/// The account this process runs as.
pub(crate) fn account() -> String {
    use std::os::unix::fs::MetadataExt as _;
    let Ok(uid) = std::fs::metadata("/proc/self").map(|folder| folder.uid()) else { return "this user".to_owned() };
    let accounts = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    let name = accounts.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        (fields.nth(1)?.parse() == Ok(uid)).then(|| name.to_owned())
    });
    name.map_or_else(|| format!("user {uid}"), |name| format!("user {name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("the house cannot be entered: {0}")]
    struct Outer(#[source] Inner);

    #[derive(Debug, thiserror::Error)]
    #[error("the door is locked")]
    struct Inner;

    #[test]
    fn a_cause_is_told_once() {
        assert_eq!(in_one_line(&Outer(Inner)), "the house cannot be entered: the door is locked");
        let other = io::Error::other(Outer(Inner));
        assert_eq!(in_one_line(&other), "the house cannot be entered: the door is locked");
    }

    #[test]
    fn a_diagnostic_is_found_below_other_errors() {
        let diagnostic = Diagnostic::new("the door is locked", "use the key");
        let outer = crate::StoreError::Unavailable(Box::new(diagnostic.clone()));
        assert_eq!(Diagnostic::within(&outer), Some(&diagnostic));
        assert_eq!(Diagnostic::within(&Inner), None);
    }
}
