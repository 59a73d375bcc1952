//! Folders of the node's machine that a step was granted.
//! Never follows a path out of one: WASI resolves every path beneath the folder it was opened from.

use std::path::{Component, Path};

use host_base::{Code, Failure};
use sdk_spec::{FileAccess, FileGrant};
use wasmtime_wasi::{FsPerms, WasiCtxBuilder};

/// Opens the granted folders. `taken` are paths that the call itself fills; a grant must not stand in
/// for one of them.
pub(crate) fn open(grants: &[FileGrant], taken: &[&str], wasi: &mut WasiCtxBuilder) -> Result<(), Failure> {
    for grant in grants {
        check(grant, taken)?;
        let permissions = match grant.access {
            FileAccess::Read => FsPerms::ReadOnly,
            FileAccess::ReadWrite => FsPerms::ReadWrite,
        };
        wasi.preopened_dir(&grant.host, &grant.guest, permissions).map_err(|error| {
            let message = format!("the granted folder {} cannot be opened: {error:#}", grant.host);
            Failure::new(Code::GrantNotAllowed, message)
                .with_hint("make the folder on the node's machine, or change `grants.files`")
        })?;
    }
    Ok(())
}

fn check(grant: &FileGrant, taken: &[&str]) -> Result<(), Failure> {
    for (key, path) in [("host", &grant.host), ("guest", &grant.guest)] {
        let plain = |part: Component<'_>| matches!(part, Component::RootDir | Component::Normal(_));
        if !path.starts_with('/') || !Path::new(path).components().all(plain) {
            let message = format!("`grants.files`: {key} `{path}` is not an absolute path without `..`");
            return Err(Failure::new(Code::InvalidDocument, message));
        }
    }
    if let Some(own) = taken.iter().find(|own| Path::new(own).starts_with(&grant.guest)) {
        let message = format!(
            "`grants.files`: a step finds its own files at `{own}`; nothing can be mounted at `{}`",
            grant.guest
        );
        return Err(Failure::new(Code::InvalidDocument, message).with_hint("choose another `guest` path"));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
