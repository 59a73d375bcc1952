//! The handles in memory, for tests that call a step as a function.
//! Never differs in its surface from its sibling `wasm.rs`, and refuses what the host refuses.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::{self, Write as _};
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use super::{CHUNK_BYTES, Content};
use crate::Result;

/// Why a read or a write was refused.
#[derive(Clone, Debug, PartialEq)]
pub enum DataError {
    /// The offset lies past the last byte. Carries the size in bytes.
    OutOfRange(u64),
    /// A limit of the step was reached. Carries the limit's name and value, for people.
    LimitExceeded(String),
    /// An argument was refused. Carries the reason.
    Invalid(String),
    /// The host could not read or write its storage. Carries the reason.
    Storage(String),
}

impl fmt::Display for DataError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{self:?}")
    }
}

impl Error for DataError {}

/// What is known of an artifact without reading it.
#[derive(Clone, Debug, PartialEq)]
pub struct Description {
    /// `sha256:` and 64 hexadecimal digits, over the content's bytes.
    pub digest: String,
    /// For example `text/csv`.
    pub media_type: String,
    /// Length of the content, in bytes.
    pub size_bytes: u64,
    /// Names and values that the producing step attached, sorted by name.
    pub metadata: Vec<(String, String)>,
}

/// Bytes with their description.
#[derive(Clone, Debug)]
struct Stored {
    description: Description,
    bytes: Arc<[u8]>,
}

/// Bytes on the way to becoming [`Stored`].
#[derive(Debug)]
pub struct Sink {
    media_type: String,
    metadata: RefCell<BTreeMap<String, String>>,
    bytes: RefCell<Vec<u8>>,
}

impl Sink {
    fn finish(self) -> Result<Stored, DataError> {
        if self.media_type.is_empty() {
            return Err(DataError::Invalid("the media type is empty".to_owned()));
        }
        let bytes = self.bytes.into_inner();
        let description = Description {
            digest: format!("sha256:{}", hex::encode(Sha256::digest(&bytes))),
            media_type: self.media_type,
            size_bytes: bytes.len() as u64,
            metadata: self.metadata.into_inner().into_iter().collect(),
        };
        Ok(Stored { description, bytes: bytes.into() })
    }
}

/// The three resources have the same functions under different types.
macro_rules! content {
    ($(#[$docs:meta])* $handle:ident) => {
        $(#[$docs])*
        #[derive(Debug)]
        pub struct $handle(Stored);

        impl $handle {
            /// Digest, media type, size and metadata.
            #[must_use]
            pub fn describe(&self) -> Description {
                self.0.description.clone()
            }

            /// Reads at most `length_bytes` bytes, and at most 1 MiB, from `offset_bytes` on. Fewer
            /// than asked for, down to none, mean that the end was reached.
            ///
            /// # Errors
            /// When the offset lies past the last byte, or the host cannot read its storage.
            pub fn read(&self, offset_bytes: u64, length_bytes: u32) -> Result<Vec<u8>, DataError> {
                let bytes = &self.0.bytes;
                let rest = usize::try_from(offset_bytes).ok().and_then(|offset| bytes.get(offset..));
                let rest = rest.ok_or(DataError::OutOfRange(bytes.len() as u64))?;
                Ok(rest[..rest.len().min(length_bytes as usize).min(CHUNK_BYTES)].to_vec())
            }
        }

        impl Content for $handle {
            type Sink = Sink;

            fn description(&self) -> Description {
                self.describe()
            }

            fn read_at(&self, offset_bytes: u64, length_bytes: u32) -> Result<Vec<u8>, DataError> {
                self.read(offset_bytes, length_bytes)
            }

            fn start(media_type: &str) -> Sink {
                Sink { media_type: media_type.to_owned(), metadata: RefCell::default(), bytes: RefCell::default() }
            }

            fn set_metadata(sink: &Sink, name: &str, value: &str) -> Result<(), DataError> {
                if name.is_empty() {
                    return Err(DataError::Invalid("the metadata name is empty".to_owned()));
                }
                sink.metadata.borrow_mut().insert(name.to_owned(), value.to_owned());
                Ok(())
            }

            fn append(sink: &Sink, bytes: &[u8]) -> Result<(), DataError> {
                if bytes.len() > CHUNK_BYTES {
                    return Err(DataError::Invalid(format!("{} bytes in one call, at most {CHUNK_BYTES}", bytes.len())));
                }
                sink.bytes.borrow_mut().extend_from_slice(bytes);
                Ok(())
            }

            fn finish(sink: Sink) -> Result<Self, DataError> {
                sink.finish().map(Self)
            }
        }
    };
}

content! {
    /// A file of any form: a report, a raw input.
    Artifact
}
content! {
    /// A table: rows under typed columns.
    DataSet
}
content! {
    /// Trained weights.
    Model
}

/// Scores of one class in a classification.
#[derive(Clone, Debug, PartialEq)]
pub struct ClassScores {
    /// The class.
    pub label: String,
    /// Between 0 and 1; 0 where nothing was predicted to be of this class.
    pub precision: f64,
    /// Between 0 and 1; 0 where the class has no rows.
    pub recall: f64,
    /// Harmonic mean of the two.
    pub f1: f64,
    /// Rows that truly are of this class.
    pub support: u64,
}

/// Counts of rows by true class (outer) and predicted class (inner), both in the order of `labels`.
#[derive(Clone, Debug, PartialEq)]
pub struct ConfusionMatrix {
    /// The classes.
    pub labels: Vec<String>,
    /// As many lists as labels, each as long.
    pub counts: Vec<Vec<u64>>,
}

/// What an evaluation found.
#[derive(Debug)]
pub struct Metrics {
    content: MetricsContent,
    description: Description,
}

#[derive(Clone, Debug, Default)]
struct MetricsContent {
    scalars: BTreeMap<String, f64>,
    classes: Vec<ClassScores>,
    confusion: Option<ConfusionMatrix>,
}

impl Metrics {
    /// Digest, media type, size and metadata. Natively the digest is over another form of the
    /// content than the host's, so a test can compare digests but not know them.
    #[must_use]
    pub fn describe(&self) -> Description {
        self.description.clone()
    }

    /// Names and values, sorted by name.
    #[must_use]
    pub fn scalars(&self) -> Vec<(String, f64)> {
        self.content.scalars.iter().map(|(name, value)| (name.clone(), *value)).collect()
    }

    /// Scores per class, empty where the evaluation was no classification.
    #[must_use]
    pub fn classes(&self) -> Vec<ClassScores> {
        self.content.classes.clone()
    }

    /// The confusion matrix, where there is one.
    #[must_use]
    pub fn confusion(&self) -> Option<ConfusionMatrix> {
        self.content.confusion.clone()
    }
}

/// Metrics in the making.
#[derive(Debug, Default)]
pub(crate) struct MetricsWriter(RefCell<MetricsContent>);

impl MetricsWriter {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    pub(crate) fn set_scalar(&self, name: &str, value: f64) -> Result<(), DataError> {
        if !value.is_finite() {
            return Err(DataError::Invalid(format!("the scalar `{name}` is {value}")));
        }
        self.0.borrow_mut().scalars.insert(name.to_owned(), value);
        Ok(())
    }

    pub(crate) fn set_classes(&self, classes: &[ClassScores]) -> Result<(), DataError> {
        self.0.borrow_mut().classes = classes.to_vec();
        Ok(())
    }

    pub(crate) fn set_confusion(&self, matrix: &ConfusionMatrix) -> Result<(), DataError> {
        let side = matrix.labels.len();
        if matrix.counts.len() != side || matrix.counts.iter().any(|row| row.len() != side) {
            return Err(DataError::Invalid(format!("the confusion matrix is not square over its {side} labels")));
        }
        self.0.borrow_mut().confusion = Some(matrix.clone());
        Ok(())
    }

    #[expect(clippy::unnecessary_wraps, reason = "the host's function can fail")]
    pub(crate) fn finish(writer: Self) -> Result<Metrics, DataError> {
        let content = writer.0.into_inner();
        let mut text = String::new();
        let _ = write!(text, "{content:?}");
        let description = Description {
            digest: format!("sha256:{}", hex::encode(Sha256::digest(&text))),
            media_type: "application/json".to_owned(),
            size_bytes: text.len() as u64,
            metadata: Vec::new(),
        };
        Ok(Metrics { content, description })
    }
}
