//! Tokens: who may ask a node that was given any, as Jupyter's clients send them and as everybody else does.
//! Never keeps a token itself, and never says which part of one was wrong.

use std::collections::BTreeMap;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue, Method, Uri};
use axum::middleware::Next;
use axum::response::Response;
use host_api::routes::{Method as RouteMethod, Operation, ROUTES};
use host_base::{Clock as _, Code, Failure, Millis, SystemClock};
use registry_oci::Digest;

use crate::answer::refusal_under;
use crate::login;
use crate::router::Shared;
use crate::user::{Role, User, not_allowed};

/// A shorter token could be guessed.
const TOKEN_CHARACTERS_MIN: usize = 16;
const TOKEN_CHARACTERS_MAX: usize = 256;
const NAME_CHARACTERS_MAX: usize = 64;
const USERS_MAX: usize = 10_000;
/// A browser's login, where nothing else is said.
const LOGIN_LIFE: Duration = Duration::from_secs(12 * 60 * 60);
/// What is answered without a token.
const OPEN: [Operation; 5] = [
    Operation::GetHealth,
    Operation::GetReadiness,
    Operation::GetOpenApi,
    Operation::SignIn,
    // A login that is over is left like one that is not.
    Operation::SignOut,
];
/// What is asked by another method than those of reading, and changes nothing.
const READING: [Operation; 3] = [Operation::CheckPipeline, Operation::SignIn, Operation::SignOut];

/// The users of a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tokens {
    /// By the digests of their tokens.
    names: BTreeMap<Digest, String>,
    roles: BTreeMap<String, Role>,
    login_life: Duration,
}

impl Tokens {
    /// Reads a file of tokens: in each line a user, their token and what they may do, with spaces between; who has no
    /// third word is a member. `#` begins a comment.
    ///
    /// # Errors
    /// The first line that is none, by its number. No message holds a token.
    pub fn parse(text: &str) -> Result<Self, Failure> {
        let (mut names, mut roles) = (BTreeMap::new(), BTreeMap::new());
        for (number, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let wrong = |what: &str| {
                Failure::new(Code::BadRequest, format!("line {} of the tokens: {what}", number + 1))
                    .with_hint("write a user's name, a token such as `openssl rand -hex 32` prints, and `admin`, `member` or `viewer`")
            };
            let mut words = line.split_whitespace();
            let (Some(name), Some(token), role, None) = (words.next(), words.next(), words.next(), words.next()) else {
                return Err(wrong("there is not a name, a token and at most a role"));
            };
            if !is_plain(name) || name.len() > NAME_CHARACTERS_MAX {
                return Err(wrong("the name is not one of letters, digits, `.`, `_`, `~` and `-`"));
            }
            if !is_plain(token) || !(TOKEN_CHARACTERS_MIN..=TOKEN_CHARACTERS_MAX).contains(&token.len()) {
                return Err(wrong(&format!(
                    "the token is not one of {TOKEN_CHARACTERS_MIN} to {TOKEN_CHARACTERS_MAX} letters, digits, `.`, `_`, `~` and `-`"
                )));
            }
            let Ok(role) = role.map_or(Ok(Role::Member), str::parse::<Role>) else {
                return Err(wrong("the role is not `admin`, `member` or `viewer`"));
            };
            if roles.insert(name.to_owned(), role).is_some_and(|earlier| earlier != role) {
                return Err(wrong("the user has another role in an earlier line"));
            }
            if names.insert(Digest::sha256(token.as_bytes()), name.to_owned()).is_some() {
                return Err(wrong("the token stands in an earlier line"));
            }
        }
        if names.is_empty() || roles.len() > USERS_MAX {
            let message = format!("there are tokens of {} users, and 1 to {USERS_MAX} are read", roles.len());
            return Err(Failure::new(Code::BadRequest, message));
        }
        Ok(Self { names, roles, login_life: LOGIN_LIFE })
    }

    /// The same with logins of browsers that hold for so long.
    #[must_use]
    pub fn with_login_life(self, login_life: Duration) -> Self {
        Self { login_life, ..self }
    }

    pub(crate) fn login_life_millis(&self) -> Millis {
        u64::try_from(self.login_life.as_millis()).unwrap_or(u64::MAX)
    }

    /// What a user may do; none where there is none of this name.
    pub(crate) fn role_of(&self, name: &str) -> Option<Role> {
        self.roles.get(name).copied()
    }

    /// Whose token it is.
    pub(crate) fn user_of(&self, token: &str) -> Result<User, Failure> {
        // Compared as digests: how long that takes tells nothing of the tokens.
        let name = self.names.get(&Digest::sha256(token.as_bytes()));
        let found = name.and_then(|name| Some(User::known(name.clone(), self.role_of(name)?)));
        found.ok_or_else(|| refusal("the request brings a token that this node does not know"))
    }
}

/// Who asks: by a token, or by the login of a browser.
fn user(shared: &Shared, tokens: &Tokens, uri: &Uri, headers: &HeaderMap) -> Result<User, Failure> {
    if let Some(token) = presented(uri, headers) {
        return tokens.user_of(token);
    }
    let login = shared.logins.find(headers, SystemClock.now_millis());
    let user = login.and_then(|login| login::user_of(tokens, login));
    user.ok_or_else(|| refusal("the request brings no token, and no login that holds"))
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

/// The token of a request: in its header, or in its address.
fn presented<'request>(uri: &'request Uri, headers: &'request HeaderMap) -> Option<&'request str> {
    let text = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let in_header = text.and_then(|value| {
        let (scheme, token) = value.split_once(' ')?;
        ["bearer", "token"].iter().any(|known| scheme.eq_ignore_ascii_case(known)).then(|| token.trim())
    });
    in_header.or_else(|| in_address(uri))
}

pub(crate) fn in_address(uri: &Uri) -> Option<&str> {
    uri.query()?.split('&').find_map(|pair| pair.strip_prefix("token="))
}

/// Stands before every handler of an interface.
pub(crate) async fn verify(State(shared): State<Shared>, mut request: Request, next: Next) -> Response {
    let Some(tokens) = &shared.info.tokens else { return next.run(request).await };
    if is_among(&OPEN, request.method(), request.uri().path()) {
        return next.run(request).await;
    }
    let asked = user(&shared, tokens, request.uri(), request.headers());
    match asked.and_then(|user| may_ask(user, request.method(), request.uri().path())) {
        Ok(user) => {
            request.extensions_mut().insert(user);
            *request.uri_mut() = without_token(request.uri());
            next.run(request).await
        }
        Err(failure) => {
            let is_unknown = failure.code == Code::Unauthenticated;
            let mut response = refusal_under(request.uri().path(), failure);
            if is_unknown {
                response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            response
        }
    }
}

/// Whether a request asks for one of these.
fn is_among(operations: &[Operation], method: &Method, path: &str) -> bool {
    let is_asked = |asked: RouteMethod| match asked {
        RouteMethod::Get => [Method::GET, Method::HEAD].contains(method),
        RouteMethod::Post => *method == Method::POST,
        RouteMethod::Delete => *method == Method::DELETE,
    };
    ROUTES.iter().any(|route| operations.contains(&route.operation) && route.path == path && is_asked(route.method))
}

/// A viewer asks for nothing that changes something, on any interface.
fn may_ask(user: User, method: &Method, path: &str) -> Result<User, Failure> {
    let reads = [Method::GET, Method::HEAD, Method::OPTIONS].contains(method) || is_among(&READING, method, path);
    if user.role == Role::Viewer && !reads {
        let message =
            format!("{} is a viewer of this node and may change nothing, which {method} {path} does", user.name);
        return Err(not_allowed(message, "ask whoever runs the node to make you a member in the file of tokens"));
    }
    Ok(user)
}

/// The address as handlers read it: they know no `token`.
pub(crate) fn without_token(uri: &Uri) -> Uri {
    if in_address(uri).is_none() {
        return uri.clone();
    }
    let kept = uri.query().unwrap_or_default().split('&').filter(|pair| !pair.starts_with("token="));
    let kept = kept.collect::<Vec<_>>().join("&");
    let path = if kept.is_empty() { uri.path().to_owned() } else { format!("{}?{kept}", uri.path()) };
    // It was an address with more in it.
    path.parse().unwrap_or_else(|_| uri.clone())
}

#[cfg(test)]
mod tests;
