//! Request bodies, piece by piece, each waited for only so long.
//! Never gathers a body without a limit.

use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use axum::http::StatusCode;
use bytes::{Bytes, BytesMut};
use futures::StreamExt as _;

use crate::error::{ApiError, Code};

/// A body that is being read.
pub(crate) struct Pieces {
    stream: BodyDataStream,
    idle_max: Duration,
}

impl Pieces {
    pub(crate) fn new(body: Body, idle_millis_max: u64) -> Self {
        Self { stream: body.into_data_stream(), idle_max: Duration::from_millis(idle_millis_max) }
    }

    pub(crate) async fn next(&mut self) -> Result<Option<Bytes>, ApiError> {
        match tokio::time::timeout(self.idle_max, self.stream.next()).await {
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
    pub(crate) async fn gather(mut self, bytes_max: usize) -> Result<Option<Bytes>, ApiError> {
        let mut whole = BytesMut::new();
        while let Some(piece) = self.next().await? {
            if whole.len() + piece.len() > bytes_max {
                return Ok(None);
            }
            whole.extend_from_slice(&piece);
        }
        Ok(Some(whole.freeze()))
    }
}
