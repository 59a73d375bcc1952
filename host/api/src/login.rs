//! Logins: how a browser's user is known to a node that has tokens.
//! Never a token on its way back.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Asks for a login. What it is kept by goes to the browser as a cookie that no script reads.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SignIn {
    /// The user's token.
    pub token: String,
}

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Login {
    /// The user's name; `local` where the node does not tell users apart.
    pub user: String,
    /// What they may do: `admin`, `member` or `viewer`.
    pub role: String,
    /// When the login ends, in milliseconds since 1970-01-01T00:00:00Z; none for who asks without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at_millis: Option<u64>,
}
