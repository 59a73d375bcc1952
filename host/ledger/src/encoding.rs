//! How an entry is written down: compact JSON, event and facts apart, both of limited size.
//! Never loses a bit of a number on the way.

use crate::{LedgerError, NewEntry};

/// Entries in one append.
pub const APPEND_ENTRIES_MAX: usize = 10_000;
/// Bytes of one entry's event and facts together. A plan of some ten thousand steps fits.
pub const ENTRY_BYTES_MAX: usize = 64 << 20;
/// Facts in one entry.
pub const ENTRY_FACTS_MAX: usize = 1_000_000;

/// An entry's two JSON texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EncodedEntry {
    /// The event.
    pub event: String,
    /// The facts.
    pub facts: String,
}

/// Writes an append's entries as JSON, or refuses the append for its size.
pub fn encode(entries: &[NewEntry]) -> Result<Vec<EncodedEntry>, LedgerError> {
    if entries.len() > APPEND_ENTRIES_MAX {
        let count = entries.len();
        return Err(LedgerError::Refused(format!("{count} entries in one append; at most {APPEND_ENTRIES_MAX} fit")));
    }
    entries.iter().map(encode_one).collect()
}

fn encode_one(entry: &NewEntry) -> Result<EncodedEntry, LedgerError> {
    if entry.facts.len() > ENTRY_FACTS_MAX {
        let (run, count) = (&entry.run, entry.facts.len());
        return Err(LedgerError::Refused(format!(
            "an entry of run {run} has {count} facts; at most {ENTRY_FACTS_MAX} fit"
        )));
    }
    let refused = |error: serde_json::Error| LedgerError::Refused(format!("an entry of run {}: {error}", entry.run));
    let event = serde_json::to_string(&entry.event).map_err(refused)?;
    let facts = serde_json::to_string(&entry.facts).map_err(refused)?;
    let bytes = event.len() + facts.len();
    if bytes > ENTRY_BYTES_MAX {
        let run = &entry.run;
        return Err(LedgerError::Refused(format!(
            "an entry of run {run} has {bytes} bytes; at most {ENTRY_BYTES_MAX} fit"
        )));
    }
    Ok(EncodedEntry { event, facts })
}

/// Reads one of the two texts back; `sequence` names the entry should the text be unreadable.
pub fn decode<T: serde::de::DeserializeOwned>(sequence: u64, text: &str) -> Result<T, LedgerError> {
    serde_json::from_str(text).map_err(|error| LedgerError::Corrupt(format!("entry {sequence}: {error}")))
}
