//! A wheel as the zip archive that it is: its metadata read, its modules unpacked into a folder.
//! Never believes what an archive says of itself: names, numbers and lengths are held against limits as they come.

use std::fs::{self, File};
use std::io::{Cursor, Read, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr as _;

use pep508_rs::PackageName;
use zip::ZipArchive;

/// A longer path is refused, as Linux does.
const PATH_BYTES_MAX: usize = 4096;
/// A longer name of one file or folder is refused, as all common file systems do.
const NAME_BYTES_MAX: usize = 255;
/// Folders inside each other.
const DEPTH_MAX: usize = 64;
/// What is copied at once.
const COPY_BYTES: usize = 1 << 16;

/// How much may come out of an archive.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Room {
    pub(crate) unpacked_bytes_max: u64,
    pub(crate) entries_max: usize,
}

/// Why an archive was not unpacked.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// The archive is at fault.
    Archive(String),
    /// The disk is.
    Disk(std::io::Error),
}

/// The text of the METADATA file.
pub(crate) fn metadata(bytes: &[u8], package: &PackageName, bytes_max: usize) -> Result<String, String> {
    let mut archive = open(bytes)?;
    let is_metadata = |name: &str| {
        let folder = name.strip_suffix(".dist-info/METADATA")?;
        let (own, _) = folder.split_once('-')?;
        (PackageName::from_str(own).ok()? == *package).then(|| name.to_owned())
    };
    let name = archive.file_names().filter_map(Result::ok).find_map(|name| is_metadata(&name));
    let name = name.ok_or("it holds no METADATA of its package")?;
    let file = archive.by_name(&name).map_err(|error| error.to_string())?;
    let mut text = Vec::new();
    file.take(bytes_max as u64 + 1).read_to_end(&mut text).map_err(|error| error.to_string())?;
    if text.len() > bytes_max {
        return Err(format!("its METADATA is longer than metadata_bytes_max = {bytes_max}"));
    }
    String::from_utf8(text).map_err(|_| "its METADATA is no UTF-8 text".to_owned())
}

/// Unpacks what is importable into an empty folder. Scripts and data of the wheel are for other places of a
/// machine, and are left out.
pub(crate) fn unpack(bytes: &[u8], folder: &Path, room: Room) -> Result<(), Trouble> {
    let mut archive = open(bytes).map_err(Trouble::Archive)?;
    if archive.len() > room.entries_max {
        let message = format!("it holds {} files, more than entries_max = {}", archive.len(), room.entries_max);
        return Err(Trouble::Archive(message));
    }
    // Readers differ in which of two they take, and so in what they show.
    if archive.has_duplicate_names() {
        return Err(Trouble::Archive("it holds a name twice".to_owned()));
    }
    let mut left_bytes = room.unpacked_bytes_max;
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).map_err(|error| Trouble::Archive(error.to_string()))?;
        let name = entry.name().map_err(|error| Trouble::Archive(error.to_string()))?.into_owned();
        let is_folder = entry.is_dir();
        if entry.is_symlink() || !(is_folder || entry.is_file()) {
            return Err(Trouble::Archive(format!("`{name}` is neither file nor folder")));
        }
        let Some(place) = place(&name).map_err(Trouble::Archive)? else { continue };
        let place = folder.join(place);
        if is_folder {
            fs::create_dir_all(&place).map_err(Trouble::Disk)?;
            continue;
        }
        if let Some(parent) = place.parent() {
            fs::create_dir_all(parent).map_err(|error| blocked(error, &name))?;
        }
        let mut file = File::create_new(&place).map_err(|error| blocked(error, &name))?;
        copy(&mut entry, &mut file, &name, &mut left_bytes, room.unpacked_bytes_max)?;
    }
    Ok(())
}

fn open(bytes: &[u8]) -> Result<ZipArchive<Cursor<&[u8]>>, String> {
    ZipArchive::new(Cursor::new(bytes)).map_err(|error| format!("it is no zip archive: {error}"))
}

/// Where an entry belongs below the folder; none where it is not importable.
fn place(name: &str) -> Result<Option<PathBuf>, String> {
    let refused = || format!("`{}` is no path below its folder", name.escape_debug());
    let parts: Vec<&str> = name.strip_suffix('/').unwrap_or(name).split('/').collect();
    let is_plain = |part: &&str| {
        !matches!(*part, "" | "." | "..") && part.len() <= NAME_BYTES_MAX && !part.contains(['\\', '\0', ':'])
    };
    if name.len() > PATH_BYTES_MAX || parts.len() > DEPTH_MAX || !parts.iter().all(is_plain) {
        return Err(refused());
    }
    let below = match parts.as_slice() {
        [data, "purelib" | "platlib", below @ ..] if data.ends_with(".data") => below,
        [data, ..] if data.ends_with(".data") => return Ok(None),
        all => all,
    };
    Ok((!below.is_empty()).then(|| below.iter().collect()))
}

/// An archive that names a place twice, or a file as a folder, stands in its own way.
fn blocked(error: std::io::Error, name: &str) -> Trouble {
    use std::io::ErrorKind;
    match error.kind() {
        ErrorKind::AlreadyExists | ErrorKind::NotADirectory => Trouble::Archive(format!("it holds `{name}` twice")),
        _ => Trouble::Disk(error),
    }
}

fn copy(
    from: &mut impl Read,
    to: &mut impl Write,
    name: &str,
    left_bytes: &mut u64,
    unpacked_bytes_max: u64,
) -> Result<(), Trouble> {
    let mut piece = vec![0; COPY_BYTES];
    loop {
        let length = from.read(&mut piece).map_err(|error| Trouble::Archive(format!("`{name}`: {error}")))?;
        if length == 0 {
            return Ok(());
        }
        *left_bytes = left_bytes.checked_sub(length as u64).ok_or_else(|| {
            Trouble::Archive(format!("it unpacks to more than unpacked_bytes_max = {unpacked_bytes_max}"))
        })?;
        to.write_all(&piece[..length]).map_err(Trouble::Disk)?;
    }
}

#[cfg(test)]
mod tests;
