//! Tokens: who may ask a node that was given any, as Jupyter's clients send them and as everybody else does.
//! Never keeps a token itself, and never says which part of one was wrong.

use std::collections::{BTreeMap, BTreeSet};

use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, COOKIE, SET_COOKIE, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use host_api::routes::{Operation, ROUTES};
use host_base::{Code, Failure};
use registry_oci::Digest;

use crate::answer::Refusal;
use crate::jupyter::JupyterRefusal;
use crate::router::Shared;
use crate::user::User;

/// A shorter token could be guessed.
const TOKEN_CHARACTERS_MIN: usize = 16;
const TOKEN_CHARACTERS_MAX: usize = 256;
const NAME_CHARACTERS_MAX: usize = 64;
const USERS_MAX: usize = 10_000;
/// In which a browser keeps the token that it was given in the address.
const COOKIE_NAME: &str = "sandmill-token";
/// What is answered without a token.
const OPEN: [Operation; 3] = [Operation::GetHealth, Operation::GetReadiness, Operation::GetOpenApi];

/// The users of a node, by the digests of their tokens.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tokens(BTreeMap<Digest, String>);

impl Tokens {
    /// Reads a file of tokens: a user and their token in each line, with a space between; `#` begins a comment.
    ///
    /// # Errors
    /// The first line that is none, by its number. No message holds a token.
    pub fn parse(text: &str) -> Result<Self, Failure> {
        let (mut tokens, mut names) = (BTreeMap::new(), BTreeSet::new());
        for (number, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let wrong = |what: &str| {
                Failure::new(Code::BadRequest, format!("line {} of the tokens: {what}", number + 1))
                    .with_hint("write a user's name, a space, and a token such as `openssl rand -hex 32` prints")
            };
            let mut words = line.split_whitespace();
            let (Some(name), Some(token), None) = (words.next(), words.next(), words.next()) else {
                return Err(wrong("there is not a name and a token"));
            };
            if !is_plain(name) || name.len() > NAME_CHARACTERS_MAX {
                return Err(wrong("the name is not one of letters, digits, `.`, `_`, `~` and `-`"));
            }
            if !is_plain(token) || !(TOKEN_CHARACTERS_MIN..=TOKEN_CHARACTERS_MAX).contains(&token.len()) {
                return Err(wrong(&format!(
                    "the token is not one of {TOKEN_CHARACTERS_MIN} to {TOKEN_CHARACTERS_MAX} letters, digits, `.`, `_`, `~` and `-`"
                )));
            }
            names.insert(name);
            if tokens.insert(Digest::sha256(token.as_bytes()), name.to_owned()).is_some() {
                return Err(wrong("the token stands in an earlier line"));
            }
        }
        if tokens.is_empty() || names.len() > USERS_MAX {
            let message = format!("there are tokens of {} users, and 1 to {USERS_MAX} are read", names.len());
            return Err(Failure::new(Code::BadRequest, message));
        }
        Ok(Self(tokens))
    }

    /// Whose token the request brings.
    fn user(&self, uri: &Uri, headers: &HeaderMap) -> Result<&str, Failure> {
        let Some(token) = presented(uri, headers) else { return Err(refusal("the request brings no token")) };
        // Compared as digests: how long that takes tells nothing of the tokens.
        let user = self.0.get(&Digest::sha256(token.as_bytes()));
        user.map(String::as_str).ok_or_else(|| refusal("the request brings a token that this node does not know"))
    }
}

fn refusal(message: &str) -> Failure {
    Failure::new(Code::Unauthenticated, message).with_hint(
        "send `Authorization: Bearer TOKEN`, or put `?token=TOKEN` behind the address; `sandmill` takes --token or \
         SANDMILL_TOKEN",
    )
}

/// Characters that need no quoting in an address, a header or a cookie.
fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._~-".contains(&byte))
}

/// The token of a request: in its header, in its address, or in the cookie that an earlier address left.
fn presented<'request>(uri: &'request Uri, headers: &'request HeaderMap) -> Option<&'request str> {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let in_header = text(AUTHORIZATION).and_then(|value| {
        let (scheme, token) = value.split_once(' ')?;
        ["bearer", "token"].iter().any(|known| scheme.eq_ignore_ascii_case(known)).then(|| token.trim())
    });
    let in_cookie = || {
        let pairs = text(COOKIE)?.split(';').filter_map(|pair| pair.trim().split_once('='));
        pairs.into_iter().find(|(name, _)| *name == COOKIE_NAME).map(|(_, token)| token)
    };
    in_header.or_else(|| in_address(uri)).or_else(in_cookie)
}

fn in_address(uri: &Uri) -> Option<&str> {
    uri.query()?.split('&').find_map(|pair| pair.strip_prefix("token="))
}

/// Stands before every handler of an interface.
pub(crate) async fn verify(State(shared): State<Shared>, mut request: Request, next: Next) -> Response {
    let Some(tokens) = &shared.info.tokens else { return next.run(request).await };
    let path = request.uri().path();
    if ROUTES.iter().any(|route| OPEN.contains(&route.operation) && route.path == path) {
        return next.run(request).await;
    }
    match tokens.user(request.uri(), request.headers()) {
        Ok(user) => {
            let user = User(user.to_owned());
            request.extensions_mut().insert(user);
            *request.uri_mut() = without_token(request.uri());
            next.run(request).await
        }
        Err(failure) => {
            let is_jupyters = path == "/api" || (path.starts_with("/api/") && !path.starts_with("/api/v1/"));
            let mut response = match is_jupyters {
                true => JupyterRefusal::from(failure).into_response(),
                false => Refusal::from(failure).into_response(),
            };
            response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            response
        }
    }
}

/// The address as handlers read it: they know no `token`.
fn without_token(uri: &Uri) -> Uri {
    if in_address(uri).is_none() {
        return uri.clone();
    }
    let kept = uri.query().unwrap_or_default().split('&').filter(|pair| !pair.starts_with("token="));
    let kept = kept.collect::<Vec<_>>().join("&");
    let path = if kept.is_empty() { uri.path().to_owned() } else { format!("{}?{kept}", uri.path()) };
    // It was an address with more in it.
    path.parse().unwrap_or_else(|_| uri.clone())
}

/// Has a browser keep the token of the address that it opened, for what the page behind it asks.
pub(crate) fn keep_in_browser(shared: &Shared, method: &Method, uri: &Uri) -> Option<(HeaderName, HeaderValue)> {
    let tokens = shared.info.tokens.as_ref()?;
    let token = in_address(uri).filter(|_| *method == Method::GET)?;
    tokens.0.get(&Digest::sha256(token.as_bytes()))?;
    let cookie = format!("{COOKIE_NAME}={token}; Path=/; HttpOnly; SameSite=Strict");
    HeaderValue::from_str(&cookie).ok().map(|value| (SET_COOKIE, value))
}

#[cfg(test)]
mod tests;
