//! Reading and writing of artifacts that are plain bytes, the same for every kind.
//! Never holds more than one piece of an artifact in memory.

use host_artifacts::ArtifactError;
use host_base::ArtifactRef;
use host_base::artifact::METADATA_BYTES_MAX;
use host_bindings::sandmill::data::types::{Description, Error};
use host_runtime::handles::{Handle, HandleKind, WriterHandle};
use registry_cas::BlobError;
use wasmtime::component::Resource;

use crate::DataView;

/// Bytes that one `read` or `write` moves at most; `wit/` says so too.
const PIECE_BYTES_MAX: usize = 1 << 20;

/// What a function of the package returns: the outer error ends the guest, the inner one it sees.
pub(crate) type Answer<T> = wasmtime::Result<Result<T, Error>>;

pub(crate) fn describe(artifact: &ArtifactRef) -> Description {
    Description {
        digest: artifact.digest.to_string(),
        media_type: artifact.media_type.clone(),
        size_bytes: artifact.size_bytes,
        metadata: artifact.metadata.clone().into_iter().collect(),
    }
}

/// Our storage's words, as far as they are the guest's business.
pub(crate) fn told(error: ArtifactError) -> Error {
    match error {
        ArtifactError::Blob(BlobError::OutOfRange { size_bytes, .. }) => Error::OutOfRange(size_bytes),
        ArtifactError::InvalidMediaType(_) => Error::Invalid(error.to_string()),
        error => Error::Storage(error.to_failure().message),
    }
}

impl DataView<'_> {
    pub(crate) fn describe_handle<K: HandleKind>(
        &mut self,
        handle: &Resource<Handle<K>>,
    ) -> wasmtime::Result<Description> {
        Ok(describe(&self.table.get(handle)?.artifact))
    }

    pub(crate) async fn read_handle<K: HandleKind>(
        &mut self,
        handle: Resource<Handle<K>>,
        offset_bytes: u64,
        length_bytes: u32,
    ) -> Answer<Vec<u8>> {
        let artifact = self.table.get(&handle)?.artifact.clone();
        if offset_bytes > artifact.size_bytes {
            return Ok(Err(Error::OutOfRange(artifact.size_bytes)));
        }
        if offset_bytes == artifact.size_bytes || length_bytes == 0 {
            return Ok(Ok(Vec::new()));
        }
        let length_bytes = PIECE_BYTES_MAX.min(length_bytes as usize);
        let read = self.services.artifacts.read(&artifact.digest, offset_bytes, length_bytes).await;
        Ok(read.map(|piece| piece.to_vec()).map_err(told))
    }

    pub(crate) fn new_writer<K: HandleKind>(
        &mut self,
        media_type: String,
    ) -> wasmtime::Result<Resource<WriterHandle<K>>> {
        Ok(self.table.push(WriterHandle::new(media_type))?)
    }

    pub(crate) fn set_writer_metadata<K: HandleKind>(
        &mut self,
        writer: &Resource<WriterHandle<K>>,
        name: String,
        value: String,
    ) -> Answer<()> {
        let metadata = &mut self.table.get_mut(writer)?.metadata;
        if name.is_empty() {
            return Ok(Err(Error::Invalid("metadata needs a name".to_owned())));
        }
        let others = metadata.iter().filter(|(other, _)| **other != name);
        let size_bytes: usize = others.map(|(name, value)| name.len() + value.len()).sum();
        if size_bytes + name.len() + value.len() > METADATA_BYTES_MAX {
            let message = format!("metadata of one artifact may have {METADATA_BYTES_MAX} bytes");
            return Ok(Err(Error::LimitExceeded(message)));
        }
        metadata.insert(name, value);
        Ok(Ok(()))
    }

    pub(crate) async fn write_piece<K: HandleKind>(
        &mut self,
        writer: Resource<WriterHandle<K>>,
        bytes: Vec<u8>,
    ) -> Answer<()> {
        let handle = self.table.get_mut(&writer)?;
        if bytes.len() > PIECE_BYTES_MAX {
            let message = format!("one write may carry {PIECE_BYTES_MAX} bytes, not {}", bytes.len());
            return Ok(Err(Error::Invalid(message)));
        }
        if let Err(failure) = self.services.output.take(bytes.len() as u64) {
            return Ok(Err(Error::LimitExceeded(failure.message)));
        }
        Ok(handle.write(&self.services.artifacts, &bytes).await.map_err(told))
    }

    pub(crate) async fn finish_writer<K: HandleKind>(
        &mut self,
        writer: Resource<WriterHandle<K>>,
    ) -> Answer<Resource<Handle<K>>> {
        let mut handle = self.table.delete(writer)?;
        // Also an artifact of no bytes has to be stored, so the writer is opened if nothing ever was written.
        if let Err(error) = handle.write(&self.services.artifacts, &[]).await {
            return Ok(Err(told(error)));
        }
        let Some(mut writer) = handle.writer else {
            return Ok(Err(Error::Storage("the writer is gone".to_owned())));
        };
        for (name, value) in handle.metadata {
            writer.set_metadata(name, value);
        }
        match writer.finish().await {
            Ok(artifact) => Ok(Ok(self.table.push(Handle::new(artifact))?)),
            Err(error) => Ok(Err(told(error))),
        }
    }

    pub(crate) fn forget<T: Send + 'static>(&mut self, resource: Resource<T>) -> wasmtime::Result<()> {
        self.table.delete(resource)?;
        Ok(())
    }
}
