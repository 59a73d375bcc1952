//! Imports from a web server of these tests' own, at the edges of what is allowed.
#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up has to stop")]

use std::sync::Arc;

use host_artifacts::Artifacts;
use host_base::{ArtifactRef, Code, Failure, Limits};
use registry_cas::{MemoryBlobs, SharedBlobs};
use registry_client::{ClientConfig, RegistryClient};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::{Import, Imports, check};
use crate::Policy;
use crate::components::Components;

/// A server that answers every request with these words, or never where there are none. Returns its address.
async fn serve(answer: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut head = [0; 1024];
            let _ = stream.read(&mut head).await;
            if answer.is_empty() {
                std::future::pending::<()>().await;
            }
            let _ = stream.write_all(format!("HTTP/1.1 {answer}").as_bytes()).await;
        }
    });
    address
}

async fn import(uri: &str, hosts: &[&str], limits: &Limits) -> Result<ArtifactRef, Failure> {
    let blobs: SharedBlobs = Arc::new(MemoryBlobs::new(1 << 20));
    let components = Components::new(RegistryClient::new(ClientConfig::default()), blobs.clone(), blobs.clone());
    let policy = Policy { http_hosts: hosts.iter().map(|host| (*host).to_owned()).collect(), ..Policy::default() };
    let artifacts = Artifacts::new(blobs);
    Imports::new(Vec::new())
        .content(uri, &Import { policy: &policy, components: &components, artifacts: &artifacts, limits })
        .await
}

#[tokio::test]
async fn content_is_as_large_as_it_may_be() {
    const ANSWER: &str =
        "200 OK\r\ncontent-type: text/csv; charset=utf-8\r\ncontent-length: 4\r\nconnection: close\r\n\r\nrows";
    let address = serve(ANSWER).await;
    let limits = |output_bytes_max| Limits { output_bytes_max, ..Limits::default() };
    let found = import(&format!("http://{address}/x"), &[&address], &limits(4)).await.unwrap();
    assert_eq!((found.size_bytes, found.media_type.as_str()), (4, "text/csv"));
    let failure = import(&format!("http://{address}/x"), &[&address], &limits(3)).await.unwrap_err();
    assert_eq!(failure.code, Code::ImportFailed);
    assert!(failure.message.contains("output_bytes_max = 3"), "{failure}");
    // Nobody has to say how long an answer is.
    let address = serve("200 OK\r\ncontent-type: what?\r\nconnection: close\r\n\r\nrows and more").await;
    let found = import(&format!("http://{address}/x"), &[&address], &limits(13)).await.unwrap();
    assert_eq!((found.size_bytes, found.media_type.as_str()), (13, "application/octet-stream"));
    assert!(import(&format!("http://{address}/x"), &[&address], &limits(12)).await.is_err());
}

#[tokio::test]
async fn a_server_that_says_nothing_is_given_up_and_one_in_trouble_is_asked_again_later() {
    let address = serve("").await;
    let limits = Limits { wall_millis_max: 300, ..Limits::default() };
    let failure = import(&format!("http://{address}/x"), &[&address], &limits).await.unwrap_err();
    assert!(failure.retryable && failure.message.contains("wall_millis_max = 300"), "{failure}");
    for (answer, retryable) in
        [("503 Busy\r\nconnection: close\r\n\r\n", true), ("401 No\r\nconnection: close\r\n\r\n", false)]
    {
        let address = serve(answer).await;
        let failure = import(&format!("http://{address}/x"), &[&address], &Limits::default()).await.unwrap_err();
        assert_eq!((failure.code, failure.retryable), (Code::ImportFailed, retryable), "{failure}");
    }
}

#[test]
fn only_allowed_hosts_are_read() {
    let policy = Policy { http_hosts: vec!["*.example.org".to_owned(), "h:81".to_owned()], ..Policy::default() };
    for uri in ["https://data.example.org/x", "http://h:81/x", "oci://r.example.org/a/b:1"] {
        check(&policy, uri).unwrap_or_else(|failure| panic!("{uri}: {failure}"));
    }
    for uri in ["https://example.com/x", "http://h/x", "http://h:82/x", "https://data.example.org.evil.com/x"] {
        let failure = check(&policy, uri).unwrap_err();
        assert_eq!(failure.code, Code::GrantNotAllowed, "{uri}");
        assert!(failure.hint.unwrap().contains("--allow-http"), "{uri}");
    }
    let policy = Policy { buckets: vec!["s3://data".parse().unwrap()], ..Policy::default() };
    check(&policy, "s3://data/rows.csv").unwrap();
    for uri in ["s3://database/rows.csv", "gs://data/rows.csv", "minio://data/rows.csv"] {
        let failure = check(&policy, uri).unwrap_err();
        assert_eq!(failure.code, Code::GrantNotAllowed, "{uri}");
        assert!(failure.hint.unwrap().contains("--allow-bucket"), "{uri}");
    }
    for uri in ["oci://", "oci://a b", "ftp://h/x", "s3://data"] {
        assert_eq!(check(&policy, uri).unwrap_err().code, Code::ImportFailed, "{uri}");
    }
}
