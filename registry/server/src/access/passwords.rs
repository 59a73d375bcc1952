//! Users and passwords: lines of a file as `htpasswd -B` writes them.
//! Never keeps a password: what was right is remembered for a moment as a keyed hash.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use thiserror::Error;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

/// A larger file is no file of users.
const FILE_BYTES_MAX: u64 = 4 << 20;
/// How long a changed file may go unnoticed.
const RELOAD_MILLIS: u64 = 1_000;
/// How long a right password is not hashed again: the hash is slow on purpose, and clients send it each time.
const REMEMBERED_SECONDS: u64 = 60;
/// Right passwords that are remembered at once.
const REMEMBERED_MAX: usize = 1_024;
/// Passwords that are hashed at once, so that guessing leaves the machine its cores.
const HASHED_AT_ONCE_MAX: usize = 1;
/// Compared with where there is no such user, so that the time of an answer does not tell names. Nobody knows what
/// it is the hash of.
pub(super) const NOBODY: &str = "$2y$10$abcdefghijklmnopqrstuuYYiFDc5hCdvIxhVnSe1kfzwJyRi5wYS";

/// A file of users, read again when it changes. Cloning shares it.
#[derive(Clone)]
pub struct PasswordFile(Arc<Shared>);

struct Shared {
    path: PathBuf,
    key: [u8; 32],
    loaded: Mutex<Loaded>,
    remembered: Mutex<HashMap<[u8; 32], Instant>>,
    turns: Semaphore,
}

struct Loaded {
    looked_at: Instant,
    stamp: Option<(std::time::SystemTime, u64)>,
    hashes: HashMap<String, String>,
}

/// Why a file of users is unusable.
#[derive(Debug, Error)]
pub enum PasswordFileError {
    /// It cannot be read.
    #[error("the file of users {} cannot be read: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A line is no user.
    #[error(
        "line {line} of the file of users {} is no user with a bcrypt hash: write it with `htpasswd -B`",
        path.display()
    )]
    Line {
        /// The file.
        path: PathBuf,
        /// Counted from one.
        line: usize,
    },
}

impl std::fmt::Debug for PasswordFile {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_tuple("PasswordFile").field(&self.0.path).finish()
    }
}

impl PartialEq for PasswordFile {
    fn eq(&self, other: &Self) -> bool {
        self.0.path == other.0.path
    }
}

impl Eq for PasswordFile {}

impl PasswordFile {
    /// Reads a file of users. Blocks.
    ///
    /// # Errors
    /// Where it cannot be read, or has a line that is no user.
    pub fn open(path: impl Into<PathBuf>) -> Result<Self, PasswordFileError> {
        let path = path.into();
        let unreadable = |source| PasswordFileError::Unreadable { path: path.clone(), source };
        let mut key = [0; 32];
        getrandom::fill(&mut key).map_err(|error| unreadable(io::Error::other(error)))?;
        let loaded = load(&path)?;
        Ok(Self(Arc::new(Shared {
            path,
            key,
            loaded: Mutex::new(loaded),
            remembered: Mutex::default(),
            turns: Semaphore::new(HASHED_AT_ONCE_MAX),
        })))
    }

    /// Whether there is such a user with this password.
    ///
    /// # Errors
    /// Where the file changed and can no longer be read.
    pub(super) async fn is_right(&self, user: &str, password: &str) -> Result<bool, PasswordFileError> {
        self.reload().await?;
        let hash = self.loaded().hashes.get(user).cloned();
        // The hash is part of it, so that a changed password is forgotten at once.
        let seal = self.seal(&[user, password, hash.as_deref().unwrap_or_default()]);
        let fresh = Duration::from_secs(REMEMBERED_SECONDS);
        if self.remembered().get(&seal).is_some_and(|at| at.elapsed() < fresh) {
            return Ok(true);
        }
        // The semaphore is never closed, so there always is a turn.
        let Ok(_turn) = self.0.turns.acquire().await else { return Ok(false) };
        let (password, is_known) = (password.to_owned(), hash.is_some());
        let compared = hash.unwrap_or_else(|| NOBODY.to_owned());
        let is_right = spawn_blocking(move || bcrypt::verify(password, &compared).unwrap_or(false)).await;
        let is_right = is_known && is_right.unwrap_or(false);
        if is_right {
            let mut remembered = self.remembered();
            if remembered.len() >= REMEMBERED_MAX {
                remembered.retain(|_, at| at.elapsed() < fresh);
            }
            if remembered.len() < REMEMBERED_MAX {
                remembered.insert(seal, Instant::now());
            }
        }
        Ok(is_right)
    }

    async fn reload(&self) -> Result<(), PasswordFileError> {
        {
            let mut loaded = self.loaded();
            if loaded.looked_at.elapsed() < Duration::from_millis(RELOAD_MILLIS) {
                return Ok(());
            }
            loaded.looked_at = Instant::now();
        }
        let shared = Arc::clone(&self.0);
        let reloaded = spawn_blocking(move || {
            let unchanged = shared.loaded.lock().unwrap_or_else(PoisonError::into_inner).stamp;
            if unchanged.is_some() && stamp(&shared.path).ok() == unchanged {
                Ok(None)
            } else {
                load(&shared.path).map(Some)
            }
        });
        if let Some(loaded) = reloaded.await.unwrap_or(Ok(None))? {
            *self.loaded() = loaded;
        }
        Ok(())
    }

    fn seal(&self, parts: &[&str]) -> [u8; 32] {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0.key).expect("any length of key will do");
        for part in parts {
            mac.update(&(part.len() as u64).to_le_bytes());
            mac.update(part.as_bytes());
        }
        mac.finalize().into_bytes().into()
    }

    fn loaded(&self) -> MutexGuard<'_, Loaded> {
        self.0.loaded.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn remembered(&self) -> MutexGuard<'_, HashMap<[u8; 32], Instant>> {
        self.0.remembered.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn stamp(path: &Path) -> io::Result<(std::time::SystemTime, u64)> {
    let metadata = fs::metadata(path)?;
    Ok((metadata.modified()?, metadata.len()))
}

fn load(path: &Path) -> Result<Loaded, PasswordFileError> {
    let unreadable = |source| PasswordFileError::Unreadable { path: path.to_owned(), source };
    let stamp = stamp(path).map_err(unreadable)?;
    if stamp.1 > FILE_BYTES_MAX {
        let message = format!("it has more than {FILE_BYTES_MAX} bytes");
        return Err(unreadable(io::Error::new(io::ErrorKind::FileTooLarge, message)));
    }
    let text = fs::read_to_string(path).map_err(unreadable)?;
    let mut hashes = HashMap::new();
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        match line.split_once(':') {
            Some((user, hash)) if !user.is_empty() && hash.parse::<bcrypt::HashParts>().is_ok() => {
                hashes.insert(user.to_owned(), hash.to_owned());
            }
            _ => return Err(PasswordFileError::Line { path: path.to_owned(), line: number + 1 }),
        }
    }
    Ok(Loaded { looked_at: Instant::now(), stamp: Some(stamp), hashes })
}
