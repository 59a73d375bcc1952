//! Writes many log lines.
//! Never writes anything else.

#![allow(missing_docs, unsafe_code, clippy::all, unused_qualifications, reason = "bindings generated from WIT")]
#![expect(clippy::print_stdout, reason = "printing is what it is for")]

wit_bindgen::generate!({
    inline: r#"
        package programs:log-flood;

        world program {
            import sandmill:step/log@0.1.0;
            export log: func(lines: u32, text: string);
            export print: func(lines: u32, text: string);
        }
    "#,
    path: ["../../wit/data@0.1.0", "../../wit/step@0.1.0"],
    world: "programs:log-flood/program",
    generate_all,
});

struct Program;

impl Guest for Program {
    fn log(lines: u32, text: String) {
        for _ in 0..lines {
            sandmill::step::log::write(sandmill::step::log::Level::Info, &text);
        }
    }

    fn print(lines: u32, text: String) {
        for _ in 0..lines {
            println!("{text}");
        }
    }
}

export!(Program);
