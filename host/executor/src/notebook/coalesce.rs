//! Joins pieces of text that follow each other: a program prints a line in several writes.
//! Never joins across anything else that was said, and never keeps text for longer than its caller waits.

use host_cap_kernel::{Said, TextStream};

/// Text is passed on once there is so much of it.
const TEXT_BYTES_MAX: usize = 64 * 1024;

/// Text that waits for more.
#[derive(Default)]
pub(super) struct Coalescer {
    waiting: Option<(TextStream, String)>,
}

impl Coalescer {
    /// Takes something that was said; what is to be passed on now comes back, in order.
    pub(super) fn take(&mut self, said: Said) -> Vec<Said> {
        let Said::Text { stream, text } = said else {
            let mut out: Vec<Said> = self.flush().into_iter().collect();
            out.push(said);
            return out;
        };
        match &mut self.waiting {
            Some((waiting, whole)) if *waiting == stream => {
                whole.push_str(&text);
                if whole.len() < TEXT_BYTES_MAX { Vec::new() } else { self.flush().into_iter().collect() }
            }
            _ => {
                let out = self.flush().into_iter().collect();
                self.waiting = Some((stream, text));
                out
            }
        }
    }

    /// Whether text waits.
    pub(super) const fn is_waiting(&self) -> bool {
        self.waiting.is_some()
    }

    /// What waits.
    pub(super) fn flush(&mut self) -> Option<Said> {
        self.waiting.take().map(|(stream, text)| Said::Text { stream, text })
    }
}

#[cfg(test)]
mod tests;
