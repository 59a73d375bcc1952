//! A question to the interpreter, a turn in which it is answered, and the answer.
//! Never two at once: the host calls one function at a time.

use std::cell::Cell;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::sandmill::run_science::{interpreter, mailbox};

/// What the interpreter runs first of all.
const BOOTSTRAP: &str = include_str!("../../src/bootstrap.py");
/// What it runs for each question. Cells have a namespace of their own, and this one leaves no name there.
const ANSWER: &str = "__import__('sandmill_run_science').answer()";

/// A function of the contract, as the interpreter's modules call it.
#[derive(Serialize)]
#[serde(tag = "ask", rename_all = "kebab-case")]
pub(super) enum Question {
    Describe,
    Execute { code: String, number: u32, silent: bool },
    Complete { code: String, cursor: u32 },
    Inspect { code: String, cursor: u32, detailed: bool },
    IsComplete { code: String },
    Variables,
    Shutdown,
    Save,
    TakeSaved { most: u32 },
    Restore,
}

/// What came back.
pub(super) struct Answer<T, E> {
    /// The function's value, or its error.
    pub(super) value: Result<T, E>,
    /// Bytes that came with it.
    pub(super) content: Vec<u8>,
}

impl<T> Answer<T, String> {
    /// The value of a function that has no errors.
    pub(super) fn expected(self) -> T {
        self.value.unwrap_or_else(|error| panic!("the kernel fails where it cannot: {error}"))
    }
}

/// Asks.
pub(super) fn ask<T: DeserializeOwned, E: DeserializeOwned>(question: &Question) -> Answer<T, E> {
    ask_with(question, &[])
}

/// Asks, with bytes.
///
/// # Panics
/// Where the interpreter does not answer: it is then of no more use, and the guest ends.
pub(super) fn ask_with<T: DeserializeOwned, E: DeserializeOwned>(question: &Question, content: &[u8]) -> Answer<T, E> {
    begin();
    let mut message = serde_json::to_vec(question).unwrap_or_default();
    message.push(b'\n');
    message.extend_from_slice(content);
    mailbox::put(&message);
    drop(message);
    let status = interpreter::turn(ANSWER);
    let Some(answer) = mailbox::take() else { panic!("the interpreter gave no answer; its status is {status}") };
    let end = answer.iter().position(|byte| *byte == b'\n').unwrap_or(answer.len());
    let told: Told<T, E> = serde_json::from_slice(&answer[..end])
        .unwrap_or_else(|error| panic!("the interpreter's answer is not understood: {error}"));
    let value = match told {
        Told::Ok(value) => Ok(value),
        Told::Err(error) => Err(error),
    };
    Answer { value, content: answer.get(end + 1..).unwrap_or_default().to_vec() }
}

#[derive(Deserialize)]
enum Told<T, E> {
    Ok(T),
    Err(E),
}

/// Makes the interpreter a kernel, once.
fn begin() {
    thread_local! {
        static BEGUN: Cell<bool> = const { Cell::new(false) };
    }
    if !BEGUN.replace(true) {
        let status = interpreter::turn(BOOTSTRAP);
        assert!(status == 0, "the kernel does not begin; the interpreter's status is {status}");
    }
}
