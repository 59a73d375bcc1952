//! The platform as it is lent to a guest: a port.
//! Never reaches further than whoever implements it lets it.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use async_trait::async_trait;
use host_base::Failure;

/// How something is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// To be told.
    Get,
    /// To have something done.
    Post,
}

/// What is sent along.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// Such as `application/json`.
    pub media_type: String,
    /// The bytes.
    pub body: Vec<u8>,
}

/// What a guest asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// How.
    pub method: Method,
    /// The path and the query, as the guest wrote them.
    pub path: String,
    /// What is sent along.
    pub content: Option<Content>,
    /// Which bytes of an artifact are wanted.
    pub bytes: Option<Range<u64>>,
    /// A JSON object to attach to an artifact that is sent along.
    pub metadata: Option<String>,
}

/// What is answered, success or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// As in HTTP.
    pub status: u16,
    /// JSON, or an artifact's content.
    pub body: Vec<u8>,
}

/// Answers what one guest asks, as far as that guest was granted it.
#[async_trait]
pub trait Platform: Send + Sync {
    /// Answers.
    ///
    /// # Errors
    /// When what is asked is no request. That it is refused is an answer.
    async fn ask(&self, request: Request) -> Result<Answer, Failure>;
}

/// What a call lends its guest for this capability.
#[derive(Clone)]
pub struct LentPlatform(pub Arc<dyn Platform>);

impl fmt::Debug for LentPlatform {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("LentPlatform")
    }
}
