//! A kernel that is no Python: its language has six words, and keeps what was said.
//! Never more than it takes to show that any component can be a kernel.

#![allow(
    dead_code,
    missing_docs,
    unsafe_code,
    clippy::all,
    clippy::unwrap_used,
    unused_qualifications,
    reason = "bindings generated from WIT, called on wasm only"
)]

use std::sync::Mutex;

wit_bindgen::generate!({
    path: "../../wit/kernel@0.1.0",
    world: "lasting-kernel-component",
    generate_all,
});

use exports::sandmill::kernel::kernel::{Bundle, Completeness, Completions, Description, ErrorReport, Guest, Variable};
use exports::sandmill::kernel::state::{Guest as State, Lost, Saved};
use sandmill::kernel::session::{self, TextStream};
use sandmill::kernel::types::Representation;

struct Words;

/// What `keep` kept.
static KEPT: Mutex<Vec<String>> = Mutex::new(Vec::new());
/// What `save` wrote down and nobody took yet.
static WRITTEN: Mutex<Vec<u8>> = Mutex::new(Vec::new());
const WORDS: [&str; 6] = ["ask", "fail", "flood", "keep", "spin", "trap"];

fn text(content: String) -> Bundle {
    Bundle { representations: vec![Representation { media_type: "text/plain".to_owned(), content }], metadata: None }
}

fn report(name: &str, message: &str) -> ErrorReport {
    ErrorReport { name: name.to_owned(), message: message.to_owned(), traceback: vec![format!("{name}: {message}")] }
}

impl Guest for Words {
    fn describe() -> Description {
        Description {
            language: "words".to_owned(),
            version: "1".to_owned(),
            media_type: "text/plain".to_owned(),
            file_extension: ".words".to_owned(),
            highlighter: "text".to_owned(),
            banner: "six words".to_owned(),
        }
    }

    fn execute(code: String, number: u32, silent: bool) -> Result<(), ErrorReport> {
        let (word, rest) = code.split_once(' ').unwrap_or((&code, ""));
        match word {
            "keep" => KEPT.lock().unwrap().push(rest.to_owned()),
            "ask" => match session::read_line(rest, false) {
                Some(line) => session::write(TextStream::Stdout, &line),
                None => return Err(report("NobodyThere", "nobody answers")),
            },
            "fail" => return Err(report("Failed", rest)),
            "flood" => (0..64).for_each(|_| session::write(TextStream::Stdout, &"x".repeat(1 << 19))),
            "spin" => {
                while !session::interrupted() {}
                return Err(report("Interrupted", "stopped"));
            }
            "trap" => panic!("as told"),
            other => return Err(report("UnknownWord", other)),
        }
        if !silent {
            session::result(&text(format!("{number}: {}", KEPT.lock().unwrap().join(", "))));
        }
        Ok(())
    }

    fn complete(code: String, cursor: u32) -> Completions {
        let begun: String = code.chars().take(cursor as usize).collect();
        let matches = WORDS.iter().filter(|word| word.starts_with(&begun)).map(|word| (*word).to_owned()).collect();
        Completions { matches, start: 0, end: cursor }
    }

    fn inspect(code: String, _: u32, detailed: bool) -> Option<Bundle> {
        let known = WORDS.contains(&code.as_str());
        known.then(|| text(format!("{code} is a word{}", if detailed { ", of six" } else { "" })))
    }

    fn is_complete(code: String) -> Completeness {
        if code.is_empty() { Completeness::Incomplete(String::new()) } else { Completeness::Complete }
    }

    fn variables() -> Vec<Variable> {
        let kept = KEPT.lock().unwrap();
        let variable = |(at, summary): (usize, &String)| Variable {
            name: format!("kept-{at}"),
            kind: "text".to_owned(),
            summary: summary.clone(),
        };
        kept.iter().enumerate().map(variable).collect()
    }

    fn shutdown() {}
}

/// Words are kept as lines; what is one letter long is lost, and `!` among them cannot be written down at all.
impl State for Words {
    fn save() -> Result<Saved, String> {
        let kept = KEPT.lock().unwrap();
        if kept.iter().any(|word| word == "!") {
            return Err("`!` cannot be written down".to_owned());
        }
        let (short, long): (Vec<&String>, Vec<&String>) = kept.iter().partition(|word| word.len() == 1);
        let lost =
            |word: &String| Lost { name: word.clone(), kind: "letter".to_owned(), reason: "too short".to_owned() };
        let content = long.into_iter().cloned().collect::<Vec<_>>().join("\n").into_bytes();
        let length = content.len() as u64;
        *WRITTEN.lock().unwrap() = content;
        Ok(Saved { length, lost: short.into_iter().map(lost).collect() })
    }

    fn take_saved(most: u32) -> Vec<u8> {
        let mut written = WRITTEN.lock().unwrap();
        let most = written.len().min(most as usize);
        written.drain(..most).collect()
    }

    fn restore(content: Vec<u8>) -> Result<(), String> {
        let text = String::from_utf8(content).map_err(|error| error.to_string())?;
        KEPT.lock().unwrap().extend(text.lines().map(str::to_owned));
        Ok(())
    }
}

// The names of an exported interface's functions are none that a native linker takes.
#[cfg(target_family = "wasm")]
export!(Words);
