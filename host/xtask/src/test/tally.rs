//! Reads what test binaries say, counts it, and chooses which lines are worth showing.
//! Never runs anything.

use std::collections::BTreeMap;

/// What the closing line is made of.
#[derive(Default)]
pub struct Tally {
    passed: u64,
    failed: u64,
    skipped: u64,
    /// Why tests were skipped, each with how often.
    reasons: BTreeMap<String, u64>,
    part: Part,
    /// Whether cargo itself failed without a test that did: a build error, an aborted binary.
    broken: bool,
}

/// Where in a test binary's output a line stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Part {
    /// Between the binaries, or where tests are named one by one.
    #[default]
    Tests,
    /// What passing tests wrote.
    Successes,
    /// What failing tests wrote.
    Failures,
}

/// Whether a line is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// It is.
    Yes,
    /// It only goes to the log.
    No,
}

impl Tally {
    /// Counts a check that is not a cargo test.
    pub fn check(&mut self, what: &str, result: anyhow::Result<()>) {
        match result {
            Ok(()) => self.passed += 1,
            Err(error) => {
                self.failed += 1;
                println!("{what} FAILED: {error:#}");
            }
        }
    }

    /// Counts a check that could not be made.
    pub fn skip(&mut self, reason: &str) {
        self.skipped += 1;
        *self.reasons.entry(reason.to_owned()).or_default() += 1;
    }

    /// Takes in one line of `cargo test -- --show-output`.
    pub fn hear(&mut self, line: &str) -> Shown {
        if let Some(reason) = skip_reason(line) {
            self.passed = self.passed.wrapping_sub(1);
            self.skip(reason);
            return Shown::Yes;
        }
        if let Some(result) = line.strip_prefix("test result: ") {
            self.part = Part::Tests;
            self.passed = self.passed.wrapping_add(count(result, "passed"));
            self.failed += count(result, "failed");
            return if count(result, "passed") + count(result, "failed") + count(result, "ignored") > 0 {
                Shown::Yes
            } else {
                Shown::No
            };
        }
        match line {
            "successes:" => self.part = Part::Successes,
            "failures:" => self.part = Part::Failures,
            _ => {}
        }
        if let Some(rest) = line.strip_prefix("test ")
            && let Some((name, reason)) = rest.split_once(" ... ignored")
        {
            let reason = reason.trim_start_matches(", ");
            self.skip(if reason.is_empty() { name } else { reason });
            return Shown::Yes;
        }
        match self.part {
            Part::Failures => Shown::Yes,
            Part::Successes => Shown::No,
            Part::Tests if line.ends_with(" ... ok") || line.is_empty() || is_count(line) => Shown::No,
            Part::Tests => Shown::Yes,
        }
    }

    /// Takes in how cargo ended.
    pub fn end(&mut self, success: bool) {
        self.broken = !success && self.failed == 0;
    }

    /// Whether nothing failed, and something was tested.
    pub fn succeeded(&self) -> bool {
        self.failed == 0 && !self.broken && self.passed > 0
    }

    /// Says again why tests were skipped.
    pub fn print_reasons(&self) {
        for (reason, times) in &self.reasons {
            println!("skipped ({times}): {reason}");
        }
    }

    /// `N passed, N failed, N skipped`. A run that broke off counts as one failure more.
    pub fn closing_line(&self) -> String {
        let failed = self.failed + u64::from(self.broken);
        format!("{} passed, {failed} failed, {} skipped", self.passed, self.skipped)
    }
}

/// The reason in `skipped: REASON`, alone on its line or behind `test NAME ... `.
fn skip_reason(line: &str) -> Option<&str> {
    let told = line.trim_start();
    let told = match told.strip_prefix("test ") {
        Some(rest) => rest.split_once(" ... ")?.1,
        None => told,
    };
    told.strip_prefix("skipped: ").map(str::trim)
}

/// `running 3 tests`.
fn is_count(line: &str) -> bool {
    line.starts_with("running ") && (line.ends_with(" tests") || line.ends_with(" test"))
}

/// The number before `word` in `ok. 3 passed; 0 failed; …`.
fn count(result: &str, word: &str) -> u64 {
    let mut words = result.split([' ', ';']).filter(|part| !part.is_empty()).peekable();
    while let Some(part) = words.next() {
        if words.peek() == Some(&word) {
            return part.parse().unwrap_or(0);
        }
    }
    0
}
