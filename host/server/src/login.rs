//! Logins of browsers: a token is given once, and what a browser keeps for it is good here for some hours and nowhere else.
//! Never keeps a token, nor what a browser keeps; both are known by their digests, in this process only.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Json;
use axum::extract::{ConnectInfo, State};
use axum::http::header::{COOKIE, FORWARDED, LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use host_api::login::{Login as Wire, SignIn};
use host_base::{Clock as _, Code, Failure, Millis, SystemClock};
use registry_oci::Digest;
use tokio_util::sync::CancellationToken;

use crate::answer::Answer;
use crate::request::JsonBody;
use crate::router::Shared;
use crate::token::{Tokens, in_address, without_token};
use crate::user::User;

/// By which a browser is known again.
const COOKIE_NAME: &str = "sandmill-login";
/// So that nobody guesses one.
const ID_BYTES: usize = 32;
/// Of one user at once; the oldest makes room for another.
const LOGINS_PER_USER_MAX: usize = 32;
/// Wrong tokens from one address before it has to wait, and for how long they count.
const WRONG_TRIES_MAX: usize = 10;
const TRIES_MILLIS: Millis = 60_000;
/// Addresses of which wrong tries are remembered; with more, nobody signs in until some are old.
const ADDRESSES_MAX: usize = 10_000;
/// How proxies say that they were asked over TLS.
const FORWARDED_PROTO: &str = "x-forwarded-proto";
/// By which browsers say whether a link on another site leads here.
const FETCH_SITE: &str = "sec-fetch-site";

/// One login.
#[derive(Clone, Debug)]
pub(crate) struct Login {
    pub(crate) user: String,
    began_at_millis: Millis,
    pub(crate) expires_at_millis: Millis,
    signed_out: CancellationToken,
}

impl Login {
    /// Resolves once its time is up, or somebody signed out.
    pub(crate) async fn until_over(&self) {
        let left = self.expires_at_millis.saturating_sub(SystemClock.now_millis());
        let time_is_up = tokio::time::sleep(Duration::from_millis(left));
        self.signed_out.run_until_cancelled(time_is_up).await;
    }
}

/// The logins of a node, and who tried in vain.
#[derive(Clone, Default)]
pub(crate) struct Logins(Arc<Mutex<Kept>>);

#[derive(Default)]
struct Kept {
    by_id: BTreeMap<Digest, Login>,
    wrong_tries: BTreeMap<IpAddr, Vec<Millis>>,
}

impl Logins {
    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The login that a request brings.
    pub(crate) fn find(&self, headers: &HeaderMap, now: Millis) -> Option<Login> {
        let digest = brought(headers)?;
        let mut kept = self.lock();
        let login = kept.by_id.get(&digest)?;
        if login.expires_at_millis <= now {
            kept.by_id.remove(&digest);
            return None;
        }
        Some(login.clone())
    }

    /// Takes a token for a login. Gives the id that the browser is to keep.
    ///
    /// # Errors
    /// When the token is not known, or too many from this address were not.
    fn sign_in(&self, tokens: &Tokens, token: &str, address: IpAddr, now: Millis) -> Result<(String, Login), Failure> {
        let mut kept = self.lock();
        kept.check_tries(address, now)?;
        let user = match tokens.user_of(token) {
            Ok(user) => user.name,
            Err(failure) => {
                tracing::warn!(%address, "a token that nobody has was tried");
                kept.wrong_tries.entry(address).or_default().push(now);
                return Err(failure);
            }
        };
        let id = new_id()?;
        let login = Login {
            user,
            began_at_millis: now,
            expires_at_millis: now.saturating_add(tokens.login_life_millis()),
            signed_out: CancellationToken::new(),
        };
        kept.make_room(&login.user, now);
        kept.by_id.insert(Digest::sha256(id.as_bytes()), login.clone());
        Ok((id, login))
    }

    fn sign_out(&self, headers: &HeaderMap) {
        if let Some(login) = brought(headers).and_then(|digest| self.lock().by_id.remove(&digest)) {
            login.signed_out.cancel();
        }
    }
}

impl Kept {
    fn check_tries(&mut self, address: IpAddr, now: Millis) -> Result<(), Failure> {
        self.wrong_tries.retain(|_, tries| {
            tries.retain(|tried| now < tried + TRIES_MILLIS);
            !tries.is_empty()
        });
        let tries = self.wrong_tries.get(&address).map_or(&[][..], Vec::as_slice);
        let is_full = self.wrong_tries.len() >= ADDRESSES_MAX && tries.is_empty();
        if tries.len() < WRONG_TRIES_MAX && !is_full {
            return Ok(());
        }
        let first = tries.first().copied().unwrap_or(now);
        let seconds = (first + TRIES_MILLIS - now).div_ceil(1_000);
        Err(Failure::new(Code::TooManyTries, format!("too many attempts to sign in from {address} failed"))
            .with_hint(format!("wait {seconds} s, then try again")))
    }

    /// Forgets what is over, and the oldest of a user who has too many.
    fn make_room(&mut self, user: &str, now: Millis) {
        self.by_id.retain(|_, login| now < login.expires_at_millis);
        let own = self.by_id.iter().filter(|(_, login)| login.user == user);
        let oldest = own.clone().min_by_key(|(_, login)| login.began_at_millis).map(|(digest, _)| digest.clone());
        if own.count() >= LOGINS_PER_USER_MAX
            && let Some(login) = oldest.and_then(|digest| self.by_id.remove(&digest))
        {
            login.signed_out.cancel();
        }
    }
}

/// The user of a login, as long as the node has one of that name.
pub(crate) fn user_of(tokens: &Tokens, login: Login) -> Option<User> {
    let role = tokens.role_of(&login.user)?;
    Some(User::signed_in(login, role))
}

/// The digest of the id that a browser brings.
fn brought(headers: &HeaderMap) -> Option<Digest> {
    let pairs = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok()).flat_map(|text| text.split(';'));
    let mut pairs = pairs.filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE_NAME).map(|(_, id)| Digest::sha256(id.as_bytes()))
}

fn new_id() -> Result<String, Failure> {
    let mut bytes = [0_u8; ID_BYTES];
    getrandom::fill(&mut bytes)
        .map_err(|error| Failure::new(Code::Internal, format!("this machine gives no random bytes: {error}")))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// The cookie of a login; no script reads it, and no page of another site sends it.
fn cookie(id: &str, life_millis: Millis, headers: &HeaderMap) -> Option<HeaderValue> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let over_tls = text(FORWARDED_PROTO).split(',').next().is_some_and(|proto| proto.trim() == "https")
        || text(FORWARDED.as_str()).split([';', ',']).any(|part| part.trim().eq_ignore_ascii_case("proto=https"));
    let secure = if over_tls { "; Secure" } else { "" };
    let seconds = life_millis / 1_000;
    let cookie = format!("{COOKIE_NAME}={id}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}");
    HeaderValue::from_str(&cookie).ok()
}

pub(crate) async fn sign_in(
    State(shared): State<Shared>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    JsonBody(asked): JsonBody<SignIn>,
) -> Answer<Response> {
    let Some(tokens) = &shared.info.tokens else {
        let failure = Failure::new(Code::Conflict, "this node does not tell users apart, and nobody signs in");
        return Err(failure.with_hint("start it with `sandmill up --tokens FILE`").into());
    };
    let (id, login) = shared.logins.sign_in(tokens, &asked.token, address.ip(), SystemClock.now_millis())?;
    let kept = cookie(&id, tokens.login_life_millis(), &headers).map(|value| (SET_COOKIE, value));
    let told = user_of(tokens, login).map(|user| to_wire(&user));
    let mut response = Json(told).into_response();
    response.headers_mut().extend(kept);
    Ok(response)
}

pub(crate) async fn sign_out(State(shared): State<Shared>, headers: HeaderMap) -> Response {
    shared.logins.sign_out(&headers);
    let forgotten = cookie("", 0, &headers).map(|value| (SET_COOKIE, value));
    let mut response = StatusCode::NO_CONTENT.into_response();
    response.headers_mut().extend(forgotten);
    response
}

pub(crate) async fn get(user: User) -> Json<Wire> {
    Json(to_wire(&user))
}

fn to_wire(user: &User) -> Wire {
    Wire {
        user: user.name.clone(),
        role: user.role.name().to_owned(),
        expires_at_millis: user.login.as_ref().map(|login| login.expires_at_millis),
    }
}

/// A browser that opens a page with a token in its address gets a login, and the same page without the token, so that it
/// stays in no history. A link on another site does not do so: it would sign people in as somebody else.
pub(crate) fn from_address(shared: &Shared, address: IpAddr, uri: &Uri, headers: &HeaderMap) -> Option<Response> {
    let tokens = shared.info.tokens.as_ref()?;
    let token = in_address(uri)?;
    if headers.get(FETCH_SITE).is_some_and(|site| site == "cross-site") {
        return None;
    }
    // The page itself asks for another token then.
    let (id, _) = shared.logins.sign_in(tokens, token, address, SystemClock.now_millis()).ok()?;
    let kept = cookie(&id, tokens.login_life_millis(), headers)?;
    let place = HeaderValue::from_str(&without_token(uri).to_string()).ok()?;
    let mut response = StatusCode::SEE_OTHER.into_response();
    response.headers_mut().extend([(SET_COOKIE, kept), (LOCATION, place)]);
    Some(response)
}

#[cfg(test)]
mod tests;
