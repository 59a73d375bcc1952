//! Tokens are read strictly, and found wherever clients put them.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use axum::http::header::{AUTHORIZATION, COOKIE};
use axum::http::{HeaderMap, Uri};
use host_base::Code;

use super::{TOKEN_CHARACTERS_MIN, Tokens, without_token};

const TOKEN: &str = "0123456789abcdef";

fn headers(name: axum::http::HeaderName, value: &str) -> HeaderMap {
    HeaderMap::from_iter([(name, value.parse().unwrap())])
}

#[test]
fn a_token_is_found_where_clients_put_it() {
    let tokens = Tokens::parse(&format!("# who\n\nada {TOKEN}\n")).unwrap();
    let plain: Uri = "/api/kernels".parse().unwrap();
    for value in [format!("Bearer {TOKEN}"), format!("token {TOKEN}"), format!("bearer {TOKEN}")] {
        assert_eq!(tokens.user(&plain, &headers(AUTHORIZATION, &value)), Ok("ada"), "{value}");
    }
    assert_eq!(tokens.user(&plain, &headers(COOKIE, &format!("a=b; sandmill-token={TOKEN}"))), Ok("ada"));
    let address: Uri = format!("/api/kernels?content=0&token={TOKEN}").parse().unwrap();
    assert_eq!(tokens.user(&address, &HeaderMap::new()), Ok("ada"));
    assert_eq!(without_token(&address), "/api/kernels?content=0");
    assert_eq!(without_token(&format!("/api?token={TOKEN}").parse().unwrap()), "/api");
    for value in ["Basic YTpi", "Bearer", "Bearer ", "Bearer 0123456789abcdeX"] {
        let refused = tokens.user(&plain, &headers(AUTHORIZATION, value)).unwrap_err();
        assert_eq!(refused.code, Code::Unauthenticated, "{value}");
    }
}

#[test]
fn a_file_is_read_whole_or_refused_by_line_and_no_token_is_told() {
    let short = &TOKEN[..TOKEN_CHARACTERS_MIN - 1];
    for (text, line) in [
        (format!("ada {TOKEN}\nbob"), "line 2"),
        (format!("ada {short}"), "line 1"),
        (format!("ada {TOKEN}\nbob {TOKEN}"), "line 2"),
        (format!("a/b {TOKEN}"), "line 1"),
        (format!("ada {TOKEN}+"), "line 1"),
        ("# nobody".to_owned(), "0 users"),
    ] {
        let refused = Tokens::parse(&text).unwrap_err();
        assert!(refused.message.contains(line) && !refused.message.contains(short), "{text}: {refused}");
    }
}
