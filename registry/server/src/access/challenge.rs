//! The words in which registries and clients speak of access: the challenge header and scopes.
//! Never grants anything.

use std::str::FromStr as _;

use serde::Deserialize;

use super::tokens::{Entry, TOKEN_PATH};
use super::{Action, Wanted};
use crate::error::{ApiError, Code};
use crate::route::Repository;

/// The name that the registry gives itself in challenges.
const SERVICE: &str = "sandmill-registry";
/// Scopes in one request for a token; a client asks for one repository, and for each that it mounts from.
const SCOPES_MAX: usize = 32;

/// How a client is told to authenticate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Challenge {
    /// To fetch a token; what Docker's and most other clients expect.
    #[default]
    Token,
    /// To send name and password each time.
    Basic,
}

impl Challenge {
    /// The header's value, over the address under which the registry is reached.
    pub(super) fn header(self, base: &str, wanted: Option<&Wanted>, problem: Option<&str>) -> String {
        match self {
            Self::Basic => format!("Basic realm=\"{SERVICE}\", charset=\"UTF-8\""),
            Self::Token => {
                let mut text = format!("Bearer realm=\"{base}{TOKEN_PATH}\",service=\"{SERVICE}\"");
                if let Some(wanted) = wanted {
                    // Pushing needs a look at what is there.
                    let actions = match wanted.action {
                        Action::Push => "pull,push".to_owned(),
                        action => action.to_string(),
                    };
                    text.push_str(&format!(",scope=\"repository:{}:{actions}\"", wanted.repository));
                }
                if let Some(problem) = problem {
                    text.push_str(&format!(",error=\"{problem}\""));
                }
                text
            }
        }
    }
}

/// Reads scopes such as `repository:team/step:pull,push`; one parameter may hold several, with spaces between.
/// Other kinds than repositories, and actions that are not known, are left out: nothing is granted for them.
pub(super) fn scopes<'a>(parameters: impl Iterator<Item = &'a str>) -> Result<Vec<Entry>, ApiError> {
    let mut entries = Vec::new();
    for scope in parameters.flat_map(|parameter| parameter.split(' ')).filter(|scope| !scope.is_empty()) {
        let Some((repository, actions)) = scope.strip_prefix("repository:").and_then(|rest| rest.rsplit_once(':'))
        else {
            continue;
        };
        if entries.len() == SCOPES_MAX {
            return Err(ApiError::bad(Code::Unsupported, format!("one token has at most {SCOPES_MAX} scopes")));
        }
        let actions = actions.split(',').flat_map(|action| match action {
            // What Docker's clients ask for to delete.
            "*" => vec![Action::Pull, Action::Push, Action::Delete],
            action => Action::from_str(action).into_iter().collect(),
        });
        entries
            .push(Entry { repository: Repository::parse(repository)?.as_str().to_owned(), actions: actions.collect() });
    }
    Ok(entries)
}
