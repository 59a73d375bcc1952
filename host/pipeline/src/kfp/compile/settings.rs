//! How a task is run: retries, memory, cores, accelerators.
//! Never takes an amount for something that it does not say.

use host_base::{Code, Failure};
use sdk_spec::kfp::{Accelerator, ContainerSpec, RetryPolicy};
use sdk_spec::{RetryPolicy as OurRetryPolicy, Span};

use super::invalid;
use crate::compile::problems::Problems;
use crate::kfp::quantity;

/// Attempts in all, the first included; the same as in Sandmill's own documents.
const ATTEMPTS_MAX: u32 = 100;
/// Kubeflow's own, where a policy does not say.
const FACTOR: f64 = 2.0;
/// Kubeflow's own, where a policy does not say.
const MAX_BACKOFF_MILLIS: u64 = 3_600_000;
/// What the older fields for memory count in.
const BYTES_PER_GIGABYTE: f64 = 1e9;

pub(super) fn retry(path: &str, policy: Option<&RetryPolicy>, problems: &mut Problems) -> OurRetryPolicy {
    let Some(policy) = policy else { return OurRetryPolicy::default() };
    let attempts = policy.max_retry_count.saturating_add(1);
    if attempts > ATTEMPTS_MAX {
        let message =
            format!("task `{path}` is retried {} times; at most {} are", policy.max_retry_count, ATTEMPTS_MAX - 1);
        problems.push(invalid(message, "ask for fewer"));
    }
    let mut millis = |text: &str, default: u64| match text {
        "" => default,
        text => duration_millis(text).unwrap_or_else(|| {
            let message = format!("the retries of task `{path}` wait `{text}`, which is no span of time");
            problems.push(invalid(message, "write seconds, such as 30s"));
            default
        }),
    };
    OurRetryPolicy {
        max_attempts: attempts,
        backoff: Span(millis(&policy.backoff_duration, 0)),
        factor: if policy.backoff_factor > 0.0 { policy.backoff_factor } else { FACTOR },
        max_backoff: Span(millis(&policy.backoff_max_duration, MAX_BACKOFF_MILLIS)),
    }
}

/// `30s`, `1.5s`: the one form in which the format writes spans.
pub(super) fn duration_millis(text: &str) -> Option<u64> {
    let seconds: f64 = text.strip_suffix('s')?.parse().ok()?;
    (seconds >= 0.0 && seconds.is_finite()).then(|| (seconds * 1000.0).round() as u64)
}

/// How much memory a program asks for: its limit, or else its request.
pub(super) fn memory(container: &ContainerSpec) -> Option<String> {
    let resources = container.resources.as_ref()?;
    let older = |gigabytes: f64| (gigabytes > 0.0).then(|| (gigabytes * BYTES_PER_GIGABYTE).to_string());
    let newer = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
    newer(&resources.resource_memory_limit)
        .or_else(|| older(resources.memory_limit))
        .or_else(|| newer(&resources.resource_memory_request))
        .or_else(|| older(resources.memory_request))
}

/// How many cores a program asks for.
pub(super) fn cores(container: &ContainerSpec) -> Option<String> {
    let resources = container.resources.as_ref()?;
    let older = |cores: f64| (cores > 0.0).then(|| cores.to_string());
    let newer = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
    newer(&resources.resource_cpu_limit)
        .or_else(|| older(resources.cpu_limit))
        .or_else(|| newer(&resources.resource_cpu_request))
        .or_else(|| older(resources.cpu_request))
}

/// What was written, and what it came to if that is known.
type Written = Option<(String, Option<String>)>;

pub(super) fn memory_bytes(path: &str, written: Written, problems: &mut Problems) -> Option<u64> {
    let (_, known) = written?;
    let text = known?;
    let bytes = quantity::bytes(&text);
    if bytes.is_none() {
        problems.push(invalid(
            format!("task `{path}` asks for `{text}` of memory, which is no amount"),
            "write an amount such as 512Mi",
        ));
    }
    bytes
}

/// A guest has one core while it computes, so an amount changes nothing; one that is none is still wrong.
pub(super) fn check_cores(path: &str, written: Written, problems: &mut Problems) {
    if let Some((_, Some(text))) = written
        && quantity::cores(&text).is_none()
    {
        problems.push(invalid(
            format!("task `{path}` asks for `{text}` cores, which is no amount"),
            "write an amount such as 500m or 2",
        ));
    }
}

/// Whether a number of accelerators is asked for, and that is none.
pub(super) fn asks_for_none(accelerator: &Accelerator) -> bool {
    accelerator.resource_count == "0"
}

pub(super) fn no_accelerator(path: &str, accelerator: &Accelerator) -> Failure {
    let kind =
        if accelerator.resource_type.is_empty() { &accelerator.accelerator_type } else { &accelerator.resource_type };
    let message =
        format!("task `{path}` asks for the accelerator `{kind}`, which steps of compiled pipelines cannot have here");
    Failure::new(Code::InvalidDocument, message).with_hint("take set_accelerator_type and set_accelerator_limit out")
}
