//! Who a request comes from, and what that one may do in a repository.
//! Never decides by content: a repository's name and an action are all that counts.

mod challenge;
mod passwords;
mod rules;
#[cfg(test)]
mod tests;
mod tokens;

use std::time::Duration;

use axum::http::{HeaderMap, StatusCode, Uri, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::error::{ApiError, Code};
use crate::route::Repository;

pub use self::challenge::Challenge;
pub use self::passwords::{PasswordFile, PasswordFileError};
pub use self::rules::{Action, PatternError, RepositoryPattern, Rule, Who};
use self::tokens::{Granted, Tokens};
pub(crate) use self::tokens::{TOKEN_PATH, TokenAnswer};

/// How access is controlled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessConfig {
    /// The users' passwords; without them nobody but the anonymous can come.
    pub users: Option<PasswordFile>,
    /// What who may do. What no rule allows is refused.
    pub rules: Vec<Rule>,
    /// How a client is told to authenticate. Both ways are always understood.
    pub challenge: Challenge,
    /// How long a token is good for.
    pub token_seconds: u32,
    /// Scheme and host under which clients reach the registry; as the request says where it is not given.
    pub external_url: Option<String>,
}

impl Default for AccessConfig {
    /// Everybody may pull, and users may do everything.
    fn default() -> Self {
        Self { users: None, rules: Rule::usual(), challenge: Challenge::Token, token_seconds: 300, external_url: None }
    }
}

/// Whom a request comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Caller {
    /// Nobody said a name.
    Anonymous,
    /// A user whose password was right.
    User(String),
    /// The holder of a token, with what it grants.
    Token(Granted),
}

/// Access control at work.
pub(crate) struct Access {
    config: AccessConfig,
    tokens: Tokens,
    /// The listener speaks TLS, which the address of the token endpoint has to say.
    is_tls: bool,
}

/// What a request wants, for the decision and for the challenge that tells a client what to ask a token for.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    pub(crate) repository: Repository,
    pub(crate) action: Action,
}

impl Access {
    pub(crate) fn new(config: AccessConfig, is_tls: bool) -> Result<Self, getrandom::Error> {
        let tokens = Tokens::new(Duration::from_secs(config.token_seconds.into()))?;
        Ok(Self { config, tokens, is_tls })
    }

    /// Finds out who calls. Wrong credentials are refused even where the anonymous would be let in, since whoever
    /// shows some relies on them.
    pub(crate) async fn caller(&self, uri: &Uri, headers: &HeaderMap) -> Result<Caller, ApiError> {
        let Some(value) = headers.get(header::AUTHORIZATION) else { return Ok(Caller::Anonymous) };
        let (scheme, credentials) = value.to_str().ok().and_then(|text| text.split_once(' ')).unwrap_or_default();
        if scheme.eq_ignore_ascii_case("bearer") {
            return match self.tokens.open(credentials.trim()) {
                Some(granted) => Ok(Caller::Token(granted)),
                None => Err(self.unauthorized(uri, headers, None, Some("invalid_token"))),
            };
        }
        if scheme.eq_ignore_ascii_case("basic") {
            let pair = STANDARD.decode(credentials.trim()).ok().and_then(|pair| String::from_utf8(pair).ok());
            // Neither a name nor a password: so some clients answer a challenge when they have no credentials.
            if pair.as_deref() == Some(":") {
                return Ok(Caller::Anonymous);
            }
            if let Some((user, password)) = pair.as_deref().and_then(|pair| pair.split_once(':'))
                && let Some(users) = &self.config.users
                && users.is_right(user, password).await.map_err(|error| unreadable(&error))?
            {
                return Ok(Caller::User(user.to_owned()));
            }
        }
        Err(self.unauthorized(uri, headers, None, None))
    }

    pub(crate) fn may(&self, caller: &Caller, wanted: &Wanted) -> bool {
        let name = wanted.repository.as_str();
        let ruled = |user| self.config.rules.iter().any(|rule| rule.allows(user, name, wanted.action));
        ruled(None)
            || match caller {
                Caller::Anonymous => false,
                Caller::User(user) => ruled(Some(user.as_str())),
                Caller::Token(granted) => granted.has(name, wanted.action),
            }
    }

    /// Lets a request through, or says what is missing.
    pub(crate) fn check(
        &self,
        uri: &Uri,
        headers: &HeaderMap,
        caller: &Caller,
        wanted: &Wanted,
    ) -> Result<(), ApiError> {
        if self.may(caller, wanted) {
            return Ok(());
        }
        let user = match caller {
            Caller::Anonymous => return Err(self.unauthorized(uri, headers, Some(wanted), None)),
            Caller::User(user) => Some(user.as_str()),
            Caller::Token(granted) => granted.user(),
        };
        let name = wanted.repository.as_str();
        // A token for another scope can be exchanged for one that will do; whom no rule allows it cannot be helped.
        let another_would_do = self.config.rules.iter().any(|rule| rule.allows(user, name, wanted.action));
        if user.is_none() || another_would_do {
            return Err(self.unauthorized(uri, headers, Some(wanted), Some("insufficient_scope")));
        }
        let message = format!("this user may not {} in {name}; ask for a rule that allows it", wanted.action);
        Err(ApiError::new(StatusCode::FORBIDDEN, Code::Denied, message))
    }

    /// GET of the token endpoint: grants what was asked for as far as the rules allow it.
    pub(crate) async fn issue(
        &self,
        uri: &Uri,
        headers: &HeaderMap,
        scopes: impl Iterator<Item = &str>,
    ) -> Result<TokenAnswer, ApiError> {
        let user = match self.caller(uri, headers).await? {
            Caller::Anonymous => None,
            Caller::User(user) => Some(user),
            // A token is no way to a fresh one: it would never end.
            Caller::Token(_) => return Err(self.unauthorized(uri, headers, None, None)),
        };
        let mut access = challenge::scopes(scopes)?;
        for entry in &mut access {
            let may = |action| {
                self.config.rules.iter().any(|rule| {
                    rule.allows(None, entry.repository.as_str(), action)
                        || rule.allows(user.as_deref(), entry.repository.as_str(), action)
                })
            };
            entry.actions.retain(|action| may(*action));
        }
        access.retain(|entry| !entry.actions.is_empty());
        Ok(self.tokens.seal(&Granted::new(user, access)))
    }

    pub(crate) fn unauthorized(
        &self,
        uri: &Uri,
        headers: &HeaderMap,
        wanted: Option<&Wanted>,
        problem: Option<&str>,
    ) -> ApiError {
        let message = match (wanted, &self.config.users) {
            (Some(wanted), None) => {
                format!("nobody may {} here: this registry was started without a file of users", wanted.action)
            }
            (Some(wanted), _) => format!("log in to {} in {}", wanted.action, wanted.repository),
            (None, _) => "log in with a user's name and password".to_owned(),
        };
        let base = self.config.external_url.clone().unwrap_or_else(|| {
            let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
            let host = host.or_else(|| uri.authority().map(axum::http::uri::Authority::as_str)).unwrap_or("localhost");
            format!("{}://{host}", if self.is_tls { "https" } else { "http" })
        });
        let challenge = self.config.challenge.header(base.trim_end_matches('/'), wanted, problem);
        ApiError::new(StatusCode::UNAUTHORIZED, Code::Unauthorized, message)
            .with_header(header::WWW_AUTHENTICATE, challenge)
    }
}

fn unreadable(error: &PasswordFileError) -> ApiError {
    tracing::error!(%error, "nobody can log in");
    ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, Code::Unknown, "the registry's users cannot be read")
}
