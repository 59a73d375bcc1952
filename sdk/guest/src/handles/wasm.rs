//! The handles as resources of the host.
//! Never differs in its surface from its sibling `native.rs`.

use super::Content;
use crate::Result;
use crate::bindings::sandmill::data as wit;

pub use wit::artifacts::Artifact;
pub use wit::data_sets::DataSet;
pub use wit::metrics::{ClassScores, ConfusionMatrix, Metrics};
pub use wit::models::Model;
pub use wit::types::{Description, Error as DataError};

pub(crate) use wit::metrics::MetricsWriter;

/// The three resources have the same functions under different types.
macro_rules! content {
    ($handle:ty, $sink:ty) => {
        impl Content for $handle {
            type Sink = $sink;

            fn description(&self) -> Description {
                self.describe()
            }

            fn read_at(&self, offset_bytes: u64, length_bytes: u32) -> Result<Vec<u8>, DataError> {
                self.read(offset_bytes, length_bytes)
            }

            fn start(media_type: &str) -> Self::Sink {
                <$sink>::new(media_type)
            }

            fn set_metadata(sink: &Self::Sink, name: &str, value: &str) -> Result<(), DataError> {
                sink.set_metadata(name, value)
            }

            fn append(sink: &Self::Sink, bytes: &[u8]) -> Result<(), DataError> {
                sink.write(bytes)
            }

            fn finish(sink: Self::Sink) -> Result<Self, DataError> {
                <$sink>::finish(sink)
            }
        }
    };
}

content!(Artifact, wit::artifacts::ArtifactWriter);
content!(DataSet, wit::data_sets::DataSetWriter);
content!(Model, wit::models::ModelWriter);
