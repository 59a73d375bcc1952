//! What the interpreter can ask, each as one line of JSON, and how it is carried out.
//! Never judges what is asked; the host does.

use serde::Deserialize;

use super::sandmill::kernel::session::{self, Bundle, TextStream};
use super::sandmill::platform::requests::{self, Content, Method, Request};
use super::sandmill::run_science::library;
use super::{ANSWER, QUESTION};

/// A call.
#[derive(Deserialize)]
#[serde(tag = "call", rename_all = "kebab-case")]
pub(super) enum Call {
    /// The length of an archive, in decimal.
    Size { archive: u32 },
    /// Bytes of an archive.
    Read { archive: u32, offset: u32, length: u32 },
    /// The question that lies in the mailbox.
    Question,
    /// Its answer, which is the call's content.
    Answer,
    /// The session's variables, as pairs in JSON.
    Environment,
    /// Text that was written.
    Write { to: TextStream, text: String },
    /// Something to show.
    Display { shown: Bundle, id: Option<String>, update: bool },
    /// The value of a cell.
    Result { value: Bundle },
    /// Takes back what was shown.
    Clear { wait: bool },
    /// Whether the cell is to stop: a byte, or none.
    Interrupted,
    /// A line from whoever sits there, or `null`, in JSON.
    ReadLine { prompt: String, secret: bool },
    /// A request to the node, whose body is the call's content. The status or the refusal in a line, and the body.
    Ask {
        method: Method,
        path: String,
        media_type: Option<String>,
        bytes: Option<(u64, u64)>,
        metadata: Option<String>,
    },
}

impl Call {
    /// Does it, and says what came of it.
    pub(super) fn carry_out(self, content: &[u8]) -> Vec<u8> {
        match self {
            Self::Size { archive } => return library::size(archive).to_string().into_bytes(),
            Self::Read { archive, offset, length } => return library::read(archive, offset, length),
            Self::Question => return QUESTION.take(),
            Self::Answer => ANSWER.set(Some(content.to_vec())),
            Self::Environment => return line(&std::env::vars().collect::<Vec<_>>()),
            Self::Write { to, text } => session::write(to, &text),
            Self::Display { shown, id, update } => session::display(&shown, id.as_deref(), update),
            Self::Result { value } => session::result(&value),
            Self::Clear { wait } => session::clear(wait),
            Self::Interrupted => return if session::interrupted() { vec![1] } else { Vec::new() },
            Self::ReadLine { prompt, secret } => return line(&session::read_line(&prompt, secret)),
            Self::Ask { method, path, media_type, bytes, metadata } => {
                let content = media_type.map(|media_type| Content { media_type, body: content.to_vec() });
                return ask(&Request { method, path, content, bytes, metadata });
            }
        }
        Vec::new()
    }
}

fn ask(what: &Request) -> Vec<u8> {
    let (told, body) = match requests::ask(what) {
        Ok(answer) => (Ok(answer.status), answer.body),
        Err(refusal) => (Err(refusal), Vec::new()),
    };
    [line(&told), body].concat()
}

fn line(value: &impl serde::Serialize) -> Vec<u8> {
    // What is told here has no maps whose keys could be no text.
    let mut line = serde_json::to_vec(value).unwrap_or_default();
    line.push(b'\n');
    line
}
