//! Panics with a message.
//! Never returns.

#![allow(missing_docs, unsafe_code, clippy::all, unused_qualifications, reason = "bindings generated from WIT")]

wit_bindgen::generate!({
    inline: r#"
        package programs:panic;

        world program {
            export run: func(message: string);
        }
    "#,
    path: ["../../wit/data@0.1.0", "../../wit/step@0.1.0"],
    world: "programs:panic/program",
    generate_all,
});

struct Program;

impl Guest for Program {
    fn run(message: String) {
        panic!("{message}")
    }
}

export!(Program);
