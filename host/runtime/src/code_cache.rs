//! Compiled code on disk, so that a component is compiled once per node and not once per process.
//! Never takes compiled code from anywhere else: only this program writes the folder, and every
//! file is held against its hash before it is loaded.

mod load;

use std::fs;
use std::hash::{Hash as _, Hasher as _};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use host_base::{Code, Failure};
use registry_oci::Digest;
use wasmtime::Engine;
use wasmtime::component::Component;

/// The folder and how much it may hold.
pub(crate) struct CodeCache {
    folder: PathBuf,
    bytes_max: u64,
}

impl CodeCache {
    /// Makes the folder, readable by this program's user alone.
    pub(crate) fn open(folder: &Path, bytes_max: u64) -> Result<Self, Failure> {
        let failed = |error: std::io::Error| {
            let message = format!("the code cache {} cannot be made: {error}", folder.display());
            Failure::new(Code::StorageFailed, message).with_hint("check that the data folder may be written")
        };
        fs::create_dir_all(folder).map_err(failed)?;
        restrict(folder).map_err(failed)?;
        Ok(Self { folder: folder.to_owned(), bytes_max })
    }

    /// Whether there is a file for this component. It may yet turn out to be damaged.
    pub(crate) fn has(&self, engine: &Engine, digest: &Digest) -> bool {
        let entry = self.entry(engine, digest);
        entry.code.is_file() && entry.hash.is_file()
    }

    /// The component, if its compiled code is here and undamaged.
    pub(crate) fn load(&self, engine: &Engine, digest: &Digest) -> Option<Component> {
        let entry = self.entry(engine, digest);
        let expected = fs::read_to_string(&entry.hash).ok()?;
        let code = fs::read(&entry.code).ok()?;
        if Digest::sha256(&code).hex() != expected.trim() {
            tracing::warn!(file = %entry.code.display(), "a file of the code cache is damaged; the component is compiled again");
            entry.remove();
            return None;
        }
        match load::load(engine, &entry.code, &code) {
            Ok(component) => {
                entry.touch();
                Some(component)
            }
            Err(error) => {
                tracing::warn!(file = %entry.code.display(), %error, "a file of the code cache is not understood; the component is compiled again");
                entry.remove();
                None
            }
        }
    }

    /// Keeps compiled code and makes room for it. Failing to do so costs a compilation later, nothing else.
    pub(crate) fn keep(&self, engine: &Engine, digest: &Digest, code: &[u8]) {
        let entry = self.entry(engine, digest);
        let hash = Digest::sha256(code);
        // The hash goes last: a file without its hash is as good as none.
        let kept = self.write(&entry.code, code).and_then(|()| self.write(&entry.hash, hash.hex().as_bytes()));
        if let Err(error) = kept {
            tracing::warn!(folder = %self.folder.display(), %error, "compiled code could not be kept");
        }
        self.make_room(&entry.code);
    }

    fn write(&self, path: &Path, content: &[u8]) -> std::io::Result<()> {
        let mut file = tempfile::NamedTempFile::new_in(&self.folder)?;
        file.write_all(content)?;
        file.persist(path).map(drop).map_err(|error| error.error)
    }

    /// Deletes what was unused for longest until the folder is within its size.
    fn make_room(&self, newest: &Path) {
        let Ok(listing) = fs::read_dir(&self.folder) else { return };
        let mut files: Vec<(SystemTime, u64, PathBuf)> = listing
            .flatten()
            .filter_map(|file| {
                let about = file.metadata().ok()?;
                let is_code = file.path().extension().is_some_and(|extension| extension == CODE_EXTENSION);
                is_code.then(|| (about.modified().unwrap_or(SystemTime::UNIX_EPOCH), about.len(), file.path()))
            })
            .collect();
        files.sort();
        let mut total: u64 = files.iter().map(|(_, size_bytes, _)| size_bytes).sum();
        for (_, size_bytes, path) in files {
            if total <= self.bytes_max {
                return;
            }
            if path != newest {
                Entry { hash: path.with_extension(HASH_EXTENSION), code: path }.remove();
                total -= size_bytes;
            }
        }
    }

    /// Named by the component and by everything of the engine that compiled code depends on.
    fn entry(&self, engine: &Engine, digest: &Digest) -> Entry {
        let mut compatibility = std::hash::DefaultHasher::new();
        engine.precompile_compatibility_hash().hash(&mut compatibility);
        let name = format!("{}-{:016x}", digest.hex(), compatibility.finish());
        let path = self.folder.join(name);
        Entry { code: path.with_extension(CODE_EXTENSION), hash: path.with_extension(HASH_EXTENSION) }
    }
}

const CODE_EXTENSION: &str = "code";
const HASH_EXTENSION: &str = "sha256";

/// The two files of one component.
struct Entry {
    code: PathBuf,
    hash: PathBuf,
}

impl Entry {
    fn remove(&self) {
        // What cannot be removed is refused again the next time.
        let _ = fs::remove_file(&self.hash);
        let _ = fs::remove_file(&self.code);
    }

    /// Marks the entry as used just now. The clock only orders files by age here.
    fn touch(&self) {
        if let Ok(file) = fs::File::open(&self.code) {
            let _ = file.set_modified(SystemTime::now());
        }
    }
}

#[cfg(unix)]
fn restrict(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700))
}

#[cfg(not(unix))]
fn restrict(_: &Path) -> std::io::Result<()> {
    Ok(())
}
