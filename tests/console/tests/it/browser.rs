//! A headless browser, driven by the scripts in `browser/` through Node.
//! Never more than one at a time: what is measured is not to be another test's load.

use std::io::{BufRead, BufReader, Lines, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Where browsers are found, the first that is there.
const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

static TURN: Mutex<()> = Mutex::new(());

/// What it takes to open the console.
pub struct Browser {
    program: PathBuf,
    _turn: MutexGuard<'static, ()>,
}

/// A script at work.
pub struct View {
    child: Child,
    stdin: ChildStdin,
    lines: Lines<BufReader<ChildStdout>>,
    script: String,
}

impl Browser {
    /// Waits for its turn; none, with the reason said, where something is missing.
    pub fn ready() -> Option<Self> {
        match found() {
            Ok(program) => Some(Self { program, _turn: TURN.lock().unwrap_or_else(PoisonError::into_inner) }),
            Err(reason) => {
                eprintln!("skipped: {reason}");
                None
            }
        }
    }

    /// Runs a script to its end.
    pub fn run(&self, script: &str, url: &str, more: &[&str]) {
        self.start(script, url, more).end();
    }

    /// Starts a script.
    pub fn start(&self, script: &str, url: &str, more: &[&str]) -> View {
        let root = root();
        let mut child = Command::new("node")
            .arg(root.join("tests/console/browser").join(format!("{script}.mjs")))
            .arg(url)
            .args(more)
            .env("CONSOLE_BROWSER", &self.program)
            .env("CONSOLE_PACKAGES", root.join("host/console/web/package.json"))
            .env("CONSOLE_SCREENSHOTS", root.join("target/console/screenshots"))
            .env("CONSOLE_DATA", root.join("tests"))
            .env("NO_PROXY", "127.0.0.1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        View { stdin: child.stdin.take().unwrap(), child, lines, script: script.to_owned() }
    }
}

impl View {
    /// Waits until the script says this.
    pub fn wait_for(&mut self, word: &str) {
        for line in self.lines.by_ref() {
            let line = line.unwrap();
            eprintln!("{line}");
            if line == word {
                return;
            }
        }
        panic!("{} ended before it said `{word}`", self.script);
    }

    /// Tells the script something.
    pub fn tell(&mut self, word: &str) {
        writeln!(self.stdin, "{word}").unwrap();
    }

    /// Waits for its end, which has to be a good one.
    pub fn end(mut self) {
        for line in self.lines.by_ref() {
            eprintln!("{}", line.unwrap());
        }
        let status = self.child.wait().unwrap();
        assert!(status.success(), "{}: {status}", self.script);
    }
}

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

fn found() -> Result<PathBuf, String> {
    let packages = root().join("host/console/web/node_modules/playwright-core");
    if !packages.is_dir() || !root().join("host/console/dist/index.html").is_file() {
        return Err("the console is not built; `cargo xtask test` builds it where there is Node".to_owned());
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path =
        |name: &&str| std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file());
    BROWSERS.iter().find_map(on_path).ok_or_else(|| format!("no browser for the console: install {}", BROWSERS[0]))
}
