//! The house's rules, read from `levels.toml` and held against the tree as it stands.
//! Never changes a file: each broken rule says what to do.

pub mod breach;
pub mod house;
pub mod levels;
pub mod rules;

#[cfg(test)]
mod tests;
