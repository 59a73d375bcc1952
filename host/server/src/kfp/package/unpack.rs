//! As much of gzip and zip as pipeline packages need: plain and deflated content, no encryption, no splitting.
//! Never believes a length: everything is cut to what is there and to its limit.

use miniz_oxide::inflate::decompress_to_vec_with_limit;

/// The marks that parts of a zip begin with.
const END_MARK: [u8; 4] = *b"PK\x05\x06";
const ENTRY_MARK: [u8; 4] = *b"PK\x01\x02";
const FILE_MARK: [u8; 4] = *b"PK\x03\x04";
/// The end of a zip without its comment, which may follow.
const END_BYTES: usize = 22;
const COMMENT_BYTES_MAX: usize = 0xffff;

/// A file in a zip.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ZipFile {
    pub(super) name: String,
    method: u16,
    packed_bytes: usize,
    offset: usize,
}

/// The content of a gzip.
pub(super) fn gzip(bytes: &[u8], bytes_max: usize) -> Result<Vec<u8>, String> {
    const NAMED: u8 = 8;
    const COMMENTED: u8 = 16;
    let broken = || "the gzip breaks off".to_owned();
    let flags = *bytes.get(3).ok_or_else(broken)?;
    let mut at = 10;
    if flags & 4 != 0 {
        at += 2 + usize::from(number_16(bytes, at).ok_or_else(broken)?);
    }
    for text in [NAMED, COMMENTED] {
        if flags & text != 0 {
            let rest = bytes.get(at..).ok_or_else(broken)?;
            at += 1 + rest.iter().position(|byte| *byte == 0).ok_or_else(broken)?;
        }
    }
    at += usize::from(flags & 2);
    inflate(bytes.get(at..).ok_or_else(broken)?, bytes_max)
}

fn inflate(packed: &[u8], bytes_max: usize) -> Result<Vec<u8>, String> {
    decompress_to_vec_with_limit(packed, bytes_max).map_err(|error| format!("the package cannot be unpacked: {error}"))
}

/// The files that a zip lists.
pub(super) fn zip_files(bytes: &[u8], files_max: usize) -> Result<Vec<ZipFile>, String> {
    let broken = || "the zip breaks off".to_owned();
    let first = bytes.len().saturating_sub(END_BYTES + COMMENT_BYTES_MAX);
    let tail = &bytes[first..];
    let end = tail.windows(END_MARK.len()).rposition(|window| window == END_MARK).ok_or_else(broken)? + first;
    let count = usize::from(number_16(bytes, end + 10).ok_or_else(broken)?);
    let mut at = number_32(bytes, end + 16).ok_or_else(broken)?;
    let mut files = Vec::new();
    for _ in 0..count.min(files_max) {
        if bytes.get(at..at + 4) != Some(&ENTRY_MARK) {
            return Err(broken());
        }
        let short = |offset: usize| number_16(bytes, at + offset).map(usize::from).ok_or_else(broken);
        let long = |offset: usize| number_32(bytes, at + offset).ok_or_else(broken);
        let (name_bytes, extra_bytes, comment_bytes) = (short(28)?, short(30)?, short(32)?);
        let name = bytes.get(at + 46..at + 46 + name_bytes).ok_or_else(broken)?;
        files.push(ZipFile {
            name: String::from_utf8_lossy(name).into_owned(),
            method: number_16(bytes, at + 10).ok_or_else(broken)?,
            packed_bytes: long(20)?,
            offset: long(42)?,
        });
        at += 46 + name_bytes + extra_bytes + comment_bytes;
    }
    Ok(files)
}

/// The content of a file in a zip.
pub(super) fn zip_content(bytes: &[u8], file: &ZipFile, bytes_max: usize) -> Result<Vec<u8>, String> {
    let broken = || format!("`{}` breaks off in the zip", file.name);
    let at = file.offset;
    if bytes.get(at..at + 4) != Some(&FILE_MARK) {
        return Err(broken());
    }
    let short = |offset: usize| number_16(bytes, at + offset).map(usize::from).ok_or_else(broken);
    let begin = at + 30 + short(26)? + short(28)?;
    let packed = bytes.get(begin..begin + file.packed_bytes).ok_or_else(broken)?;
    match file.method {
        0 if packed.len() <= bytes_max => Ok(packed.to_vec()),
        0 => Err(format!("`{}` is larger than {bytes_max} bytes", file.name)),
        8 => inflate(packed, bytes_max),
        method => Err(format!("`{}` is packed by method {method}; only deflate is read", file.name)),
    }
}

fn number_16(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at + 2)?.try_into().ok().map(u16::from_le_bytes)
}

fn number_32(bytes: &[u8], at: usize) -> Option<usize> {
    let number = bytes.get(at..at + 4)?.try_into().ok().map(u32::from_le_bytes)?;
    usize::try_from(number).ok()
}
