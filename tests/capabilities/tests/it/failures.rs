//! How steps fail, trap and are cancelled, and what people are told.
//! Never lets a failure pass for another one's code.

use std::time::Duration;

use host_base::Code;
use host_runtime::LogStream;
use serde_json::json;

use crate::programs::{ENDLESS_LOOP, FAIL, NOOP, PANIC, SLEEP, TRAP};
use crate::support::function;

#[tokio::test]
async fn a_failure_keeps_its_hint_and_whether_to_retry() {
    for retryable in [false, true] {
        let failure = function(FAIL, "with-hint").plain(json!(retryable)).run().await.failure(Code::StepFailed);
        assert_eq!(failure.message, "the table has no rows");
        assert_eq!(failure.hint.as_deref(), Some("load another file"));
        assert_eq!(failure.retryable, retryable);
    }
}

#[tokio::test]
async fn errors_of_other_types_are_told_too() {
    for (name, message) in [
        ("with-text", "the table has no columns"),
        ("with-record", "the step failed with {\"number\":7}"),
        ("with-nothing", "the step failed without saying why"),
    ] {
        let failure = function(FAIL, name).run().await.failure(Code::StepFailed);
        // An error that has no place for it does not say that another attempt is useless.
        assert_eq!((failure.message.as_str(), failure.retryable), (message, true));
    }
}

#[tokio::test]
async fn a_panic_is_told_with_place_and_message() {
    let ended = function(PANIC, "run").plain(json!("row 7 has no label")).run().await;
    let message = ended.failure(Code::Trap).message;
    assert!(message.starts_with("the component panicked: "), "{message}");
    assert!(message.contains("panic.rs:") && message.ends_with("row 7 has no label"), "{message}");
    let backtrace =
        |(stream, line): &(LogStream, String)| *stream == LogStream::Error && line.contains("wasm backtrace");
    assert!(ended.heard.lines().iter().any(backtrace), "{}", ended.heard.text());
}

#[tokio::test]
async fn a_trap_is_told_with_its_cause() {
    let failure = function(TRAP, "run").run().await.failure(Code::Trap);
    assert_eq!(failure.message, "the component trapped: wasm trap: wasm `unreachable` instruction executed");
}

#[tokio::test]
async fn leaving_a_function_by_exit_is_a_failure() {
    let failure = function(FAIL, "leave").run().await.failure(Code::ExitStatus);
    assert!(failure.message.contains("status 0"), "{}", failure.message);
}

#[tokio::test(flavor = "multi_thread")]
async fn cancelling_stops_a_guest_that_computes_and_one_that_waits() {
    for call in [function(ENDLESS_LOOP, "run"), function(SLEEP, "run").plain(json!(60_000))] {
        let cancel = call.cancel.clone();
        let running = tokio::spawn(call.run());
        tokio::time::sleep(Duration::from_millis(100)).await;
        cancel.cancel();
        let ended = tokio::time::timeout(Duration::from_secs(5), running).await.unwrap().unwrap();
        ended.failure(Code::Cancelled);
    }
}

#[tokio::test(flavor = "current_thread")]
async fn guests_that_never_wait_starve_nobody() {
    // One thread for all: only the yield at each tick lets the neighbours run.
    let endless: Vec<_> = (0..4).map(|_| function(ENDLESS_LOOP, "run")).collect();
    let stop: Vec<_> = endless.iter().map(|call| call.cancel.clone()).collect();
    let running: Vec<_> = endless.into_iter().map(|call| tokio::spawn(call.run())).collect();
    let neighbours = async {
        for _ in 0..5 {
            function(NOOP, "run").run().await.outputs();
        }
    };
    tokio::time::timeout(Duration::from_secs(30), neighbours).await.unwrap();
    stop.iter().for_each(tokio_util::sync::CancellationToken::cancel);
    for ended in running {
        ended.await.unwrap().failure(Code::Cancelled);
    }
}
