//! States in Kubeflow's words.
//! Never a state that Kubeflow does not have.

/// Whether something was put aside.
pub(super) const fn storage_state(archived: bool) -> &'static str {
    if archived { "ARCHIVED" } else { "AVAILABLE" }
}

/// How a run or a task is.
pub(super) fn runtime_state(status: &str) -> &'static str {
    match status {
        "waiting" => "PENDING",
        "running" | "backoff" => "RUNNING",
        "cancelling" => "CANCELING",
        "succeeded" => "SUCCEEDED",
        "failed" => "FAILED",
        "skipped" => "SKIPPED",
        "cancelled" => "CANCELED",
        _ => "RUNTIME_STATE_UNSPECIFIED",
    }
}
