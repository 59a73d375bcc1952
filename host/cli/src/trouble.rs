//! Why a command did not succeed, and with which exit code it ends.
//! Never printed here.

use std::io;

use host_api::problem::Problem;
use host_base::{Code, Failure};
use host_client::ClientError;

/// Exit codes, as the help documents them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Nobody reads what is printed any more, which is no failure of this program.
    Unread = 0,
    /// The request, or a run that was watched, failed.
    Failed = 1,
    /// The command line, a file or a parameter is wrong.
    Usage = 2,
    /// No server or registry there.
    Unreachable = 3,
    /// What was named does not exist.
    NotFound = 4,
    /// Ctrl-C.
    Interrupted = 130,
}

/// Why a command did not succeed.
#[derive(Debug)]
pub struct Trouble {
    /// What to tell; nothing where it has been told already.
    pub problems: Vec<Problem>,
    /// How to end.
    pub exit: Exit,
}

/// What commands return.
pub type Outcome<T = ()> = Result<T, Trouble>;

impl Trouble {
    /// Ends without a word more.
    pub const fn silent(exit: Exit) -> Self {
        Self { problems: Vec::new(), exit }
    }

    /// Something that was written on the command line, or named there, is wrong.
    pub fn usage(message: impl Into<String>, hint: impl Into<String>) -> Self {
        let failure = Failure::new(Code::BadRequest, message).with_hint(hint);
        Self { problems: vec![failure.into()], exit: Exit::Usage }
    }

    /// A file that cannot be read.
    pub fn unreadable(path: &std::path::Path, error: &io::Error) -> Self {
        Self::usage(format!("cannot read {}: {error}", path.display()), "check the path and its permissions")
    }

    /// A file that cannot be written.
    pub fn unwritable(path: &std::path::Path, error: &io::Error) -> Self {
        let code = if error.kind() == io::ErrorKind::StorageFull { Code::StorageFull } else { Code::StorageFailed };
        Failure::new(code, format!("cannot write {}: {error}", path.display()))
            .with_hint("check the folder, its permissions and the free space")
            .into()
    }

    /// All problems, under the exit code of the first.
    pub fn of_problems(problems: Vec<Problem>) -> Self {
        let exit = match problems.first().and_then(Problem::known_code) {
            Some(Code::NotFound | Code::ArtifactNotFound | Code::ComponentNotFound) => Exit::NotFound,
            Some(Code::ServerUnreachable | Code::RegistryUnreachable) => Exit::Unreachable,
            _ => Exit::Failed,
        };
        Self { problems, exit }
    }
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        Self::of_problems(vec![failure.into()])
    }
}

impl From<ClientError> for Trouble {
    fn from(error: ClientError) -> Self {
        let mut trouble = Self::of_problems(error.problems());
        if error.is_unreachable() {
            trouble.exit = Exit::Unreachable;
        }
        trouble
    }
}

/// From printing: whoever read has gone, or the disk behind a redirection is full.
impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::silent(Exit::Unread),
            io::ErrorKind::StorageFull => Failure::new(Code::StorageFull, format!("cannot print: {error}")).into(),
            _ => Failure::new(Code::Internal, format!("cannot print: {error}")).into(),
        }
    }
}
