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
    for path in &files {
        write_asset(&mut table, &from, path);
    }
    table.push(']');
    let code = format!("pub(crate) const BUILT: bool = {built};\npub(crate) const ASSETS: &[Asset] = {table};\n");
    fs::write(Path::new(&std::env::var_os("OUT_DIR").unwrap()).join("assets.rs"), code).unwrap();
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

fn write_asset(table: &mut String, from: &Path, path: &str) {
    let file = from.join(path);
    let mut hasher = DefaultHasher::new();
    fs::read(&file).unwrap().hash(&mut hasher);
    let twin = from.join(format!("{path}{TWIN}"));
    let gzip = if twin.is_file() { format!("Some(include_bytes!({twin:?}))") } else { "None".to_owned() };
    writeln!(
        table,
        "Asset {{ path: {path:?}, tag: \"\\\"{:016x}\\\"\", plain: include_bytes!({file:?}), gzip: {gzip} }},",
        hasher.finish()
    )
    .unwrap();
}
