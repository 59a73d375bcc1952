//! Files that commands read and write.
//! Never leaves half a file under its final name.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use host_base::media_type;
use registry_oci::{Algorithm, Digest, Hasher};

use crate::trouble::{Outcome, Trouble};

/// Bytes read at a time.
const PIECE_BYTES: usize = 256 << 10;

/// A file in the making, beside its place.
pub struct NewFile {
    path: PathBuf,
    part: PathBuf,
    file: File,
    finished: bool,
}

impl NewFile {
    /// Starts a file.
    pub fn create(path: &Path) -> Outcome<Self> {
        let mut part: OsString = path.as_os_str().to_owned();
        part.push(".part");
        let part = PathBuf::from(part);
        let file = File::create(&part).map_err(|error| Trouble::unwritable(&part, &error))?;
        Ok(Self { path: path.to_owned(), part, file, finished: false })
    }

    /// Appends.
    pub fn write(&mut self, bytes: &[u8]) -> Outcome {
        self.file.write_all(bytes).map_err(|error| Trouble::unwritable(&self.part, &error))
    }

    /// Moves the whole file to its place, over one that may be there.
    pub fn finish(mut self) -> Outcome {
        std::fs::rename(&self.part, &self.path).map_err(|error| Trouble::unwritable(&self.path, &error))?;
        self.finished = true;
        Ok(())
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        if !self.finished {
            // What cannot be removed either is at least not under the final name.
            let _ = std::fs::remove_file(&self.part);
        }
    }
}

/// Digest and length of a file, read in pieces.
pub fn digest(path: &Path) -> Outcome<(Digest, u64)> {
    let read = || -> io::Result<(Digest, u64)> {
        let mut file = File::open(path)?;
        let mut hasher = Hasher::new(Algorithm::Sha256);
        let mut piece = vec![0; PIECE_BYTES];
        let mut length_bytes = 0;
        loop {
            let read = io::Read::read(&mut file, &mut piece)?;
            if read == 0 {
                return Ok((hasher.finish(), length_bytes));
            }
            hasher.update(&piece[..read]);
            length_bytes += read as u64;
        }
    };
    read().map_err(|error| Trouble::unreadable(path, &error))
}

/// The media type that a file's extension stands for.
pub fn media_type(path: &Path) -> &'static str {
    path.file_name().and_then(|name| name.to_str()).map_or(media_type::ANY_BYTES, media_type::of_file_name)
}

/// Pairs written as `NAME=VALUE`, from a flag that may be repeated.
pub fn named_values(written: &[String], flag: &str) -> Outcome<BTreeMap<String, String>> {
    let pair = |text: &String| match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err(Trouble::usage(format!("`{text}` is no name and value"), format!("write {flag} NAME=VALUE"))),
    };
    written.iter().map(pair).collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test that cannot set itself up has to stop")]
    use super::*;

    #[test]
    fn a_file_appears_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        let mut dropped = NewFile::create(&path).unwrap();
        dropped.write(b"half").unwrap();
        drop(dropped);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);

        let mut file = NewFile::create(&path).unwrap();
        file.write(b"whole").unwrap();
        file.finish().unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"whole");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
        assert_eq!(digest(&path).unwrap(), (Digest::sha256(b"whole"), 5));
    }
}
