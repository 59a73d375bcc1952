//! What a session's code may ask of the platform.
//! Never says of one thing whether it may be asked; whoever answers knows what there is.

use std::fmt;
use std::str::FromStr;

use host_base::{Code, Failure};

/// What the code of a session may ask of the node that it runs on. `Submit` includes the others; `Own` and `Read` do
/// not include each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PlatformAccess {
    /// Nothing.
    #[default]
    None,
    /// To start and end runs and jobs, to add artifacts, and to read those of its own user: their runs and jobs with
    /// metrics and logs, the artifacts of these, and what belongs to nobody, such as pipelines and components.
    Own,
    /// To list and read everybody's runs, jobs, metrics, logs, artifacts.
    Read,
    /// To read everybody's, to start runs and jobs, and to add artifacts. What is started gets what the node's policy
    /// lets any author ask for; what others started is theirs to end.
    Submit,
}

impl PlatformAccess {
    /// All of them, from nothing up.
    pub const ALL: [Self; 4] = [Self::None, Self::Own, Self::Read, Self::Submit];

    /// As it is written.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Own => "own",
            Self::Read => "read",
            Self::Submit => "submit",
        }
    }

    /// Whether whoever has this may do what the other allows.
    #[must_use]
    pub fn includes(self, other: Self) -> bool {
        self == other || self == Self::Submit || other == Self::None
    }

    /// What is left of it on a node that lets sessions have so much by now.
    #[must_use]
    pub fn within(self, allowed: Self) -> Self {
        match (allowed.includes(self), self.includes(allowed)) {
            (true, _) => self,
            (false, true) => allowed,
            (false, false) => Self::None,
        }
    }

    /// What a session gets that asks for so much: what it asks for, or all that the node lets sessions have.
    ///
    /// # Errors
    /// When it asks for more than that.
    pub fn granted(self, asked: Option<Self>) -> Result<Self, Failure> {
        let asked = asked.unwrap_or(self);
        if self.includes(asked) {
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
                .with_hint("write `none`, `own`, `read` or `submit`")
        })
    }
}

#[cfg(test)]
mod tests;
