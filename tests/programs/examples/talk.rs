//! Says everything that a step can say.
//! Never stays silent.

#![allow(missing_docs, unsafe_code, clippy::all, unused_qualifications, reason = "bindings generated from WIT")]
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "printing is what it is for")]

wit_bindgen::generate!({
    inline: r#"
        package programs:talk;

        world program {
            import sandmill:step/context@0.1.0;
            import sandmill:step/log@0.1.0;
            import sandmill:step/progress@0.1.0;
            import sandmill:step/metric@0.1.0;
            export run: func() -> string;
            export report: func(points: u32);
        }
    "#,
    path: ["../../wit/data@0.1.0", "../../wit/step@0.1.0"],
    world: "programs:talk/program",
    generate_all,
});

struct Program;

impl Guest for Program {
    fn run() -> String {
        use sandmill::step::{context, log, metric, progress};
        for level in [log::Level::Trace, log::Level::Debug, log::Level::Info, log::Level::Warn, log::Level::Error] {
            log::write(level, "a message");
        }
        println!("first line\nsecond line");
        print!("no end");
        // A library's standard output is not flushed by itself at the end.
        let _ = std::io::Write::flush(&mut std::io::stdout());
        eprintln!("to stderr");
        progress::report(3, Some(10), "rows");
        metric::report("loss", 4, f64::NAN);
        let context = context::get();
        format!("{}/{}/{}/{}", context.run, context.pipeline, context.step, context.attempt)
    }

    fn report(points: u32) {
        for index in 0..points {
            sandmill::step::metric::report("loss", index.into(), 0.5);
        }
    }
}

export!(Program);
