//! Requests of one client, answered in turn.
//! Never answers one before those that it sent earlier, but on the control channel.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use host_base::{Clock, Failure, SystemClock};
use host_executor::{Asked, Cell, Completeness, ErrorReport, SessionHandle, data_of};
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::Message;
use crate::jupyter::moment;
use crate::notebook::reason;
use crate::router::Shared;

/// Counts connections, by which a question finds the one that it is for.
static CONNECTIONS: AtomicU64 = AtomicU64::new(0);

/// One client's end. Clones are the same client.
#[derive(Clone)]
pub(super) struct Client {
    shared: Shared,
    /// The id of the session, whose handle is another one after a pause.
    id: Arc<str>,
    /// By which the client knows its own messages.
    session: Arc<str>,
    connection: u64,
    messages: Arc<AtomicU64>,
}

impl Client {
    pub(super) fn new(shared: Shared, id: &str, session: String) -> Self {
        let connection = CONNECTIONS.fetch_add(1, Ordering::Relaxed);
        Self { shared, id: id.into(), session: session.into(), connection, messages: Arc::default() }
    }

    /// Asks the session. One that is paused is resumed, and asked again what it was not asked before it was; nothing
    /// comes of one that is over.
    async fn ask<T, F>(&self, question: impl Fn(SessionHandle) -> F) -> Result<Option<T>, Failure>
    where
        F: Future<Output = Option<T>>,
    {
        loop {
            let answered = question(self.shared.executor.resume_session(&self.id).await?).await;
            if answered.is_some() || self.shared.executor.paused_session(&self.id).is_none() {
                return Ok(answered);
            }
        }
    }

    /// Waits its turn.
    async fn take_turn(&self, asked: &Asked) -> Option<()> {
        self.ask(|session| async move { session.take_turn(asked.clone()).await }).await.ok()?
    }

    fn interrupt(&self) {
        // One that is paused runs nothing.
        if let Ok(session) = self.shared.executor.session(&self.id) {
            session.interrupt();
        }
    }

    /// A message to this client.
    pub(super) fn message(&self, channel: &str, kind: &str, parent: &Value, content: Value) -> Message {
        let count = self.messages.fetch_add(1, Ordering::Relaxed);
        let id = format!("{}_{}_{count}", self.id, self.connection);
        let date = moment(SystemClock.now_millis());
        Message::new(channel, kind, &self.session, &id, &date, parent.clone(), content)
    }

    /// Whether this client asked for it: over this connection, or over an earlier one under the same name.
    pub(super) fn has_asked(&self, asked: &Asked) -> bool {
        let is_named = !self.session.is_empty() && asked["header"]["session"].as_str() == Some(&*self.session);
        is_named || asked["connection"].as_u64() == Some(self.connection)
    }

    /// Answers what waits, one after the other, whether or not anybody is there to hear it.
    pub(super) async fn answer_all(self, mut waiting: mpsc::Receiver<Message>, out: mpsc::Sender<Message>) {
        while let Some(request) = waiting.recv().await {
            let Some((kind, content)) = self.answer(&request).await else { continue };
            let reply = self.message(&request.channel, kind, &request.header, content);
            out.send(reply).await.ok();
        }
    }

    /// What goes around the queue: a cell can be stopped while it runs.
    pub(super) async fn control(&self, request: Message, out: &mpsc::Sender<Message>) {
        let (kind, content) = match request.kind() {
            "interrupt_request" => {
                self.interrupt();
                ("interrupt_reply", json!({ "status": "ok" }))
            }
            "shutdown_request" => self.shut_down(&request.content).await,
            "kernel_info_request" => ("kernel_info_reply", self.kernel_info().await),
            _ => return,
        };
        for state in ["busy", "idle"] {
            let status = self.message("iopub", "status", &request.header, json!({ "execution_state": state }));
            out.send(status).await.ok();
        }
        out.send(self.message("control", kind, &request.header, content)).await.ok();
    }

    /// What somebody typed, for the cell that asks.
    pub(super) async fn take_answer(&self, reply: &Message) {
        let text = reply.content["value"].as_str().unwrap_or_default();
        // One that is paused asks nothing.
        if let Ok(session) = self.shared.executor.session(&self.id) {
            session.answer(text.to_owned()).await;
        }
    }

    fn asked(&self, request: &Message) -> Asked {
        Arc::new(json!({ "header": request.header, "connection": self.connection }))
    }

    async fn answer(&self, request: &Message) -> Option<(&'static str, Value)> {
        let content = &request.content;
        let asked = self.asked(request);
        match request.kind() {
            "kernel_info_request" => {
                self.take_turn(&asked).await?;
                Some(("kernel_info_reply", self.kernel_info().await))
            }
            "execute_request" => Some(("execute_reply", self.execute(&asked, content).await?)),
            "complete_request" => Some(("complete_reply", self.complete(&asked, content).await?)),
            "inspect_request" => Some(("inspect_reply", self.inspect(&asked, content).await?)),
            "is_complete_request" => Some(("is_complete_reply", self.is_complete(&asked, content).await?)),
            "history_request" => {
                self.take_turn(&asked).await?;
                Some(("history_reply", json!({ "status": "ok", "history": [] })))
            }
            "comm_info_request" => {
                self.take_turn(&asked).await?;
                Some(("comm_info_reply", json!({ "status": "ok", "comms": {} })))
            }
            "shutdown_request" => Some(self.shut_down(content).await),
            "interrupt_request" => {
                self.interrupt();
                Some(("interrupt_reply", json!({ "status": "ok" })))
            }
            // Widgets talk over comms, of which there are none here; the rest is not part of the protocol.
            _ => None,
        }
    }

    async fn complete(&self, asked: &Asked, content: &Value) -> Option<Value> {
        let ask = |session: SessionHandle| {
            let (asked, code, cursor) = (asked.clone(), code(content), cursor(content));
            async move { session.complete(asked, code, cursor).await }
        };
        let found = flat(self.ask(ask).await)?;
        Some(told(found, |found| {
            json!({
                "status": "ok", "matches": found.matches, "metadata": {},
                "cursor_start": found.start, "cursor_end": found.end,
            })
        }))
    }

    async fn inspect(&self, asked: &Asked, content: &Value) -> Option<Value> {
        let detailed = content["detail_level"].as_u64() == Some(1);
        let ask = |session: SessionHandle| {
            let (asked, code, cursor) = (asked.clone(), code(content), cursor(content));
            async move { session.inspect(asked, code, cursor, detailed).await }
        };
        let found = flat(self.ask(ask).await)?;
        Some(told(found, |found| match found {
            Some(bundle) => json!({ "status": "ok", "found": true, "data": data_of(&bundle), "metadata": {} }),
            None => json!({ "status": "ok", "found": false, "data": {}, "metadata": {} }),
        }))
    }

    async fn is_complete(&self, asked: &Asked, content: &Value) -> Option<Value> {
        let ask = |session: SessionHandle| {
            let (asked, code) = (asked.clone(), code(content));
            async move { session.is_complete(asked, code).await }
        };
        let found = flat(self.ask(ask).await)?;
        Some(told(found, |found| match found {
            Completeness::Complete => json!({ "status": "complete" }),
            Completeness::Incomplete(indent) => json!({ "status": "incomplete", "indent": indent }),
            Completeness::Invalid => json!({ "status": "invalid" }),
            Completeness::Unknown => json!({ "status": "unknown" }),
        }))
    }

    async fn execute(&self, asked: &Asked, content: &Value) -> Option<Value> {
        let cell = Cell {
            code: content["code"].as_str().unwrap_or_default().to_owned(),
            silent: content["silent"].as_bool().unwrap_or(false),
            counts: content["store_history"].as_bool().unwrap_or(true),
            may_ask: content["allow_stdin"].as_bool().unwrap_or(false),
        };
        let ask = |session: SessionHandle| {
            let (asked, cell) = (asked.clone(), cell.clone());
            async move { session.execute(asked, cell).await }
        };
        let reply = match self.ask(ask).await {
            Ok(reply) => reply?,
            Err(failure) => return Some(refused(&failure)),
        };
        Some(match reply.outcome {
            Ok(()) => {
                json!({ "status": "ok", "execution_count": reply.number, "user_expressions": {}, "payload": [] })
            }
            Err(ErrorReport { name, message, traceback }) => json!({
                "status": "error", "execution_count": reply.number, "ename": name, "evalue": message, "traceback": traceback,
            }),
        })
    }

    async fn shut_down(&self, content: &Value) -> (&'static str, Value) {
        let restart = content["restart"].as_bool().unwrap_or(false);
        let executor = &self.shared.executor;
        let done = if restart {
            match executor.resume_session(&self.id).await {
                Ok(session) => session.restart().await,
                Err(failure) => Err(failure),
            }
        } else {
            executor.close_session(&self.id).await
        };
        let status = if done.is_ok() { "ok" } else { "error" };
        ("shutdown_reply", json!({ "status": status, "restart": restart }))
    }

    async fn kernel_info(&self) -> Value {
        let about = match self.shared.executor.resume_session(&self.id).await {
            Ok(session) => session.description().await,
            Err(failure) => Err(failure),
        };
        let about = match about {
            Ok(about) => about,
            Err(failure) => return refused(&failure),
        };
        json!({
            "status": "ok",
            "protocol_version": "5.4",
            "implementation": "sandmill",
            "implementation_version": env!("CARGO_PKG_VERSION"),
            "banner": about.banner,
            "help_links": [],
            "debugger": false,
            "language_info": {
                "name": about.language,
                "version": about.version,
                "mimetype": about.media_type,
                "file_extension": about.file_extension,
                "pygments_lexer": about.highlighter,
                "codemirror_mode": { "name": about.language, "version": 3 },
                "nbconvert_exporter": about.language,
            },
        })
    }
}

fn code(content: &Value) -> String {
    content["code"].as_str().unwrap_or_default().to_owned()
}

fn cursor(content: &Value) -> u32 {
    u32::try_from(content["cursor_pos"].as_u64().unwrap_or(0)).unwrap_or(u32::MAX)
}

/// What a session answered, or why it cannot be asked; nothing of one that is over.
fn flat<T>(found: Result<Option<Result<T, Failure>>, Failure>) -> Option<Result<T, Failure>> {
    found.unwrap_or_else(|failure| Some(Err(failure)))
}

fn refused(failure: &Failure) -> Value {
    json!({ "status": "error", "ename": "KernelEnded", "evalue": failure.message, "traceback": [reason(failure)] })
}

fn told<T>(found: Result<T, Failure>, tell: impl FnOnce(T) -> Value) -> Value {
    match found {
        Ok(found) => tell(found),
        Err(failure) => refused(&failure),
    }
}
