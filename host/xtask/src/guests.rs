//! Guests: the components and the test programs, built for wasm.
//! Never builds for the host.

mod python;

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::cargo::{build, cargo};
use crate::progress::Progress;
use crate::{debian, process, workspace};

const TARGET: &str = "wasm32-wasip2";

/// The release of `cargo component` that the components are checked with.
const CARGO_COMPONENT_VERSION: &str = "0.21.1";

/// Which components, and with what.
#[derive(clap::Args)]
pub struct Arguments {
    /// Components by name (`split-rows`); all when none is named.
    names: Vec<String>,
    /// Build the test programs too.
    #[arg(long)]
    programs: bool,
    /// Check that `cargo component build` builds them as well, installing it where it is missing.
    #[arg(long)]
    cargo_component: bool,
    /// Build with Debian's packages, as happens by itself where rustup cannot add the wasm target.
    #[arg(long)]
    debian: bool,
}

/// What guests are compiled with.
pub struct Toolchain {
    /// The target triple.
    pub target: &'static str,
    /// Environment variables that cargo needs for it.
    pub environment: Vec<(OsString, OsString)>,
}

/// A component of this workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guest {
    /// Its package name: `component-` and its folder's name.
    pub package: String,
    /// Its folder's name, which is also its name in a registry.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Where its manifest is: `Cargo.toml`, or `requirements.txt`.
    pub manifest: PathBuf,
    /// What it is written in.
    pub language: Language,
}

/// What a component is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// Built by cargo.
    Rust,
    /// Built by componentize-py, which pip must be able to fetch once.
    Python,
}

/// The components that are built, and why others are not.
pub struct Built {
    /// Ready to be pushed.
    pub guests: Vec<Guest>,
    /// One reason for each that could not be built on this machine.
    pub skipped: Vec<String>,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    manifest_path: PathBuf,
}

/// Carries out `cargo xtask components`.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let all = components()?;
    let chosen: Vec<Guest> = if arguments.names.is_empty() {
        all
    } else {
        arguments.names.iter().map(|name| find(&all, name).cloned()).collect::<Result<_>>()?
    };
    let toolchain = if arguments.debian { debian::toolchain()? } else { toolchain()? };
    build_components(&toolchain, &chosen)?;
    for guest in &chosen {
        println!("{}", built_file(&toolchain, guest).display());
    }
    if arguments.programs {
        build_programs(&toolchain)?;
    }
    if arguments.cargo_component {
        if !has_cargo_component() {
            install_cargo_component()?;
        }
        check_with_cargo_component(&chosen)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn find<'a>(all: &'a [Guest], name: &str) -> Result<&'a Guest> {
    all.iter().find(|guest| guest.name == name || guest.package == name).with_context(|| {
        let names: Vec<&str> = all.iter().map(|guest| guest.name.as_str()).collect();
        format!("there is no component `{name}`; there are {}", names.join(", "))
    })
}

/// What stands under `components/`, by name.
pub fn components() -> Result<Vec<Guest>> {
    let folder = workspace::root().join("components");
    let mut guests = guests_in(&folder)?;
    guests.extend(python::components_in(&folder)?);
    guests.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(guests)
}

fn guests_in(folder: &Path) -> Result<Vec<Guest>> {
    let mut command = cargo("metadata");
    command.args(["--no-deps", "--format-version=1"]);
    let metadata: Metadata =
        serde_json::from_str(&process::capture(&mut command)?).context("reading `cargo metadata`")?;
    Ok(metadata.packages.into_iter().filter_map(|package| guest_in(folder, package)).collect())
}

fn guest_in(folder: &Path, package: Package) -> Option<Guest> {
    let own = package.manifest_path.parent()?;
    if own.parent()? != folder {
        return None;
    }
    let name = own.file_name()?.to_string_lossy().into_owned();
    let (package, version, manifest) = (package.name, package.version, package.manifest_path);
    Some(Guest { package, name, version, manifest, language: Language::Rust })
}

/// What this machine can compile guests with: rustup's target, or Debian's packages.
pub fn toolchain() -> Result<Toolchain> {
    let rustup = Toolchain { target: TARGET, environment: Vec::new() };
    let sysroot = process::capture(Command::new("rustc").args(["--print", "sysroot"]))
        .context("Rust is missing: install it from https://rustup.rs")?;
    let library = Path::new(sysroot.trim()).join("lib/rustlib").join(TARGET).join("lib");
    if library.exists() {
        return Ok(rustup);
    }
    let progress = Progress::begin(format!("rustup target add {TARGET}"));
    let added = process::run(Command::new("rustup").args(["target", "add", TARGET]));
    if added.is_ok() && library.exists() {
        progress.end("added");
        return Ok(rustup);
    }
    progress.end("rustup could not add it; falling back to Debian's packages");
    debian::toolchain()
}

/// Builds all components; one in Python is skipped where what it is made from cannot be fetched.
pub fn build_all(toolchain: &Toolchain) -> Result<Built> {
    let (mut guests, in_python): (Vec<Guest>, Vec<Guest>) =
        components()?.into_iter().partition(|guest| guest.language == Language::Rust);
    build_components(toolchain, &guests)?;
    let mut skipped = Vec::new();
    for guest in in_python {
        match build_components(toolchain, std::slice::from_ref(&guest)) {
            Ok(()) => guests.push(guest),
            Err(error) => skipped.push(format!("component {}: {error:#}", guest.name)),
        }
    }
    Ok(Built { guests, skipped })
}

/// Builds components.
pub fn build_components(toolchain: &Toolchain, guests: &[Guest]) -> Result<()> {
    let in_rust = guests.iter().filter(|guest| guest.language == Language::Rust);
    let packages: Vec<&str> = in_rust.flat_map(|guest| ["--package", &guest.package]).collect();
    if !packages.is_empty() {
        build_guests("build components", toolchain, &packages, &[])?;
    }
    for guest in guests.iter().filter(|guest| guest.language == Language::Python) {
        python::build(guest, &built_file(toolchain, guest))?;
    }
    for guest in guests {
        let file = built_file(toolchain, guest);
        if !is_component(&file)? {
            bail!("{} is not a component", file.display());
        }
    }
    Ok(())
}

/// Builds crates that are parts of a component.
pub fn build_parts(toolchain: &Toolchain, packages: &[&str]) -> Result<()> {
    let packages: Vec<&str> = packages.iter().flat_map(|package| ["--package", package]).collect();
    build_guests("build parts", toolchain, &packages, &[])
}

/// Builds the guests that tests run.
pub fn build_programs(toolchain: &Toolchain) -> Result<()> {
    build_guests("build test programs", toolchain, &["--package", "tests-programs"], &["--bins", "--examples"])
}

fn build_guests(label: &str, toolchain: &Toolchain, packages: &[&str], kinds: &[&str]) -> Result<()> {
    let mut command = cargo("build");
    command.args(["--profile", "guest", "--target", toolchain.target, "--target-dir"]).arg(workspace::guests_target());
    command.args(packages).args(kinds).envs(toolchain.environment.iter().cloned());
    let mut tree = packages.to_vec();
    tree.extend(["--edges", "normal,build", "--target", toolchain.target]);
    build(label, command, &tree, &[])
}

/// Where guests lie once they are built.
pub fn folder(toolchain: &Toolchain) -> PathBuf {
    workspace::guests_target().join(toolchain.target).join("guest")
}

/// Where one component lies once it is built.
pub fn built_file(toolchain: &Toolchain, guest: &Guest) -> PathBuf {
    folder(toolchain).join(format!("{}.wasm", guest.package.replace('-', "_")))
}

/// Whether `cargo component` is there.
pub fn has_cargo_component() -> bool {
    process::answers(cargo("component").arg("--version"))
}

/// How to get `cargo component`.
pub fn cargo_component_hint() -> String {
    format!("cargo install --locked cargo-component@{CARGO_COMPONENT_VERSION}")
}

/// Installs `cargo component`, compiling it.
pub fn install_cargo_component() -> Result<()> {
    let progress = Progress::begin("install cargo-component, once; about ten minutes");
    let package = format!("cargo-component@{CARGO_COMPONENT_VERSION}");
    let mut command = cargo("install");
    command.args(["--locked", "--quiet", &package]);
    // Its own target folder, so that a second try goes on where the first one stopped.
    command.arg("--target-dir").arg(workspace::target().join("cargo-component"));
    process::run(&mut command)?;
    progress.end("installed");
    Ok(())
}

/// Builds each component with `cargo component build`, and checks that a component came out.
pub fn check_with_cargo_component(guests: &[Guest]) -> Result<()> {
    let target_folder = workspace::target().join("guests-cargo-component");
    let guests: Vec<&Guest> = guests.iter().filter(|guest| guest.language == Language::Rust).collect();
    let mut progress = Progress::begin("build components with cargo component");
    for (index, guest) in guests.iter().enumerate() {
        progress.tick(&format!("{} of {}: {}", index, guests.len(), guest.name));
        let mut command = cargo("component");
        command.args(["build", "--quiet", "--target", TARGET, "--package", &guest.package]);
        command.env("CARGO_TARGET_DIR", &target_folder);
        process::run(&mut command)?;
    }
    let names: BTreeSet<String> = guests.iter().map(|guest| guest.package.replace('-', "_")).collect();
    for name in names {
        let file = target_folder.join(TARGET).join("debug").join(format!("{name}.wasm"));
        if !is_component(&file)? {
            bail!("`cargo component build` left no component at {}", file.display());
        }
    }
    progress.end(&format!("{} components", guests.len()));
    Ok(())
}

/// Whether the file begins as a component does (layer 1), and not as a core module (layer 0).
fn is_component(file: &Path) -> Result<bool> {
    let bytes = std::fs::read(file).with_context(|| format!("reading {}", file.display()))?;
    Ok(bytes.starts_with(b"\0asm\x0d\0\x01\0"))
}
