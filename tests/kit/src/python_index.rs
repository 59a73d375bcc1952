//! The index of Python packages that this machine's pip uses.
//! Never one that a test names itself.

use std::path::Path;
use std::process::Command;

/// Where pip looks: its variable, its configuration, else what it is made for.
///
/// # Errors
/// Why nothing is found there.
pub fn of(python: &Path) -> Result<String, String> {
    let pip = |arguments: &[&str]| {
        let mut pip = Command::new(python);
        // Files of this machine would say nothing of an index.
        pip.args(["-m", "pip"]).args(arguments).env_remove("PIP_FIND_LINKS");
        pip.output().ok().filter(|output| output.status.success())
    };
    let folder = tempfile::tempdir().map_err(|error| format!("no folder to download to: {error}"))?;
    let place = folder.path().display().to_string();
    if pip(&["download", "--quiet", "--no-deps", "--no-cache-dir", "--dest", &place, "six"]).is_none() {
        return Err("pip reaches no package index from here".to_owned());
    }
    let configured = pip(&["config", "get", "global.index-url"]);
    let configured = configured.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    let named = std::env::var("PIP_INDEX_URL").ok().or(configured).filter(|url| !url.is_empty());
    Ok(named.unwrap_or_else(|| "https://pypi.org/simple".to_owned()))
}
