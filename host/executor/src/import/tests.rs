//! Imports from a web server of these tests' own, at the edges of what is allowed.
#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up has to stop")]

use std::sync::Arc;

use host_artifacts::Artifacts;
use host_base::{ArtifactRef, Code, Failure, Limits};
use host_pipeline::kfp::KeptSource;
use host_training::SourceAccess;
use registry_cas::{MemoryBlobs, SharedBlobs};
use registry_client::{ClientConfig, RegistryClient};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::access::Access;
use super::{Import, Imports, check};
use crate::Policy;
use crate::components::Components;
use crate::kept::Kept;

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
    import_with(uri, hosts, limits, None).await
}

async fn import_with(
    uri: &str,
    hosts: &[&str],
    limits: &Limits,
    access: Option<&Access>,
) -> Result<ArtifactRef, Failure> {
    let blobs: SharedBlobs = Arc::new(MemoryBlobs::new(1 << 20));
    let components = Components::new(RegistryClient::new(ClientConfig::default()), blobs.clone(), blobs.clone());
    let policy = Policy { http_hosts: hosts.iter().map(|host| (*host).to_owned()).collect(), ..Policy::default() };
    let artifacts = Artifacts::new(blobs);
    Imports::new(Vec::new())
        .content(uri, &Import { policy: &policy, components: &components, artifacts: &artifacts, limits, access })
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
        check(&policy, uri, None).unwrap_or_else(|failure| panic!("{uri}: {failure}"));
    }
    for uri in ["https://example.com/x", "http://h/x", "http://h:82/x", "https://data.example.org.evil.com/x"] {
        let failure = check(&policy, uri, None).unwrap_err();
        assert_eq!(failure.code, Code::GrantNotAllowed, "{uri}");
        assert!(failure.hint.unwrap().contains("--allow-http"), "{uri}");
    }
    let policy = Policy { buckets: vec!["s3://data".parse().unwrap()], ..Policy::default() };
    check(&policy, "s3://data/rows.csv", None).unwrap();
    for uri in ["s3://database/rows.csv", "gs://data/rows.csv", "minio://data/rows.csv"] {
        let failure = check(&policy, uri, None).unwrap_err();
        assert_eq!(failure.code, Code::GrantNotAllowed, "{uri}");
        assert!(failure.hint.unwrap().contains("--allow-bucket"), "{uri}");
    }
    for uri in ["oci://", "oci://a b", "ftp://h/x", "s3://data"] {
        assert_eq!(check(&policy, uri, None).unwrap_err().code, Code::ImportFailed, "{uri}");
    }
}

/// What a document names: a secret with these keys, and these variables of its own.
fn access(secret: &[(&str, &str)], own: &[(&str, &str)]) -> Access {
    let folder = tempfile::tempdir().unwrap();
    let kept = Kept::under(folder.path());
    let values = secret.iter().map(|(key, value)| ((*key).to_owned(), value.as_bytes().to_vec())).collect();
    kept.set(&KeptSource::Secret("store".to_owned()), &values).unwrap();
    let environment = own.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Access::of_job(&kept, &SourceAccess { secret: Some("store".to_owned()), environment }).unwrap()
}

const KEY: [(&str, &str); 2] = [("AWS_ACCESS_KEY_ID", "id-of-a-key"), ("AWS_SECRET_ACCESS_KEY", "horse-battery\n")];

#[test]
fn a_bucket_that_a_document_opens_is_read_where_hosts_or_buckets_are_allowed() {
    let hosts =
        Policy { http_hosts: vec!["s3.eu-west-1.amazonaws.com".to_owned(), "h:9000".to_owned()], ..Policy::default() };
    let buckets = Policy {
        buckets: vec!["minio://b=http://h:9000".parse().unwrap(), "s3://b".parse().unwrap()],
        ..Policy::default()
    };
    let secret = [KEY[0], KEY[1], ("AWS_ENDPOINT_URL", "http://elsewhere:1")];
    let is_said = |own: &[(&str, &str)]| own.iter().any(|(name, _)| name.contains("ENDPOINT"));
    let with = |own: &[(&str, &str)]| access(&secret[..if is_said(own) { 3 } else { 2 }], own);
    let region = [("AWS_DEFAULT_REGION", "eu-west-1")];
    let (store, other) = ([("AWS_ENDPOINT_URL", "http://h:9000/")], [("ENDPOINT", "http://h:9001")]);
    for (policy, uri, own) in [
        (&hosts, "s3://any/x", &region[..]),
        (&hosts, "s3://any/x", &store),
        (&hosts, "minio://any/x", &store),
        (&buckets, "s3://b/x", &region),
        (&buckets, "minio://b/x", &[]),
        (&buckets, "minio://b/x", &store),
        // What the document says goes before what its secret says, under whichever name.
        (&hosts, "s3://any/x", &[("ENDPOINT", "http://h:9000")]),
    ] {
        check(policy, uri, Some(&with(own))).unwrap_or_else(|failure| panic!("{uri} {own:?}: {failure}"));
    }
    for (policy, uri, own, flag) in [
        (&hosts, "s3://any/x", &[][..], "--allow-http s3.us-east-1.amazonaws.com"),
        (&hosts, "s3://any/x", &other, "--allow-http h:9001"),
        (&buckets, "s3://b/x", &store, "--allow-http h:9000"),
        (&buckets, "minio://b/x", &other, "--allow-http h:9001"),
        (&buckets, "s3://c/x", &region, "--allow-http s3.eu-west-1.amazonaws.com"),
    ] {
        let failure = check(policy, uri, Some(&with(own))).unwrap_err();
        assert_eq!(failure.code, Code::GrantNotAllowed, "{uri} {own:?}");
        assert!(failure.hint.as_ref().unwrap().contains(flag), "{uri} {own:?}: {failure}");
    }
    for endpoint in ["http://h:9000@evil.org", "http://h:9000?x", "h:9000", "file:///h", "http://"] {
        let failure = check(&hosts, "s3://b/x", Some(&with(&[("ENDPOINT", endpoint)]))).unwrap_err();
        assert_eq!(failure.code, Code::ImportFailed, "{endpoint}: {failure}");
    }
    let failure = check(&hosts, "s3://b/x", Some(&with(&[("REGION", "x.evil.org/")]))).unwrap_err();
    assert!(failure.message.contains("region"), "{failure}");
    let failure = check(&hosts, "minio://b/x", Some(&with(&[]))).unwrap_err();
    assert!(failure.hint.unwrap().contains("sandmill secret set store AWS_ENDPOINT_URL=@-"));
}

#[test]
fn what_opens_a_place_is_whole_or_refused_with_what_is_missing() {
    let policy = Policy { http_hosts: vec!["*".to_owned()], ..Policy::default() };
    for (uri, secret, named) in [
        ("s3://b/x", &KEY[..1], "AWS_SECRET_ACCESS_KEY"),
        ("s3://b/x", &KEY[1..], "AWS_ACCESS_KEY_ID"),
        ("s3://b/x", &[("password", "x")], "AWS_ACCESS_KEY_ID"),
        ("https://h/x", &KEY, "ACCESS_TOKEN"),
    ] {
        let failure = check(&policy, uri, Some(&access(secret, &[]))).unwrap_err();
        assert_eq!(failure.code, Code::GrantNotAllowed, "{uri}");
        assert!(failure.hint.as_ref().unwrap().contains(&format!("sandmill secret set store {named}=@-")), "{failure}");
    }
    for (secret, own) in [
        (&[("AWS_ACCESS_KEY_ID", "two\nlines"), KEY[1]][..], &[][..]),
        (&KEY, &[("ACCESS_KEY_ID", "schlüssel")]),
        (&[KEY[0], KEY[1], ("AWS_SESSION_TOKEN", "a b")], &[]),
    ] {
        let failure = check(&policy, "s3://b/x", Some(&access(secret, own))).unwrap_err();
        assert_eq!(failure.code, Code::TypeMismatch, "{failure}");
    }
    for bucket in ["a b", "..", "ä", "a?b", "a#b", "a%2fb", "user@h"] {
        let failure = check(&policy, &format!("s3://{bucket}/x"), Some(&access(&KEY, &[]))).unwrap_err();
        assert_eq!(failure.code, Code::ImportFailed, "{bucket}");
    }
    check(&policy, "s3://b/x", Some(&access(&[], &[("AWS_SKIP_SIGNATURE", "true")]))).unwrap();
    let token = access(&[("ACCESS_TOKEN", "t")], &[]);
    check(&policy, "https://h/x", Some(&token)).unwrap();
    for uri in ["http://h/x", "oci://r.example.org/a/b:1"] {
        assert_eq!(check(&policy, uri, Some(&token)).unwrap_err().code, Code::ImportFailed, "{uri}");
    }
}

/// A server that answers the first request with these words and hands over what it was asked.
async fn hear(answer: &'static str) -> (String, tokio::task::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let heard = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut head = [0; 4096];
        let length = stream.read(&mut head).await.unwrap();
        stream.write_all(format!("HTTP/1.1 {answer}").as_bytes()).await.unwrap();
        String::from_utf8_lossy(&head[..length]).into_owned()
    });
    (address, heard)
}

#[tokio::test]
async fn a_token_is_shown_to_the_server_that_it_is_for_and_to_nobody_else() {
    let token = access(&[("ACCESS_TOKEN", "let-me-in\n")], &[]);
    let (address, heard) = hear("200 OK\r\ncontent-length: 4\r\nconnection: close\r\n\r\nrows").await;
    import_with(&format!("http://{address}/x"), &[&address], &Limits::default(), Some(&token)).await.unwrap();
    assert!(heard.await.unwrap().contains("authorization: Bearer let-me-in\r\n"));
    let address = serve("403 No\r\ncontent-length: 9\r\nconnection: close\r\n\r\nlet-me-in").await;
    let failed = import_with(&format!("http://{address}/x"), &[&address], &Limits::default(), Some(&token)).await;
    let told = format!("{:?}", failed.unwrap_err());
    assert!(
        told.contains("the secret `store`") && told.contains("ACCESS_TOKEN=@-") && !told.contains("let-me-in"),
        "{told}"
    );
}

#[tokio::test]
async fn a_store_sends_nobody_elsewhere_and_is_not_quoted_where_it_quotes_what_opens_it() {
    let elsewhere = serve("200 OK\r\ncontent-length: 4\r\nconnection: close\r\n\r\nrows").await;
    let answer =
        format!("302 Found\r\nlocation: http://{elsewhere}/x\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    for (answer, part) in [
        (&*answer.leak(), "cannot be imported"),
        ("400 No\r\ncontent-length: 13\r\nconnection: close\r\n\r\nhorse-battery", "cannot be imported"),
        (
            "403 No\r\ncontent-length: 13\r\nconnection: close\r\n\r\nhorse-battery",
            "refuses what is in the secret `store`",
        ),
    ] {
        let address = serve(answer).await;
        let access = access(&KEY, &[("AWS_ENDPOINT_URL", &format!("http://{address}"))]);
        let failed = import_with("s3://b/x", &[&address, &elsewhere], &Limits::default(), Some(&access)).await;
        let told = format!("{:?}", failed.unwrap_err());
        assert!(told.contains(part) && !told.contains("horse-battery") && !told.contains("id-of-a-key"), "{told}");
    }
}
