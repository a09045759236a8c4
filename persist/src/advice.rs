//! Errors in words for whoever starts the program: what is wrong, where, and what to do. Never with a password, and nothing
//! is said twice. Which call failed how is for the stores to find out.

use std::error::Error;
use std::io;

/// What is wrong and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{problem}")]
pub struct Advice {
    /// What is wrong, with path or user, host and database.
    pub problem: String,
    pub remedy: String,
}

impl Advice {
    pub fn new(problem: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { problem: problem.into(), remedy: remedy.into() }
    }

    /// The advice among the causes of an error.
    #[must_use]
    pub fn within<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a Self> {
        let mut cause = Some(error);
        while let Some(error) = cause {
            if let Some(advice) = error.downcast_ref() {
                return Some(advice);
            }
            cause = error.source();
        }
        None
    }
}

/// An error and what caused it, in one line. Libraries repeat the cause in the words of the error; it is told once.
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

/// What an error says itself, without what means nothing to people: sqlx adds the line of the server's own source.
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
    fn advice_is_found_below_other_errors() {
        let advice = Advice::new("the door is locked", "use the key");
        let outer = crate::StoreError::Unavailable(Box::new(advice.clone()));
        assert_eq!(Advice::within(&outer), Some(&advice));
        assert_eq!(Advice::within(&Inner), None);
    }
}
