//! More of what can be written behind `sandmill up`.
//! Never resolved here; the command does that.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// Where tensors are computed with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DeviceBackend {
    Auto,
    Cpu,
    Gpu,
}

/// How log lines are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    Human,
    Json,
}

/// What code of notebooks' sessions may ask of the node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PlatformAccess {
    None,
    Own,
    Read,
    Submit,
}

impl PlatformAccess {
    /// As the interface has it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Own => "own",
            Self::Read => "read",
            Self::Submit => "submit",
        }
    }
}

/// Who may ask the node.
#[derive(Debug, Args)]
pub struct UserSettings {
    /// Users, their tokens and their roles (`admin`, `member`, `viewer`; `member` where none is named), one of each in a
    /// line: whoever has none is not answered
    #[arg(long, value_name = "FILE", env = "SANDMILL_TOKENS")]
    pub tokens: Option<PathBuf>,
    /// How long a browser's login holds, counted from signing in; parts of an hour are taken
    #[arg(long, value_name = "HOURS", default_value = "12", value_parser = sign_in_hours)]
    pub sign_in_hours: f64,
}

/// What holds for sessions of notebooks.
#[derive(Debug, Args)]
pub struct NotebookSettings {
    /// What code of notebooks' sessions may ask of this node: `read` lists and reads everybody's runs, jobs and artifacts,
    /// `submit` starts and ends runs and jobs as well, with whatever this node lets steps be granted; `own` does so and
    /// reads only what the session's user submitted
    #[arg(long, value_name = "ACCESS", env = "SANDMILL_NOTEBOOK_PLATFORM", default_value = "none")]
    pub notebook_platform: PlatformAccess,
    /// A host whose endpoints code of notebooks' sessions may call (`example.org`, `*.example.org`, `*`); may be repeated
    #[arg(long, value_name = "HOST")]
    pub notebook_http: Vec<String>,
    /// Memory that the tensors of one notebook's session may take on the device, in MiB; 0 lends sessions no device
    #[arg(long, value_name = "MIB", default_value_t = 0)]
    pub notebook_device_memory_mib: u64,
    /// Sessions of notebooks at work at once
    #[arg(long, value_name = "NUMBER", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=256))]
    pub notebook_sessions: u32,
    /// Sessions of one user, at work or paused; without tokens, all are one user's
    #[arg(long, value_name = "NUMBER", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub notebook_sessions_per_user: u32,
    /// A session that runs nothing is paused after so many seconds and resumed by the next message to it; one whose
    /// kernel cannot pause is ended, unless somebody is connected; 0 lets all be
    #[arg(long, value_name = "SECONDS", default_value_t = 24 * 60 * 60)]
    pub notebook_idle_seconds: u64,
}

/// Logins of a browser hold for at least a second and at most a year.
pub fn sign_in_hours(text: &str) -> Result<f64, String> {
    let hours = text.parse::<f64>().map_err(|error| error.to_string())?;
    let most = 24.0 * 365.0;
    match (1.0 / 3_600.0..=most).contains(&hours) {
        true => Ok(hours),
        false => Err(format!("a login holds for a second to {most} hours")),
    }
}
