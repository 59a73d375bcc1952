//! The media type that a file's name stands for.
//! Never looks into the file.

/// What stands for any bytes.
pub const ANY_BYTES: &str = "application/octet-stream";

/// The media type of a file of this name, by what stands behind its last dot.
#[must_use]
pub fn of_file_name(name: &str) -> &'static str {
    let last = name.rsplit('/').next().unwrap_or(name);
    // What only begins with a dot has no extension.
    let extension = match last.rsplit_once('.') {
        Some((before, extension)) if !before.is_empty() => extension.to_ascii_lowercase(),
        _ => return ANY_BYTES,
    };
    match extension.as_str() {
        "arrow" | "feather" => "application/vnd.apache.arrow.file",
        "csv" => "text/csv",
        "gif" => "image/gif",
        "gz" => "application/gzip",
        "html" | "htm" => "text/html",
        "jpg" | "jpeg" => "image/jpeg",
        "json" => "application/json",
        "jsonl" | "ndjson" => "application/jsonl",
        "md" => "text/markdown",
        "onnx" => "application/onnx",
        "parquet" => "application/vnd.apache.parquet",
        "pdf" => "application/pdf",
        "png" => "image/png",
        "svg" => "image/svg+xml",
        "tar" => "application/x-tar",
        "tsv" => "text/tab-separated-values",
        "txt" | "log" | "py" | "rs" | "toml" | "ini" | "cfg" => "text/plain",
        "wasm" => "application/wasm",
        "webp" => "image/webp",
        "xml" => "application/xml",
        "yaml" | "yml" => "application/yaml",
        "zip" => "application/zip",
        _ => ANY_BYTES,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn media_types_come_from_extensions() {
        assert_eq!((of_file_name("a/b.CSV"), of_file_name("x.tar.gz")), ("text/csv", "application/gzip"));
        for name in ["csv", "", "a.csv/b", ".csv", "a.", "a.unknown", "../.png"] {
            assert_eq!(of_file_name(name), ANY_BYTES, "{name}");
        }
    }
}
