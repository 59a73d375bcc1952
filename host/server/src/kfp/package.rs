//! Pipeline packages: one YAML file, alone or in a zip or a compressed tar.
//! Never unpacks more than a package may hold, and never writes a file.

mod unpack;

use std::io::Read;

use axum::extract::Multipart;
use host_api::kfp::PACKAGE_BYTES_MAX;
use host_base::{Code, Failure};
use serde_json::{Value, json};

use super::answer::{Refused, invalid};

/// The part of an upload that holds the package.
const PART: &str = "uploadfile";
/// The file that is meant where a package holds several.
const FILE: &str = "pipeline.yaml";
/// Files that are looked at in a package.
const FILES_MAX: usize = 1000;
/// What a compressed package may grow to, so that a pipeline of the largest size still fits with its frame.
const UNPACKED_BYTES_MAX: usize = PACKAGE_BYTES_MAX + (1 << 20);

/// The pipeline in an upload: alone, or with its platform document.
pub(super) async fn read(mut parts: Multipart) -> Result<Value, Refused> {
    let broke = |error: axum::extract::multipart::MultipartError| invalid(error.body_text(), "send the upload again");
    while let Some(part) = parts.next_field().await.map_err(broke)? {
        if part.name() == Some(PART) {
            let bytes = part.bytes().await.map_err(broke)?;
            return spec(&text(&bytes)?);
        }
    }
    Err(invalid(format!("the upload has no part `{PART}`"), "send the package as that part of a multipart form"))
}

/// The text of the package's pipeline, told by its first bytes.
fn text(bytes: &[u8]) -> Result<String, Refused> {
    let content = match bytes {
        [0x1f, 0x8b, ..] => from_tar(bytes)?,
        [b'P', b'K', ..] => from_zip(bytes)?,
        plain => limited(plain)?,
    };
    String::from_utf8(content).map_err(|_| broken("the pipeline is not UTF-8"))
}

fn from_tar(bytes: &[u8]) -> Result<Vec<u8>, Refused> {
    let unreadable = |error: std::io::Error| broken(&format!("the tar cannot be read: {error}"));
    let content = unpack::gzip(bytes, UNPACKED_BYTES_MAX).map_err(|reason| broken(&reason))?;
    let mut archive = tar::Archive::new(content.as_slice());
    let mut found = Vec::new();
    for entry in archive.entries().map_err(unreadable)?.take(FILES_MAX) {
        let entry = entry.map_err(unreadable)?;
        let name = entry.path().map_err(unreadable)?.to_string_lossy().into_owned();
        if entry.header().entry_type().is_file() && is_yaml(&name) {
            found.push((name, limited(entry)?));
        }
    }
    the_one(found)
}

fn from_zip(bytes: &[u8]) -> Result<Vec<u8>, Refused> {
    let files = unpack::zip_files(bytes, FILES_MAX).map_err(|reason| broken(&reason))?;
    let mut found = Vec::new();
    for file in files.into_iter().filter(|file| is_yaml(&file.name)) {
        let content = unpack::zip_content(bytes, &file, UNPACKED_BYTES_MAX).map_err(|reason| broken(&reason))?;
        found.push((file.name, limited(content.as_slice())?));
    }
    the_one(found)
}

fn is_yaml(name: &str) -> bool {
    let ending = name.rsplit('.').next().unwrap_or_default();
    ending.eq_ignore_ascii_case("yaml") || ending.eq_ignore_ascii_case("yml")
}

/// The only file, or the one that has the usual name.
fn the_one(mut found: Vec<(String, Vec<u8>)>) -> Result<Vec<u8>, Refused> {
    if let Some(at) = found.iter().position(|(name, _)| name.rsplit('/').next() == Some(FILE)) {
        return Ok(found.swap_remove(at).1);
    }
    match (found.pop(), found.is_empty()) {
        (Some((_, content)), true) => Ok(content),
        (None, _) => Err(broken("the package holds no YAML file")),
        (Some(_), false) => Err(broken(&format!("the package holds several YAML files and none is `{FILE}`"))),
    }
}

fn limited(content: impl Read) -> Result<Vec<u8>, Refused> {
    let mut bytes = Vec::new();
    content
        .take(PACKAGE_BYTES_MAX as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| broken(&format!("the package cannot be unpacked: {error}")))?;
    if bytes.len() > PACKAGE_BYTES_MAX {
        let message = format!("the pipeline is larger than {PACKAGE_BYTES_MAX} bytes");
        return Err(Failure::new(Code::TooLarge, message).with_hint("pass large data as artifacts").into());
    }
    Ok(bytes)
}

fn broken(message: &str) -> Refused {
    invalid(message, "compile the pipeline again with kfp's compiler, to a .yaml, .zip or .tar.gz file")
}

/// YAML of one document or two as the JSON that clients send within requests.
fn spec(text: &str) -> Result<Value, Refused> {
    let package = sdk_spec::kfp::Package::parse(text).map_err(|error| host_pipeline::document_failures(&error))?;
    let read = |value: serde_json::Result<Value>| {
        value.map_err(|error| broken(&format!("the pipeline cannot be written as JSON: {error}")))
    };
    let pipeline = read(serde_json::to_value(&package.pipeline))?;
    match &package.platform {
        None => Ok(pipeline),
        Some(platform) => {
            Ok(json!({ "pipeline_spec": pipeline, "platform_spec": read(serde_json::to_value(platform))? }))
        }
    }
}

#[cfg(test)]
mod tests;
