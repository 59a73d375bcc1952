//! The tree as the rules see it: crates, sources, documents. Read once per test run.
//! Never follows links and never looks into what builds leave behind.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::levels::Levels;

/// The tree and its rules.
#[derive(Debug)]
pub struct House {
    /// The top folder.
    pub root: PathBuf,
    /// The rules.
    pub levels: Levels,
    /// The crates of the workspace.
    pub packages: Vec<Package>,
    /// Every text file that the rules look at, sorted by path.
    pub files: Vec<TextFile>,
}

/// A crate, as `cargo metadata` tells of it.
#[derive(Clone, Debug, Deserialize)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// What it is, in a line.
    pub description: Option<String>,
    /// Where it is.
    pub manifest_path: PathBuf,
    /// What it uses.
    pub dependencies: Vec<Dependency>,
}

/// One dependency.
#[derive(Clone, Debug, Deserialize)]
pub struct Dependency {
    /// The crate's name in its registry.
    pub name: String,
    /// `dev`, `build`, or none.
    pub kind: Option<String>,
    /// The folder, for crates of this workspace.
    pub path: Option<PathBuf>,
}

/// A text file.
#[derive(Clone, Debug)]
pub struct TextFile {
    /// From the top folder, with `/`.
    pub path: String,
    /// Its content.
    pub text: String,
}

impl Dependency {
    /// Whether only tests of the crate use it.
    #[must_use]
    pub fn is_dev(&self) -> bool {
        self.kind.as_deref() == Some("dev")
    }
}

impl TextFile {
    /// Whether it is Rust.
    #[must_use]
    pub fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    /// Whether it is a source of the console, or of its tests.
    #[must_use]
    pub fn is_web(&self) -> bool {
        let room = ["host/console/", "tests/console/"].iter().any(|room| self.path.starts_with(room));
        room && ["ts", "tsx", "mjs", "css"].contains(&self.path.rsplit('.').next().unwrap_or_default())
    }

    /// Whether it is only compiled into tests, by its place.
    #[must_use]
    pub fn is_test(&self) -> bool {
        let in_tests_folder = self.path.split('/').rev().skip(1).any(|part| part == "tests");
        in_tests_folder || self.path.ends_with("/tests.rs") || self.path.contains("/contract")
    }
}

impl House {
    /// The tree that this crate stands in.
    #[must_use]
    pub fn here() -> &'static Self {
        static HERE: LazyLock<House> = LazyLock::new(House::read);
        &HERE
    }

    /// The crate of this name.
    #[must_use]
    pub fn package(&self, name: &str) -> Option<&Package> {
        self.packages.iter().find(|package| package.name == name)
    }

    /// Rust sources.
    pub fn rust(&self) -> impl Iterator<Item = &TextFile> {
        self.files.iter().filter(|file| file.is_rust())
    }

    /// Sources of pages, but for what is printed from other sources.
    pub fn web(&self) -> impl Iterator<Item = &TextFile> {
        self.files.iter().filter(|file| file.is_web() && !self.levels.printed_files.contains_key(&file.path))
    }

    /// The file at this path.
    #[must_use]
    pub fn file(&self, path: &str) -> Option<&TextFile> {
        self.files.iter().find(|file| file.path == path)
    }

    /// A crate's folder, from the top.
    #[must_use]
    pub fn folder(&self, package: &Package) -> String {
        let folder = package.manifest_path.parent().and_then(|folder| folder.strip_prefix(&self.root).ok());
        folder.map(|folder| folder.display().to_string()).unwrap_or_default()
    }

    fn read() -> Self {
        let root = root();
        let levels_path = root.join("tests/tidy/levels.toml");
        let levels = match toml::from_str(&read_text(&levels_path)) {
            Ok(levels) => levels,
            Err(error) => panic!("tests/tidy/levels.toml: {error}"),
        };
        let mut files = Vec::new();
        collect(&root, &root, &mut files);
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Self { packages: packages(&root), root, levels, files }
    }
}

fn root() -> PathBuf {
    let this_crate = Path::new(env!("CARGO_MANIFEST_DIR"));
    this_crate.ancestors().nth(2).unwrap_or(this_crate).to_owned()
}

fn read_text(path: &Path) -> String {
    match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) => panic!("{}: {error}", path.display()),
    }
}

fn packages(root: &Path) -> Vec<Package> {
    #[derive(Deserialize)]
    struct Metadata {
        packages: Vec<Package>,
    }
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let arguments = ["metadata", "--no-deps", "--offline", "--format-version", "1"];
    let output = match Command::new(cargo).args(arguments).current_dir(root).output() {
        Ok(output) if output.status.success() => output.stdout,
        Ok(output) => panic!("cargo metadata: {}", String::from_utf8_lossy(&output.stderr)),
        Err(error) => panic!("cargo metadata: {error}"),
    };
    match serde_json::from_slice::<Metadata>(&output) {
        Ok(metadata) => metadata.packages,
        Err(error) => panic!("cargo metadata: {error}"),
    }
}

/// What the rules look at. Everything else (data, images, lock files) is left alone.
const EXTENSIONS: [&str; 13] = ["rs", "toml", "md", "wit", "yaml", "yml", "py", "sql", "sh", "ts", "tsx", "mjs", "css"];

fn collect(root: &Path, folder: &Path, files: &mut Vec<TextFile>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
        let Ok(kind) = entry.file_type() else { continue };
        let left_behind = ["target", "node_modules", "dist", "__pycache__"].contains(&name.as_str());
        let relative = path.strip_prefix(root).unwrap_or(&path).display().to_string();
        if name.starts_with('.') && name != ".ci" || left_behind || relative == "tests/data" {
            continue;
        }
        let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        if kind.is_dir() {
            collect(root, &path, files);
        } else if kind.is_file() && (EXTENSIONS.contains(&extension) || relative.starts_with(".ci/")) {
            files.push(TextFile { path: relative, text: read_text(&path) });
        }
    }
}
