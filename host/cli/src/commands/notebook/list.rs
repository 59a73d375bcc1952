//! `sandmill notebook list`: the sessions, at work or paused.
//! Never lists notebooks; those are files.

use host_api::notebook::Session;
use host_base::{Clock, SystemClock};
use host_client::Client;

use crate::format;
use crate::printer::Printer;
use crate::table::{Table, cell, number};
use crate::trouble::Outcome;

/// Prints them.
pub async fn list(client: &Client, printer: &Printer) -> Outcome {
    let all = client.sessions().await?;
    let now = SystemClock.now_millis();
    printer.either(&all, || {
        let mut table =
            Table::new(&["SESSION", "NAME", "USER", "KERNEL", "STATE", "PLATFORM", "CONNECTED", "AGE", "UNUSED FOR"]);
        for session in &all.items {
            table.row(vec![
                cell(&session.id),
                cell(session.name.as_deref().unwrap_or_default()),
                cell(&session.user),
                cell(&session.kernel),
                cell(&session.state),
                cell(&session.platform),
                number(session.connections.to_string()),
                number(format::age(now.saturating_sub(session.began_at_millis))),
                number(format::age(now.saturating_sub(session.used_at_millis))),
            ]);
        }
        let reasons = all.items.iter().filter_map(reason).map(|reason| format!("\n{reason}"));
        reasons.fold(table.render(printer.colours), |text, reason| text + &reason)
    })
}

/// Why a session is not at work that seems to be.
fn reason(session: &Session) -> Option<String> {
    let reason = session.waits_for.as_ref().or(session.died_of.as_ref())?;
    Some(format!("{} is {}: {reason}", session.id, session.state))
}
