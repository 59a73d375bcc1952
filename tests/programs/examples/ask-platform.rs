//! Asks the platform what it is told to ask.
//! Never decides what is asked.

#![allow(missing_docs, unsafe_code, clippy::all, unused_qualifications, reason = "bindings generated from WIT")]

wit_bindgen::generate!({
    inline: r#"
        package programs:ask-platform;

        world program {
            import sandmill:platform/requests@0.1.0;
            /// The status and the text of what is answered for a path, or the code and the message of the refusal.
            export ask: func(path: string) -> string;
            /// The same for so many bytes that are sent along.
            export send: func(bytes: u64) -> string;
        }
    "#,
    path: "../../wit/platform@0.1.0",
    world: "programs:ask-platform/program",
    generate_all,
});

use sandmill::platform::requests::{self, Content, Method, Request};

struct Program;

fn told(what: &Request) -> String {
    match requests::ask(what) {
        Ok(answer) => format!("{} {}", answer.status, String::from_utf8_lossy(&answer.body)),
        Err(refusal) => format!("{} {}", refusal.code, refusal.message),
    }
}

impl Guest for Program {
    fn ask(path: String) -> String {
        told(&Request { method: Method::Get, path, content: None, bytes: Some((2, 5)), metadata: None })
    }

    fn send(bytes: u64) -> String {
        let content = Content { media_type: "text/plain".to_owned(), body: vec![b'x'; bytes as usize] };
        let path = "/sent".to_owned();
        told(&Request { method: Method::Post, path, content: Some(content), bytes: None, metadata: None })
    }
}

export!(Program);
