//! The wasm toolchain from Debian packages, for machines where rustup cannot download.
//! Never touches the system's own folders: what it builds stays under cargo's target folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::cargo::cargo;
use crate::guests::Toolchain;
use crate::progress::Progress;
use crate::{packages, process, workspace};

/// Debian's compiler: `rustc-web` is the line that keeps up with new releases.
const RUSTC: &str = "/usr/bin/rustc";
const RUST_SOURCES: &str = "/usr/src";
const WASI_LIBC: &str = "/usr/lib/wasm32-wasi";
const PACKAGES: [&str; 3] = ["rustc-web", "rust-web-src", "wasi-libc"];
const TARGET: &str = "wasm32-wasip1";

/// Start-up objects and the C library that `wasm32-wasip1` links by itself.
const SELF_CONTAINED: [&str; 3] = ["libc.a", "crt1-command.o", "crt1-reactor.o"];

/// Makes the toolchain ready: packages, then a standard library built once.
pub fn toolchain() -> Result<Toolchain> {
    if !Path::new(RUSTC).exists() || !Path::new(WASI_LIBC).exists() || !Path::new(RUST_SOURCES).exists() {
        packages::install(&PACKAGES, "building components without rustup's wasm32-wasip2 target")?;
    }
    let sysroot = workspace::guests_target().join("debian-sysroot");
    let stamp = sysroot.join("built-with");
    let version = process::capture(Command::new(RUSTC).arg("--version"))?;
    if fs::read_to_string(&stamp).ok().as_deref() != Some(&version) {
        build_std(&sysroot)?;
        fs::write(&stamp, &version).with_context(|| format!("writing {}", stamp.display()))?;
    }
    let linker = rustup_file("bin/wasm-component-ld")?;
    let wasm_ld_folder = rustup_file("bin/gcc-ld")?;
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths(std::iter::once(wasm_ld_folder).chain(std::env::split_paths(&path)))
        .context("the PATH variable cannot be extended")?;
    Ok(Toolchain {
        target: TARGET,
        environment: vec![
            ("RUSTC".into(), RUSTC.into()),
            ("PATH".into(), path),
            // The standard library built above carries no bitcode to optimise across crates with.
            ("CARGO_PROFILE_GUEST_LTO".into(), "off".into()),
            ("CARGO_TARGET_WASM32_WASIP1_LINKER".into(), linker.into()),
            ("CARGO_TARGET_WASM32_WASIP1_RUSTFLAGS".into(), format!("--sysroot={}", sysroot.display()).into()),
        ],
    })
}

/// Builds the standard library with an empty crate and lays it out as a sysroot.
fn build_std(sysroot: &Path) -> Result<()> {
    let crate_folder = workspace::guests_target().join("debian-std");
    let source = crate_folder.join("src");
    fs::create_dir_all(&source).with_context(|| format!("making {}", source.display()))?;
    fs::write(source.join("lib.rs"), "").context("writing an empty crate")?;
    let manifest = "[package]\nname = \"empty\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n";
    fs::write(crate_folder.join("Cargo.toml"), manifest).context("writing an empty crate")?;

    // What was compiled against an earlier standard library does not fit a new one.
    let stale = workspace::guests_target().join(TARGET);
    if stale.exists() {
        fs::remove_dir_all(&stale).with_context(|| format!("removing {}", stale.display()))?;
    }
    let progress = Progress::begin("build the standard library for components, once");
    let mut command = cargo("build");
    command
        .current_dir(&crate_folder)
        .args(["-Zbuild-std=std,panic_abort,panic_unwind", "--target", TARGET, "--release", "--quiet"])
        .args(["--target-dir", "target"])
        .env("RUSTC", RUSTC)
        .env("RUSTC_BOOTSTRAP", "1");
    process::run(&mut command)?;

    let libraries = sysroot.join("lib/rustlib").join(TARGET).join("lib");
    let self_contained = libraries.join("self-contained");
    fs::create_dir_all(&self_contained).with_context(|| format!("making {}", self_contained.display()))?;
    let built = crate_folder.join("target").join(TARGET).join("release/deps");
    for entry in fs::read_dir(&built).with_context(|| format!("reading {}", built.display()))? {
        let file = entry.context("reading a folder")?.path();
        if file.extension().is_some_and(|extension| extension == "rlib")
            && let Some(name) = file.file_name()
        {
            fs::copy(&file, libraries.join(name)).with_context(|| format!("copying {}", file.display()))?;
        }
    }
    for name in SELF_CONTAINED {
        let file = Path::new(WASI_LIBC).join(name);
        fs::copy(&file, self_contained.join(name)).with_context(|| format!("copying {}", file.display()))?;
    }
    progress.end("built");
    Ok(())
}

/// A file of the rustup toolchain that runs this build, which ships the wasm linkers.
fn rustup_file(name: &str) -> Result<PathBuf> {
    let sysroot = process::capture(Command::new("rustc").args(["--print", "sysroot"]))?;
    let version = process::capture(Command::new("rustc").args(["--version", "--verbose"]))?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).context("rustc names no host")?;
    let file = Path::new(sysroot.trim()).join("lib/rustlib").join(host).join(name);
    if !file.exists() {
        bail!("the Rust toolchain has no {}: install Rust 1.95 or newer through rustup", file.display());
    }
    Ok(file)
}
