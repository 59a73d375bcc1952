//! An artifact's bytes on their way here.
//! Never reports an end that is not the end: a connection that breaks off is an error.

use bytes::Bytes;
use reqwest::Response;

use crate::{Address, ClientError};

/// Content that is read piece by piece.
#[derive(Debug)]
pub struct Content {
    address: Address,
    response: Response,
    length_bytes: Option<u64>,
}

impl Content {
    pub(crate) fn new(address: Address, response: Response) -> Self {
        let length_bytes = response.content_length();
        Self { address, response, length_bytes }
    }

    /// How many bytes there are in all, where the server says so.
    #[must_use]
    pub const fn length_bytes(&self) -> Option<u64> {
        self.length_bytes
    }

    /// The next bytes; none at the end.
    ///
    /// # Errors
    /// When the connection breaks off.
    pub async fn next(&mut self) -> Result<Option<Bytes>, ClientError> {
        self.response.chunk().await.map_err(|error| ClientError::of_request(&self.address, error))
    }
}
