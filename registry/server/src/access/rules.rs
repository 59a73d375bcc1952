//! Rules: who may do what in which repositories.
//! Never takes anything away: a rule only allows, and what none allows is refused.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Something to do in a repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// Read blobs, manifests, tags and referrers.
    Pull,
    /// Upload blobs, put manifests and tags.
    Push,
    /// Delete tags, manifests and blobs.
    Delete,
}

impl fmt::Display for Action {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Pull => "pull",
            Self::Push => "push",
            Self::Delete => "delete",
        })
    }
}

impl FromStr for Action {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        [Self::Pull, Self::Push, Self::Delete].into_iter().find(|action| action.to_string() == text).ok_or(())
    }
}

/// Whom a rule is about.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Who {
    /// Everybody, with a name or without.
    Everybody,
    /// Every user whose password was right.
    Users,
    /// These users.
    #[serde(untagged)]
    Named(Vec<String>),
}

/// One thing that is allowed.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Whom it is about.
    pub who: Who,
    /// In which repositories.
    pub repositories: Vec<RepositoryPattern>,
    /// What.
    pub may: Vec<Action>,
}

impl Rule {
    /// What holds where no rules are written: everybody may pull, and users may do everything.
    #[must_use]
    pub fn usual() -> Vec<Self> {
        let rule = |who, may: &[Action]| Self { who, repositories: vec![RepositoryPattern::any()], may: may.to_vec() };
        vec![rule(Who::Everybody, &[Action::Pull]), rule(Who::Users, &[Action::Pull, Action::Push, Action::Delete])]
    }

    /// Whether this user, or the anonymous, may do this there.
    pub(super) fn allows(&self, user: Option<&str>, repository: &str, action: Action) -> bool {
        let is_meant = match (&self.who, user) {
            (Who::Everybody, _) | (Who::Users, Some(_)) => true,
            (Who::Named(names), Some(user)) => names.iter().any(|name| name == user),
            (_, None) => false,
        };
        is_meant && self.may.contains(&action) && self.repositories.iter().any(|pattern| pattern.matches(repository))
    }
}

/// Names of repositories: `*` stands for any text within a part, `**` for any number of parts.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct RepositoryPattern(Vec<String>);

/// Why a text is no pattern.
#[derive(Debug, Error)]
#[error(
    "`{0}` is no pattern of repositories: expected parts of lower-case letters, digits, `.`, `_`, `-` and `*` joined \
     by `/`, such as team-a/** or **"
)]
pub struct PatternError(String);

impl RepositoryPattern {
    /// All repositories.
    #[must_use]
    pub fn any() -> Self {
        Self(vec!["**".to_owned()])
    }

    pub(super) fn matches(&self, repository: &str) -> bool {
        let parts: Vec<&str> = repository.split('/').collect();
        parts_match(&self.0, &parts)
    }
}

impl TryFrom<String> for RepositoryPattern {
    type Error = PatternError;

    fn try_from(text: String) -> Result<Self, PatternError> {
        let is_known = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._-*".contains(&byte);
        let is_part =
            |part: &str| !part.is_empty() && part.bytes().all(is_known) && (part == "**" || !part.contains("**"));
        if text.split('/').all(is_part) {
            Ok(Self(text.split('/').map(str::to_owned).collect()))
        } else {
            Err(PatternError(text))
        }
    }
}

fn parts_match(pattern: &[String], parts: &[&str]) -> bool {
    match pattern.split_first() {
        None => parts.is_empty(),
        Some((first, rest)) if first == "**" => (0..=parts.len()).any(|taken| parts_match(rest, &parts[taken..])),
        Some((first, rest)) => {
            parts.split_first().is_some_and(|(part, others)| text_matches(first, part) && parts_match(rest, others))
        }
    }
}

fn text_matches(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((before, after)) => text.strip_prefix(before).is_some_and(|rest| {
            rest.char_indices().map(|(at, _)| at).chain([rest.len()]).any(|at| text_matches(after, &rest[at..]))
        }),
    }
}
