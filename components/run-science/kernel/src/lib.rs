//! The part of run-science that the host calls: each function of the contract is a question to the interpreter.
//! Never knows what a cell does; what it says goes another way.

#![allow(
    dead_code,
    missing_docs,
    unsafe_code,
    clippy::all,
    unused_qualifications,
    reason = "bindings generated from WIT, called on wasm only"
)]

mod question;

wit_bindgen::generate!({
    path: ["../../../wit/kernel@0.1.0", "../../../wit/platform@0.1.0", "../wit"],
    world: "sandmill:run-science/kernel-part",
    additional_derives: [serde::Serialize, serde::Deserialize],
    generate_all,
});

use exports::sandmill::kernel::kernel::{Bundle, Completeness, Completions, Description, ErrorReport, Guest, Variable};
use exports::sandmill::kernel::state::{Guest as StateGuest, Saved};
use question::{Question, ask};

struct Kernel;

impl Guest for Kernel {
    fn describe() -> Description {
        ask(&Question::Describe).expected()
    }

    fn execute(code: String, number: u32, silent: bool) -> Result<(), ErrorReport> {
        ask(&Question::Execute { code, number, silent }).value
    }

    fn complete(code: String, cursor: u32) -> Completions {
        ask(&Question::Complete { code, cursor }).expected()
    }

    fn inspect(code: String, cursor: u32, detailed: bool) -> Option<Bundle> {
        ask(&Question::Inspect { code, cursor, detailed }).expected()
    }

    fn is_complete(code: String) -> Completeness {
        ask(&Question::IsComplete { code }).expected()
    }

    fn variables() -> Vec<Variable> {
        ask(&Question::Variables).expected()
    }

    fn shutdown() {
        ask::<(), _>(&Question::Shutdown).expected();
    }
}

impl StateGuest for Kernel {
    fn save() -> Result<Saved, String> {
        ask(&Question::Save).value
    }

    fn take_saved(most: u32) -> Vec<u8> {
        let answer = ask::<(), String>(&Question::TakeSaved { most });
        answer.content
    }

    fn restore(content: Vec<u8>) -> Result<(), String> {
        question::ask_with(&Question::Restore, &content).value
    }
}

// The names of an exported interface's functions are none that a native linker takes.
#[cfg(target_family = "wasm")]
export!(Kernel);
