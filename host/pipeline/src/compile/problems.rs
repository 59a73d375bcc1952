//! All problems of a pipeline, gathered rather than met one by one.
//! Never lets a hostile document produce an answer larger than itself.

use host_base::{Code, Failure};

/// Problems that are reported; what comes after is counted.
pub(crate) const PROBLEMS_MAX: usize = 100;

#[derive(Debug, Default)]
pub(crate) struct Problems {
    failures: Vec<Failure>,
    uncounted: usize,
}

impl Problems {
    pub(crate) fn push(&mut self, failure: Failure) {
        if self.failures.len() < PROBLEMS_MAX {
            self.failures.push(failure);
        } else {
            self.uncounted += 1;
        }
    }

    /// Pushes a failure that is costly to make, for instance because near names are looked for.
    pub(crate) fn push_with(&mut self, failure: impl FnOnce() -> Failure) {
        if self.failures.len() < PROBLEMS_MAX {
            self.failures.push(failure());
        } else {
            self.uncounted += 1;
        }
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.failures.is_empty()
    }

    pub(crate) fn into_result(mut self) -> Result<(), Vec<Failure>> {
        if self.failures.is_empty() {
            return Ok(());
        }
        if self.uncounted > 0 {
            let message = format!("{} more problems are not shown", self.uncounted);
            self.failures
                .push(Failure::new(Code::InvalidDocument, message).with_hint("mend the first ones and check again"));
        }
        Err(self.failures)
    }
}

/// A failure, with the near name or else all the names there are.
pub(crate) fn unknown<'name>(
    code: Code,
    message: String,
    name: &str,
    candidates: impl Iterator<Item = &'name str> + Clone,
    what_there_is: &str,
) -> Failure {
    const NAMES_SHOWN_MAX: usize = 20;
    let hint = match sdk_spec::nearest(name, candidates.clone()) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => {
            let mut shown: Vec<&str> = candidates.take(NAMES_SHOWN_MAX + 1).collect();
            if shown.len() > NAMES_SHOWN_MAX {
                shown[NAMES_SHOWN_MAX] = "…";
            }
            match shown.as_slice() {
                [] => format!("there are no {what_there_is}"),
                shown => format!("the {what_there_is} are {}", shown.join(", ")),
            }
        }
    };
    Failure::new(code, message).with_hint(hint)
}

pub(crate) fn no_steps(pipeline: &str) -> Failure {
    Failure::new(Code::InvalidDocument, format!("pipeline `{pipeline}` has no steps"))
        .with_hint("add one under spec.steps")
}
