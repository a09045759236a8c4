//! What is not as it should be, and what mends it.

/// Something that is not as it should be.
pub struct Diagnostic {
    /// What is wrong, in one line.
    pub problem: String,
    /// What to type or to change.
    pub remedy: String,
}

impl Diagnostic {
    pub fn new(problem: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { problem: problem.into(), remedy: remedy.into() }
    }
}
