//! Waits without computing.
//! Never wakes early.

#![allow(missing_docs, unsafe_code, clippy::all, unused_qualifications, reason = "bindings generated from WIT")]

wit_bindgen::generate!({
    inline: r#"
        package programs:sleep;

        world program {
            export run: func(millis: u64);
        }
    "#,
    path: ["../../wit/data@0.1.0", "../../wit/step@0.1.0"],
    world: "programs:sleep/program",
    generate_all,
});

struct Program;

impl Guest for Program {
    fn run(millis: u64) {
        std::thread::sleep(std::time::Duration::from_millis(millis));
    }
}

export!(Program);
