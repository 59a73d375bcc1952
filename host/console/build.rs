//! Embeds what stands in `dist/`: each file as it is and compressed, or a notice where nothing was built.
//! Never builds the console itself and never needs Node; `cargo xtask demo` does, and this takes what it left.

#![expect(clippy::unwrap_used, reason = "a build script fails by panicking, and cargo shows why")]

use std::fmt::Write as _;
use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};

/// What stands behind the name of a file's compressed twin.
const TWIN: &str = ".gz";

fn main() {
    let folder = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap());
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=dist");
    println!("cargo::rerun-if-changed=notice");
    let dist = folder.join("dist");
    let built = dist.join("index.html").is_file();
    let from = if built { dist } else { folder.join("notice") };
    let mut files = Vec::new();
    collect(&from, &from, &mut files);
    files.sort();
    let mut table = String::from("&[\n");
    let out = PathBuf::from(std::env::var_os("OUT_DIR").unwrap());
    let copies = out.join("files");
    // What an earlier build took over under names that are gone. The first build finds nothing there.
    let _ = fs::remove_dir_all(&copies);
    for path in &files {
        write_asset(&mut table, &from, &copies, path);
    }
    table.push(']');
    let code = format!("pub(crate) const BUILT: bool = {built};\npub(crate) const ASSETS: &[Asset] = {table};\n");
    fs::write(out.join("assets.rs"), code).unwrap();
}

/// The files below a folder, but for compressed twins and what only git or a packer reads.
fn collect(root: &Path, folder: &Path, files: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let relative = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
        if path.is_dir() {
            collect(root, &path, files);
        } else if !relative.ends_with(TWIN) && !relative.starts_with('.') {
            files.push(relative);
        }
    }
}

fn write_asset(table: &mut String, from: &Path, to: &Path, path: &str) {
    let mut hasher = DefaultHasher::new();
    fs::read(from.join(path)).unwrap().hash(&mut hasher);
    let plain = take_over(from, to, path);
    let twin = format!("{path}{TWIN}");
    let gzip = match from.join(&twin).is_file() {
        true => format!("Some(include_bytes!({:?}))", take_over(from, to, &twin)),
        false => "None".to_owned(),
    };
    let tag = format!("\"{:016x}\"", hasher.finish());
    writeln!(table, "Asset {{ path: {path:?}, tag: {tag:?}, plain: include_bytes!({plain:?}), gzip: {gzip} }},")
        .unwrap();
}

/// Copies a file to where only this build looks: a console that is built anew meanwhile does not break it.
fn take_over(from: &Path, to: &Path, path: &str) -> PathBuf {
    let file = to.join(path);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::copy(from.join(path), &file).unwrap();
    file
}
