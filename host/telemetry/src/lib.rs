//! What the program says of itself while it works: logs on stderr, for people or for programs.
//! Never part of a command's answer: stdout stays for data.

use std::io;

use thiserror::Error;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::prelude::*;
use tracing_subscriber::util::TryInitError;

/// The environment variable with the filter, such as `info` or `warn,host_executor=debug`.
pub const FILTER_VARIABLE: &str = "SANDMILL_LOG";

/// How log lines are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogFormat {
    /// One line of text per message.
    #[default]
    Human,
    /// One JSON object per message.
    Json,
}

/// What to log and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogConfig {
    /// Directives as `tracing-subscriber` reads them.
    pub filter: String,
    /// How lines are written.
    pub format: LogFormat,
    /// Whether lines may have colours.
    pub colour: bool,
}

/// Why logging could not be set up.
#[derive(Debug, Error)]
pub enum TelemetryError {
    /// The filter cannot be read.
    #[error("`{filter}` is no log filter: {reason}")]
    Filter {
        /// As it was given.
        filter: String,
        /// What is wrong with it.
        reason: String,
    },
    /// It was set up before.
    #[error("logging is set up already: {0}")]
    Twice(#[from] TryInitError),
}

/// Sets up logging for the whole process. To be called once, before anything is logged.
///
/// # Errors
/// When the filter cannot be read, or logging is set up already.
pub fn init(config: &LogConfig) -> Result<(), TelemetryError> {
    let filter = filter(&config.filter)?;
    let registry = tracing_subscriber::registry().with(filter);
    let lines = tracing_subscriber::fmt::layer().with_writer(io::stderr);
    match config.format {
        LogFormat::Human => registry.with(lines.with_ansi(config.colour).with_target(false)).try_init()?,
        LogFormat::Json => registry.with(lines.json().flatten_event(true)).try_init()?,
    }
    Ok(())
}

fn filter(text: &str) -> Result<EnvFilter, TelemetryError> {
    EnvFilter::builder()
        .parse(text)
        .map_err(|error| TelemetryError::Filter { filter: text.to_owned(), reason: error.to_string() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_are_read_or_refused() {
        assert!(filter("warn,host_executor=debug").is_ok());
        let refusal = filter("loudly=very").map(drop).map_err(|error| error.to_string());
        assert!(refusal.as_ref().is_err_and(|text| text.contains("loudly=very")), "{refusal:?}");
    }

    #[test]
    fn a_second_setup_is_refused() {
        let config = LogConfig { filter: "off".to_owned(), format: LogFormat::Human, colour: false };
        assert!(init(&config).is_ok());
        assert!(matches!(init(&config), Err(TelemetryError::Twice(_))));
    }
}
