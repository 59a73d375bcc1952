//! What users name and keep beside runs: experiments, pipelines and their versions, schedules.
//! Never keeps a copy: what is shown is what the ledger holds.

mod experiment;
mod pipeline;
mod schedule;

use std::collections::BTreeMap;

use host_base::{ArtifactKind, Code, Failure, Millis};
use host_ledger::{CatalogueChange, CatalogueItem};
use registry_oci::Digest;
use serde::Serialize;
use serde::de::DeserializeOwned;

pub use experiment::{DEFAULT_EXPERIMENT, Experiment, NewExperiment};
pub use pipeline::{Changes, NewPipeline, NewVersion, Pipeline, PipelineVersion, VersionSource};
pub(crate) use schedule::no_schedule;
pub use schedule::{MissedFiring, NewSchedule, RecurringRun, Work};

use crate::Executor;
use crate::run::ledger_failure;

/// Characters of a name or a title.
pub const NAME_CHARACTERS_MAX: usize = 255;
/// Bytes of a document or a compiled pipeline.
pub const TEXT_BYTES_MAX: u64 = 32 << 20;
/// How documents are kept among the blobs.
const TEXT_MEDIA_TYPE: &str = "application/json";

/// What one kind of item says.
pub trait CatalogueRecord: Serialize + DeserializeOwned + Send {
    /// The kind's name in the ledger and in messages.
    const KIND: &'static str;
}

/// An item of the catalogue.
#[derive(Clone, Debug, PartialEq)]
pub struct Item<R> {
    /// Its id.
    pub id: String,
    /// The item that it belongs to; empty where it stands for itself.
    pub owner: String,
    /// Its name.
    pub name: String,
    /// Its place in the order of introduction.
    pub position: u64,
    /// When it was made.
    pub created_at_millis: Millis,
    /// When it was changed last.
    pub changed_at_millis: Millis,
    /// What it says.
    pub record: R,
}

/// Names and values to find things by.
pub type Tags = BTreeMap<String, String>;

impl Executor {
    /// All items of a kind, also of one owner only, in the order in which they were made.
    pub async fn items<R: CatalogueRecord>(&self, owner: Option<&str>) -> Result<Vec<Item<R>>, Failure> {
        let items = self.shared.ledger.catalogue(R::KIND, owner).await.map_err(ledger_failure)?;
        items.into_iter().map(read).collect()
    }

    /// One item.
    pub async fn item<R: CatalogueRecord>(&self, id: &str) -> Result<Item<R>, Failure> {
        let found = self.shared.ledger.catalogue_item(R::KIND, id).await.map_err(ledger_failure)?;
        found.map(read).transpose()?.ok_or_else(|| {
            Failure::new(Code::NotFound, format!("there is no {} {id}", R::KIND))
                .with_hint(format!("list what there is; an id is not the {}'s name", R::KIND))
        })
    }

    /// A kept text: a document, or a compiled pipeline as JSON.
    pub async fn text(&self, digest: &Digest) -> Result<String, Failure> {
        let bytes = self.shared.artifacts.read_all(digest, TEXT_BYTES_MAX).await.map_err(|error| error.to_failure())?;
        String::from_utf8(bytes.to_vec())
            .map_err(|_| Failure::new(Code::StorageFailed, format!("the kept text {digest} is not UTF-8")))
    }

    /// Keeps a text among the blobs, each once however often it is kept.
    pub(crate) async fn keep_text(&self, text: &str) -> Result<Digest, Failure> {
        let artifacts = &self.shared.artifacts;
        let kept = artifacts.put(ArtifactKind::Artifact, TEXT_MEDIA_TYPE, BTreeMap::new(), text.as_bytes()).await;
        kept.map(|kept| kept.digest).map_err(|error| error.to_failure())
    }

    /// Makes or changes an item, and reads it back.
    async fn put<R: CatalogueRecord>(&self, id: &str, owner: &str, name: &str, record: &R) -> Result<Item<R>, Failure> {
        self.change(vec![put_change(id, owner, name, record)?]).await?;
        self.item(id).await
    }

    async fn change(&self, changes: Vec<CatalogueChange>) -> Result<(), Failure> {
        let now = self.shared.clock.now_millis();
        self.shared.ledger.change_catalogue(now, changes).await.map_err(ledger_failure)?;
        self.shared.wake_schedules();
        Ok(())
    }

    /// An id for something new.
    pub(crate) fn new_id(&self) -> Result<String, Failure> {
        let random = crate::run::submit::random_bits()?;
        Ok(host_base::RunId::new(self.shared.clock.now_millis(), random).to_string())
    }
}

fn put_change<R: CatalogueRecord>(id: &str, owner: &str, name: &str, record: &R) -> Result<CatalogueChange, Failure> {
    let record = serde_json::to_value(record)
        .map_err(|error| Failure::new(Code::Internal, format!("a {} cannot be written as JSON: {error}", R::KIND)))?;
    let text = str::to_owned;
    Ok(CatalogueChange::Put { kind: text(R::KIND), id: text(id), owner: text(owner), name: text(name), record })
}

fn removal<R: CatalogueRecord>(id: &str) -> CatalogueChange {
    CatalogueChange::Removed { kind: R::KIND.to_owned(), id: id.to_owned() }
}

fn read<R: CatalogueRecord>(item: CatalogueItem) -> Result<Item<R>, Failure> {
    let CatalogueItem { position, kind, id, owner, name, created_at_millis, changed_at_millis, record } = item;
    let record = serde_json::from_value(record).map_err(|error| {
        Failure::new(Code::LedgerFailed, format!("the ledger's {kind} {id} cannot be read: {error}"))
            .with_hint("was it written by a newer version of sandmill?")
    })?;
    Ok(Item { id, owner, name, position, created_at_millis, changed_at_millis, record })
}

/// Refuses a name that is none.
fn check_name(what: &str, name: &str) -> Result<(), Failure> {
    let count = name.chars().count();
    if name.trim().is_empty() {
        return Err(Failure::new(Code::BadRequest, format!("the {what} has no name")).with_hint("give it one"));
    }
    if count > NAME_CHARACTERS_MAX {
        let message = format!("the {what}'s name has {count} characters; at most {NAME_CHARACTERS_MAX} fit");
        return Err(Failure::new(Code::BadRequest, message).with_hint("shorten it, and say more in the description"));
    }
    Ok(())
}
