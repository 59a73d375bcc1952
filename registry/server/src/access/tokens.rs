//! Tokens: what their holder may do, sealed with a key that only this process knows.
//! Never outlives the process: after a restart clients fetch new ones.

use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use super::Action;

/// Where tokens are issued.
pub(crate) const TOKEN_PATH: &str = "/token";

/// Seals and opens tokens.
pub(super) struct Tokens {
    key: [u8; 32],
    /// Ends are counted from here, since no token is older than the process that issued it.
    started: Instant,
    good_for: Duration,
}

/// Actions in one repository.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Entry {
    pub(super) repository: String,
    pub(super) actions: Vec<Action>,
}

/// What a token says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Granted {
    user: Option<String>,
    access: Vec<Entry>,
    #[serde(default)]
    ends_after_millis: u64,
}

/// The answer of the token endpoint, under both names that clients look for.
#[derive(Debug, Serialize)]
pub(crate) struct TokenAnswer {
    pub(super) token: String,
    access_token: String,
    expires_in: u64,
}

impl Granted {
    pub(super) const fn new(user: Option<String>, access: Vec<Entry>) -> Self {
        Self { user, access, ends_after_millis: 0 }
    }

    pub(super) fn user(&self) -> Option<&str> {
        self.user.as_deref()
    }

    pub(super) fn has(&self, repository: &str, action: Action) -> bool {
        self.access.iter().any(|entry| entry.repository == repository && entry.actions.contains(&action))
    }
}

impl Tokens {
    pub(super) fn new(good_for: Duration) -> Result<Self, getrandom::Error> {
        let mut key = [0; 32];
        getrandom::fill(&mut key)?;
        Ok(Self { key, started: Instant::now(), good_for })
    }

    pub(super) fn seal(&self, granted: &Granted) -> TokenAnswer {
        let ends = self.started.elapsed() + self.good_for;
        let granted = Granted { ends_after_millis: millis(ends), ..granted.clone() };
        let claims = serde_json::to_vec(&granted).expect("a token has string keys only");
        let seal = self.mac(&claims).finalize().into_bytes();
        let token = format!("{}.{}", URL_SAFE_NO_PAD.encode(&claims), URL_SAFE_NO_PAD.encode(seal));
        TokenAnswer { access_token: token.clone(), token, expires_in: self.good_for.as_secs() }
    }

    /// None where the token was not sealed here, or has ended.
    pub(super) fn open(&self, token: &str) -> Option<Granted> {
        let (claims, seal) = token.split_once('.')?;
        let (claims, seal) = (URL_SAFE_NO_PAD.decode(claims).ok()?, URL_SAFE_NO_PAD.decode(seal).ok()?);
        self.mac(&claims).verify_slice(&seal).ok()?;
        let granted: Granted = serde_json::from_slice(&claims).ok()?;
        (millis(self.started.elapsed()) < granted.ends_after_millis).then_some(granted)
    }

    fn mac(&self, claims: &[u8]) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.key).expect("any length of key will do");
        mac.update(claims);
        mac
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
