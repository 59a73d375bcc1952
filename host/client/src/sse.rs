//! Server-sent events, read from bytes that arrive in any pieces.
//! Never waits: what is not complete yet stays for the next piece.

use std::collections::VecDeque;

use thiserror::Error;

/// Largest event, and longest line of one.
const EVENT_BYTES_MAX: usize = 64 << 20;

/// One event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Message {
    /// Its `id`, where it has one.
    pub(crate) id: Option<String>,
    /// Its name; `message` where it has none.
    pub(crate) event: String,
    /// Its lines of data, joined.
    pub(crate) data: String,
}

/// An event that is too large to be one.
#[derive(Debug, Error)]
#[error("an event is larger than {EVENT_BYTES_MAX} bytes")]
pub(crate) struct TooLarge;

/// What has arrived and is not taken yet.
#[derive(Debug, Default)]
pub(crate) struct Parser {
    /// The line in the making.
    line: Vec<u8>,
    /// Whether the last line ended with a carriage return, so that a line feed still belongs to it.
    after_return: bool,
    id: Option<String>,
    event: String,
    data: String,
    has_data: bool,
    ready: VecDeque<Message>,
}

impl Parser {
    /// Takes the next piece of the stream.
    pub(crate) fn feed(&mut self, piece: &[u8]) -> Result<(), TooLarge> {
        for &byte in piece {
            let after_return = std::mem::replace(&mut self.after_return, byte == b'\r');
            match byte {
                b'\n' if after_return => {}
                b'\n' | b'\r' => self.end_line(),
                _ if self.line.len() + self.data.len() >= EVENT_BYTES_MAX => return Err(TooLarge),
                _ => self.line.push(byte),
            }
        }
        Ok(())
    }

    /// The next complete event.
    pub(crate) fn next(&mut self) -> Option<Message> {
        self.ready.pop_front()
    }

    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        if line.is_empty() {
            return self.end_event();
        }
        let line = String::from_utf8_lossy(&line);
        let (field, value) = line.split_once(':').unwrap_or((&line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "data" => {
                if self.has_data {
                    self.data.push('\n');
                }
                self.has_data = true;
                self.data.push_str(value);
            }
            "event" => value.clone_into(&mut self.event),
            "id" if !value.contains('\0') => self.id = Some(value.to_owned()),
            // Comments have no name; `retry` and others mean nothing here.
            _ => {}
        }
    }

    fn end_event(&mut self) {
        let (id, event, data) = (self.id.take(), std::mem::take(&mut self.event), std::mem::take(&mut self.data));
        if std::mem::take(&mut self.has_data) {
            let event = if event.is_empty() { "message".to_owned() } else { event };
            self.ready.push_back(Message { id, event, data });
        }
    }
}

#[cfg(test)]
mod tests;
