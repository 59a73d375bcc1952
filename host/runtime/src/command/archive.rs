//! Folders as tar archives: the same folder gives the same bytes, and nothing but files and folders goes in or out.
//! Never follows a link, and never keeps owners, times or permissions.

use std::fs::{self, File};
use std::io::{BufReader, BufWriter, Write as _};
use std::path::{Component, Path, PathBuf};

use host_base::{Code, Failure};
use tar::{Archive, Builder, EntryType, Header};

use super::folders::ENTRIES_MAX;
use super::scratch_failure;

const FILE_MODE: u32 = 0o644;
const FOLDER_MODE: u32 = 0o755;

/// Packs what lies in `folder` into a new file `archive`.
pub(super) fn pack(folder: &Path, archive: &Path) -> Result<(), Failure> {
    let failed = |error: std::io::Error| scratch_failure("an output folder cannot be packed", &error);
    let mut builder = Builder::new(BufWriter::new(File::create(archive).map_err(failed)?));
    let mut pending = vec![PathBuf::new()];
    while let Some(within) = pending.pop() {
        let listing = fs::read_dir(folder.join(&within)).map_err(failed)?;
        let mut names: Vec<_> =
            listing.map(|entry| entry.map(|entry| entry.file_name())).collect::<Result<_, _>>().map_err(failed)?;
        // The file system lists in an order of its own.
        names.sort();
        for name in names {
            let path = within.join(name);
            let about = fs::symlink_metadata(folder.join(&path)).map_err(failed)?;
            if about.is_dir() {
                let mut header = header(EntryType::Directory, FOLDER_MODE, 0);
                builder.append_data(&mut header, &path, std::io::empty()).map_err(failed)?;
                pending.push(path);
            } else if about.is_file() {
                let mut header = header(EntryType::Regular, FILE_MODE, about.len());
                let file = File::open(folder.join(&path)).map_err(failed)?;
                builder.append_data(&mut header, &path, file).map_err(failed)?;
            } else {
                return Err(Failure::new(
                    Code::MissingOutput,
                    format!("the command left a link in an output folder: {}", path.display()),
                )
                .with_hint("let it write files and folders only"));
            }
        }
    }
    let mut writer = builder.into_inner().map_err(failed)?;
    writer.flush().map_err(failed)
}

fn header(kind: EntryType, mode: u32, size_bytes: u64) -> Header {
    let mut header = Header::new_gnu();
    header.set_entry_type(kind);
    header.set_mode(mode);
    header.set_size(size_bytes);
    header.set_mtime(0);
    header.set_uid(0);
    header.set_gid(0);
    header
}

/// Unpacks `archive` into a new folder `folder`. An archive may come from anyone: entries that are
/// neither file nor folder, or that would lie outside, refuse the whole.
pub(super) fn unpack(archive: &Path, folder: &Path) -> Result<(), Failure> {
    let failed = |error: std::io::Error| scratch_failure("an input folder cannot be unpacked", &error);
    let broken = |error: std::io::Error| {
        Failure::new(Code::InvalidDocument, format!("an input that should be a folder is no tar archive: {error}"))
    };
    fs::create_dir_all(folder).map_err(failed)?;
    let mut archive = Archive::new(BufReader::new(File::open(archive).map_err(failed)?));
    for (index, entry) in archive.entries().map_err(broken)?.enumerate() {
        let mut entry = entry.map_err(broken)?;
        let path = entry.path().map_err(broken)?.into_owned();
        let kind = entry.header().entry_type();
        let plain = path.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
        if !plain || !(kind.is_file() || kind.is_dir()) || index >= ENTRIES_MAX {
            let message = format!("an input folder's archive holds `{}`, which is not taken", path.display());
            return Err(Failure::new(Code::InvalidDocument, message).with_hint(format!(
                "pack files and folders only, at most {ENTRIES_MAX}, with paths below the folder"
            )));
        }
        let place = folder.join(&path);
        if kind.is_dir() {
            fs::create_dir_all(&place).map_err(failed)?;
            continue;
        }
        if let Some(parent) = place.parent() {
            fs::create_dir_all(parent).map_err(failed)?;
        }
        let mut file = File::create(&place).map_err(failed)?;
        std::io::copy(&mut entry, &mut file).map_err(failed)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
