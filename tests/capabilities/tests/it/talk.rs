//! What a step says: logs, prints, progress, metrics; and who it is told it is.
//! Never depends on the order between streams, only within one.

use host_runtime::LogStream;
use serde_json::json;

use crate::programs::{LOG_FLOOD, TALK};
use crate::support::function;

#[tokio::test]
async fn all_that_is_said_is_heard() {
    let ended = function(TALK, "run").run().await;
    assert_eq!(ended.output(), json!("run-1/digits/train/2"));
    let lines = ended.heard.lines();
    let of = |wanted: LogStream| -> Vec<&str> {
        lines.iter().filter(|(stream, _)| *stream == wanted).map(|(_, line)| line.as_str()).collect()
    };
    for level in [LogStream::Trace, LogStream::Debug, LogStream::Info, LogStream::Warn, LogStream::Error] {
        assert_eq!(of(level), ["a message"], "{level:?}");
    }
    assert_eq!(of(LogStream::Stdout), ["first line", "second line", "no end"]);
    assert_eq!(of(LogStream::Stderr), ["to stderr"]);
    assert_eq!(ended.heard.progress(), [(3, Some(10), "rows".to_owned())]);
    let metrics = ended.heard.metrics();
    assert_eq!((metrics[0].0.as_str(), metrics[0].1), ("loss", 4));
    assert!(metrics[0].2.is_nan());
}

#[tokio::test]
async fn the_log_ends_at_its_limit_and_says_so_once() {
    for way in ["log", "print"] {
        let flood = function(LOG_FLOOD, way).plain(json!(1000)).plain(json!("123456789"));
        let ended = flood.limited(|limits| limits.log_bytes_max = 100).run().await;
        ended.outputs();
        let lines = ended.heard.lines();
        assert_eq!(lines.len(), 11, "{way}");
        assert_eq!(
            (lines[10].0, &lines[10].1[..46]),
            (LogStream::Warn, "the step reached its log limit of 100B: what f")
        );
        assert_eq!((ended.usage.log_bytes, ended.usage.log_messages_dropped), (100, 990), "{way}");
    }
}

#[tokio::test]
async fn a_log_just_within_its_limit_is_whole() {
    let flood = function(LOG_FLOOD, "log").plain(json!(10)).plain(json!("123456789"));
    let ended = flood.limited(|limits| limits.log_bytes_max = 100).run().await;
    assert_eq!((ended.heard.lines().len(), ended.usage.log_messages_dropped), (10, 0));
}

#[tokio::test]
async fn a_line_without_an_end_comes_in_pieces() {
    let ended = function(LOG_FLOOD, "print").plain(json!(1)).plain(json!("x".repeat(40_000))).run().await;
    let lengths: Vec<usize> = ended.heard.lines().iter().map(|(_, line)| line.len()).collect();
    assert_eq!(lengths, [16_384, 16_384, 7_232]);
}

#[tokio::test]
async fn reports_past_their_number_are_dropped() {
    let ended = function(TALK, "report").plain(json!(100_003)).run().await;
    assert_eq!(ended.heard.metrics().len(), 100_000);
    assert!(ended.heard.text().contains("the step made 100000 progress reports and metric points"));
}
