//! Uploads in chunks: resumed, out of order, broken off, cancelled, mounted, given up.
//! Never assumes an upload's address: it is taken from the answers.

use registry_oci::{Algorithm, Digest, Hasher};
use reqwest::Method;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use crate::endpoints::{Api, header};
use crate::kit::*;

async fn begin(api: &Api, repository: &str) -> String {
    let begun = api.send(Method::POST, &format!("/v2/{repository}/blobs/uploads/"), &[], b"").await;
    assert_eq!(begun.status(), 202);
    assert_eq!(header(&begun, "range"), "0-0");
    let location = header(&begun, "location").to_owned();
    assert!(location.starts_with(&format!("/v2/{repository}/blobs/uploads/")), "{location}");
    location
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn chunks_are_taken_in_order_only() {
    let api = Api::start().await;
    let content = content(700_000);
    let upload = begin(&api, "a").await;
    let chunk = async |range: &str, bytes: &[u8]| {
        let response = api.send(Method::PATCH, &upload, &[("content-range", range)], bytes).await;
        (response.status().as_u16(), header(&response, "range").to_owned())
    };
    assert_eq!(chunk("0-399999", &content[..400_000]).await, (202, "0-399999".to_owned()));
    assert_eq!(chunk("0-399999", &content[..400_000]).await, (416, "0-399999".to_owned()), "sent twice");
    assert_eq!(chunk("500000-599999", &content[500_000..600_000]).await.0, 416, "one left out");
    assert_eq!(chunk("400000-400009", &content[400_000..400_020]).await.0, 400, "longer than it says");
    assert_eq!(chunk("400000", &content[400_000..400_020]).await.0, 400, "half a range");
    let status = api.send(Method::GET, &upload, &[], b"").await;
    assert_eq!((status.status().as_u16(), header(&status, "range")), (204, "0-399999"), "nothing of these was kept");
    assert_eq!(chunk("400000-599999", &content[400_000..600_000]).await, (202, "0-599999".to_owned()));

    let digest = Digest::sha256(&content);
    let finished = api.send(Method::PUT, &format!("{upload}?digest={digest}"), &[], &content[600_000..]).await;
    assert_eq!(finished.status(), 201);
    assert_eq!(header(&finished, "docker-content-digest"), digest.to_string());
    let blob = api.send(Method::GET, header(&finished, "location"), &[], b"").await;
    assert_eq!(blob.bytes().await.unwrap(), content);
    assert_eq!(api.send(Method::GET, &upload, &[], b"").await.status(), 404, "the upload is over");
}

/// The connection breaks in the middle of a chunk; what arrived is kept, and the client goes on from there.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_broken_connection_is_resumed() {
    let api = Api::start().await;
    let content = content(900_000);
    let upload = begin(&api, "a").await;
    let mut connection = TcpStream::connect(&api.registry.address).await.unwrap();
    let head = format!("PATCH {upload} HTTP/1.1\r\nHost: registry\r\nContent-Length: 900000\r\n\r\n");
    connection.write_all(head.as_bytes()).await.unwrap();
    connection.write_all(&content[..600_000]).await.unwrap();
    connection.flush().await.unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    drop(connection);

    // The registry may take a moment to notice that the connection is gone.
    let mut arrived = 0;
    for _ in 0..100 {
        let status = api.send(Method::GET, &upload, &[], b"").await;
        if status.status() == 204 {
            arrived = header(&status, "range").strip_prefix("0-").unwrap().parse::<usize>().unwrap() + 1;
            break;
        }
        assert_eq!(status.status(), 409);
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert!((1..=600_000).contains(&arrived), "{arrived} bytes arrived");
    let range = format!("{arrived}-899999");
    let rest = api.send(Method::PATCH, &upload, &[("content-range", &range)], &content[arrived..]).await;
    assert_eq!(rest.status(), 202);
    let digest = Digest::sha256(&content);
    assert_eq!(api.send(Method::PUT, &format!("{upload}?digest={digest}"), &[], b"").await.status(), 201);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_digest_ends_an_upload() {
    let api = Api::start().await;
    let upload = begin(&api, "a").await;
    let wrong = Digest::sha256(b"something else");
    assert_eq!(api.send(Method::PUT, &format!("{upload}?digest={wrong}"), &[], b"content").await.status(), 400);
    assert_eq!(api.send(Method::GET, &upload, &[], b"").await.status(), 404);
    assert_eq!(api.send(Method::HEAD, &format!("/v2/a/blobs/{wrong}"), &[], b"").await.status(), 404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_upload_is_cancelled_and_belongs_to_its_repository() {
    let api = Api::start().await;
    let upload = begin(&api, "a").await;
    let elsewhere = upload.replace("/v2/a/", "/v2/b/");
    assert_eq!(api.send(Method::PATCH, &elsewhere, &[], b"x").await.status(), 404);
    assert_eq!(api.send(Method::DELETE, &upload, &[], b"").await.status(), 204);
    assert_eq!(api.send(Method::PATCH, &upload, &[], b"x").await.status(), 404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn blobs_are_mounted_from_where_they_are() {
    let api = Api::start().await;
    let digest = api.push_blob("a", b"shared").await;
    let mounted = api.send(Method::POST, &format!("/v2/b/blobs/uploads/?mount={digest}&from=a"), &[], b"").await;
    assert_eq!(mounted.status(), 201);
    assert_eq!(header(&mounted, "location"), format!("/v2/b/blobs/{digest}"));
    assert_eq!(api.send(Method::GET, &format!("/v2/b/blobs/{digest}"), &[], b"").await.status(), 200);
    // What the other repository does not have is to be uploaded, and the answer says where.
    let from_c = api.send(Method::POST, &format!("/v2/d/blobs/uploads/?mount={digest}&from=c"), &[], b"").await;
    assert_eq!(from_c.status(), 202);
    assert!(header(&from_c, "location").starts_with("/v2/d/blobs/uploads/"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn other_algorithms_are_taken() {
    let api = Api::start().await;
    let content = content(300_000);
    let mut hasher = Hasher::new(Algorithm::Sha512);
    hasher.update(&content);
    let digest = hasher.finish();
    for query in ["", "?digest-algorithm=sha512"] {
        let begun = api.send(Method::POST, &format!("/v2/a/blobs/uploads/{query}"), &[], b"").await;
        let upload = header(&begun, "location").to_owned();
        assert_eq!(api.send(Method::PUT, &format!("{upload}?digest={digest}"), &[], &content).await.status(), 201);
    }
    let blob = api.send(Method::GET, &format!("/v2/a/blobs/{digest}"), &[], b"").await;
    assert_eq!(blob.bytes().await.unwrap(), content);
}
