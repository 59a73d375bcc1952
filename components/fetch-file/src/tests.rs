//! The step as a function, against prepared answers.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use sdk_guest::prelude::*;
use sdk_guest::testing::{Answer, answer, take_recorded};

use crate::fetch_file;

const URL: &str = "https://data.test/a.csv";
/// Well formed, but of no file here.
const DIGEST: &str = "sha256:c3b9b8d1ff0a33c1c5f7ad3ee9d3de9b6d1ed0b8cb1f0f4f6b0f5a0d8e2f4c11";

fn serve(body: &[u8]) {
    let headers =
        vec![("content-type".to_owned(), "text/csv".to_owned()), ("content-length".to_owned(), body.len().to_string())];
    answer(URL, Answer { status: 200, headers, body: body.to_vec() });
}

fn fetch(media_type: Option<&str>, digest: Option<&str>) -> Result<Artifact> {
    fetch_file(URL.to_owned(), media_type.map(str::to_owned), digest.map(str::to_owned))
}

#[test]
fn a_file_is_stored_with_its_media_type_and_origin() {
    serve(b"a,b");
    let file = fetch(None, None).unwrap();
    assert_eq!((file.read_to_string().unwrap().as_str(), file.describe().media_type.as_str()), ("a,b", "text/csv"));
    assert_eq!(file.metadata("url").as_deref(), Some(URL));
    assert_eq!(fetch(Some("text/plain"), None).unwrap().describe().media_type, "text/plain");
}

#[test]
fn a_long_file_is_copied_piece_by_piece() {
    let body: Vec<u8> = (0..(5 << 19)).map(|index| (index % 249) as u8).collect();
    serve(&body);
    let _ = take_recorded();
    assert_eq!(fetch(None, None).unwrap().read_to_end().unwrap(), body);
    let done: Vec<u64> = take_recorded().progress.iter().map(|report| report.done).collect();
    assert_eq!(done, [1 << 20, 2 << 20, 5 << 19]);
}

#[test]
fn only_the_expected_digest_is_taken() {
    serve(b"a,b");
    let actual = fetch(None, None).unwrap().describe().digest;
    assert!(fetch(None, Some(&actual)).is_ok());
    let failure = fetch(None, Some(DIGEST)).unwrap_err();
    assert!(failure.message.contains(&actual) && failure.message.contains(DIGEST), "{failure}");
    for wrong in ["", "sha256:12", "md5:abc", &DIGEST.to_uppercase()] {
        assert!(fetch(None, Some(wrong)).unwrap_err().message.contains("is not a digest"), "{wrong}");
    }
}

#[test]
fn what_is_not_there_is_a_failure() {
    answer(URL, Answer { status: 404, headers: Vec::new(), body: Vec::new() });
    assert!(fetch(None, None).unwrap_err().message.contains("404 Not Found"));
}
