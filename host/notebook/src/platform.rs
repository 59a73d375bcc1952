//! What a session's code may ask of the platform.
//! Never says of one thing whether it may be asked; whoever answers knows what there is.

use std::fmt;
use std::str::FromStr;

use host_base::{Code, Failure};

/// What the code of a session may ask of the node that it runs on. Each level includes those before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum PlatformAccess {
    /// Nothing.
    #[default]
    None,
    /// To list and read runs, jobs, metrics, logs, artifacts.
    Read,
    /// To start and end runs and jobs as well, and to add artifacts. What is started gets what the node's policy lets
    /// any author ask for.
    Submit,
}

impl PlatformAccess {
    /// All levels, from nothing up.
    pub const ALL: [Self; 3] = [Self::None, Self::Read, Self::Submit];

    /// As it is written.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Read => "read",
            Self::Submit => "submit",
        }
    }

    /// What a session gets that asks for so much: what it asks for, or all that the node lets sessions have.
    ///
    /// # Errors
    /// When it asks for more than that.
    pub fn granted(self, asked: Option<Self>) -> Result<Self, Failure> {
        let asked = asked.unwrap_or(self);
        if asked <= self {
            return Ok(asked);
        }
        let message =
            format!("a session asks for the platform at `{asked}`, and this node lets sessions have `{self}`");
        Err(Failure::new(Code::GrantNotAllowed, message)
            .with_hint(format!("start the node with `sandmill up --notebook-platform {asked}`, or ask for less")))
    }
}

impl fmt::Display for PlatformAccess {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl FromStr for PlatformAccess {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        Self::ALL.into_iter().find(|access| access.name() == text).ok_or_else(|| {
            Failure::new(Code::BadRequest, format!("`{text}` is no access to the platform"))
                .with_hint("write `none`, `read` or `submit`")
        })
    }
}

#[cfg(test)]
mod tests;
