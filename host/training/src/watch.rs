//! Whether further training is worth it: the best value so far, and how long ago that was.
//! Never looks back: it is all that is kept of the values.

use sdk_spec::train_job::{EarlyStop, Goal};
use serde::{Deserialize, Serialize};

use crate::Reason;

/// What is known of the metric that decides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Watch {
    /// The best value so far.
    pub best: Option<f64>,
    /// Values since then.
    pub since_best: u64,
    /// The step that was evaluated last.
    pub evaluated_step: u64,
}

impl Watch {
    /// Takes a value in, and says whether training is at its end with it. What is no number is no better than anything.
    pub(crate) fn take(&mut self, rule: &EarlyStop, value: f64) -> Option<Reason> {
        let sign = match rule.goal {
            Goal::Minimize => 1.0,
            Goal::Maximize => -1.0,
        };
        // A comparison with NaN is false.
        let is_better = self.best.is_none_or(|best| sign * value < sign * best - rule.min_delta) && !value.is_nan();
        if is_better {
            self.best = Some(value);
            self.since_best = 0;
        } else {
            self.since_best += 1;
        }
        if rule.target.is_some_and(|target| sign * value <= sign * target) {
            return Some(Reason::TargetReached);
        }
        (self.since_best >= rule.patience).then_some(Reason::NoBetter)
    }
}

#[cfg(test)]
mod tests;
