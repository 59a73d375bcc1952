//! Takes as much memory as it is told to, and touches all of it.
//! Never gives it back.

#![allow(missing_docs, unsafe_code, clippy::all, unused_qualifications, reason = "bindings generated from WIT")]

wit_bindgen::generate!({
    inline: r#"
        package programs:memory-bomb;

        world program {
            export run: func(mebibytes: u32) -> u64;
        }
    "#,
    path: ["../../wit/data@0.1.0", "../../wit/step@0.1.0"],
    world: "programs:memory-bomb/program",
    generate_all,
});

struct Program;

impl Guest for Program {
    fn run(mebibytes: u32) -> u64 {
        let block = vec![1u8; (mebibytes as usize) << 20];
        std::hint::black_box(&block).iter().step_by(4096).map(|byte| u64::from(*byte)).sum()
    }
}

export!(Program);
