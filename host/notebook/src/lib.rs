//! Decides when sessions may begin and what becomes of those that nobody uses.
//! Never ends one that is at work, and never knows the time but by being told.

mod document;
mod platform;

use host_base::{Code, Failure, Millis};

pub use document::{Notebook, Output};
pub use platform::PlatformAccess;

/// What holds for the sessions of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionLimits {
    /// Sessions at once.
    pub sessions_max: usize,
    /// Sessions of one user at once, those that are paused among them.
    pub sessions_per_user_max: usize,
    /// A session that nobody has used for so long is paused, or ended; none is where this is none.
    pub idle_millis_max: Option<u64>,
}

impl Default for SessionLimits {
    fn default() -> Self {
        Self { sessions_max: 100, sessions_per_user_max: 100, idle_millis_max: Some(24 * 60 * 60 * 1000) }
    }
}

/// The sessions that are there when another is to begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionsThere {
    /// At work, of all users.
    pub open: usize,
    /// Of the user who asks, at work or paused.
    pub of_user: usize,
}

/// What is known of a session when it is decided whether it goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Activity {
    /// Whether a cell runs or waits to.
    pub busy: bool,
    /// When a cell last began or ended, or somebody connected or left.
    pub last_millis: Millis,
    /// How many are connected.
    pub connections: usize,
    /// Whether its kernel can write down its state.
    pub can_pause: bool,
}

/// What becomes of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Nothing: it is used, or has been of late.
    GoesOn,
    /// It is paused: the next message of whoever is connected resumes it.
    IsPaused,
    /// It ends, because nobody is connected and nothing of it could be kept.
    IsEnded,
}

impl SessionLimits {
    /// Whether one more session of a user may begin.
    ///
    /// # Errors
    /// When there are as many as there may be.
    pub fn admit(&self, user: &str, there: SessionsThere) -> Result<(), Failure> {
        let SessionsThere { open, of_user } = there;
        let (all, own) = (self.sessions_max, self.sessions_per_user_max);
        let message = if of_user >= own {
            format!("user `{user}` has {of_user} sessions, and this node lets one user have {own}")
        } else if open >= all {
            format!("{open} sessions are open, and this node has room for {all}")
        } else {
            return Ok(());
        };
        Err(Failure::new(Code::Conflict, message)
            .with_hint("end one: `sandmill notebook list`, then `sandmill notebook stop SESSION`"))
    }

    /// What becomes of a session that is used like this.
    #[must_use]
    pub fn fate(&self, activity: Activity, now_millis: Millis) -> Fate {
        let Some(idle_max) = self.idle_millis_max else { return Fate::GoesOn };
        if activity.busy || now_millis.saturating_sub(activity.last_millis) < idle_max {
            Fate::GoesOn
        } else if activity.can_pause {
            Fate::IsPaused
        } else if activity.connections == 0 {
            Fate::IsEnded
        } else {
            Fate::GoesOn
        }
    }
}

#[cfg(test)]
mod tests;
