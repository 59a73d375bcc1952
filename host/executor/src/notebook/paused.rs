//! Sessions that are paused: what a kernel wrote down, in the session's folder, beside its files and its packages.
//! Never half-written: the file is under its name once every byte is on the disk.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};

use host_base::{Code, Failure, Millis};
use serde::{Deserialize, Serialize};

use super::SessionSettings;
use crate::executor::Shared;

/// Where a session's files are: every session has a folder of its own, which goes with it.
const FOLDER: &str = "sessions";
/// The file in it that makes a session a paused one: a line of JSON, and the kernel's own bytes behind it.
const FILE: &str = "paused";
/// A kernel's state may be as large.
const STATE_BYTES_MAX: u64 = 512 << 20;
/// The line before it; what is told of variables that are lost is most of it.
const LINE_BYTES_MAX: u64 = 16 << 20;

/// A session that is paused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PausedSession {
    /// Its id.
    pub id: String,
    /// Whose it is.
    pub user: String,
    /// What was chosen about it.
    pub settings: SessionSettings,
    /// The reference of its kernel, as it was named.
    pub kernel: String,
    /// The digest of the kernel's manifest: another version could not read what this one wrote.
    pub manifest: String,
    /// What its code may ask of the platform.
    pub platform: String,
    /// When it began.
    pub began_millis: Millis,
    /// When it was paused.
    pub paused_millis: Millis,
    /// Cells that it has counted.
    pub cells: u32,
    /// The kernel's state, in bytes.
    pub state_bytes: u64,
    /// What was defined and is not in it.
    pub lost: Vec<LostVariable>,
    /// The content of each package by its name, and the number of its folder.
    pub(super) packages: BTreeMap<String, (String, u32)>,
}

/// Something that was defined and could not be written down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LostVariable {
    /// Its name.
    pub name: String,
    /// Its type.
    pub kind: String,
    /// Why.
    pub reason: String,
}

/// The folder of a session.
pub(super) fn folder_of(shared: &Shared, id: &str) -> PathBuf {
    shared.data_folder.join(FOLDER).join(id)
}

/// Whether what is in a session's folder can be resumed.
pub(super) fn is_kept(folder: &Path) -> bool {
    folder.join(FILE).is_file()
}

/// Writes a session's state into its folder, in place of an earlier one.
///
/// # Errors
/// When the disk refuses it.
pub(super) fn write(folder: &Path, session: &PausedSession, state: &[u8]) -> Result<(), Failure> {
    let write = || -> io::Result<()> {
        let unfinished = folder.join(format!("{FILE}.part"));
        let mut file = File::create(&unfinished)?;
        serde_json::to_writer(&mut file, session)?;
        file.write_all(b"\n")?;
        file.write_all(state)?;
        file.sync_all()?;
        fs::rename(&unfinished, folder.join(FILE))?;
        File::open(folder)?.sync_all()
    };
    write().map_err(|error| {
        let code = if error.kind() == io::ErrorKind::StorageFull { Code::StorageFull } else { Code::StorageFailed };
        Failure::new(code, format!("the session's state cannot be written down: {error}"))
            .with_hint("make room on the data folder's disk; the session goes on as it was")
    })
}

/// Whether a state of this length is kept.
///
/// # Errors
/// When it is too large.
pub(super) fn check_length(bytes: u64) -> Result<(), Failure> {
    if bytes <= STATE_BYTES_MAX {
        return Ok(());
    }
    let message = format!("the session's state has {bytes} bytes, and at most {STATE_BYTES_MAX} are kept");
    Err(Failure::new(Code::TooLarge, message).with_hint("delete what is large (`del NAME`), or write it to a file"))
}

/// Reads what was written.
///
/// # Errors
/// When it is not there, or not whole.
pub(super) fn read(folder: &Path) -> Result<(PausedSession, Vec<u8>), Failure> {
    let read = || -> io::Result<(PausedSession, Vec<u8>)> {
        let (session, mut file) = open(folder)?;
        let mut state = Vec::new();
        file.read_to_end(&mut state)?;
        if state.len() as u64 != session.state_bytes {
            return Err(io::Error::other(format!("{} bytes of {} are there", state.len(), session.state_bytes)));
        }
        Ok((session, state))
    };
    read().map_err(|error| {
        Failure::new(Code::StorageFailed, format!("the session's state cannot be read: {error}"))
            .with_hint("end it with `sandmill notebook stop SESSION`, or bring the data folder's file back")
    })
}

fn open(folder: &Path) -> io::Result<(PausedSession, BufReader<File>)> {
    let mut file = BufReader::new(File::open(folder.join(FILE))?);
    let mut line = Vec::new();
    file.by_ref().take(LINE_BYTES_MAX).read_until(b'\n', &mut line)?;
    Ok((serde_json::from_slice(&line)?, file))
}

/// Finds what an earlier process paused, and removes what it left besides.
pub(crate) fn take_up(shared: &Shared) {
    // There may never have been a session.
    let Ok(entries) = fs::read_dir(shared.data_folder.join(FOLDER)) else { return };
    for entry in entries.flatten() {
        let folder = entry.path();
        let named = |session: &PausedSession| entry.file_name().to_str() == Some(session.id.as_str());
        match open(&folder) {
            Ok((session, _)) if named(&session) => shared.notebooks.places.keep_paused(session, None),
            // A file that cannot be read is somebody's work: it stays where it is, and is told of.
            Ok(_) => tracing::warn!(folder = %folder.display(), "a paused session lies under another's name"),
            Err(error) if is_kept(&folder) => {
                tracing::warn!(folder = %folder.display(), %error, "a paused session cannot be read");
            }
            Err(_) => drop(fs::remove_dir_all(&folder)),
        }
    }
}

#[cfg(test)]
mod tests;
