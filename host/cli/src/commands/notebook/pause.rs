//! `sandmill notebook pause`: a session's state is written down.
//! Never silent on what does not survive.

use host_client::Client;

use crate::printer::Printer;
use crate::trouble::Outcome;

/// Pauses a session and tells what is lost.
pub async fn pause(client: &Client, session: &str, printer: &Printer) -> Outcome {
    let paused = client.pause_session(session).await?;
    printer.either(&paused, || paused.id.clone())?;
    for lost in paused.paused.iter().flat_map(|paused| &paused.lost) {
        printer.note(&format!("`{}` ({}) does not survive: {}", lost.name, lost.kind, lost.reason));
    }
    Ok(())
}
