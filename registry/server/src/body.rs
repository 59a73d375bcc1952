//! Request bodies, piece by piece, each waited for only so long.
//! Never gathers a body without a limit.

use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use axum::http::StatusCode;
use bytes::{Bytes, BytesMut};
use futures::StreamExt as _;

use crate::error::{ApiError, Code};

/// How much of a refused request's body is read and thrown away, so that its client gets to the answer.
const DISCARDED_BYTES_MAX: usize = 16 << 20;
/// How long that may take.
const DISCARD_MILLIS_MAX: u64 = 2_000;

/// A body that is being read.
pub(crate) struct Pieces {
    stream: BodyDataStream,
    idle_max: Duration,
    /// Nothing more is to be expected of it.
    ended: bool,
}

impl Pieces {
    pub(crate) fn new(body: Body, idle_millis_max: u64) -> Self {
        Self { stream: body.into_data_stream(), idle_max: Duration::from_millis(idle_millis_max), ended: false }
    }

    pub(crate) async fn next(&mut self) -> Result<Option<Bytes>, ApiError> {
        if self.ended {
            return Ok(None);
        }
        let next = tokio::time::timeout(self.idle_max, self.stream.next()).await;
        self.ended = !matches!(next, Ok(Some(Ok(_))));
        match next {
            Ok(None) => Ok(None),
            Ok(Some(Ok(piece))) => Ok(Some(piece)),
            Ok(Some(Err(_))) => Err(ApiError::bad(Code::SizeInvalid, "the request's body broke off")),
            Err(_) => {
                let message = "the rest of the request's body did not come in time";
                Err(ApiError::new(StatusCode::REQUEST_TIMEOUT, Code::SizeInvalid, message))
            }
        }
    }

    /// The whole body; none where it has more than `bytes_max`.
    pub(crate) async fn gather(&mut self, bytes_max: usize) -> Result<Option<Bytes>, ApiError> {
        let mut whole = BytesMut::new();
        while let Some(piece) = self.next().await? {
            if whole.len() + piece.len() > bytes_max {
                return Ok(None);
            }
            whole.extend_from_slice(&piece);
        }
        Ok(Some(whole.freeze()))
    }

    /// Reads what a refused request still sends, within limits. Many clients look for the answer only once they
    /// have sent everything, and a connection closed over unread bytes can lose the answer on its way.
    pub(crate) async fn discard(&mut self) {
        let reading = async {
            let mut discarded = 0;
            while discarded < DISCARDED_BYTES_MAX
                && let Ok(Some(piece)) = self.next().await
            {
                discarded += piece.len();
            }
        };
        let _ = tokio::time::timeout(Duration::from_millis(DISCARD_MILLIS_MAX), reading).await;
    }
}
