//! A kernel that keeps nothing and exports no state.
//! Never more than a component needs to be a kernel at all.

#![allow(
    dead_code,
    missing_docs,
    unsafe_code,
    clippy::all,
    unused_qualifications,
    reason = "bindings generated from WIT, called on wasm only"
)]

wit_bindgen::generate!({
    path: "../../wit/kernel@0.1.0",
    world: "kernel-component",
    generate_all,
});

use exports::sandmill::kernel::kernel::{Bundle, Completeness, Completions, Description, ErrorReport, Guest, Variable};

struct Fleeting;

impl Guest for Fleeting {
    fn describe() -> Description {
        Description {
            language: "nothing".to_owned(),
            version: "1".to_owned(),
            media_type: "text/plain".to_owned(),
            file_extension: ".nothing".to_owned(),
            highlighter: "text".to_owned(),
            banner: "nothing stays".to_owned(),
        }
    }

    fn execute(_: String, _: u32, _: bool) -> Result<(), ErrorReport> {
        Ok(())
    }

    fn complete(_: String, cursor: u32) -> Completions {
        Completions { matches: Vec::new(), start: cursor, end: cursor }
    }

    fn inspect(_: String, _: u32, _: bool) -> Option<Bundle> {
        None
    }

    fn is_complete(_: String) -> Completeness {
        Completeness::Complete
    }

    fn variables() -> Vec<Variable> {
        Vec::new()
    }

    fn shutdown() {}
}

// The names of an exported interface's functions are none that a native linker takes.
#[cfg(target_family = "wasm")]
export!(Fleeting);
