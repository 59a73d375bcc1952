//! Fails in every way a function can fail.
//! Never succeeds.

#![allow(missing_docs, unsafe_code, clippy::all, unused_qualifications, reason = "bindings generated from WIT")]

wit_bindgen::generate!({
    inline: r#"
        package programs:fail;

        world program {
            use sandmill:step/types@0.1.0.{failure};
            record odd { number: u32 }
            export with-hint: func(retryable: bool) -> result<_, failure>;
            export with-text: func() -> result<u32, string>;
            export with-record: func() -> result<u32, odd>;
            export with-nothing: func() -> result;
            export leave: func();
        }
    "#,
    path: ["../../wit/data@0.1.0", "../../wit/step@0.1.0"],
    world: "programs:fail/program",
    generate_all,
});

struct Program;

impl Guest for Program {
    fn with_hint(retryable: bool) -> Result<(), Failure> {
        Err(Failure { message: "the table has no rows".into(), hint: Some("load another file".into()), retryable })
    }

    fn with_text() -> Result<u32, String> {
        Err("the table has no columns".into())
    }

    fn with_record() -> Result<u32, Odd> {
        Err(Odd { number: 7 })
    }

    fn with_nothing() -> Result<(), ()> {
        Err(())
    }

    fn leave() {
        std::process::exit(0)
    }
}

export!(Program);
