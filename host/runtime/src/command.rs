//! Calls a command: `wasi:cli/run` with the files and folders of its layout.
//! Never lets it go on once it has written more than it may.

mod archive;
mod collect;
mod folders;
mod spare;

use std::time::Duration;

use host_base::{Code, Failure};
use wasmtime::Store;
use wasmtime_wasi::I32Exit;

pub(crate) use folders::{CommandFolders, clean};
pub(crate) use spare::SpareFolders;

use crate::GuestState;
use crate::failure::{self, Ended};
use crate::output::OutputBudget;
use crate::prepared::PreparedComponent;

/// How often what a command has written is added up while it runs.
const WATCH_EVERY: Duration = Duration::from_millis(50);
/// Folders that are shared may be large, and are added up less often: once in so many times.
const SHARED_ONCE_IN: u32 = 10;

/// Runs the command to its end, or until it has written too much.
pub(crate) async fn call(
    mut store: Store<GuestState>,
    component: &PreparedComponent,
    folders: &CommandFolders,
    budget: &OutputBudget,
) -> Result<(), Ended> {
    let export = component.command.ok_or_else(|| {
        Failure::new(Code::FunctionNotFound, "the component is no command: it does not export wasi:cli/run")
            .with_hint("name one of its functions under `function` instead of `command`")
    })?;
    let run = async {
        let instance = component.instance.instantiate_async(&mut store).await?;
        let run = instance.get_typed_func::<(), (Result<(), ()>,)>(&mut store, export)?;
        run.call_async(&mut store, ()).await
    };
    let status = tokio::select! {
        biased;
        ran = run => match ran {
            Ok((Ok(()),)) => 0,
            Ok((Err(()),)) => 1,
            Err(error) => match error.downcast_ref() {
                Some(I32Exit(status)) => *status,
                None => return Err(error.into()),
            },
        },
        failure = watch(folders, budget) => return Err(failure.into()),
    };
    if status == 0 { Ok(()) } else { Err(failure::exit_status(status).into()) }
}

/// Returns only once the command has written more than it may.
async fn watch(folders: &CommandFolders, budget: &OutputBudget) -> Failure {
    let mut times = 0u32;
    loop {
        tokio::time::sleep(WATCH_EVERY).await;
        times = times.wrapping_add(1);
        if times.is_multiple_of(SHARED_ONCE_IN)
            && let Err(failure) = folders.check_shared().await
        {
            return failure;
        }
        match folders.written_bytes().await {
            Ok(bytes) if bytes <= budget.left_bytes() => {}
            Ok(bytes) => {
                if let Err(failure) = budget.take(bytes) {
                    return failure;
                }
            }
            Err(failure) => return failure,
        }
    }
}

/// Runs file system work that blocks on a thread for that.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, Failure> + Send + 'static) -> Result<T, Failure> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| Failure::new(Code::Internal, format!("work on a command's folders broke off: {error}")))?
}

fn scratch_failure(what: &str, error: &std::io::Error) -> Failure {
    use std::io::ErrorKind;
    let full = matches!(error.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded);
    let code = if full { Code::StorageFull } else { Code::StorageFailed };
    Failure::new(code, format!("{what}: {error}")).with_hint("check the disk that the data folder is on").retryable()
}
