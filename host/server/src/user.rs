//! Who asks, as far as the node tells users apart.
//! Never believes a name that the request itself brings.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

/// Whoever asks a node that tells nobody apart.
const LOCAL: &str = "local";

/// The user who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct User(pub(crate) String);

impl<S: Send + Sync> FromRequestParts<S> for User {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        // Put there by the guard.
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_else(|| Self(LOCAL.to_owned())))
    }
}
