//! One parser under libFuzzer: SANDMILL_FUZZ_TARGET names it.
//! Never built but by `cargo xtask fuzz`.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use tests_fuzz::{TARGETS, Target};

/// Environment variable that names the parser.
const TARGET: &str = "SANDMILL_FUZZ_TARGET";

static CHOSEN: LazyLock<&Target> = LazyLock::new(|| {
    let name = std::env::var(TARGET).unwrap_or_default();
    let chosen = TARGETS.iter().find(|target| target.name == name);
    chosen.unwrap_or_else(|| panic!("{TARGET} names no parser: `{name}`"))
});

fuzz_target!(|bytes: &[u8]| (CHOSEN.check)(bytes));
