//! What can be chosen about packages: where indexes are, and how much is taken from them.
//! Never shows the password that stands in an index's URL.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use url::Url;

/// How much is taken from an index, and how long it may take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WheelsConfig {
    /// Where wheels lie unpacked, one folder each. Belongs to this program alone; while no node runs, any may be deleted.
    pub layers_folder: PathBuf,
    /// Wheels kept unpacked; past that the oldest are deleted at the next start.
    pub layers_max: usize,
    /// Longest wait for a connection.
    pub connect_millis_max: u64,
    /// Longest wait for the next bytes.
    pub idle_millis_max: u64,
    /// Longest duration of resolving one step's packages.
    pub resolve_millis_max: u64,
    /// How long a resolution stands before indexes are asked again. The public index lets its lists be kept as long.
    pub resolution_kept_millis: u64,
    /// Longest duration of fetching one wheel.
    pub fetch_millis_max: u64,
    /// Largest list of a package's files. The longest on the public index has about 20 MB.
    pub page_bytes_max: usize,
    /// Largest metadata of one wheel, its description included.
    pub metadata_bytes_max: usize,
    /// Largest wheel; it is held in memory while it is unpacked.
    pub wheel_bytes_max: u64,
    /// Most bytes that one wheel may unpack to.
    pub unpacked_bytes_max: u64,
    /// Most files and folders in one wheel.
    pub entries_max: usize,
    /// Most packages of one step, those that others need included.
    pub packages_max: usize,
    /// Most lists and metadata that are asked for to resolve one step's packages.
    pub requests_max: usize,
    /// How often a request is made in all, where an index cannot be reached or answers with a server error.
    pub attempts_max: u32,
    /// PEM files of certificate authorities that indexes may be vouched for by, besides the system's.
    pub trusted_roots: Vec<PathBuf>,
}

impl WheelsConfig {
    /// The defaults, with unpacked wheels under `folder`.
    #[must_use]
    pub fn under(folder: impl Into<PathBuf>) -> Self {
        Self {
            layers_folder: folder.into().join("packages"),
            layers_max: 1_000,
            connect_millis_max: 5_000,
            idle_millis_max: 15_000,
            resolve_millis_max: 120_000,
            resolution_kept_millis: 600_000,
            fetch_millis_max: 300_000,
            page_bytes_max: 64 << 20,
            metadata_bytes_max: 4 << 20,
            wheel_bytes_max: 128 << 20,
            unpacked_bytes_max: 512 << 20,
            entries_max: 20_000,
            packages_max: 100,
            requests_max: 500,
            attempts_max: 3,
            trusted_roots: Vec::new(),
        }
    }
}

/// A package index that speaks the simple API, such as `https://pypi.org/simple`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PythonIndex {
    /// With a slash last, without credentials.
    url: Url,
    credentials: Option<(String, String)>,
}

impl PythonIndex {
    /// Where the list of a package's files is.
    pub(crate) fn page(&self, package: &str) -> Url {
        let mut url = self.url.clone();
        url.set_path(&format!("{}{package}/", self.url.path()));
        url
    }

    /// Name and password, for requests to the index's own host and no other.
    pub(crate) fn credentials_for(&self, url: &Url) -> Option<(&str, &str)> {
        let (user, password) = self.credentials.as_ref()?;
        (self.url.origin() == url.origin()).then_some((user, password))
    }

    /// Whether they are the same place, whoever asks there.
    #[must_use]
    pub fn is_at(&self, other: &Self) -> bool {
        self.url == other.url
    }
}

impl FromStr for PythonIndex {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        // The text may hold a password, so it is not repeated.
        let refused = |what: &str| format!("{what}: expected a URL such as https://pypi.org/simple");
        let mut url = Url::parse(text.trim()).map_err(|error| refused(&format!("no URL of an index ({error})")))?;
        if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
            return Err(refused("an index is asked over http or https"));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(refused("the URL of an index has no query"));
        }
        let credentials = (!url.username().is_empty()).then(|| {
            let password = url.password().unwrap_or_default();
            (decoded(url.username()), decoded(password))
        });
        strip(&mut url);
        let path = format!("{}/", url.path().trim_end_matches('/'));
        url.set_path(&path);
        Ok(Self { url, credentials })
    }
}

/// Takes name and password out of a URL.
pub(crate) fn strip(url: &mut Url) {
    // Refused only by URLs without a host, which have neither.
    let _ = url.set_username("");
    let _ = url.set_password(None);
}

/// Percent-encoding undone.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        let hex = (*byte == b'%').then(|| after.get(..2)).flatten().and_then(|two| std::str::from_utf8(two).ok());
        match hex.and_then(|two| u8::from_str_radix(two, 16).ok()) {
            Some(decoded) => {
                bytes.push(decoded);
                rest = &after[2..];
            }
            None => {
                bytes.push(*byte);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

impl fmt::Display for PythonIndex {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.url.as_str().trim_end_matches('/'))
    }
}

impl fmt::Debug for PythonIndex {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

#[cfg(test)]
mod tests;
