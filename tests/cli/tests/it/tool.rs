//! Runs the binary in a home of its own.
//! Never lets this machine's settings or servers into a test.

use std::ffi::OsStr;
use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

/// A command that takes longer has hung.
const COMMAND_SECONDS_MAX: u64 = 120;

/// A user with an empty home.
pub struct Tool {
    pub home: TempDir,
    server: String,
}

/// What a command left behind.
#[derive(Debug)]
pub struct Said {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Tool {
    /// A user whose server is at this address.
    pub fn with_server(server: &str) -> Self {
        Self { home: tempfile::tempdir().unwrap(), server: server.to_owned() }
    }

    /// A user without a server: nothing listens on the discard port of this machine.
    pub fn alone() -> Self {
        Self::with_server("http://127.0.0.1:9")
    }

    /// The binary with these arguments, ready to be started.
    pub fn command<S: AsRef<OsStr>>(&self, arguments: &[S]) -> Command {
        let mut command = Command::new(tests_kit::binary::path());
        let foreign = |name: &str| name.starts_with("SANDMILL_") || name.starts_with("XDG_") || name == "NO_COLOR";
        for (name, _) in std::env::vars_os() {
            if name.to_str().is_some_and(foreign) {
                command.env_remove(name);
            }
        }
        command
            .args(arguments)
            .current_dir(self.home.path())
            .env("HOME", self.home.path())
            .env("COLUMNS", "100")
            .env("SANDMILL_SERVER", &self.server)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs the binary to its end.
    pub fn run<S: AsRef<OsStr>>(&self, arguments: &[S]) -> Said {
        Said::of(self.command(arguments).spawn().unwrap())
    }

    /// Runs a command that has to succeed, and returns its data.
    pub fn data<S: AsRef<OsStr>>(&self, arguments: &[S]) -> String {
        let said = self.run(arguments);
        assert_eq!(said.code, Some(0), "{said:#?}");
        said.stdout
    }

    /// Runs a command that has to succeed with `--json`, and returns the object.
    pub fn json<S: AsRef<OsStr>>(&self, arguments: &[S]) -> Value {
        let mut arguments: Vec<&OsStr> = arguments.iter().map(AsRef::as_ref).collect();
        arguments.push(OsStr::new("--json"));
        serde_json::from_str(&self.data(&arguments)).unwrap()
    }

    /// Writes a file into the home and returns its path.
    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.home.path().join(name);
        std::fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// The home.
    pub fn path(&self) -> &Path {
        self.home.path()
    }
}

impl Said {
    /// Waits for a process and gathers what it said.
    pub fn of(mut child: Child) -> Self {
        let stdout = child.stdout.take().map(gather);
        let stderr = child.stderr.take().map(gather);
        let status = wait(&mut child);
        let text = |gathering: Option<thread::JoinHandle<String>>| match gathering {
            Some(gathering) => gathering.join().unwrap(),
            None => String::new(),
        };
        Self { code: status, stdout: text(stdout), stderr: text(stderr) }
    }
}

fn gather(mut pipe: impl Read + Send + 'static) -> thread::JoinHandle<String> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        pipe.read_to_end(&mut bytes).unwrap();
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

/// The exit code; none for a process that a signal ended.
pub fn wait(child: &mut Child) -> Option<i32> {
    let deadline = Instant::now() + Duration::from_secs(COMMAND_SECONDS_MAX);
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status.code();
        }
        if Instant::now() > deadline {
            child.kill().unwrap();
            panic!("the command is still at work after {COMMAND_SECONDS_MAX} s");
        }
        thread::sleep(Duration::from_millis(10));
    }
}
