//! Every limit on what an index sends, reached.

use std::time::{Duration, Instant};

use host_base::Code;
use serde_json::json;

use crate::index::{Index, Reply};
use crate::support::{Rig, list, listed, publish, wheel};

/// Long enough for a busy machine, and far from the limits of every day.
const SOON: Duration = Duration::from_secs(20);

#[tokio::test]
async fn a_list_is_as_long_as_it_may_be() {
    let index = Index::start().await;
    let bytes = wheel("alpha", "1", &[]);
    let Reply::List(text) = list(&[listed("alpha-1-py3-none-any.whl", &bytes)]) else { unreachable!() };
    index.put("/simple/alpha/", Reply::List(text.clone()));
    index.put("/files/alpha-1-py3-none-any.whl", Reply::File(bytes));
    let limited = |bytes_max| Rig::with(&[&index.simple()], |config| config.page_bytes_max = bytes_max);
    limited(text.len()).resolve(&["alpha"]).await.unwrap();
    let failure = limited(text.len() - 1).refusal(&["alpha"], Code::IndexFailed).await;
    assert!(failure.message.contains("longer than"), "{failure}");
    index.put("/simple/beta/", Reply::Endless);
    let failure = limited(1 << 20).refusal(&["beta"], Code::IndexFailed).await;
    assert!(failure.message.contains("longer than 1048576 bytes"), "{failure}");
}

#[tokio::test]
async fn a_wheel_is_as_long_as_it_may_be() {
    let index = Index::start().await;
    let bytes = wheel("alpha", "1", &[]);
    publish(&index, "alpha", "1", &[]);
    let limited = |bytes_max| Rig::with(&[&index.simple()], |config| config.wheel_bytes_max = bytes_max);
    limited(bytes.len() as u64).resolve(&["alpha"]).await.unwrap();
    let failure = limited(bytes.len() as u64 - 1).refusal(&["alpha"], Code::PackageNotUsable).await;
    assert!(failure.message.contains("wheel_bytes_max"), "{failure}");
    index.put("/simple/beta/", list(&[listed("beta-1-py3-none-any.whl", b"beta")]));
    index.put("/files/beta-1-py3-none-any.whl", Reply::Endless);
    let failure = limited(1 << 20).refusal(&["beta"], Code::PackageNotUsable).await;
    assert!(failure.message.contains("wheel_bytes_max = 1048576"), "{failure}");
}

#[tokio::test]
async fn metadata_are_as_long_as_they_may_be() {
    let index = Index::start().await;
    let mut described = listed("alpha-1-py3-none-any.whl", b"");
    described["core-metadata"] = json!(true);
    index.put("/simple/alpha/", list(&[described]));
    index.put("/files/alpha-1-py3-none-any.whl.metadata", Reply::File(vec![b'\n'; 1000]));
    let limited = |bytes_max| Rig::with(&[&index.simple()], |config| config.metadata_bytes_max = bytes_max);
    limited(1000).resolve(&["alpha"]).await.unwrap();
    limited(999).refusal(&["alpha"], Code::IndexFailed).await;
}

#[tokio::test]
async fn lies_about_lengths_are_found() {
    let index = Index::start().await;
    let bytes = wheel("alpha", "1", &[]);
    index.put("/simple/alpha/", list(&[listed("alpha-1-py3-none-any.whl", &bytes)]));
    let path = "/files/alpha-1-py3-none-any.whl";
    index.put(path, Reply::Lie(bytes.len() as u64 + 10, bytes.clone()));
    let rig = Rig::with(&[&index.simple()], |config| config.attempts_max = 1);
    let failure = rig.refusal(&["alpha"], Code::IndexFailed).await;
    assert!(failure.retryable, "{failure}");
    index.put(path, Reply::Lie(bytes.len() as u64 - 10, bytes));
    rig.refusal(&["alpha"], Code::IndexFailed).await;
    rig.refusal(&["alpha"], Code::DigestMismatch).await;
    assert_eq!(rig.blobs.list().await.unwrap(), []);
}

#[tokio::test]
async fn nobody_is_waited_for_without_end() {
    let index = Index::start().await;
    index.put("/simple/alpha/", Reply::Silence);
    index.put("/simple/beta/", Reply::Drip);
    let started = Instant::now();
    let rig = Rig::with(&[&index.simple()], |config| {
        (config.idle_millis_max, config.attempts_max) = (300, 2);
        config.resolve_millis_max = 1_500;
    });
    let failure = rig.refusal(&["alpha"], Code::IndexFailed).await;
    assert!(failure.retryable && failure.message.contains("no answer in time"), "{failure}");
    let failure = rig.refusal(&["beta"], Code::IndexFailed).await;
    assert!(failure.message.contains("resolve_millis_max = 1500"), "{failure}");

    let mut described = listed("gamma-1-py3-none-any.whl", b"gamma");
    described["core-metadata"] = json!(true);
    index.put("/simple/gamma/", list(&[described]));
    index.put("/files/gamma-1-py3-none-any.whl.metadata", Reply::File(Vec::new()));
    index.put("/files/gamma-1-py3-none-any.whl", Reply::Drip);
    let rig = Rig::with(&[&index.simple()], |config| config.fetch_millis_max = 500);
    let wheels = rig.resolve(&["gamma"]).await.unwrap();
    let failure = rig.wheels.layer(&wheels[0]).await.unwrap_err();
    assert!(failure.retryable && failure.message.contains("fetch_millis_max = 500"), "{failure}");
    assert!(started.elapsed() < SOON, "{:?}", started.elapsed());
}

#[tokio::test]
async fn needs_are_not_followed_without_end() {
    let index = Index::start().await;
    for number in 0..12 {
        publish(&index, &format!("p{number}"), "1", &[&format!("p{}", number + 1)]);
    }
    publish(&index, "p12", "1", &[]);
    let limited = |packages_max, requests_max| {
        Rig::with(&[&index.simple()], |config| {
            (config.packages_max, config.requests_max) = (packages_max, requests_max);
        })
    };
    assert_eq!(limited(13, 26).resolve(&["p0"]).await.unwrap().len(), 13);
    let failure = limited(12, 26).refusal(&["p0"], Code::PackageNotUsable).await;
    assert!(failure.message.contains("packages_max = 12"), "{failure}");
    let failure = limited(13, 25).refusal(&["p0"], Code::PackageNotUsable).await;
    assert!(failure.message.contains("requests_max = 25"), "{failure}");
}
