//! Tokens are read strictly, and found wherever clients put them.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, Method, Uri};
use host_base::Code;

use super::{TOKEN_CHARACTERS_MIN, Tokens, may_ask, presented, without_token};
use crate::user::{Role, User};

const TOKEN: &str = "0123456789abcdef";

fn headers(name: axum::http::HeaderName, value: &str) -> HeaderMap {
    HeaderMap::from_iter([(name, value.parse().unwrap())])
}

#[test]
fn a_token_is_found_where_clients_put_it() {
    let plain: Uri = "/api/kernels".parse().unwrap();
    for value in [format!("Bearer {TOKEN}"), format!("token {TOKEN}"), format!("bearer {TOKEN}")] {
        assert_eq!(presented(&plain, &headers(AUTHORIZATION, &value)), Some(TOKEN), "{value}");
    }
    let address: Uri = format!("/api/kernels?content=0&token={TOKEN}").parse().unwrap();
    assert_eq!(presented(&address, &HeaderMap::new()), Some(TOKEN));
    assert_eq!(without_token(&address), "/api/kernels?content=0");
    assert_eq!(without_token(&format!("/api?token={TOKEN}").parse().unwrap()), "/api");
    for value in ["Basic YTpi", "Bearer"] {
        assert_eq!(presented(&plain, &headers(AUTHORIZATION, value)), None, "{value}");
    }
    let tokens = Tokens::parse(&format!("# who\n\nada {TOKEN}\n")).unwrap();
    for token in ["", "0123456789abcdeX"] {
        assert_eq!(tokens.user_of(token).unwrap_err().code, Code::Unauthenticated, "{token}");
    }
}

#[test]
fn who_has_no_third_word_is_a_member() {
    let (second, third) = (TOKEN.replace('0', "x"), TOKEN.replace('0', "y"));
    let tokens = Tokens::parse(&format!("ada {TOKEN}\nbob {second} admin\ncat {third}  viewer\n")).unwrap();
    for (token, name, role) in
        [(TOKEN, "ada", Role::Member), (&second, "bob", Role::Admin), (&third, "cat", Role::Viewer)]
    {
        let user = tokens.user_of(token).unwrap();
        assert_eq!((user.name.as_str(), user.role), (name, role));
    }
}

#[test]
fn a_viewer_reads_and_checks_and_changes_nothing() {
    let ask = |role, method: Method, path| may_ask(User::known("cat".to_owned(), role), &method, path);
    for (method, path) in
        [(Method::GET, "/api/v1/runs"), (Method::POST, "/api/v1/pipelines:check"), (Method::DELETE, "/api/v1/login")]
    {
        assert!(ask(Role::Viewer, method, path).is_ok(), "{path}");
    }
    for (method, path) in [
        (Method::POST, "/api/v1/runs"),
        (Method::POST, "/apis/v2beta1/runs"),
        (Method::PUT, "/api/contents/x.ipynb"),
        (Method::DELETE, "/api/kernels/x"),
        (Method::PATCH, "/api/sessions/x"),
    ] {
        assert_eq!(ask(Role::Viewer, method.clone(), path).unwrap_err().code, Code::NotAllowedToUser, "{path}");
        assert!(ask(Role::Member, method, path).is_ok(), "{path}");
    }
}

#[test]
fn a_file_is_read_whole_or_refused_by_line_and_no_token_is_told() {
    let short = &TOKEN[..TOKEN_CHARACTERS_MIN - 1];
    for (text, line) in [
        (format!("ada {TOKEN}\nbob"), "line 2"),
        (format!("ada {short}"), "line 1"),
        (format!("ada {TOKEN}\nbob {TOKEN}"), "line 2"),
        (format!("ada {TOKEN} king"), "line 1"),
        (format!("ada {TOKEN} admin more"), "line 1"),
        (format!("ada {TOKEN} admin\nada {TOKEN}x viewer"), "line 2"),
        (format!("a/b {TOKEN}"), "line 1"),
        (format!("ada {TOKEN}+"), "line 1"),
        ("# nobody".to_owned(), "0 users"),
    ] {
        let refused = Tokens::parse(&text).unwrap_err();
        assert!(refused.message.contains(line) && !refused.message.contains(short), "{text}: {refused}");
    }
}
