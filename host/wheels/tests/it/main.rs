//! Packages from indexes: small ones of these tests' own, which do everything wrong, and the real one.
//! Never passes silently where the real one cannot be reached: it says that it skipped.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a test fails by panicking and says what it skips")]

mod hostile;
mod index;
mod limits;
mod ordinary;
mod real;
mod support;
mod trust;
