//! Fetches a file over HTTP.
//! Never looks into the file: what it means is for the step that reads it.

#[cfg(test)]
mod tests;

use std::io::{Read as _, Write as _};

use sdk_guest::prelude::*;

/// The longest file: 4 GiB.
const FILE_BYTES_MAX: u64 = 4 << 30;

/// Bytes between two reports of progress.
const PIECE_BYTES: usize = 1 << 20;

/// Fetches the file that stands under a URL.
///
/// `url` begins with `http://` or `https://`, and the step must be granted the host under `http`,
/// and the hosts that it redirects to. `media-type` is what the file is stored as; without it, what
/// the server says. With `digest`, `sha256:` and 64 hexadecimal digits, any other content is
/// refused; where it is given, the step's result is worth caching.
#[step(outputs(file))]
fn fetch_file(url: String, media_type: Option<String>, digest: Option<String>) -> Result<Artifact, Failure> {
    if let Some(digest) = &digest {
        check_form(digest)?;
    }
    let mut response = http::get(&url, FILE_BYTES_MAX)?;
    let media_type = media_type.or_else(|| response.media_type().map(str::to_owned));
    let mut writer = Artifact::writer(media_type.as_deref().unwrap_or("application/octet-stream"));
    writer.set_metadata("url", &url)?;
    copy(&mut response, &mut writer)?;
    let file = writer.finish()?;
    let found = file.describe();
    match digest {
        Some(expected) if expected != found.digest => {
            Err(Failure::new(format!("{url} has the digest {}, not {expected}", found.digest))
                .with_hint("the file was changed: look at it, then give its new digest"))
        }
        _ => {
            log::info!("{} bytes from {}, {}", found.size_bytes, response.url(), found.digest);
            Ok(file)
        }
    }
}

fn copy(response: &mut http::Response, writer: &mut sdk_guest::Writer<Artifact>) -> Result<()> {
    let total = response.length_bytes();
    let mut piece = Vec::with_capacity(PIECE_BYTES);
    let mut done = 0;
    loop {
        piece.clear();
        response.by_ref().take(PIECE_BYTES as u64).read_to_end(&mut piece)?;
        if piece.is_empty() {
            return Ok(());
        }
        writer.write_all(&piece)?;
        done += piece.len() as u64;
        progress::report(done, total, "bytes");
    }
}

fn check_form(digest: &str) -> Result<()> {
    let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    match digest.strip_prefix("sha256:") {
        Some(digits) if digits.len() == 64 && digits.bytes().all(is_digit) => Ok(()),
        _ => Err(Failure::new(format!("`{digest}` is not a digest"))
            .with_hint("write `sha256:` and the 64 digits that `sha256sum` prints")),
    }
}
