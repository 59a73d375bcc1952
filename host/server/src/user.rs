//! Who asks, as far as the node tells users apart, and what is theirs.
//! Never believes a name that the request itself brings.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use host_base::{Code, Failure, RunId};
use registry_oci::Digest;

use crate::answer::refusal_under;
use crate::login::Login;
use crate::router::Shared;

/// Whoever asks a node that tells nobody apart.
const LOCAL: &str = "local";
/// What a session added beyond this is read by it once a run of its user's has used it.
const UPLOADS_REMEMBERED_MAX: usize = 10_000;

/// What a user may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// Everything, with what is others' too.
    Admin,
    /// What an author does, with what is their own.
    Member,
    /// To read.
    Viewer,
}

impl Role {
    const ALL: [Self; 3] = [Self::Admin, Self::Member, Self::Viewer];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Member => "member",
            Self::Viewer => "viewer",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl FromStr for Role {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|role| role.name() == text).ok_or(())
    }
}

/// The user who asks.
#[derive(Clone, Debug)]
pub(crate) struct User {
    pub(crate) name: String,
    pub(crate) role: Role,
    /// Whether the node tells users apart.
    is_known: bool,
    /// Where what others submitted is not shown, as to the code of some sessions: what that code added itself.
    narrowed: Option<Arc<Mutex<BTreeSet<Digest>>>>,
    /// By which a browser asks.
    pub(crate) login: Option<Login>,
}

impl User {
    /// Whoever asks a node without tokens.
    pub(crate) fn local() -> Self {
        Self { name: LOCAL.to_owned(), role: Role::Admin, is_known: false, narrowed: None, login: None }
    }

    /// A user of the node's.
    pub(crate) const fn known(name: String, role: Role) -> Self {
        Self { name, role, is_known: true, narrowed: None, login: None }
    }

    /// The same by the login of a browser.
    pub(crate) fn signed_in(login: Login, role: Role) -> Self {
        Self { login: Some(login.clone()), ..Self::known(login.user, role) }
    }

    /// The code of a user's session: a member, whatever the user is.
    pub(crate) fn session_of(name: &str, tells_apart: bool, narrowed: bool) -> Self {
        match tells_apart {
            true => Self { narrowed: narrowed.then(Arc::default), ..Self::known(name.to_owned(), Role::Member) },
            false => Self::local(),
        }
    }

    /// As whose anything that they submit is written down.
    pub(crate) fn submitter(&self) -> Option<String> {
        self.is_known.then(|| self.name.clone())
    }

    /// The only user whose runs and jobs they are shown; none where everybody's are.
    pub(crate) fn sees_only(&self) -> Option<&str> {
        self.narrowed.is_some().then_some(&*self.name)
    }

    /// Remembers what somebody added who is shown only what is theirs.
    pub(crate) fn remember_upload(&self, digest: &Digest) {
        let Some(added) = &self.narrowed else { return };
        let mut added = added.lock().unwrap_or_else(PoisonError::into_inner);
        if added.len() < UPLOADS_REMEMBERED_MAX {
            added.insert(digest.clone());
        }
    }

    pub(crate) fn has_uploaded(&self, digest: &Digest) -> bool {
        let added = self.narrowed.as_ref().map(|added| added.lock().unwrap_or_else(PoisonError::into_inner));
        added.is_some_and(|added| added.contains(digest))
    }

    /// Whether a session of this user is theirs to use.
    pub(crate) fn may_use_session_of(&self, owner: &str) -> bool {
        match self.role {
            Role::Admin => true,
            Role::Member => self.name == owner,
            Role::Viewer => false,
        }
    }

    /// Refuses to end, to try again or to delete what somebody else submitted. What was submitted before users were told
    /// apart is every member's.
    pub(crate) fn check_change(&self, what: &str, submitter: Option<&str>) -> Result<(), Failure> {
        match submitter {
            Some(submitter) if self.role != Role::Admin && submitter != self.name => {
                let message = format!("{what} is {submitter}'s, and {} may not change it", self.name);
                Err(not_allowed(message, &format!("ask {submitter}, or an admin of this node")))
            }
            _ => Ok(()),
        }
    }

    /// The same for a run.
    pub(crate) async fn check_run(&self, shared: &Shared, run: &RunId) -> Result<(), Failure> {
        let submitter = shared.executor.run_record(run).await?.attributes.submitter;
        self.check_change(&format!("run {run}"), submitter.as_deref())
    }

    /// The same for a training job.
    pub(crate) async fn check_job(&self, shared: &Shared, job: &RunId) -> Result<(), Failure> {
        let submitter = shared.executor.job_record(job).await?.attributes.submitter;
        self.check_change(&format!("job {job}"), submitter.as_deref())
    }

    /// The same for a schedule.
    pub(crate) async fn check_schedule(&self, shared: &Shared, id: &str) -> Result<(), Failure> {
        let schedule = shared.executor.item::<host_executor::catalogue::RecurringRun>(id).await?;
        self.check_change(&format!("schedule `{id}`"), schedule.record.submitter.as_deref())
    }

    /// Refuses a session that is not theirs. One that there is not is for the handler to miss.
    pub(crate) fn check_session(&self, shared: &Shared, id: &str) -> Result<(), Failure> {
        match shared.executor.owner_of_session(id) {
            Some(owner) if !self.may_use_session_of(&owner) => {
                let message = format!("session `{id}` is {owner}'s, and {} may not use it", self.name);
                Err(not_allowed(message, &format!("ask {owner}, or an admin of this node; begin one of your own")))
            }
            _ => Ok(()),
        }
    }

    /// Resolves once their login is over; never for who asks without one.
    pub(crate) async fn until_over(self) {
        match self.login {
            Some(login) => login.until_over().await,
            None => std::future::pending().await,
        }
    }
}

pub(crate) fn not_allowed(message: impl Into<String>, hint: &str) -> Failure {
    Failure::new(Code::NotAllowedToUser, message).with_hint(hint)
}

impl<S: Send + Sync> FromRequestParts<S> for User {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        // Put there by the guard.
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_else(Self::local))
    }
}

/// The id of a session in the path, which is the user's own, or anybody's for an admin.
pub(crate) struct OwnSession(pub(crate) String);

impl FromRequestParts<Shared> for OwnSession {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, shared: &Shared) -> Result<Self, Response> {
        let Path(id) = Path::<String>::from_request_parts(parts, shared).await.map_err(IntoResponse::into_response)?;
        let Ok(user) = User::from_request_parts(parts, shared).await;
        user.check_session(shared, &id).map_err(|failure| refusal_under(parts.uri.path(), failure))?;
        Ok(Self(id))
    }
}
