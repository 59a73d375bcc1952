//! The interface `metrics`: what an evaluation found.
//! Never keeps more of it in memory than its own limit.

use std::collections::BTreeMap;

use host_base::ArtifactKind;
use host_bindings::sandmill::data;
use host_bindings::sandmill::data::metrics::{ClassScores, ConfusionMatrix};
use host_bindings::sandmill::data::types::{Description, Error};
use host_runtime::handles::{MetricsHandle, MetricsWriterHandle};
use wasmtime::component::Resource;

use crate::DataView;
use crate::content::{Answer, told};
use crate::document::{self, Metrics};

/// What a scalar takes besides its name.
const SCALAR_BYTES: u64 = 32;

impl DataView<'_> {
    async fn load(&mut self, handle: &Resource<MetricsHandle>) -> wasmtime::Result<Metrics> {
        let artifact = self.table.get(handle)?.artifact.clone();
        // These functions have no error of their own: metrics that cannot be read end the guest.
        let bytes = self.services.artifacts.read_all(&artifact.digest, document::BYTES_MAX).await?;
        Metrics::from_bytes(&bytes).map_err(wasmtime::Error::msg)
    }
}

fn limit_exceeded() -> Error {
    Error::LimitExceeded(format!("metrics may have {} bytes in all", document::BYTES_MAX))
}

impl data::metrics::Host for DataView<'_> {}

impl data::metrics::HostMetrics for DataView<'_> {
    fn describe(&mut self, handle: Resource<MetricsHandle>) -> wasmtime::Result<Description> {
        self.describe_handle(&handle)
    }

    async fn scalars(&mut self, handle: Resource<MetricsHandle>) -> wasmtime::Result<Vec<(String, f64)>> {
        Ok(self.load(&handle).await?.scalars())
    }

    async fn classes(&mut self, handle: Resource<MetricsHandle>) -> wasmtime::Result<Vec<ClassScores>> {
        Ok(self.load(&handle).await?.classes())
    }

    async fn confusion(&mut self, handle: Resource<MetricsHandle>) -> wasmtime::Result<Option<ConfusionMatrix>> {
        Ok(self.load(&handle).await?.confusion())
    }

    fn drop(&mut self, handle: Resource<MetricsHandle>) -> wasmtime::Result<()> {
        self.forget(handle)
    }
}

impl data::metrics::HostMetricsWriter for DataView<'_> {
    fn new(&mut self) -> wasmtime::Result<Resource<MetricsWriterHandle>> {
        Ok(self.table.push(MetricsWriterHandle::default())?)
    }

    fn set_scalar(&mut self, writer: Resource<MetricsWriterHandle>, name: String, value: f64) -> Answer<()> {
        let writer = self.table.get_mut(&writer)?;
        if !value.is_finite() {
            return Ok(Err(Error::Invalid(format!("scalar `{name}` is {value}, which metrics cannot hold"))));
        }
        if !writer.scalars.contains_key(&name) {
            let size_bytes = writer.size_bytes + name.len() as u64 + SCALAR_BYTES;
            if size_bytes > document::BYTES_MAX {
                return Ok(Err(limit_exceeded()));
            }
            writer.size_bytes = size_bytes;
        }
        writer.scalars.insert(name, value);
        Ok(Ok(()))
    }

    fn set_classes(&mut self, writer: Resource<MetricsWriterHandle>, classes: Vec<ClassScores>) -> Answer<()> {
        self.table.get_mut(&writer)?.classes = match document::classes_to_json(&classes) {
            Ok(classes) => Some(classes),
            Err(why) => return Ok(Err(Error::Invalid(why))),
        };
        Ok(Ok(()))
    }

    fn set_confusion(&mut self, writer: Resource<MetricsWriterHandle>, matrix: ConfusionMatrix) -> Answer<()> {
        self.table.get_mut(&writer)?.confusion = match document::confusion_to_json(&matrix) {
            Ok(matrix) => Some(matrix),
            Err(why) => return Ok(Err(Error::Invalid(why))),
        };
        Ok(Ok(()))
    }

    async fn finish(&mut self, writer: Resource<MetricsWriterHandle>) -> Answer<Resource<MetricsHandle>> {
        let bytes = document::to_bytes(self.table.delete(writer)?);
        if bytes.len() as u64 > document::BYTES_MAX {
            return Ok(Err(limit_exceeded()));
        }
        if let Err(failure) = self.services.output.take(bytes.len() as u64) {
            return Ok(Err(Error::LimitExceeded(failure.message)));
        }
        let artifacts = &self.services.artifacts;
        let kept = artifacts.put(ArtifactKind::Metrics, document::MEDIA_TYPE, BTreeMap::new(), &bytes).await;
        match kept {
            Ok(artifact) => Ok(Ok(self.table.push(MetricsHandle::new(artifact))?)),
            Err(error) => Ok(Err(told(error))),
        }
    }

    fn drop(&mut self, writer: Resource<MetricsWriterHandle>) -> wasmtime::Result<()> {
        self.forget(writer)
    }
}
