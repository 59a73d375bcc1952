//! Computes a number of Fibonacci's by the recursion that defines it, so that there is something to compute.
//! Never remembers a number.

#![allow(missing_docs, unsafe_code, clippy::all, unused_qualifications, reason = "bindings generated from WIT")]

wit_bindgen::generate!({
    inline: r#"
        package programs:fibonacci;

        world program {
            export run: func(n: u32) -> u64;
        }
    "#,
    path: ["../../wit/data@0.1.0", "../../wit/step@0.1.0"],
    world: "programs:fibonacci/program",
    generate_all,
});

struct Program;

impl Guest for Program {
    fn run(n: u32) -> u64 {
        fibonacci(n)
    }
}

fn fibonacci(n: u32) -> u64 {
    // Hidden from the optimiser, which would turn one of the two calls into a loop.
    if n < 2 { u64::from(std::hint::black_box(n)) } else { fibonacci(n - 1) + fibonacci(n - 2) }
}

export!(Program);
