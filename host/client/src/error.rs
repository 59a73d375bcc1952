//! What can go wrong between a caller and a server.
//! Never carries a password: addresses are shown without.

use host_api::problem::{Problem, status_of};
use host_base::{Code, Failure};
use thiserror::Error;

use crate::Address;

/// Why a call did not succeed.
#[derive(Debug, Error)]
pub enum ClientError {
    /// No connection, or it broke off.
    #[error("the server at {server} does not answer: {reason}")]
    Unreachable {
        /// The server.
        server: Address,
        /// How far it came.
        reason: String,
    },
    /// The server understood and said no.
    #[error("{}", .problems.iter().map(|problem| problem.message.as_str()).collect::<Vec<_>>().join("; "))]
    Refused {
        /// The answer's status.
        status: u16,
        /// All that is wrong, at least one.
        problems: Vec<Problem>,
    },
    /// Something else than a Sandmill server answered, or one of another time.
    #[error("the answer of {server} is not understood: {reason}")]
    Protocol {
        /// The server.
        server: Address,
        /// What is strange about it.
        reason: String,
    },
    /// This machine cannot make connections at all.
    #[error("the client cannot be set up: {0}")]
    Setup(String),
}

impl ClientError {
    /// A connection that failed. The deepest cause says most; the ones around it repeat the address.
    pub(crate) fn of_request(server: &Address, error: reqwest::Error) -> Self {
        let error = error.without_url();
        let mut cause: &dyn std::error::Error = &error;
        while let Some(deeper) = cause.source() {
            cause = deeper;
        }
        let reason = cause.to_string();
        if error.is_decode() {
            return Self::Protocol { server: server.clone(), reason };
        }
        Self::Unreachable { server: server.clone(), reason }
    }

    /// Everything that is wrong, for people and programs.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        let failure = match self {
            Self::Refused { problems, .. } => return problems.clone(),
            Self::Unreachable { .. } => Failure::new(Code::ServerUnreachable, self.to_string())
                .with_hint("is it running? start one with `sandmill up`, or name another with --server")
                .retryable(),
            Self::Protocol { .. } => Failure::new(Code::ServerUnreachable, self.to_string())
                .with_hint("is this a sandmill server of the same version? name another with --server"),
            Self::Setup(_) => Failure::new(Code::Internal, self.to_string())
                .with_hint("install the system's CA certificates (package ca-certificates)"),
        };
        vec![failure.into()]
    }

    /// Whether what was asked for is not there.
    #[must_use]
    pub const fn is_not_found(&self) -> bool {
        matches!(self, Self::Refused { status, .. } if *status == status_of(Code::NotFound))
    }

    /// Whether no Sandmill server was reached.
    #[must_use]
    pub const fn is_unreachable(&self) -> bool {
        matches!(self, Self::Unreachable { .. } | Self::Protocol { .. })
    }
}
