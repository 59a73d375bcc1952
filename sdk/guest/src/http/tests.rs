//! Answers, redirects and limits.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::Read as _;

use crate::testing::{Answer, answer};
use crate::{Failure, Result, http};

fn serve(url: &str, status: u16, headers: &[(&str, &str)], body: &str) {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    answer(url, Answer { status, headers, body: body.as_bytes().to_vec() });
}

fn get(url: &str) -> Result<String> {
    let mut text = String::new();
    http::get(url, 100)?.read_to_string(&mut text)?;
    Ok(text)
}

fn refused(url: &str) -> Failure {
    get(url).unwrap_err()
}

#[test]
fn an_answer_is_read_with_its_media_type() {
    serve(
        "https://a.test/x.csv?y=1",
        200,
        &[("content-type", "text/csv; charset=utf-8"), ("content-length", "3")],
        "abc",
    );
    let response = http::get("https://a.test/x.csv?y=1", 100).unwrap();
    assert_eq!((response.media_type(), response.length_bytes()), (Some("text/csv"), Some(3)));
    assert_eq!(get("https://a.test/x.csv?y=1").unwrap(), "abc");
}

#[test]
fn redirects_are_followed_wherever_they_are_given_from() {
    serve("http://a.test/one/two", 302, &[("location", "three")], "");
    serve("http://a.test/one/three", 301, &[("location", "/four?q=1")], "");
    serve("http://a.test/four?q=1", 307, &[("location", "//b.test/")], "");
    serve("http://b.test/", 308, &[("location", "https://c.test/end")], "");
    serve("https://c.test/end", 200, &[], "done");
    assert_eq!(get("http://a.test/one/two").unwrap(), "done");
    assert_eq!(http::get("http://a.test/one/two", 100).unwrap().url(), "https://c.test/end");
}

#[test]
fn redirects_that_lead_nowhere_are_refused() {
    serve("http://loop.test/", 302, &[("location", "/")], "");
    assert!(refused("http://loop.test/").message.contains("redirects more than 5 times"));
    serve("https://down.test/", 302, &[("location", "http://down.test/")], "");
    assert!(refused("https://down.test/").message.contains("from https to"));
    serve("https://silent.test/", 302, &[], "");
    assert!(refused("https://silent.test/").message.contains("without saying where"));
    serve("https://file.test/", 302, &[("location", "ftp://file.test/x")], "");
    assert!(refused("https://file.test/").message.contains("neither http:// nor https://"));
}

#[test]
fn only_a_success_is_an_answer_and_a_tired_server_may_recover() {
    serve("https://a.test/404", 404, &[], "");
    serve("https://a.test/503", 503, &[], "");
    let missing = refused("https://a.test/404");
    assert!(missing.message.contains("https://a.test/404 answers 404 Not Found") && !missing.retryable, "{missing}");
    assert!(refused("https://a.test/503").retryable);
}

#[test]
fn the_limit_holds_whether_or_not_the_length_is_known() {
    let long = "x".repeat(101);
    serve("https://a.test/said", 200, &[("content-length", "101")], &long);
    serve("https://a.test/unsaid", 200, &[], &long);
    assert!(refused("https://a.test/said").message.contains("101 bytes long, more than the limit of 100"));
    assert!(refused("https://a.test/unsaid").message.contains("longer than the limit of 100 bytes"));
    serve("https://a.test/short", 200, &[("content-length", "50")], "abc");
    let short = refused("https://a.test/short");
    assert!(short.message.contains("ended after 3 of 50 bytes") && short.retryable, "{short}");
}

#[test]
fn urls_that_are_not_understood_are_refused() {
    for url in ["", "data.csv", "ftp://a.test/", "/a/b", "https://", "http://a b/"] {
        assert!(refused(url).message.contains("the URL is not understood"), "{url}");
    }
    let secret = refused("https://user:secret@a.test/");
    assert!(secret.message.contains("password") && !secret.to_string().contains("secret@"), "{secret}");
    assert!(refused("https://ungranted.test/").message.contains("not granted"));
}
