//! Files of weights in the form of safetensors: what a header says, held against the length of its file.
//! Never reads a weight and never believes a header: a file whose header does not cover it exactly is none.

use std::collections::BTreeMap;

use host_base::ArtifactRef;
use safetensors::Dtype;
use safetensors::tensor::TensorInfo;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{ArtifactError, Artifacts};

/// A header that is longer is refused: a hundred thousand tensors have less.
pub const WEIGHTS_HEADER_BYTES_MAX: u64 = 16 << 20;
/// Bytes of a file that tell the length of its header.
const LENGTH_BYTES: u64 = 8;
/// Headers are filled up with spaces, so that contents begin where numbers of any size may.
const ALIGNMENT_BYTES: usize = 8;
/// The key of what is said of a file, which therefore is the name of no tensor.
const METADATA_KEY: &str = "__metadata__";

/// What a file says of itself.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct WeightsHeader {
    #[serde(rename = "__metadata__", default, skip_serializing_if = "BTreeMap::is_empty")]
    metadata: BTreeMap<String, String>,
    #[serde(flatten)]
    tensors: BTreeMap<String, TensorInfo>,
}

/// A file whose header was read and holds.
#[derive(Clone, Debug)]
pub struct WeightsFile {
    artifact: ArtifactRef,
    header: WeightsHeader,
    content_offset_bytes: u64,
}

/// Why a file of weights is refused.
#[derive(Debug, Error)]
pub enum WeightsError {
    /// It ends too early, or too late.
    #[error("the file is torn: it has {size_bytes} bytes, and by its header it has {told_bytes}")]
    Torn {
        /// Bytes that it has.
        size_bytes: u64,
        /// Bytes that it should have.
        told_bytes: u64,
    },
    /// Its header is too long.
    #[error("the file's header has {0} bytes, and at most {WEIGHTS_HEADER_BYTES_MAX} are read")]
    HeaderTooLarge(u64),
    /// Its header cannot be read.
    #[error("the file's header is none of safetensors: {0}")]
    NotAHeader(String),
    /// A tensor begins before the one before it has ended, or after a gap.
    #[error("the tensor `{name}` begins at byte {begin} of the content, and what is before it ends at {end_before}")]
    Misplaced {
        /// The tensor.
        name: String,
        /// Where it begins.
        begin: usize,
        /// Where it should.
        end_before: usize,
    },
    /// A tensor has other bytes than its shape and its elements take.
    #[error("the tensor `{name}` of {dtype}{shape:?} has {has} bytes, which is not what that takes")]
    WrongLength {
        /// The tensor.
        name: String,
        /// Its elements.
        dtype: Dtype,
        /// Its shape.
        shape: Vec<usize>,
        /// Its bytes.
        has: usize,
    },
    /// A tensor would have a name that none can have.
    #[error("a tensor cannot be called `{METADATA_KEY}`")]
    ReservedName,
    /// The storage.
    #[error(transparent)]
    Artifact(#[from] ArtifactError),
}

impl WeightsHeader {
    /// The header of a file of such tensors, with the largest elements first.
    ///
    /// # Errors
    /// When one has a name that none can have, or would be longer than any file.
    pub fn new(
        metadata: BTreeMap<String, String>,
        tensors: BTreeMap<String, (Dtype, Vec<usize>)>,
    ) -> Result<Self, WeightsError> {
        let mut in_order: Vec<_> = tensors.into_iter().collect();
        in_order.sort_by(|(one, (first, _)), (other, (second, _))| second.cmp(first).then_with(|| one.cmp(other)));
        let (mut placed, mut begin) = (BTreeMap::new(), 0_usize);
        for (name, (dtype, shape)) in in_order {
            if name == METADATA_KEY {
                return Err(WeightsError::ReservedName);
            }
            let end = content_bytes(dtype, &shape).and_then(|bytes| begin.checked_add(bytes));
            let Some(end) = end else { return Err(WeightsError::WrongLength { name, dtype, shape, has: usize::MAX }) };
            placed.insert(name, TensorInfo { dtype, shape, data_offsets: (begin, end) });
            begin = end;
        }
        Ok(Self { metadata, tensors: placed })
    }

    /// Reads a header that stands before so many bytes of content.
    ///
    /// # Errors
    /// When it is none, or does not cover the content exactly.
    pub fn read(header: &[u8], content_bytes: u64) -> Result<Self, WeightsError> {
        let header: Self =
            serde_json::from_slice(header).map_err(|error| WeightsError::NotAHeader(error.to_string()))?;
        let mut end_before = 0;
        for (name, info) in header.in_order() {
            info.check(name, end_before)?;
            end_before = info.data_offsets.1;
        }
        if end_before as u64 != content_bytes {
            return Err(WeightsError::Torn { size_bytes: content_bytes, told_bytes: end_before as u64 });
        }
        Ok(header)
    }

    /// What a file begins with: the header, and its length before it.
    ///
    /// # Errors
    /// When it would be longer than is read.
    pub fn to_bytes(&self) -> Result<Vec<u8>, WeightsError> {
        let mut bytes = vec![0; ALIGNMENT_BYTES];
        serde_json::to_writer(&mut bytes, self).map_err(|error| WeightsError::NotAHeader(error.to_string()))?;
        bytes.resize(bytes.len().next_multiple_of(ALIGNMENT_BYTES), b' ');
        let length = bytes.len() as u64 - LENGTH_BYTES;
        if length > WEIGHTS_HEADER_BYTES_MAX {
            return Err(WeightsError::HeaderTooLarge(length));
        }
        bytes[..ALIGNMENT_BYTES].copy_from_slice(&length.to_le_bytes());
        Ok(bytes)
    }

    /// Names and values that were attached, sorted by name.
    #[must_use]
    pub fn metadata(&self) -> &BTreeMap<String, String> {
        &self.metadata
    }

    /// Its tensors, sorted by name.
    #[must_use]
    pub fn tensors(&self) -> &BTreeMap<String, TensorInfo> {
        &self.tensors
    }

    /// Its tensors in the order in which their contents lie.
    #[must_use]
    pub fn in_order(&self) -> Vec<(&str, &TensorInfo)> {
        let mut tensors: Vec<_> = self.tensors.iter().map(|(name, info)| (name.as_str(), info)).collect();
        tensors.sort_by_key(|(_, info)| info.data_offsets);
        tensors
    }

    /// Bytes of all contents.
    #[must_use]
    pub fn content_bytes(&self) -> u64 {
        self.tensors.values().map(|info| info.data_offsets.1 as u64).max().unwrap_or(0)
    }
}

/// What is asked of one tensor's line of a header.
trait Check {
    fn check(&self, name: &str, end_before: usize) -> Result<(), WeightsError>;
}

impl Check for TensorInfo {
    fn check(&self, name: &str, end_before: usize) -> Result<(), WeightsError> {
        let (begin, end) = self.data_offsets;
        if begin != end_before {
            return Err(WeightsError::Misplaced { name: name.to_owned(), begin, end_before });
        }
        let has = end.saturating_sub(begin);
        if end < begin || content_bytes(self.dtype, &self.shape) != Some(has) {
            let (dtype, shape) = (self.dtype, self.shape.clone());
            return Err(WeightsError::WrongLength { name: name.to_owned(), dtype, shape, has });
        }
        Ok(())
    }
}

impl WeightsFile {
    /// Reads the header of an artifact's file.
    ///
    /// # Errors
    /// When the file is refused, or cannot be read.
    pub async fn open(artifacts: &Artifacts, artifact: &ArtifactRef) -> Result<Self, WeightsError> {
        let size_bytes = artifact.size_bytes;
        let torn = |told_bytes| WeightsError::Torn { size_bytes, told_bytes };
        if size_bytes < LENGTH_BYTES {
            return Err(torn(LENGTH_BYTES));
        }
        let length = artifacts.read(&artifact.digest, 0, LENGTH_BYTES as usize).await?;
        let length = length.as_ref().try_into().map(u64::from_le_bytes).map_err(|_| torn(LENGTH_BYTES))?;
        if length > WEIGHTS_HEADER_BYTES_MAX {
            return Err(WeightsError::HeaderTooLarge(length));
        }
        let content_offset_bytes = LENGTH_BYTES + length;
        let content_bytes = size_bytes.checked_sub(content_offset_bytes).ok_or_else(|| torn(content_offset_bytes))?;
        let header = artifacts.read(&artifact.digest, LENGTH_BYTES, length as usize).await?;
        let header = WeightsHeader::read(&header, content_bytes)?;
        Ok(Self { artifact: artifact.clone(), header, content_offset_bytes })
    }

    /// What it says of itself.
    #[must_use]
    pub fn header(&self) -> &WeightsHeader {
        &self.header
    }

    /// Which artifact it is.
    #[must_use]
    pub fn artifact(&self) -> &ArtifactRef {
        &self.artifact
    }

    /// The first byte of a tensor in the artifact.
    #[must_use]
    pub fn offset_bytes(&self, tensor: &TensorInfo) -> u64 {
        self.content_offset_bytes + tensor.data_offsets.0 as u64
    }
}

/// Bytes that a content takes, if that is a whole number at all.
fn content_bytes(dtype: Dtype, shape: &[usize]) -> Option<usize> {
    let bits = shape.iter().try_fold(dtype.bitsize(), |bits, length| bits.checked_mul(*length))?;
    bits.is_multiple_of(8).then_some(bits / 8)
}

#[cfg(test)]
mod tests;
