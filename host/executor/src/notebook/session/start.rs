//! A session's guest: the folders that it sees, what it is lent, and its start.
//! Never shares a folder between sessions.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use host_base::{Failure, Limits};
use host_cap_kernel::{Kernel, Question, Said, SessionLine};
use host_cap_platform::LentPlatform;
use host_notebook::PlatformAccess;
use host_pipeline::python::PACKAGES_FOLDER;
use host_runtime::PreparedComponent;
use host_runtime::call::{CallRequest, CallTarget, Lent, LogStream, StepContext, StepObserver};
use sdk_spec::{FileAccess, FileGrant, Grants};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::packages::Packages;
use crate::executor::Shared;
use crate::notebook::SessionSettings;
use crate::notebook::paused;

/// A cell may run for a week: what ends a session is that nobody uses it.
const CELL_MILLIS_MAX: u64 = 7 * 24 * 60 * 60 * 1000;
/// What of a session's folder the guest sees as its own files.
const FILES: &str = "files";

/// A kernel, and the ends of its line.
pub(super) struct Alive {
    pub(super) kernel: Kernel,
    pub(super) line: SessionLine,
    pub(super) said: mpsc::Receiver<Said>,
    pub(super) questions: mpsc::Receiver<Question>,
    pub(super) cancel: CancellationToken,
}

/// What a session's every kernel is given.
pub(in crate::notebook) struct Given {
    /// Whose session it is.
    pub(super) user: String,
    pub(super) settings: SessionSettings,
    pub(super) platform: PlatformAccess,
}

/// Hears nothing: what a session prints outside of cells is nobody's.
struct Deaf;

impl StepObserver for Deaf {
    fn log(&self, _: LogStream, _: &str) {}
    fn progress(&self, _: u64, _: Option<u64>, _: &str) {}
    fn metric(&self, _: &str, _: u64, _: f64) {}
}

pub(super) fn make_folder(shared: &Shared, id: &str) -> Result<(PathBuf, Packages), Failure> {
    let make = || {
        // The folder is granted to the guest, and grants are absolute.
        let folder = std::path::absolute(paused::folder_of(shared, id))?;
        std::fs::create_dir_all(folder.join(FILES))?;
        let packages = Packages::below(&folder)?;
        Ok((folder, packages))
    };
    make().map_err(|error: std::io::Error| {
        let code = host_base::Code::StorageFailed;
        Failure::new(code, format!("the session's folder cannot be made: {error}")).with_hint("check the data folder")
    })
}

/// A folder of the session, as its guest sees it.
fn grant(folder: &Path, guest: &str, access: FileAccess) -> FileGrant {
    FileGrant { host: folder.display().to_string(), guest: guest.to_owned(), access }
}

/// Starts a guest in the session's folder.
pub(super) async fn start(
    shared: &Shared,
    prepared: &PreparedComponent,
    id: &str,
    folder: &Path,
    given: &Given,
) -> Result<Alive, Failure> {
    let (line, said, questions) = SessionLine::new();
    let cancel = shared.stopping.child_token();
    let files = vec![
        grant(&folder.join(FILES), "/", FileAccess::ReadWrite),
        grant(&folder.join("packages"), PACKAGES_FOLDER, FileAccess::Read),
    ];
    let environment = given.settings.environment.clone();
    // The node of a session that is resumed may lend none any longer; its code is told when it opens one.
    let device = shared.config.policy.session_device(given.settings.device).unwrap_or(None);
    let request = CallRequest {
        target: CallTarget::Living,
        grants: Grants { clock: true, randomness: true, files, environment, device, ..Grants::default() },
        limits: Limits {
            wall_millis_max: CELL_MILLIS_MAX,
            cpu_ticks_max: CELL_MILLIS_MAX / 10,
            memory_bytes_max: given.settings.memory_bytes.unwrap_or(shared.config.default_limits.memory_bytes_max),
            ..shared.config.default_limits.clone()
        },
        context: StepContext { run: id.to_owned(), pipeline: "notebook".into(), step: "session".into(), attempt: 1 },
        lent: lent(shared, &line, given),
    };
    let kernel = Kernel::start(&shared.session_sandbox, prepared, &request, Arc::new(Deaf), cancel.clone()).await?;
    Ok(Alive { kernel, line, said, questions, cancel })
}

/// The session's line, and the platform as far as the session may ask it.
fn lent(shared: &Shared, line: &SessionLine, given: &Given) -> Lent {
    let lent = Lent::default().with(line.clone());
    match shared.notebooks.platform(given.platform, &given.user, &shared.config.policy) {
        Some(platform) => lent.with(LentPlatform(platform)),
        None => lent,
    }
}
