//! The node's web pages, embedded: which file answers which path.
//! Never speaks HTTP and never knows what the pages show; they ask the REST interface like any other client.

/// A file of the console.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asset {
    /// Its path, without a slash before it.
    pub path: &'static str,
    /// Its entity tag, in quotes.
    pub tag: &'static str,
    /// Its content.
    pub plain: &'static [u8],
    /// The same compressed, where that is shorter.
    pub gzip: Option<&'static [u8]>,
}

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// The page that shows whatever view the address names.
const INDEX: &str = "index.html";

/// Below this stand files whose names hold the hash of their content.
const HASHED: &str = "assets/";

/// First segments of the addresses of views. `web/src/app/places.ts` has the same list: what is not on it is
/// none of the console's, so that a mistyped path of the REST interface stays an error.
pub const PLACES: &[&str] = &[
    "artifacts",
    "compare",
    "components",
    "experiments",
    "jobs",
    "notebooks",
    "overview",
    "pipelines",
    "runs",
    "schedules",
];

/// Whether the console was there when this was compiled; else there is a page that says how to get it.
#[must_use]
pub const fn is_built() -> bool {
    BUILT
}

/// All files.
#[must_use]
pub const fn assets() -> &'static [Asset] {
    ASSETS
}

/// What answers a path: a file of that name, or the one page where the path is a view's address.
#[must_use]
pub fn find(path: &str) -> Option<&'static Asset> {
    let path = path.trim_start_matches('/');
    let first = path.split('/').next().unwrap_or_default();
    let wanted = if first.is_empty() || PLACES.contains(&first) { INDEX } else { path };
    ASSETS.iter().find(|asset| asset.path == wanted)
}

impl Asset {
    /// Whether the name holds the hash of the content, so that what is under it never changes.
    #[must_use]
    pub fn is_immutable(&self) -> bool {
        self.path.starts_with(HASHED)
    }

    /// What it is.
    #[must_use]
    pub fn media_type(&self) -> &'static str {
        match self.path.rsplit('.').next().unwrap_or_default() {
            "html" => "text/html; charset=utf-8",
            "css" => "text/css; charset=utf-8",
            "js" => "text/javascript; charset=utf-8",
            "svg" => "image/svg+xml",
            "woff2" => "font/woff2",
            "json" | "webmanifest" => "application/json",
            "txt" => "text/plain; charset=utf-8",
            _ => "application/octet-stream",
        }
    }
}

#[cfg(test)]
mod tests;
