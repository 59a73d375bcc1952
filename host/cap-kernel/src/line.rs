//! The line between a session's guest and whoever listens to it.
//! Never grows: a guest that says more than is listened to waits, and one that says too much is cut off.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use tokio::sync::{Notify, mpsc, oneshot};

/// Things that were said and not yet heard.
const UNHEARD_MAX: usize = 256;
/// Bytes that one cell may say and show; what comes after is dropped, which is said once.
pub const CELL_OUTPUT_BYTES_MAX: u64 = 16 << 20;

/// Where text was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextStream {
    /// What a program prints.
    Stdout,
    /// What it complains of.
    Stderr,
}

/// The same thing in several forms.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bundle {
    /// Media types and contents: text, JSON as text, or base64.
    pub representations: Vec<(String, String)>,
    /// A JSON object about them.
    pub metadata: Option<String>,
}

/// What a guest said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// Text.
    Text {
        /// Where to.
        stream: TextStream,
        /// As it was written.
        text: String,
    },
    /// Something to show.
    Shown {
        /// What.
        bundle: Bundle,
        /// Under which name.
        id: Option<String>,
        /// Whether what was shown under it is replaced.
        update: bool,
    },
    /// The value of the cell.
    Value(Bundle),
    /// What was shown so far is taken back.
    Cleared {
        /// Once something else is shown.
        wait: bool,
    },
}

/// A question to whoever sits before the notebook. Dropping it answers that nobody does.
#[derive(Debug)]
pub struct Question {
    /// What is asked.
    pub prompt: String,
    /// Whether the answer should not be seen.
    pub secret: bool,
    /// Where the answer goes.
    pub answer: oneshot::Sender<String>,
}

/// What a session's guest is lent. Clones are the same line.
#[derive(Clone, Debug)]
pub struct SessionLine {
    said: mpsc::Sender<Said>,
    questions: mpsc::Sender<Question>,
    interrupt: Arc<AtomicBool>,
    interrupted: Arc<Notify>,
    cell_bytes: Arc<AtomicU64>,
}

impl SessionLine {
    /// A line, and its listener's ends.
    #[must_use]
    pub fn new() -> (Self, mpsc::Receiver<Said>, mpsc::Receiver<Question>) {
        let (said, heard) = mpsc::channel(UNHEARD_MAX);
        let (questions, asked) = mpsc::channel(1);
        let line = Self {
            said,
            questions,
            interrupt: Arc::default(),
            interrupted: Arc::default(),
            cell_bytes: Arc::default(),
        };
        (line, heard, asked)
    }

    /// Asks the guest to stop what it is doing, at its next opportunity.
    pub fn interrupt(&self) {
        self.interrupt.store(true, Ordering::Release);
        self.interrupted.notify_waiters();
    }

    /// A new cell: nobody has interrupted it, and it has said nothing.
    pub fn begin_cell(&self) {
        self.interrupt.store(false, Ordering::Release);
        self.cell_bytes.store(0, Ordering::Release);
    }

    /// Whether somebody wants the cell to stop; asking takes the wish as heard.
    pub(crate) fn take_interrupt(&self) -> bool {
        self.interrupt.swap(false, Ordering::AcqRel)
    }

    /// Says something, waiting for a slow listener. Beyond the cell's share it is dropped.
    pub(crate) async fn say(&self, said: Said) {
        let bytes = said.bytes();
        let before = self.cell_bytes.fetch_add(bytes, Ordering::AcqRel);
        if before > CELL_OUTPUT_BYTES_MAX {
            return;
        }
        let said = if before + bytes > CELL_OUTPUT_BYTES_MAX { too_much() } else { said };
        // Nobody listens to a session that is being ended.
        drop(self.said.send(said).await);
    }

    /// Asks whoever sits before the notebook; none where nobody does, or where they would rather have the cell stop.
    pub(crate) async fn ask(&self, prompt: String, secret: bool) -> Option<String> {
        let (answer, answered) = oneshot::channel();
        let interrupted = self.interrupted.notified();
        if self.interrupt.load(Ordering::Acquire) {
            return None;
        }
        self.questions.send(Question { prompt, secret, answer }).await.ok()?;
        tokio::select! {
            answered = answered => answered.ok(),
            () = interrupted => None,
        }
    }
}

impl Said {
    fn bytes(&self) -> u64 {
        let of =
            |bundle: &Bundle| bundle.representations.iter().map(|(kind, content)| kind.len() + content.len()).sum();
        let bytes: usize = match self {
            Self::Text { text, .. } => text.len(),
            Self::Shown { bundle, .. } | Self::Value(bundle) => of(bundle),
            Self::Cleared { .. } => 0,
        };
        bytes as u64
    }
}

fn too_much() -> Said {
    let mebibytes = CELL_OUTPUT_BYTES_MAX >> 20;
    let text = format!("\n[the cell has said more than {mebibytes} MiB: what follows is dropped]\n");
    Said::Text { stream: TextStream::Stderr, text }
}
