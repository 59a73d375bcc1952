//! Does nothing.
//! Never even prints.

#![allow(missing_docs, unsafe_code, clippy::all, unused_qualifications, reason = "bindings generated from WIT")]

wit_bindgen::generate!({
    inline: r#"
        package programs:noop;

        world program {
            export run: func();
        }
    "#,
    path: ["../../wit/data@0.1.0", "../../wit/step@0.1.0"],
    world: "programs:noop/program",
    generate_all,
});

struct Program;

impl Guest for Program {
    fn run() {}
}

export!(Program);
