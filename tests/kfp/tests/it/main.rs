//! Pipelines that the stock SDK compiled.
//! Never passes silently where the SDK is missing: it says that it skipped.

mod compiled;
mod planned;
