//! Every endpoint of our registry with its status codes, as a table.
//! Never uses our own client, which would not send half of this.

use registry_oci::{Descriptor, Digest, ImageManifest, Index, canonical_json, media_types};
use reqwest::{Method, Response, StatusCode};
use serde_json::Value;

use crate::kit::*;

pub struct Api {
    pub registry: OurRegistry,
    pub http: reqwest::Client,
}

impl Api {
    pub async fn start() -> Self {
        Self { registry: OurRegistry::start().await, http: http() }
    }

    pub async fn send(&self, method: Method, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Response {
        let mut request = self.http.request(method, self.registry.url(path)).body(body.to_vec());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.send().await.unwrap()
    }

    pub async fn push_blob(&self, repository: &str, content: &[u8]) -> Digest {
        let digest = Digest::sha256(content);
        let path = format!("/v2/{repository}/blobs/uploads/?digest={digest}");
        assert_eq!(self.send(Method::POST, &path, &[], content).await.status(), StatusCode::CREATED);
        digest
    }

    pub async fn push_manifest(&self, repository: &str, name: &str, manifest: &[u8]) -> Response {
        let path = format!("/v2/{repository}/manifests/{name}");
        self.send(Method::PUT, &path, &[("content-type", media_types::IMAGE_MANIFEST)], manifest).await
    }
}

pub fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

/// A manifest over an empty configuration, which must be pushed first.
fn manifest(change: impl FnOnce(&mut ImageManifest)) -> Vec<u8> {
    let mut manifest = ImageManifest {
        schema_version: 2,
        media_type: Some(media_types::IMAGE_MANIFEST.to_owned()),
        artifact_type: None,
        config: Descriptor::of("application/vnd.oci.empty.v1+json", b"{}"),
        layers: Vec::new(),
        subject: None,
        annotations: Default::default(),
    };
    change(&mut manifest);
    canonical_json(&manifest)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_request_gets_its_status_and_code() {
    let api = Api::start().await;
    let blob = api.push_blob("a/b", b"0123456789").await;
    api.push_blob("a/b", b"{}").await;
    let plain = manifest(|_| {});
    let digest = Digest::sha256(&plain);
    assert_eq!(api.push_manifest("a/b", "v1", &plain).await.status(), 201);
    let absent = Digest::sha256(b"absent");
    let incomplete = manifest(|manifest| manifest.layers.push(Descriptor::of("a/b", b"absent")));
    let index = canonical_json(&Index::of(vec![Descriptor::of(media_types::IMAGE_MANIFEST, b"absent")]));
    let huge = vec![b' '; (4 << 20) + 1];

    let cases: &[(&str, String, &[u8], u16, &str)] = &[
        ("GET", "/v2/".into(), b"", 200, ""),
        ("GET", "/v2".into(), b"", 200, ""),
        ("POST", "/v2/".into(), b"", 405, "UNSUPPORTED"),
        ("GET", "/".into(), b"", 404, "UNSUPPORTED"),
        ("GET", "/v2/a/b/nothing".into(), b"", 404, "UNSUPPORTED"),
        ("GET", format!("/v2/a/b/blobs/{blob}"), b"", 200, ""),
        ("HEAD", format!("/v2/a/b/blobs/{blob}"), b"", 200, ""),
        ("GET", format!("/v2/a/b/blobs/{}", blob.to_string().replace(':', "%3A")), b"", 200, ""),
        ("GET", format!("/v2/a/c/blobs/{blob}"), b"", 404, "BLOB_UNKNOWN"),
        ("GET", format!("/v2/a/b/blobs/{absent}"), b"", 404, "BLOB_UNKNOWN"),
        ("HEAD", format!("/v2/a/b/blobs/{absent}"), b"", 404, ""),
        ("GET", "/v2/a/b/blobs/sha256:00".into(), b"", 400, "DIGEST_INVALID"),
        ("PUT", format!("/v2/a/b/blobs/{blob}"), b"", 405, "UNSUPPORTED"),
        ("DELETE", format!("/v2/a/b/blobs/{absent}"), b"", 404, "BLOB_UNKNOWN"),
        ("GET", format!("/v2/A/b/blobs/{blob}"), b"", 400, "NAME_INVALID"),
        ("GET", "/v2/a/..%2F..%2Fb/tags/list".into(), b"", 400, "NAME_INVALID"),
        ("GET", "/v2/a/b/manifests/v1".into(), b"", 200, ""),
        ("HEAD", "/v2/a/b/manifests/v1".into(), b"", 200, ""),
        ("GET", format!("/v2/a/b/manifests/{digest}"), b"", 200, ""),
        ("GET", "/v2/a/b/manifests/v2".into(), b"", 404, "MANIFEST_UNKNOWN"),
        ("HEAD", "/v2/a/b/manifests/v2".into(), b"", 404, ""),
        ("GET", "/v2/a/b/manifests/.no".into(), b"", 404, "MANIFEST_UNKNOWN"),
        ("GET", format!("/v2/a/b/manifests/{absent}"), b"", 404, "MANIFEST_UNKNOWN"),
        ("GET", format!("/v2/a/c/manifests/{digest}"), b"", 404, "MANIFEST_UNKNOWN"),
        ("POST", "/v2/a/b/manifests/v1".into(), b"", 405, "UNSUPPORTED"),
        ("PUT", "/v2/a/b/manifests/v2".into(), b"{", 400, "MANIFEST_INVALID"),
        ("PUT", "/v2/a/b/manifests/.no".into(), &plain, 400, "MANIFEST_INVALID"),
        ("PUT", format!("/v2/a/b/manifests/{absent}"), &plain, 400, "DIGEST_INVALID"),
        ("PUT", "/v2/a/b/manifests/v2".into(), &incomplete, 400, "MANIFEST_BLOB_UNKNOWN"),
        ("PUT", "/v2/a/b/manifests/v2".into(), &index, 400, "MANIFEST_BLOB_UNKNOWN"),
        ("PUT", "/v2/a/c/manifests/v1".into(), &plain, 400, "MANIFEST_BLOB_UNKNOWN"),
        ("PUT", "/v2/a/b/manifests/v2".into(), &huge, 413, "SIZE_INVALID"),
        ("DELETE", "/v2/a/b/manifests/v2".into(), b"", 404, "MANIFEST_UNKNOWN"),
        ("DELETE", format!("/v2/a/b/manifests/{absent}"), b"", 404, "MANIFEST_UNKNOWN"),
        ("GET", "/v2/a/b/tags/list".into(), b"", 200, ""),
        ("GET", "/v2/a/b/tags/list?n=some".into(), b"", 400, "UNSUPPORTED"),
        ("GET", "/v2/a/tags/list".into(), b"", 404, "NAME_UNKNOWN"),
        ("DELETE", "/v2/a/b/tags/list".into(), b"", 405, "UNSUPPORTED"),
        ("GET", format!("/v2/a/b/referrers/{absent}"), b"", 200, ""),
        ("GET", "/v2/a/b/referrers/v1".into(), b"", 400, "DIGEST_INVALID"),
        ("GET", "/v2/a/b/blobs/uploads/1".into(), b"", 404, "BLOB_UPLOAD_UNKNOWN"),
        ("PATCH", "/v2/a/b/blobs/uploads/1".into(), b"x", 404, "BLOB_UPLOAD_UNKNOWN"),
        ("PUT", format!("/v2/a/b/blobs/uploads/1?digest={blob}"), b"x", 404, "BLOB_UPLOAD_UNKNOWN"),
        ("PUT", "/v2/a/b/blobs/uploads/1".into(), b"x", 400, "DIGEST_INVALID"),
        ("DELETE", "/v2/a/b/blobs/uploads/1".into(), b"", 404, "BLOB_UPLOAD_UNKNOWN"),
        ("POST", format!("/v2/a/b/blobs/uploads/?digest={absent}"), b"other", 400, "DIGEST_INVALID"),
        ("POST", "/v2/a/b/blobs/uploads/?digest=md5:1".into(), b"other", 400, "DIGEST_INVALID"),
        ("POST", "/v2/a/b/blobs/uploads/?digest-algorithm=md5".into(), b"", 400, "DIGEST_INVALID"),
        ("POST", format!("/v2/a/c/blobs/uploads/?mount={blob}&from=../x"), b"", 400, "NAME_INVALID"),
        ("POST", "/v2/a/c/blobs/uploads/?mount=sha256:1&from=a/b".into(), b"", 400, "DIGEST_INVALID"),
        ("POST", format!("/v2/a/d/blobs/uploads/?mount={absent}"), b"", 202, ""),
        ("POST", format!("/v2/a/d/blobs/uploads/?mount={blob}"), b"", 201, ""),
        ("PUT", format!("/v2/{}/manifests/v1", "a".repeat(256)), &plain, 400, "NAME_INVALID"),
        ("PUT", format!("/v2/a/b/manifests/{}", "t".repeat(129)), &plain, 400, "MANIFEST_INVALID"),
        ("PUT", format!("/v2/a/b/manifests/{digest}?tag=.no"), &plain, 400, "MANIFEST_INVALID"),
        ("DELETE", format!("/v2/a/d/blobs/{blob}"), b"", 202, ""),
        ("DELETE", "/v2/a/b/manifests/v1".into(), b"", 202, ""),
        ("DELETE", format!("/v2/a/b/manifests/{digest}"), b"", 202, ""),
    ];
    for (method, path, body, status, code) in cases {
        let what = format!("{method} {path}");
        let response = api.send(method.parse().unwrap(), path, &[], body).await;
        assert_eq!(response.status().as_u16(), *status, "{what}");
        let text = response.text().await.unwrap();
        if code.is_empty() {
            assert!(!text.contains("\"errors\""), "{what}: {text}");
        } else {
            let error: Value = serde_json::from_str(&text).unwrap();
            assert_eq!(error["errors"][0]["code"], *code, "{what}");
            assert!(error["errors"][0]["message"].as_str().unwrap().len() > 10, "{what}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn blobs_are_served_whole_and_in_ranges() {
    let api = Api::start().await;
    let content = content(600_001);
    let digest = api.push_blob("a", &content).await;
    let path = format!("/v2/a/blobs/{digest}");

    let whole = api.send(Method::GET, &path, &[], b"").await;
    assert_eq!(header(&whole, "content-length"), "600001");
    assert_eq!(header(&whole, "docker-content-digest"), digest.to_string());
    assert_eq!(header(&whole, "accept-ranges"), "bytes");
    assert_eq!(whole.bytes().await.unwrap(), content);
    let head = api.send(Method::HEAD, &path, &[], b"").await;
    assert_eq!(header(&head, "content-length"), "600001");

    for (range, expected) in
        [("bytes=5-9", 5..10), ("bytes=600000-", 600_000..600_001), ("bytes=-300001", 300_000..600_001)]
    {
        let part = api.send(Method::GET, &path, &[("range", range)], b"").await;
        assert_eq!(part.status(), 206, "{range}");
        assert_eq!(header(&part, "content-range"), format!("bytes {}-{}/600001", expected.start, expected.end - 1));
        assert_eq!(part.bytes().await.unwrap(), content[expected], "{range}");
    }
    let outside = api.send(Method::GET, &path, &[("range", "bytes=600001-")], b"").await;
    assert_eq!((outside.status().as_u16(), header(&outside, "content-range")), (416, "bytes */600001"));

    let empty = api.push_blob("a", b"").await;
    let response = api.send(Method::GET, &format!("/v2/a/blobs/{empty}"), &[], b"").await;
    assert_eq!(response.bytes().await.unwrap(), "");

    assert_eq!(api.send(Method::DELETE, &path, &[], b"").await.status(), 202);
    assert_eq!(api.send(Method::GET, &path, &[], b"").await.status(), 404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn manifests_keep_their_bytes_and_tags_come_in_pages() {
    let api = Api::start().await;
    api.push_blob("a", b"{}").await;
    let pretty = [b"  \n".as_slice(), &manifest(|_| {})].concat();
    let digest = Digest::sha256(&pretty);
    let pushed = api.push_manifest("a", "c", &pretty).await;
    assert_eq!(header(&pushed, "docker-content-digest"), digest.to_string());
    assert_eq!(header(&pushed, "location"), format!("/v2/a/manifests/{digest}"));
    let pulled = api.send(Method::GET, "/v2/a/manifests/c", &[], b"").await;
    assert_eq!(header(&pulled, "content-type"), media_types::IMAGE_MANIFEST);
    assert_eq!(pulled.bytes().await.unwrap(), pretty, "not one byte differs");

    let by_digest = api.push_manifest("a", &format!("{digest}?tag=b&tag=a"), &pretty).await;
    assert_eq!(by_digest.headers().get_all("oci-tag").iter().count(), 2);
    let pages = [
        ("", "abc", ""),
        ("?n=2", "ab", "</v2/a/tags/list?n=2&last=b>; rel=\"next\""),
        ("?n=2&last=b", "c", ""),
        ("?n=0", "", ""),
        ("?last=zz", "", ""),
    ];
    for (query, expected, link) in pages {
        let page = api.send(Method::GET, &format!("/v2/a/tags/list{query}"), &[], b"").await;
        assert_eq!(header(&page, "link"), link, "{query}");
        let list: Value = serde_json::from_slice(&page.bytes().await.unwrap()).unwrap();
        let tags: String = list["tags"].as_array().unwrap().iter().map(|tag| tag.as_str().unwrap()).collect();
        assert_eq!((list["name"].as_str(), tags.as_str()), (Some("a"), expected), "{query}");
    }
    assert_eq!(api.send(Method::DELETE, "/v2/a/manifests/b", &[], b"").await.status(), 202);
    assert_eq!(api.send(Method::GET, &format!("/v2/a/manifests/{digest}"), &[], b"").await.status(), 200);
    assert_eq!(api.send(Method::DELETE, &format!("/v2/a/manifests/{digest}"), &[], b"").await.status(), 202);
    assert_eq!(api.send(Method::GET, "/v2/a/manifests/a", &[], b"").await.status(), 404, "its tags went with it");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn referrers_are_listed_for_what_need_not_exist() {
    let api = Api::start().await;
    api.push_blob("a", b"{}").await;
    let subject = Descriptor::of(media_types::IMAGE_MANIFEST, b"not pushed yet");
    let mut digests = Vec::new();
    for kind in ["t/signature", "t/note"] {
        let about = manifest(|manifest| {
            manifest.subject = Some(subject.clone());
            manifest.artifact_type = Some(kind.to_owned());
            manifest.annotations.insert("kind".to_owned(), kind.to_owned());
        });
        let pushed = api.push_manifest("a", &Digest::sha256(&about).to_string(), &about).await;
        assert_eq!(header(&pushed, "oci-subject"), subject.digest.to_string());
        digests.push(Digest::sha256(&about));
    }
    let list = async |query: &str| {
        let path = format!("/v2/a/referrers/{}{query}", subject.digest);
        let response = api.send(Method::GET, &path, &[], b"").await;
        assert_eq!(header(&response, "content-type"), media_types::IMAGE_INDEX);
        let filtered = header(&response, "oci-filters-applied").to_owned();
        (serde_json::from_slice::<Index>(&response.bytes().await.unwrap()).unwrap(), filtered)
    };
    let (all, filtered) = list("").await;
    assert_eq!((all.manifests.len(), filtered.as_str()), (2, ""));
    let (notes, filtered) = list("?artifactType=t/note").await;
    assert_eq!(filtered, "artifactType");
    assert_eq!(notes.manifests.len(), 1);
    assert_eq!(notes.manifests[0].digest, digests[1]);
    assert_eq!(notes.manifests[0].annotations["kind"], "t/note");
    api.send(Method::DELETE, &format!("/v2/a/manifests/{}", digests[1]), &[], b"").await;
    assert_eq!(list("").await.0.manifests.len(), 1);
}

/// Indexes of indexes, and an index that names content which is no manifest.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn indexes_are_nested() {
    let api = Api::start().await;
    api.push_blob("a", b"{}").await;
    let image = manifest(|_| {});
    api.push_manifest("a", "image", &image).await;
    let mut child = Descriptor::of(media_types::IMAGE_MANIFEST, &image);
    for tag in ["inner", "middle", "outer"] {
        let index = canonical_json(&Index { artifact_type: Some("t/nest".to_owned()), ..Index::of(vec![child]) });
        let path = format!("/v2/a/manifests/{tag}");
        let pushed = api.send(Method::PUT, &path, &[("content-type", media_types::IMAGE_INDEX)], &index).await;
        assert_eq!(pushed.status(), StatusCode::CREATED, "{tag}");
        let pulled = api.send(Method::GET, &path, &[], b"").await;
        assert_eq!(header(&pulled, "content-type"), media_types::IMAGE_INDEX);
        assert_eq!(pulled.bytes().await.unwrap(), index);
        child = Descriptor::of(media_types::IMAGE_INDEX, &index);
    }
    let of_blob = canonical_json(&Index::of(vec![Descriptor::of("a/note", b"{}")]));
    let headers = [("content-type", media_types::IMAGE_INDEX)];
    assert_eq!(api.send(Method::PUT, "/v2/a/manifests/blob", &headers, &of_blob).await.status(), 201);
    let of_absent = canonical_json(&Index::of(vec![Descriptor::of("a/note", b"absent")]));
    assert_eq!(api.send(Method::PUT, "/v2/a/manifests/blob", &headers, &of_absent).await.status(), 400);
}
