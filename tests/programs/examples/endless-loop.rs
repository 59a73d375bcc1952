//! Computes without end.
//! Never calls the host.

#![allow(missing_docs, unsafe_code, clippy::all, unused_qualifications, reason = "bindings generated from WIT")]

wit_bindgen::generate!({
    inline: r#"
        package programs:endless-loop;

        world program {
            export run: func();
            export count: func(to: u64) -> u64;
        }
    "#,
    path: ["../../wit/data@0.1.0", "../../wit/step@0.1.0"],
    world: "programs:endless-loop/program",
    generate_all,
});

struct Program;

impl Guest for Program {
    fn run() {
        let mut number = 1u64;
        loop {
            number = std::hint::black_box(number.wrapping_mul(3));
        }
    }

    fn count(to: u64) -> u64 {
        (0..to).fold(0, |sum, number| std::hint::black_box(sum ^ number))
    }
}

export!(Program);
