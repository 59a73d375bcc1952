//! Page tokens: the position of a page's last item, as text that callers hand back unread.
//! Never an offset: what arrives between two pages neither repeats an item nor hides one.

use crate::derive::ArtifactPosition;
use crate::{LedgerError, Sequence};

/// The token behind a run that was introduced at `sequence`.
#[must_use]
pub fn of_run(sequence: Sequence) -> String {
    format!("r{sequence:x}")
}

/// The token behind an artifact.
#[must_use]
pub fn of_artifact(position: ArtifactPosition) -> String {
    format!("a{:x}-{:x}", position.sequence, position.part)
}

/// The position that a token of a list of runs stands for; without a token, a position behind all.
pub fn to_run(token: Option<&str>) -> Result<Sequence, LedgerError> {
    let Some(token) = token else { return Ok(POSITION_MAX) };
    token.strip_prefix('r').and_then(position).ok_or_else(|| LedgerError::BadPageToken(token.to_owned()))
}

/// The position that a token of a list of artifacts stands for; without a token, a position behind all.
pub fn to_artifact(token: Option<&str>) -> Result<ArtifactPosition, LedgerError> {
    let Some(token) = token else { return Ok(ArtifactPosition { sequence: POSITION_MAX, part: POSITION_MAX }) };
    let parts = token.strip_prefix('a').and_then(|rest| rest.split_once('-'));
    parts
        .and_then(|(sequence, part)| Some(ArtifactPosition { sequence: position(sequence)?, part: position(part)? }))
        .ok_or_else(|| LedgerError::BadPageToken(token.to_owned()))
}

/// The token behind a pipeline of this name.
#[must_use]
pub fn of_pipeline(name: &str) -> String {
    format!("p{name}")
}

/// The name that a token of a list of pipelines stands for; without a token, a name before all.
pub fn to_pipeline(token: Option<&str>) -> Result<&str, LedgerError> {
    let Some(token) = token else { return Ok("") };
    token.strip_prefix('p').ok_or_else(|| LedgerError::BadPageToken(token.to_owned()))
}

/// Positions are kept in signed 64-bit columns by databases.
const POSITION_MAX: u64 = i64::MAX as u64;

/// Only what the functions above write: lower-case digits without sign or padding.
fn position(digits: &str) -> Option<u64> {
    let number = u64::from_str_radix(digits, 16).ok().filter(|number| *number <= POSITION_MAX)?;
    (format!("{number:x}") == digits).then_some(number)
}

#[cfg(test)]
mod tests;
