//! Hands the host one long string.
//! Never makes a second call.

#![allow(missing_docs, unsafe_code, clippy::all, unused_qualifications, reason = "bindings generated from WIT")]

wit_bindgen::generate!({
    inline: r#"
        package programs:huge-call;

        world program {
            import sandmill:step/progress@0.1.0;
            export run: func(length-bytes: u32);
            export return-text: func(length-bytes: u32) -> string;
        }
    "#,
    path: ["../../wit/data@0.1.0", "../../wit/step@0.1.0"],
    world: "programs:huge-call/program",
    generate_all,
});

struct Program;

impl Guest for Program {
    fn run(length_bytes: u32) {
        sandmill::step::progress::report(0, None, &"x".repeat(length_bytes as usize));
    }

    fn return_text(length_bytes: u32) -> String {
        "x".repeat(length_bytes as usize)
    }
}

export!(Program);
