//! Secrets and config maps as a node keeps them: a folder each, with a file for each key, as Kubernetes mounts them.
//! Never prints a value, and never hands one to the ledger; only steps that name it are shown it.

use std::collections::BTreeMap;
use std::fs;
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use hmac::{Hmac, KeyInit as _, Mac as _};
use host_base::{Code, Failure};
use host_pipeline::kfp::KeptSource;
use sha2::Sha256;

/// Largest value, as in Kubernetes.
pub const VALUE_BYTES_MAX: usize = 1 << 20;
/// Longest name and longest key, as in Kubernetes.
const NAME_BYTES_MAX: usize = 253;
/// Length of the key under which values are hashed.
const HASH_KEY_BYTES: usize = 32;
/// Readable for the node's user only.
const FOLDER_MODE: u32 = 0o700;
const FILE_MODE: u32 = 0o600;

/// What a node keeps for its steps.
#[derive(Clone, Debug)]
pub struct Kept {
    folder: PathBuf,
}

impl Kept {
    /// What is kept in this data folder, under `secrets` and `config-maps`.
    #[must_use]
    pub fn under(data_folder: &Path) -> Self {
        Self { folder: data_folder.to_owned() }
    }

    /// Sets keys, and leaves the others of the same name as they are.
    ///
    /// # Errors
    /// Where a name or a key is none, a value is too large, or the disk fails; then nothing or a part is set.
    pub fn set(&self, source: &KeptSource, values: &BTreeMap<String, Vec<u8>>) -> Result<(), Failure> {
        let folder = self.place(source)?;
        for (key, value) in values {
            check(key, is_key(key))?;
            if value.len() > VALUE_BYTES_MAX {
                let message =
                    format!("the value of `{key}` has {} bytes; at most {VALUE_BYTES_MAX} are kept", value.len());
                return Err(Failure::new(Code::TooLarge, message).with_hint("hand larger data over as an artifact"));
            }
        }
        fs::DirBuilder::new()
            .recursive(true)
            .mode(FOLDER_MODE)
            .create(&folder)
            .map_err(|error| failed(&folder, &error))?;
        values.iter().try_for_each(|(key, value)| write(&folder, key, value))
    }

    /// Names and their keys, of secrets or of config maps.
    ///
    /// # Errors
    /// Where the disk fails.
    pub fn list(&self, kind: fn(String) -> KeptSource) -> Result<BTreeMap<String, Vec<String>>, Failure> {
        let folder = self.kind_folder(&kind(String::new()));
        let mut all = BTreeMap::new();
        for name in names(&folder)?.unwrap_or_default() {
            if let Some(keys) = names(&folder.join(&name))? {
                all.insert(name, keys);
            }
        }
        Ok(all)
    }

    /// Forgets all keys of a name; false where there was none.
    ///
    /// # Errors
    /// Where the name is none, or the disk fails.
    pub fn delete(&self, source: &KeptSource) -> Result<bool, Failure> {
        let folder = self.place(source)?;
        match fs::remove_dir_all(&folder) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
            Err(error) => Err(failed(&folder, &error)),
        }
    }

    /// The keys of a name; none where there is no such name.
    pub(crate) fn keys(&self, source: &KeptSource) -> Result<Option<Vec<String>>, Failure> {
        names(&self.place(source)?)
    }

    /// A value; none where it is not kept.
    pub(crate) fn value(&self, source: &KeptSource, key: &str) -> Result<Option<Vec<u8>>, Failure> {
        check(key, is_key(key))?;
        let path = self.place(source)?.join(key);
        match fs::read(&path) {
            Ok(value) if value.len() <= VALUE_BYTES_MAX => Ok(Some(value)),
            Ok(_) => {
                Err(Failure::new(Code::TooLarge, format!("{} is larger than {VALUE_BYTES_MAX} bytes", path.display())))
            }
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
            Err(error) => Err(failed(&path, &error)),
        }
    }

    /// A hash of values that says nothing of them to whoever does not have this node's own key.
    pub(crate) fn hash<'a>(&self, values: impl Iterator<Item = (&'a str, &'a [u8])>) -> Result<String, Failure> {
        let broken = || Failure::new(Code::Internal, "a key of 32 bytes is refused by HMAC");
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.hash_key()?).map_err(|_| broken())?;
        for (name, value) in values {
            for part in [name.as_bytes(), value] {
                // With its length, so that no two lists come to the same bytes.
                mac.update(&(part.len() as u64).to_le_bytes());
                mac.update(part);
            }
        }
        Ok(hex::encode(mac.finalize().into_bytes()))
    }

    fn hash_key(&self) -> Result<Vec<u8>, Failure> {
        let path = self.folder.join("kept.key");
        match fs::read(&path) {
            Ok(key) if key.len() == HASH_KEY_BYTES => return Ok(key),
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(failed(&path, &error)),
            _ => {}
        }
        let mut key = vec![0; HASH_KEY_BYTES];
        getrandom::fill(&mut key).map_err(|error| {
            Failure::new(Code::Internal, format!("the operating system gave no random bytes: {error}"))
        })?;
        write(&self.folder, "kept.key", &key)?;
        Ok(key)
    }

    fn kind_folder(&self, source: &KeptSource) -> PathBuf {
        self.folder.join(match source {
            KeptSource::Secret(_) => "secrets",
            KeptSource::ConfigMap(_) => "config-maps",
        })
    }

    fn place(&self, source: &KeptSource) -> Result<PathBuf, Failure> {
        let (KeptSource::Secret(name) | KeptSource::ConfigMap(name)) = source;
        check(name, is_name(name))?;
        Ok(self.kind_folder(source).join(name))
    }
}

/// What a source is to people.
pub(crate) fn shown(source: &KeptSource) -> String {
    match source {
        KeptSource::Secret(name) => format!("secret `{name}`"),
        KeptSource::ConfigMap(name) => format!("config map `{name}`"),
    }
}

/// The command that sets it.
pub(crate) fn command(source: &KeptSource) -> String {
    match source {
        KeptSource::Secret(name) => format!("sandmill secret set {name}"),
        KeptSource::ConfigMap(name) => format!("sandmill config-map set {name}"),
    }
}

/// Names as Kubernetes has them: small letters, digits, `-` and `.`.
fn is_name(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'.');
    let edge = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    let bytes = name.as_bytes();
    name.len() <= NAME_BYTES_MAX && edge(bytes.first()) && edge(bytes.last()) && name.bytes().all(plain)
}

/// Keys as Kubernetes has them: letters, digits, `-`, `_` and `.`, and none that begins with two dots.
fn is_key(key: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    !key.is_empty() && key.len() <= NAME_BYTES_MAX && key != "." && !key.starts_with("..") && key.bytes().all(plain)
}

fn check(name: &str, is_one: bool) -> Result<(), Failure> {
    if is_one {
        return Ok(());
    }
    let message = format!("`{}` cannot be the name of something kept", name.escape_debug());
    Err(Failure::new(Code::BadRequest, message)
        .with_hint("names are of small letters, digits, `-` and `.`; keys of letters, digits, `-`, `_` and `.`"))
}

/// What lies in a folder; names that begin with two dots are how Kubernetes exchanges values, and no keys.
fn names(folder: &Path) -> Result<Option<Vec<String>>, Failure> {
    let listing = match fs::read_dir(folder) {
        Ok(listing) => listing,
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => return Ok(None),
        Err(error) => return Err(failed(folder, &error)),
    };
    let mut names = Vec::new();
    for entry in listing {
        let name = entry.map_err(|error| failed(folder, &error))?.file_name().to_string_lossy().into_owned();
        if is_key(&name) {
            names.push(name);
        }
    }
    names.sort();
    Ok(Some(names))
}

/// Writes beside the file and moves it into place, so that no step finds half a value.
fn write(folder: &Path, name: &str, content: &[u8]) -> Result<(), Failure> {
    let whole = || -> std::io::Result<()> {
        let mut file = tempfile::Builder::new().prefix("..new-").tempfile_in(folder)?;
        file.as_file().set_permissions(fs::Permissions::from_mode(FILE_MODE))?;
        file.write_all(content)?;
        file.as_file().sync_all()?;
        file.persist(folder.join(name)).map(drop).map_err(|error| error.error)
    };
    whole().map_err(|error| failed(&folder.join(name), &error))
}

fn failed(path: &Path, error: &std::io::Error) -> Failure {
    let code = if error.kind() == ErrorKind::StorageFull { Code::StorageFull } else { Code::StorageFailed };
    Failure::new(code, format!("{} cannot be read or written: {error}", path.display()))
        .with_hint("check the permissions of the data folder, and that its disk is not full")
}

#[cfg(test)]
mod tests;
