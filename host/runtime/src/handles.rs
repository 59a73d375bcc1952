//! What stands behind the resource handles of `sandmill:data` in a guest's table.
//! Never holds an artifact's bytes; metrics in the making are the exception, and they are small.

use std::collections::BTreeMap;
use std::marker::PhantomData;
use std::sync::Arc;

use host_artifacts::{ArtifactError, ArtifactWriter, Artifacts};
use host_base::{ArtifactKind, ArtifactRef};

/// Ties a handle's type to the kind of artifact behind it, so that a model's handle cannot pass for
/// a data set's.
pub trait HandleKind: Send + Sync + 'static {
    /// The kind.
    const KIND: ArtifactKind;
}

macro_rules! kinds {
    ($($(#[doc = $doc:literal])+ $name:ident;)+) => {
        $(
            $(#[doc = $doc])+
            #[derive(Clone, Copy, Debug)]
            pub struct $name;

            impl HandleKind for $name {
                const KIND: ArtifactKind = ArtifactKind::$name;
            }
        )+
    };
}

kinds! {
    /// Any file.
    Artifact;
    /// A table.
    DataSet;
    /// Trained weights.
    Model;
    /// What an evaluation found.
    Metrics;
}

/// A finished artifact.
pub struct Handle<K> {
    /// What it refers to.
    pub artifact: Arc<ArtifactRef>,
    kind: PhantomData<K>,
}

impl<K: HandleKind> Handle<K> {
    /// A handle to this artifact, whose kind has been checked by the caller.
    #[must_use]
    pub fn new(artifact: ArtifactRef) -> Self {
        Self { artifact: Arc::new(artifact), kind: PhantomData }
    }
}

/// Bytes on their way to become an artifact.
pub struct WriterHandle<K> {
    /// As the guest gave it.
    pub media_type: String,
    /// Names and values.
    pub metadata: BTreeMap<String, String>,
    /// None before the first write: the storage is asked then, since a constructor cannot fail.
    pub writer: Option<ArtifactWriter>,
    kind: PhantomData<K>,
}

impl<K: HandleKind> WriterHandle<K> {
    /// Nothing written yet.
    #[must_use]
    pub fn new(media_type: String) -> Self {
        Self { media_type, metadata: BTreeMap::new(), writer: None, kind: PhantomData }
    }

    /// Appends bytes; asks the storage for a writer if nothing was written before, not even no bytes.
    ///
    /// # Errors
    /// When the media type is none or the storage fails.
    pub async fn write(&mut self, artifacts: &Artifacts, bytes: &[u8]) -> Result<(), ArtifactError> {
        let writer = match &mut self.writer {
            Some(writer) => writer,
            none => none.insert(artifacts.writer(K::KIND, &self.media_type, BTreeMap::new()).await?),
        };
        match bytes {
            [] => Ok(()),
            bytes => writer.write(bytes).await,
        }
    }
}

/// An `artifacts.artifact`.
pub type ArtifactHandle = Handle<Artifact>;
/// A `data-sets.data-set`.
pub type DataSetHandle = Handle<DataSet>;
/// A `models.model`.
pub type ModelHandle = Handle<Model>;
/// A `metrics.metrics`.
pub type MetricsHandle = Handle<Metrics>;
/// An `artifacts.artifact-writer`.
pub type ArtifactWriterHandle = WriterHandle<Artifact>;
/// A `data-sets.data-set-writer`.
pub type DataSetWriterHandle = WriterHandle<DataSet>;
/// A `models.model-writer`.
pub type ModelWriterHandle = WriterHandle<Model>;

/// A `metrics.metrics-writer`: the parts of the document, each as it was last set.
#[derive(Default)]
pub struct MetricsWriterHandle {
    /// Names and values.
    pub scalars: BTreeMap<String, f64>,
    /// Scores per class, as JSON.
    pub classes: Option<serde_json::Value>,
    /// The confusion matrix, as JSON.
    pub confusion: Option<serde_json::Value>,
    /// Bytes that the parts have as JSON, to be held against the output limit.
    pub size_bytes: u64,
}
