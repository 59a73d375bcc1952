//! Runs: checked, submitted, driven, watched, cancelled, tried again, resumed after a crash.
//! Never decides what a run does next; `host_pipeline::advance` does.

pub(crate) mod attempt;
pub(crate) mod check;
pub(crate) mod control;
pub(crate) mod drive;
pub(crate) mod facts;
pub(crate) mod history;
pub(crate) mod journal;
pub(crate) mod kept_event;
pub(crate) mod observer;
pub(crate) mod resume;
pub(crate) mod signers;
pub(crate) mod start;
pub(crate) mod step;
pub(crate) mod submit;

use host_base::{Code, Failure};
use host_ledger::LedgerError;

/// What went wrong in the ledger, as people and programs meet it.
#[expect(clippy::needless_pass_by_value, reason = "`map_err` hands the error over")]
pub(crate) fn ledger_failure(error: LedgerError) -> Failure {
    match error {
        LedgerError::Full(_) => Failure::new(Code::StorageFull, error.to_string())
            .with_hint("free space in the data folder, then try again; nothing that was acknowledged is lost")
            .retryable(),
        LedgerError::BadPageToken(_) => {
            Failure::new(Code::BadRequest, error.to_string()).with_hint("begin the list again without a page token")
        }
        LedgerError::NameTaken { .. } => {
            Failure::new(Code::Conflict, error.to_string()).with_hint("choose another name, or use the one there is")
        }
        LedgerError::Refused(_) => Failure::new(Code::Internal, error.to_string()),
        LedgerError::Storage(_) | LedgerError::Corrupt(_) => Failure::new(Code::LedgerFailed, error.to_string())
            .with_hint("look into the node's log; the data folder may sit on a failing disk"),
    }
}
