//! Messages of the kernel protocol, in both forms in which a WebSocket carries them.
//! Never believes a length: what does not add up is an error, and the connection goes on.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use thiserror::Error;

/// The form that clients ask for by this name; the other one is what they speak without.
pub(super) const V1: &str = "v1.kernel.websocket.jupyter.org";

/// The protocol's version, in every header.
const PROTOCOL: &str = "5.4";
const WORD_BYTES: usize = 8;
/// Channel, header, parent, metadata, content; buffers follow.
const PARTS: usize = 5;
const BUFFERS_MAX: usize = 1_024;

/// A message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Message {
    /// `shell`, `control`, `stdin` or `iopub`. Gateways leave it out where it is `shell`.
    #[serde(default = "shell")]
    pub(super) channel: String,
    /// Who, what and when.
    pub(super) header: Value,
    /// The header of what is answered.
    #[serde(default = "nothing")]
    pub(super) parent_header: Value,
    /// About the message.
    #[serde(default = "nothing")]
    pub(super) metadata: Value,
    /// What it says.
    #[serde(default = "nothing")]
    pub(super) content: Value,
    /// Bytes beside it; this server sends none and reads over those it gets.
    #[serde(default)]
    pub(super) buffers: Vec<Value>,
}

/// Why bytes are no message.
#[derive(Debug, Error)]
pub(super) enum Malformed {
    #[error("its lengths do not add up")]
    Lengths,
    #[error("it is not UTF-8")]
    Text,
    #[error("it is no message: {0}")]
    Json(#[from] serde_json::Error),
}

fn shell() -> String {
    "shell".to_owned()
}

fn nothing() -> Value {
    json!({})
}

impl Message {
    /// A message of this kernel.
    pub(super) fn new(
        channel: &str,
        kind: &str,
        session: &str,
        id: &str,
        date: &str,
        parent: Value,
        content: Value,
    ) -> Self {
        let header = json!({
            "msg_id": id, "msg_type": kind, "username": "kernel", "session": session, "date": date, "version": PROTOCOL,
        });
        let metadata = nothing();
        Self { channel: channel.to_owned(), header, parent_header: parent, metadata, content, buffers: Vec::new() }
    }

    /// What kind of message it is.
    pub(super) fn kind(&self) -> &str {
        self.header["msg_type"].as_str().unwrap_or_default()
    }

    /// From text.
    pub(super) fn from_text(text: &str) -> Result<Self, Malformed> {
        Ok(serde_json::from_str(text)?)
    }

    /// From the form without a name, with buffers: a count and offsets of 4 bytes, big-endian, then text and buffers.
    pub(super) fn from_legacy_bytes(bytes: &[u8]) -> Result<Self, Malformed> {
        let word = |at: usize| bytes.get(at * 4..at * 4 + 4)?.try_into().ok().map(u32::from_be_bytes);
        let count = word(0).ok_or(Malformed::Lengths)? as usize;
        if count == 0 || count > BUFFERS_MAX {
            return Err(Malformed::Lengths);
        }
        let begin = word(1).ok_or(Malformed::Lengths)? as usize;
        let end = if count > 1 { word(2).ok_or(Malformed::Lengths)? as usize } else { bytes.len() };
        let text = bytes.get(begin..end).ok_or(Malformed::Lengths)?;
        Self::from_text(std::str::from_utf8(text).map_err(|_| Malformed::Text)?)
    }

    /// From the form with a name: a count and offsets of 8 bytes, little-endian, then the parts.
    pub(super) fn from_v1(bytes: &[u8]) -> Result<Self, Malformed> {
        let word = |at: usize| {
            let bytes = bytes.get(at * WORD_BYTES..(at + 1) * WORD_BYTES)?.try_into().ok()?;
            usize::try_from(u64::from_le_bytes(bytes)).ok()
        };
        let count = word(0).ok_or(Malformed::Lengths)?;
        if !(PARTS + 1..=PARTS + 1 + BUFFERS_MAX).contains(&count) {
            return Err(Malformed::Lengths);
        }
        let part = |at: usize| {
            let range = word(at + 1)?..word(at + 2)?;
            bytes.get(range)
        };
        let json_of = |at: usize| -> Result<Value, Malformed> {
            Ok(serde_json::from_slice(part(at).ok_or(Malformed::Lengths)?)?)
        };
        let channel = std::str::from_utf8(part(0).ok_or(Malformed::Lengths)?).map_err(|_| Malformed::Text)?;
        Ok(Self {
            channel: channel.to_owned(),
            header: json_of(1)?,
            parent_header: json_of(2)?,
            metadata: json_of(3)?,
            content: json_of(4)?,
            buffers: Vec::new(),
        })
    }

    /// To the form with a name.
    pub(super) fn to_v1(&self) -> Vec<u8> {
        let parts = [
            self.channel.clone().into_bytes(),
            self.header.to_string().into_bytes(),
            self.parent_header.to_string().into_bytes(),
            self.metadata.to_string().into_bytes(),
            self.content.to_string().into_bytes(),
        ];
        let count = PARTS + 1;
        let mut offset = WORD_BYTES * (count + 1);
        let mut bytes = (count as u64).to_le_bytes().to_vec();
        bytes.extend((offset as u64).to_le_bytes());
        for part in &parts {
            offset += part.len();
            bytes.extend((offset as u64).to_le_bytes());
        }
        parts.iter().for_each(|part| bytes.extend(part));
        bytes
    }

    /// To text. Jupyter's own gateway client looks for id and kind beside the header, where Jupyter's server has them
    /// as well.
    pub(super) fn to_text(&self) -> String {
        json!({
            "channel": self.channel, "msg_id": self.header["msg_id"], "msg_type": self.header["msg_type"],
            "header": self.header, "parent_header": self.parent_header, "metadata": self.metadata,
            "content": self.content, "buffers": self.buffers,
        })
        .to_string()
    }
}

#[cfg(test)]
mod tests;
