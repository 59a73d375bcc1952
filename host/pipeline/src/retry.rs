//! Whether and when a failed attempt is followed by another.
//! Never waits; it says how long to.

use host_base::{Code, Failure};
use sdk_spec::RetryPolicy;

/// Interruptions in a row that a step is given another attempt after. Past that it is taken to be what
/// brings the node down. Far more than a neighbour of such a step, or one update after the other, comes to.
pub(crate) const INTERRUPTIONS_MAX: u32 = 20;

/// The wait before the next attempt, or none where there is none: the policy's attempts are used up,
/// or the failure is one that no attempt of the same plan can escape.
pub(crate) fn delay_millis(policy: &RetryPolicy, failures: u32, failure: &Failure) -> Option<u64> {
    let settled = is_settled_by_the_plan(failure.code) || is_settled_by_the_step(failure);
    if failures >= policy.max_attempts || settled {
        return None;
    }
    let doublings = i32::try_from(failures.saturating_sub(1)).unwrap_or(i32::MAX);
    let delay = policy.backoff.0 as f64 * policy.factor.max(1.0).powi(doublings);
    // Infinity and NaN end up at the longest wait.
    Some(if delay < policy.max_backoff.0 as f64 { delay.round() as u64 } else { policy.max_backoff.0 })
}

/// A step knows best whether another attempt at what it reports can help. Where it says nothing of
/// that, because its error has no place for it, the failure comes as one that may pass.
fn is_settled_by_the_step(failure: &Failure) -> bool {
    failure.code == Code::StepFailed && !failure.retryable
}

/// Failures that follow from the component, its types and its grants, and those that end the run or the step.
const fn is_settled_by_the_plan(code: Code) -> bool {
    matches!(
        code,
        Code::Cancelled
            | Code::InterruptedTooOften
            | Code::DeadlineReached
            | Code::DocumentSyntax
            | Code::UnknownKey
            | Code::InvalidDocument
            | Code::UnknownReference
            | Code::Cycle
            | Code::TypeMismatch
            | Code::InvalidParameter
            | Code::NotAComponent
            | Code::PackageNotUsable
            | Code::FunctionNotFound
            | Code::ImportNotGranted
            | Code::GrantNotAllowed
            | Code::UnknownImport
            | Code::ComponentNotAllowed
            | Code::ComponentNotTrusted
            | Code::InstanceLimit
    )
}

#[cfg(test)]
mod tests;
