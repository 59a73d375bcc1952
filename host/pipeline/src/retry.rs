//! Whether and when a failed attempt is followed by another.
//! Never waits; it says how long to.

use host_base::{Code, Failure};
use sdk_spec::RetryPolicy;

/// The wait before the next attempt, or none where there is none: the policy's attempts are used up,
/// or the failure is one that no attempt of the same plan can escape.
pub(crate) fn delay_millis(policy: &RetryPolicy, failures: u32, failure: &Failure) -> Option<u64> {
    if failures >= policy.max_attempts || is_settled_by_the_plan(failure.code) {
        return None;
    }
    let doublings = i32::try_from(failures.saturating_sub(1)).unwrap_or(i32::MAX);
    let delay = policy.backoff.0 as f64 * policy.factor.max(1.0).powi(doublings);
    // Infinity and NaN end up at the longest wait.
    Some(if delay < policy.max_backoff.0 as f64 { delay.round() as u64 } else { policy.max_backoff.0 })
}

/// Failures that follow from the component, its types and its grants, and the one that was asked for.
/// A step that says of its own failure that it is not worth another attempt is tried again all the
/// same: whoever wrote the policy asked for that, and the step's word is kept with the failure.
const fn is_settled_by_the_plan(code: Code) -> bool {
    matches!(
        code,
        Code::Cancelled
            | Code::DocumentSyntax
            | Code::UnknownKey
            | Code::InvalidDocument
            | Code::UnknownReference
            | Code::Cycle
            | Code::TypeMismatch
            | Code::InvalidParameter
            | Code::NotAComponent
            | Code::FunctionNotFound
            | Code::ImportNotGranted
            | Code::GrantNotAllowed
            | Code::UnknownImport
            | Code::InstanceLimit
    )
}

#[cfg(test)]
mod tests;
