//! The channels of one client to one kernel, over a WebSocket.
//! Never lets a client wait for another: each has its own reader, its own queue of requests and its own writer.

mod answer;
mod tell;

use std::time::Duration;

use axum::extract::ws::{Message as Frame, WebSocket, WebSocketUpgrade};
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::http::header::{HOST, ORIGIN};
use axum::response::{IntoResponse, Response};
use futures::stream::{SplitSink, SplitStream};
use futures::{SinkExt, StreamExt};
use host_base::{Code, Failure};
use host_executor::SessionHandle;
use serde::Deserialize;
use tokio::sync::{broadcast, mpsc};
use tokio_util::sync::CancellationToken;

use super::message::{Malformed, Message, V1};
use super::{Answer, JupyterRefusal};
use crate::router::Shared;
use crate::user::{OwnSession, User};
use answer::Client;

/// A larger frame is refused and its connection closed.
const FRAME_BYTES_MAX: usize = 16 << 20;
/// Messages on their way to a slow client; beyond this it is cut off.
const UNSENT_MAX: usize = 4_096;
/// The longest wait for a client to take what was said last.
const FAREWELL: Duration = Duration::from_secs(5);
/// Requests of one client that wait; beyond this its connection is not read from.
const REQUESTS_MAX: usize = 256;

/// What stands in the address.
#[derive(Debug, Deserialize)]
pub(super) struct Wanted {
    session_id: Option<String>,
    /// Whether to begin with what cells said lately.
    #[serde(default)]
    replay: bool,
}

/// Upgrades to a WebSocket, in the form that the client asked for.
pub(super) async fn open(
    State(shared): State<Shared>,
    user: User,
    OwnSession(id): OwnSession,
    Query(wanted): Query<Wanted>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Answer<Response> {
    refuse_foreign_pages(&headers)?;
    let handle = shared.executor.resume_session(&id).await?;
    let upgrade = upgrade.protocols([V1]).max_message_size(FRAME_BYTES_MAX).max_frame_size(FRAME_BYTES_MAX);
    let is_v1 = upgrade.selected_protocol().is_some_and(|name| name == V1);
    let client = Client::new(shared.clone(), handle.id(), wanted.session_id.unwrap_or_default());
    let stopping = shared.stopping.clone();
    let heard = if wanted.replay { handle.listen_again() } else { (Vec::new(), handle.listen()) };
    let connection = Connection { user, handle, client, heard, is_v1 };
    Ok(upgrade.on_upgrade(move |socket| serve(socket, connection, stopping)).into_response())
}

/// A page of another site could open a WebSocket here: browsers let it, and only the origin tells.
fn refuse_foreign_pages(headers: &HeaderMap) -> Result<(), JupyterRefusal> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let Some(origin) = text(ORIGIN) else { return Ok(()) };
    let origin_host = origin.split_once("://").map(|(_, host)| host);
    if origin_host.is_some() && origin_host == text(HOST) {
        return Ok(());
    }
    let message = format!("a page of `{origin}` may not use kernels here");
    Err(Failure::new(Code::BadRequest, message)
        .with_hint("connect without a browser, or from the node's own pages")
        .into())
}

/// One client's connection, before its first message.
struct Connection {
    user: User,
    handle: SessionHandle,
    client: Client,
    /// What it missed, and what it hears from now on.
    heard: (Vec<host_executor::Heard>, Hearing),
    is_v1: bool,
}

async fn serve(socket: WebSocket, connection: Connection, stopping: CancellationToken) {
    let Connection { user, handle, client, heard, is_v1 } = connection;
    let _connected = handle.connect();
    let (sink, stream) = socket.split();
    let (out, unsent) = mpsc::channel(UNSENT_MAX);
    let (requests, waiting) = mpsc::channel(REQUESTS_MAX);
    // A task of its own: what a client asked for before it went away is done all the same.
    let (asked, told, until) = (client.clone(), out.clone(), stopping.clone());
    tokio::spawn(async move { until.run_until_cancelled(asked.answer_all(waiting, told)).await });
    let mut writing = Box::pin(write(sink, unsent, is_v1));
    // Whichever ends first ends the others: a client that is gone, a kernel or a login that is over,
    // a node that stops.
    let is_over = tokio::select! {
        () = read(stream, requests, client.clone(), out.clone()) => false,
        () = tell::tell(heard, client, out) => true,
        () = &mut writing => false,
        () = stopping.cancelled() => false,
        () = user.until_over() => false,
    };
    if is_over {
        // That it is over is the last that the client hears. One that does not listen is not waited for.
        tokio::time::timeout(FAREWELL, writing).await.ok();
    }
}

/// Reads what the client sends; what goes around the queue is answered at once.
async fn read(
    mut stream: SplitStream<WebSocket>,
    requests: mpsc::Sender<Message>,
    client: Client,
    out: mpsc::Sender<Message>,
) {
    while let Some(Ok(frame)) = stream.next().await {
        let message = match parse(&frame) {
            None => continue,
            Some(Ok(message)) => message,
            Some(Err(malformed)) => {
                tracing::debug!(%malformed, "a client sent what is no message");
                continue;
            }
        };
        match message.channel.as_str() {
            "stdin" => client.take_answer(&message).await,
            "control" => client.control(message, &out).await,
            _ => {
                if requests.send(message).await.is_err() {
                    return;
                }
            }
        }
    }
}

/// Tells the two binary forms apart by their first bytes: one begins with a small number of four bytes, big-endian, the
/// other with one of eight, little-endian.
fn parse(frame: &Frame) -> Option<Result<Message, Malformed>> {
    match frame {
        Frame::Text(text) => Some(Message::from_text(text)),
        Frame::Binary(bytes) => Some(Message::from_v1(bytes).or_else(|_| Message::from_legacy_bytes(bytes))),
        Frame::Ping(_) | Frame::Pong(_) | Frame::Close(_) => None,
    }
}

/// Sends what there is to send. To a client that is gone nothing more is sent; what it sent before is still read.
async fn write(mut sink: SplitSink<WebSocket, Frame>, mut unsent: mpsc::Receiver<Message>, is_v1: bool) {
    let mut is_gone = false;
    while let Some(message) = unsent.recv().await {
        let frame = if is_v1 { Frame::Binary(message.to_v1().into()) } else { Frame::Text(message.to_text().into()) };
        is_gone = is_gone || sink.send(frame).await.is_err();
    }
}

/// What a listener of this kernel hears.
type Hearing = broadcast::Receiver<host_executor::Heard>;
