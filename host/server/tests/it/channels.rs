//! The channels of a kernel, frame by frame.
//! Never a client library between: what is sent and read is what the protocol has.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};

use crate::rig::Rig;

/// The form of messages that has a name.
pub const V1: &str = "v1.kernel.websocket.jupyter.org";
/// A message that takes longer does not come.
const MESSAGE_SECONDS_MAX: u64 = 60;
const WORD_BYTES: usize = 8;
const PARTS: usize = 5;

/// Counts clients and requests.
static SENT: AtomicU64 = AtomicU64::new(0);

/// One client's end.
pub struct Channels {
    socket: WebSocketStream<TcpStream>,
    /// By which the server knows this client again.
    name: String,
    is_v1: bool,
    /// What was received while the answers to something else were waited for.
    pub others: Vec<Value>,
}

impl Channels {
    /// Connects to a kernel, and waits until what it says is heard.
    pub async fn open(rig: &Rig, kernel: &str, protocol: Option<&str>) -> Self {
        let mut channels = Self::try_open(rig, kernel, protocol, None).await.unwrap();
        // The handshake ends a moment before the server listens to the kernel for this client.
        let asked = channels.send("control", "kernel_info_request", json!({})).await;
        channels.answers(&asked).await;
        channels.others.clear();
        channels
    }

    /// The same as a page of this origin would.
    pub async fn try_open(
        rig: &Rig,
        kernel: &str,
        protocol: Option<&str>,
        origin: Option<&str>,
    ) -> Result<Self, Box<Error>> {
        let name = format!("client-{}", SENT.fetch_add(1, Ordering::Relaxed));
        let url = format!("ws://{}/api/kernels/{kernel}/channels?session_id={name}", rig.address);
        let mut request = url.into_client_request().unwrap();
        if let Some(protocol) = protocol {
            request.headers_mut().insert("Sec-WebSocket-Protocol", protocol.parse().unwrap());
        }
        if let Some(origin) = origin {
            request.headers_mut().insert("Origin", origin.parse().unwrap());
        }
        let stream = TcpStream::connect(&rig.address).await.unwrap();
        let (socket, response) = tokio_tungstenite::client_async(request, stream).await.map_err(Box::new)?;
        let agreed = response.headers().get("Sec-WebSocket-Protocol").map(|name| name.to_str().unwrap().to_owned());
        assert_eq!(agreed.as_deref(), protocol);
        Ok(Self { socket, name, is_v1: protocol.is_some(), others: Vec::new() })
    }

    /// Sends a request; its id.
    pub async fn send(&mut self, channel: &str, kind: &str, content: Value) -> String {
        // Clients of one kernel hear each other's answers, and know their own by the id.
        let id = format!("request-{}", SENT.fetch_add(1, Ordering::Relaxed));
        let header = json!({ "msg_id": id, "msg_type": kind, "session": self.name, "username": "", "version": "5.4" });
        let message = if self.is_v1 {
            Message::binary(to_v1(&[json!(channel), header, json!({}), json!({}), content]))
        } else {
            let message = json!({
                "channel": channel, "header": header, "parent_header": {}, "metadata": {}, "content": content,
            });
            Message::text(message.to_string())
        };
        self.socket.send(message).await.unwrap();
        id
    }

    /// Sends anything.
    pub async fn send_frame(&mut self, frame: Message) -> Result<(), Box<Error>> {
        self.socket.send(frame).await.map_err(Box::new)
    }

    /// Asks for a cell to be run; the request's id.
    pub async fn execute(&mut self, code: &str) -> String {
        self.send("shell", "execute_request", json!({ "code": code, "silent": false, "allow_stdin": true })).await
    }

    /// The next message; none once the connection is closed.
    pub async fn receive(&mut self) -> Option<Value> {
        loop {
            let next = tokio::time::timeout(Duration::from_secs(MESSAGE_SECONDS_MAX), self.socket.next()).await;
            match next.unwrap()? {
                Ok(Message::Text(text)) => return Some(serde_json::from_str(&text).unwrap()),
                Ok(Message::Binary(bytes)) => return Some(from_v1(&bytes)),
                Ok(Message::Close(_)) | Err(_) => return None,
                Ok(_) => {}
            }
        }
    }

    /// The next message of this kind, whatever comes before it.
    pub async fn receive_kind(&mut self, kind: &str) -> Value {
        loop {
            let message = self.receive().await.unwrap();
            if message["header"]["msg_type"] == kind {
                return message;
            }
        }
    }

    /// All that follows from a request: what everybody hears, in order, and the reply.
    pub async fn answers(&mut self, asked: &str) -> (Vec<Value>, Value) {
        let (mut heard, mut reply, mut is_idle) = (Vec::new(), None, false);
        while reply.is_none() || !is_idle {
            let message = self.receive().await.unwrap();
            if message["parent_header"]["msg_id"] != asked {
                self.others.push(message);
                continue;
            }
            if message["channel"] == "iopub" {
                is_idle = message["content"]["execution_state"] == "idle";
                heard.push(message);
            } else {
                reply = Some(message["content"].clone());
            }
        }
        (heard, reply.unwrap())
    }

    /// Runs a cell to its end.
    pub async fn run(&mut self, code: &str) -> (Vec<Value>, Value) {
        let asked = self.execute(code).await;
        self.answers(&asked).await
    }
}

/// What kinds of messages these are; of a status, which.
pub fn kinds(messages: &[Value]) -> Vec<&str> {
    messages
        .iter()
        .map(|message| {
            let status = message["content"]["execution_state"].as_str();
            status.unwrap_or_else(|| message["header"]["msg_type"].as_str().unwrap())
        })
        .collect()
}

fn to_v1(parts: &[Value; PARTS]) -> Vec<u8> {
    let texts: Vec<Vec<u8>> =
        parts.iter().map(|part| part.as_str().map_or_else(|| part.to_string(), str::to_owned).into_bytes()).collect();
    let mut offset = WORD_BYTES * (PARTS + 2);
    let mut bytes = (PARTS as u64 + 1).to_le_bytes().to_vec();
    bytes.extend((offset as u64).to_le_bytes());
    for text in &texts {
        offset += text.len();
        bytes.extend((offset as u64).to_le_bytes());
    }
    texts.iter().for_each(|text| bytes.extend(text));
    bytes
}

fn from_v1(bytes: &[u8]) -> Value {
    let word = |at: usize| {
        let bytes = bytes[at * WORD_BYTES..(at + 1) * WORD_BYTES].try_into().unwrap();
        usize::try_from(u64::from_le_bytes(bytes)).unwrap()
    };
    let part = |at: usize| &bytes[word(at + 1)..word(at + 2)];
    let json_of = |at: usize| serde_json::from_slice::<Value>(part(at)).unwrap();
    json!({
        "channel": String::from_utf8(part(0).to_vec()).unwrap(),
        "header": json_of(1), "parent_header": json_of(2), "metadata": json_of(3), "content": json_of(4),
    })
}
