//! The part of run-science that its interpreter asks: one untyped import becomes the contract's typed ones.
//! Never keeps more than a question and an answer, and is not entered by the host.

#![allow(
    dead_code,
    missing_docs,
    unsafe_code,
    clippy::all,
    unused_qualifications,
    reason = "bindings generated from WIT, called on wasm only"
)]

mod call;

wit_bindgen::generate!({
    path: ["../../../wit/kernel@0.1.0", "../../../wit/platform@0.1.0", "../wit"],
    world: "sandmill:run-science/door-part",
    additional_derives: [serde::Serialize, serde::Deserialize],
    generate_all,
});

use std::cell::RefCell;

use exports::sandmill::run_science::{door, mailbox};

thread_local! {
    // There is one thread. Nobody asks while a question is answered.
    static QUESTION: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    static ANSWER: RefCell<Option<Vec<u8>>> = const { RefCell::new(None) };
}

struct Door;

impl door::Guest for Door {
    fn call(request: Vec<u8>) -> Vec<u8> {
        let end = request.iter().position(|byte| *byte == b'\n').unwrap_or(request.len());
        let content = request.get(end + 1..).unwrap_or_default();
        // Cells may reach this function as well. What it does not understand, it answers with nothing.
        serde_json::from_slice::<call::Call>(&request[..end]).map(|call| call.carry_out(content)).unwrap_or_default()
    }
}

impl mailbox::Guest for Door {
    fn put(question: Vec<u8>) {
        QUESTION.set(question);
        ANSWER.set(None);
    }

    fn take() -> Option<Vec<u8>> {
        ANSWER.take()
    }
}

// The names of an exported interface's functions are none that a native linker takes.
#[cfg(target_family = "wasm")]
export!(Door);
