//! What a guest asks of the platform goes to whoever was lent to it, and to nobody else.
//! Never the node's own interface; `tests/notebook` asks that.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use host_base::Failure;
use host_cap_platform::{Answer, LentPlatform, Method, Platform, REQUEST_BYTES_MAX, Request};
use host_runtime::Lent;
use serde_json::json;

use crate::programs::ASK_PLATFORM;

/// Answers with what it was asked, and keeps it.
#[derive(Default)]
struct Recorder(Mutex<Vec<Request>>);

#[async_trait]
impl Platform for Recorder {
    async fn ask(&self, request: Request) -> Result<Answer, Failure> {
        let body = request.path.clone().into_bytes();
        self.0.lock().unwrap().push(request);
        Ok(Answer { status: 207, body })
    }
}

async fn told(lent: Lent, function: &str, argument: serde_json::Value) -> serde_json::Value {
    crate::support::function(ASK_PLATFORM, function).plain(argument).lent(lent).run().await.output()
}

#[tokio::test]
async fn a_guest_that_was_lent_nothing_is_refused_whatever_it_asks() {
    for path in ["/api/v1/runs", "", "file:///etc/passwd"] {
        let said = told(Lent::default(), "ask", json!(path)).await;
        assert!(said.as_str().unwrap().starts_with("SM0302 "), "{said}");
    }
}

#[tokio::test]
async fn what_is_asked_is_passed_on_as_it_is() {
    let recorder = Arc::new(Recorder::default());
    let lent = || Lent::default().with(LentPlatform(recorder.clone()));
    assert_eq!(told(lent(), "ask", json!("/a?b=c")).await, "207 /a?b=c");
    assert_eq!(told(lent(), "send", json!(3)).await, "207 /sent");
    let asked = recorder.0.lock().unwrap().clone();
    assert_eq!((asked[0].method, asked[0].bytes.clone()), (Method::Get, Some(2..5)));
    assert_eq!(asked[1].content.as_ref().unwrap().body, b"xxx");
}

#[tokio::test]
async fn a_request_carries_as_much_as_it_may_and_no_more() {
    let recorder = Arc::new(Recorder::default());
    let lent = || Lent::default().with(LentPlatform(recorder.clone()));
    assert_eq!(told(lent(), "send", json!(REQUEST_BYTES_MAX)).await, "207 /sent");
    let said = told(lent(), "send", json!(REQUEST_BYTES_MAX + 1)).await;
    assert!(said.as_str().unwrap().starts_with("SM0705 "), "{said}");
    assert_eq!(recorder.0.lock().unwrap().len(), 1);
}
