//! Credentials as Docker and its relatives keep them: `config.json`, and the helpers that it names.
//! Never keeps them: each time a registry asks, the file is read, and the helper run, anew.

mod helper;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use oci_distribution::secrets::RegistryAuth;
use serde::Deserialize;

use crate::RegistryError;
use crate::places::Place;

/// A larger file is no credentials file.
const FILE_BYTES_MAX: u64 = 1 << 20;

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct DockerConfig {
    auths: HashMap<String, Entry>,
    /// The helper for all registries that have none of their own.
    creds_store: Option<String>,
    /// Helpers by registry.
    cred_helpers: HashMap<String, String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Entry {
    auth: Option<String>,
    username: Option<String>,
    password: Option<String>,
    registrytoken: Option<String>,
}

/// What the file has for this registry; anonymous where there is no file or no entry.
pub(crate) async fn find(file: Option<&Path>, place: &Place) -> Result<RegistryAuth, RegistryError> {
    let Some(file) = file else { return Ok(RegistryAuth::Anonymous) };
    let unusable =
        |reason: String| place.refused(format!("the credentials file {} is unusable: {reason}", file.display()));
    match tokio::fs::metadata(file).await {
        Ok(metadata) if metadata.len() > FILE_BYTES_MAX => {
            return Err(unusable(format!("it has more than {FILE_BYTES_MAX} bytes")));
        }
        Ok(_) => {}
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(RegistryAuth::Anonymous),
        Err(error) => return Err(unusable(error.to_string())),
    }
    let text = tokio::fs::read(file).await.map_err(|error| unusable(error.to_string()))?;
    let config = parse(&text).map_err(unusable)?;
    if let Some(helper) = helper_for(&config, &place.registry) {
        let found = helper::ask(helper, server_name(&place.registry)).await.map_err(unusable)?;
        if let Some(found) = found {
            return Ok(found);
        }
    }
    in_file(config, &place.registry).map_err(unusable)
}

fn parse(text: &[u8]) -> Result<DockerConfig, String> {
    // The parser's message may quote what it stumbled over, which may be a secret; its place in the file is enough.
    serde_json::from_slice(text)
        .map_err(|error| format!("it is malformed at line {}, column {}", error.line(), error.column()))
}

/// A registry's own helper comes before the one for all.
fn helper_for<'config>(config: &'config DockerConfig, registry: &str) -> Option<&'config str> {
    let wanted = host_of(registry);
    let own = config.cred_helpers.iter().find_map(|(key, helper)| (host_of(key) == wanted).then_some(helper));
    own.or(config.creds_store.as_ref()).map(String::as_str).filter(|helper| !helper.is_empty())
}

/// What helpers know a registry by.
fn server_name(registry: &str) -> &str {
    match host_of(registry) {
        "docker.io" => "https://index.docker.io/v1/",
        host => host,
    }
}

fn in_file(config: DockerConfig, registry: &str) -> Result<RegistryAuth, String> {
    let wanted = host_of(registry);
    let Some(entry) = config.auths.into_iter().find_map(|(key, entry)| (host_of(&key) == wanted).then_some(entry))
    else {
        return Ok(RegistryAuth::Anonymous);
    };
    if let Some(token) = entry.registrytoken.filter(|token| !token.is_empty()) {
        return Ok(RegistryAuth::Bearer(token));
    }
    if let Some(auth) = entry.auth.filter(|auth| !auth.is_empty()) {
        let broken = || format!("the entry `auth` of {registry} is not base64 of user:password");
        let pair = STANDARD.decode(auth.trim()).map_err(|_| broken())?;
        let pair = String::from_utf8(pair).map_err(|_| broken())?;
        let (user, password) = pair.split_once(':').ok_or_else(broken)?;
        // Some writers pad the password with zero bytes.
        return Ok(RegistryAuth::Basic(user.to_owned(), password.trim_end_matches('\0').to_owned()));
    }
    match (entry.username, entry.password) {
        (Some(user), Some(password)) => Ok(RegistryAuth::Basic(user, password)),
        _ => Ok(RegistryAuth::Anonymous),
    }
}

/// Entries are written as `ghcr.io`, as `https://ghcr.io` and, for Docker Hub, as `https://index.docker.io/v1/`.
fn host_of(key: &str) -> &str {
    let key = key.split_once("://").map_or(key, |(_, rest)| rest);
    match key.split('/').next().unwrap_or(key) {
        "index.docker.io" | "registry-1.docker.io" => "docker.io",
        host => host,
    }
}
