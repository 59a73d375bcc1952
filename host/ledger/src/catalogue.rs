//! What users name and keep beside runs, such as an experiment or a schedule: changes, and what they leave.
//! Never knows what a record means; whoever wrote it reads it.

use host_base::Millis;
use serde::{Deserialize, Serialize};

use crate::LedgerError;

/// Changes in one call.
pub const CHANGES_MAX: usize = 10_000;
/// Bytes of one record as JSON. What is larger is kept as a blob, and the record names its digest.
pub const RECORD_BYTES_MAX: usize = 1 << 20;

/// One change, kept for ever.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum CatalogueChange {
    /// The item exists from now on, or says something else than before.
    Put {
        /// What it is, such as `experiment`.
        kind: String,
        /// Its id, unique within the kind.
        id: String,
        /// The item that it belongs to; empty where it stands for itself. Never changes.
        owner: String,
        /// Its name, unique within kind and owner.
        name: String,
        /// What it says.
        record: serde_json::Value,
    },
    /// The item exists no more. Its id is not used again.
    Removed {
        /// What it was.
        kind: String,
        /// Its id.
        id: String,
    },
}

/// What there is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CatalogueItem {
    /// The change that introduced it: items are listed in this order.
    pub position: u64,
    /// What it is.
    pub kind: String,
    /// Its id.
    pub id: String,
    /// The item that it belongs to; empty where it stands for itself.
    pub owner: String,
    /// Its name.
    pub name: String,
    /// When it was introduced.
    pub created_at_millis: Millis,
    /// When it was changed last.
    pub changed_at_millis: Millis,
    /// What it says.
    pub record: serde_json::Value,
}

/// The rows that items are kept in. What an implementation offers to [`apply`].
pub trait CatalogueRows {
    /// The item of this id.
    fn item(&self, kind: &str, id: &str) -> Result<Option<CatalogueItem>, LedgerError>;
    /// The id of the item of this name.
    fn id_of_name(&self, kind: &str, owner: &str, name: &str) -> Result<Option<String>, LedgerError>;
    /// An item, new or changed.
    fn put_item(&mut self, item: CatalogueItem) -> Result<(), LedgerError>;
    /// A known item, gone.
    fn remove_item(&mut self, kind: &str, id: &str) -> Result<(), LedgerError>;
}

/// Writes changes as JSON, or refuses all of them for their size.
pub fn encode(changes: &[CatalogueChange]) -> Result<Vec<String>, LedgerError> {
    if changes.len() > CHANGES_MAX {
        let count = changes.len();
        return Err(LedgerError::Refused(format!(
            "{count} changes of the catalogue at once; at most {CHANGES_MAX} fit"
        )));
    }
    changes.iter().map(encode_one).collect()
}

fn encode_one(change: &CatalogueChange) -> Result<String, LedgerError> {
    let text = serde_json::to_string(change).map_err(|error| LedgerError::Refused(error.to_string()))?;
    if text.len() > RECORD_BYTES_MAX {
        let (CatalogueChange::Put { kind, id, .. } | CatalogueChange::Removed { kind, id }) = change;
        let bytes = text.len();
        return Err(LedgerError::Refused(format!("{kind} {id} has {bytes} bytes; at most {RECORD_BYTES_MAX} fit")));
    }
    Ok(text)
}

/// Brings the rows up to date with one change, or refuses it and leaves them as they are.
pub fn apply(
    rows: &mut impl CatalogueRows,
    position: u64,
    at_millis: Millis,
    change: &CatalogueChange,
) -> Result<(), LedgerError> {
    match change {
        CatalogueChange::Put { kind, id, owner, name, record } => {
            let before = rows.item(kind, id)?;
            if before.as_ref().is_some_and(|before| before.owner != *owner) {
                return Err(LedgerError::Refused(format!("{kind} {id} cannot move to another owner")));
            }
            if rows.id_of_name(kind, owner, name)?.is_some_and(|holder| holder != *id) {
                return Err(LedgerError::NameTaken { kind: kind.clone(), name: name.clone() });
            }
            rows.put_item(CatalogueItem {
                position: before.as_ref().map_or(position, |before| before.position),
                kind: kind.clone(),
                id: id.clone(),
                owner: owner.clone(),
                name: name.clone(),
                created_at_millis: before.map_or(at_millis, |before| before.created_at_millis),
                changed_at_millis: at_millis,
                record: record.clone(),
            })
        }
        CatalogueChange::Removed { kind, id } => {
            if rows.item(kind, id)?.is_none() {
                return Err(LedgerError::Refused(format!("there is no {kind} {id} to remove")));
            }
            rows.remove_item(kind, id)
        }
    }
}
