//! `sandmill version`: this program's and the server's.
//! Never fails because no server is there.

use std::time::Duration;

use serde_json::json;

use crate::printer::Printer;
use crate::settings::Settings;
use crate::trouble::Outcome;

/// Longest wait for a server.
const SERVER_MILLIS_MAX: u64 = 1_000;

/// Prints both versions.
pub async fn version(settings: &Settings, printer: &Printer) -> Outcome {
    let own = env!("CARGO_PKG_VERSION");
    let client = settings.client()?;
    let node = tokio::time::timeout(Duration::from_millis(SERVER_MILLIS_MAX), client.node()).await;
    let server = node.ok().and_then(Result::ok).map(|node| node.version);
    printer.either(&json!({ "version": own, "server": server }), || match &server {
        Some(server) => format!("sandmill {own}\nserver   {server} at {}", settings.server),
        None => format!("sandmill {own}\nserver   none answers at {}", settings.server),
    })
}
