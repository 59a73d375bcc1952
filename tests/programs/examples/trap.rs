//! Traps.
//! Never returns.

#![allow(missing_docs, unsafe_code, clippy::all, unused_qualifications, reason = "bindings generated from WIT")]

wit_bindgen::generate!({
    inline: r#"
        package programs:trap;

        world program {
            export run: func();
        }
    "#,
    path: ["../../wit/data@0.1.0", "../../wit/step@0.1.0"],
    world: "programs:trap/program",
    generate_all,
});

struct Program;

impl Guest for Program {
    fn run() {
        #[cfg(target_arch = "wasm32")]
        core::arch::wasm32::unreachable()
    }
}

export!(Program);
