//! What can be told without a server; `tests/cli` and `host/server` call a real one.
//! Never more than one answer per connection.

#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up has to stop")]

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::thread;

use host_base::Code;

use super::*;

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

/// Answers one connection with fixed bytes.
fn answering(answer: &'static str) -> Client {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    thread::spawn(move || {
        let (mut connection, _) = listener.accept().unwrap();
        let _ = connection.read(&mut [0; 4096]).unwrap();
        connection.write_all(answer.as_bytes()).unwrap();
    });
    Client::new(address.parse().unwrap()).unwrap()
}

#[test]
fn metadata_of_any_text_fits_into_a_header() {
    let metadata = BTreeMap::from([("title".to_owned(), "Zahlen für 𝄞 \"heute\"".to_owned())]);
    let header = ascii_json(&metadata);
    assert!(header.is_ascii());
    assert_eq!(serde_json::from_str::<BTreeMap<String, String>>(&header).unwrap(), metadata);
}

#[test]
fn a_server_that_is_not_there_is_named_with_what_to_do() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let client = Client::new(free.to_string().parse().unwrap()).unwrap();
    let error = block_on(client.node()).unwrap_err();
    assert!(error.is_unreachable());
    let problem = &error.problems()[0];
    assert_eq!(problem.known_code(), Some(Code::ServerUnreachable));
    assert!(problem.message.contains(&free.to_string()), "{}", problem.message);
    assert!(problem.hint.as_deref().unwrap().contains("sandmill up"));
}

#[test]
fn something_else_that_answers_is_told_apart() {
    let client = answering("HTTP/1.1 404 Not Found\r\ncontent-length: 2\r\nconnection: close\r\n\r\nno");
    let error = block_on(client.node()).unwrap_err();
    assert!(error.to_string().contains("404"), "{error}");
    assert!(error.is_unreachable() && !error.is_not_found());
}

#[test]
fn problems_arrive_with_code_and_hint() {
    let client = answering(concat!(
        "HTTP/1.1 404 Not Found\r\nconnection: close\r\n\r\n",
        r#"{"errors":[{"code":"SM0701","message":"there is no run 7","hint":"list them"}]}"#
    ));
    let error = block_on(client.run("7")).unwrap_err();
    assert!(error.is_not_found());
    assert_eq!(error.problems()[0].hint.as_deref(), Some("list them"));
}

#[test]
fn an_answer_that_breaks_off_is_no_success() {
    let client = answering("HTTP/1.1 200 OK\r\ncontent-length: 100\r\nconnection: close\r\n\r\n{\"version\":");
    assert!(block_on(client.node()).is_err());
}

#[test]
fn queries_are_escaped_and_empty_ones_left_out() {
    let url: Url = "http://example.org/runs".parse().unwrap();
    let query = RunQuery { pipeline: Some("a&b=c".to_owned()), limit: Some(7), ..RunQuery::default() };
    assert_eq!(with_query(url.clone(), &query).as_str(), "http://example.org/runs?pipeline=a%26b%3Dc&limit=7");
    assert_eq!(with_query(url.clone(), &()).as_str(), url.as_str());
}
