//! Pausing and resuming: what a kernel wrote down is on the disk before its guest is gone.
//! Never ends a session whose state could not be written down.

use host_base::{Code, Failure};
use host_cap_kernel::{Kernel, Lost, Saved};

use super::work::Session;
use crate::notebook::paused::{self, LostVariable, PausedSession};

/// Writes down the session's state; it can be resumed once this returns.
pub(super) async fn pause(session: &mut Session) -> Result<PausedSession, Failure> {
    let Saved { length, lost } = session.alive.kernel.save().await?.map_err(|reason| {
        Failure::new(Code::Conflict, format!("the kernel cannot write down its state: {reason}"))
            .with_hint("the session goes on as it was")
    })?;
    let content = take(&mut session.alive.kernel, length).await?;
    let lost = lost.into_iter().map(|Lost { name, kind, reason }| LostVariable { name, kind, reason }).collect();
    let facts = &session.desk.facts;
    let paused = PausedSession {
        id: facts.id.clone(),
        user: facts.user.clone(),
        settings: facts.given.settings.clone(),
        kernel: facts.kernel.clone(),
        manifest: facts.manifest.clone(),
        platform: facts.given.platform.name().to_owned(),
        began_millis: facts.began_millis,
        paused_millis: facts.shared.clock.now_millis(),
        cells: session.desk.number,
        state_bytes: content.len() as u64,
        lost,
        packages: session.desk.packages.kept(),
    };
    let (folder, kept) = (session.desk.folder.clone(), paused.clone());
    let written = tokio::task::spawn_blocking(move || paused::write(&folder, &kept, &content)).await;
    written.map_err(|error| Failure::new(Code::Internal, format!("writing the state broke off: {error}")))??;
    // Before the task ends: whoever asks it something that it no longer does finds the session paused.
    facts.shared.notebooks.places.keep_paused(paused.clone(), Some(facts.lasting.clone()));
    Ok(paused)
}

/// Takes what was written down, if it is not too much to be kept.
async fn take(kernel: &mut Kernel, length: u64) -> Result<Vec<u8>, Failure> {
    paused::check_length(length)?;
    let mut content = Vec::new();
    loop {
        let piece = kernel.take_saved().await?;
        if piece.is_empty() {
            break;
        }
        content.extend(piece);
        // A kernel may say more than it announced.
        paused::check_length(content.len() as u64)?;
    }
    if content.len() as u64 == length {
        return Ok(content);
    }
    let message = format!("the kernel announced a state of {length} bytes and wrote {}", content.len());
    Err(Failure::new(Code::Conflict, message).with_hint("the session goes on as it was; the kernel has a defect"))
}

/// Has a new kernel read what an earlier one wrote down.
pub(super) async fn restore(kernel: &mut Kernel, state: Vec<u8>) -> Result<(), Failure> {
    kernel.restore(state).await?.map_err(|reason| {
        Failure::new(Code::Conflict, format!("the kernel cannot read its state again: {reason}"))
            .with_hint("the session stays paused; `sandmill notebook stop SESSION` gives it up")
    })
}
