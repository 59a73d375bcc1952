//! What form a file has: from what the author says, its first bytes, its media type.
//! Never reads past the first line.

use sdk_guest::prelude::*;

use crate::input::Input;

/// A line of column names longer than this is taken for no CSV.
const HEADER_BYTES_MAX: usize = 1 << 20;

/// Beginnings of files that are mistaken for tables most often, and what they are.
const OTHER_FORMS: [(&[u8], &str, &str); 8] = [
    (b"\x1f\x8b", "compressed with gzip", "decompress it first"),
    (b"PK\x03\x04", "a ZIP archive or a spreadsheet", "save the sheet as CSV"),
    (b"BZh", "compressed with bzip2", "decompress it first"),
    (b"\xfd7zXZ", "compressed with xz", "decompress it first"),
    (b"\x28\xb5\x2f\xfd", "compressed with Zstandard", "decompress it first"),
    (b"\xff\xfe", "UTF-16 text", "save it as UTF-8"),
    (b"\xfe\xff", "UTF-16 text", "save it as UTF-8"),
    (b"ARROW1", "an Arrow file", "save it as Parquet or CSV"),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Csv { delimiter: u8 },
    Parquet,
}

impl Format {
    /// `asked` decides where it is given; else the first bytes, else the media type, else whether
    /// the file begins like text.
    pub(crate) fn find(input: &Input, asked: Option<&str>, media_type: &str) -> Result<Self> {
        let head = input.head(HEADER_BYTES_MAX)?;
        match asked {
            Some("csv") => return Self::csv(&head),
            Some("tsv") => return Ok(Self::Csv { delimiter: b'\t' }),
            Some("parquet") => return Ok(Self::Parquet),
            Some(other) => {
                return Err(Failure::new(format!("`{other}` is not a format that can be loaded"))
                    .with_hint("the formats are csv, tsv and parquet"));
            }
            None => {}
        }
        if head.starts_with(b"PAR1") {
            return Ok(Self::Parquet);
        }
        if let Some((_, form, hint)) = OTHER_FORMS.into_iter().find(|(magic, _, _)| head.starts_with(magic)) {
            return Err(Failure::new(format!("it is {form}")).with_hint(hint));
        }
        let media_type = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        match media_type.as_str() {
            "text/csv" | "application/csv" => Self::csv(&head),
            "text/tab-separated-values" => Ok(Self::Csv { delimiter: b'\t' }),
            "application/vnd.apache.parquet" | "application/x-parquet" => Ok(Self::Parquet),
            _ if looks_like_text(&head) => Self::csv(&head),
            _ => Err(Failure::new(format!("its form is not known from its first bytes or from `{media_type}`"))
                .with_hint("give the format: csv, tsv or parquet")),
        }
    }

    fn csv(head: &[u8]) -> Result<Self> {
        Ok(Self::Csv { delimiter: find_delimiter(head)? })
    }
}

/// The media type that goes with a file name's ending.
pub(crate) fn media_type_of_name(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).as_deref() {
        Some("csv") => "text/csv",
        Some("tsv" | "tab") => "text/tab-separated-values",
        Some("parquet" | "pq") => "application/vnd.apache.parquet",
        _ => "application/octet-stream",
    }
}

/// A markup document is text, too, but no table; it is what a server sends instead of a file.
fn looks_like_text(head: &[u8]) -> bool {
    let first = head.iter().copied().find(|byte| !byte.is_ascii_whitespace());
    let head = &head[..head.len().min(4096)];
    !head.contains(&0) && !matches!(first, None | Some(b'<' | b'{' | b'['))
}

/// Whichever candidate is most frequent in the first line, outside of quotes; the comma if none is.
fn find_delimiter(head: &[u8]) -> Result<u8> {
    const CANDIDATES: [u8; 4] = [b',', b';', b'\t', b'|'];
    let mut counts = [0_usize; CANDIDATES.len()];
    let mut quoted = false;
    let mut ended = head.len() < HEADER_BYTES_MAX;
    for byte in head {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if !quoted => {
                ended = true;
                break;
            }
            _ if quoted => {}
            _ => {
                if let Some(index) = CANDIDATES.iter().position(|candidate| candidate == byte) {
                    counts[index] += 1;
                }
            }
        }
    }
    if !ended {
        return Err(Failure::new(format!("its first line is longer than {HEADER_BYTES_MAX} bytes"))
            .with_hint("a CSV file begins with a line of column names"));
    }
    // The first of several equals wins, so the comma is preferred.
    let mut best = 0;
    for index in 1..counts.len() {
        if counts[index] > counts[best] {
            best = index;
        }
    }
    Ok(CANDIDATES[best])
}
