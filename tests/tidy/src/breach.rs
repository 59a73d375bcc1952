//! One place where a rule does not hold.
//! Never decides whether that is a failure; the tests do.

use std::fmt;

/// Where, what, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breach {
    /// A file, with a line where there is one, or a crate.
    pub place: String,
    /// What is wrong.
    pub problem: String,
    /// What to do next.
    pub remedy: String,
}

impl Breach {
    /// A breach at `place`.
    pub fn new(place: impl Into<String>, problem: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { place: place.into(), problem: problem.into(), remedy: remedy.into() }
    }
}

impl fmt::Display for Breach {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}\n    {}", self.place, self.problem, self.remedy)
    }
}

/// Stops the test with all the breaches of a rule, where there are any.
///
/// # Panics
/// When there is a breach.
pub fn expect_none(breaches: &[Breach]) {
    let lines: Vec<String> = breaches.iter().map(|breach| format!("  {breach}")).collect();
    assert!(breaches.is_empty(), "{} places break this rule:\n{}\n", breaches.len(), lines.join("\n"));
}
