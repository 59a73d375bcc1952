//! A file of weights in the making.
//! Never half a file: what breaks off leaves nothing behind.

use std::collections::BTreeMap;

use host_artifacts::{Artifacts, WeightsError, WeightsHeader};
use host_bindings::sandmill::tensor::types::Tensor;
use host_bindings::sandmill::weights::files::{Error, Weight};
use host_gpu::TensorDevice;
use host_gpu::protocol::{self, Element};
use host_runtime::guest::GuestServices;
use host_runtime::handles::{HandleKind, WriterHandle};
use safetensors::Dtype;

use super::{Answer, SAME, stored};
use crate::ended;

/// A file that is about to be written: its header, and its tensors in the order of their contents.
pub(super) struct NewFile {
    header: Vec<u8>,
    tensors: Vec<(String, protocol::Tensor)>,
    size_bytes: u64,
}

impl NewFile {
    /// # Errors
    /// When two tensors have one name, a name is none, or no file holds such elements.
    pub(super) fn new(weights: Vec<Weight>, metadata: Vec<(String, String)>) -> Result<Self, Error> {
        let mut by_name: BTreeMap<String, Tensor> = BTreeMap::new();
        for Weight { name, tensor } in weights {
            if by_name.insert(name.clone(), tensor).is_some() {
                return Err(Error::InvalidArgument(format!("two tensors are called `{name}`")));
            }
        }
        let told = by_name.iter().map(|(name, tensor)| Ok((name.clone(), in_file(name, tensor)?)));
        let told: Result<_, Error> = told.collect();
        let header = WeightsHeader::new(metadata.into_iter().collect(), told?).map_err(refused)?;
        let in_order: Vec<String> = header.in_order().into_iter().map(|(name, _)| name.to_owned()).collect();
        let taken = |name: String| by_name.remove(&name).map(|tensor| (name, tensor.into()));
        let tensors = in_order.into_iter().filter_map(taken).collect();
        let content_bytes = header.content_bytes();
        let header = header.to_bytes().map_err(refused)?;
        Ok(Self { size_bytes: header.len() as u64 + content_bytes, header, tensors })
    }

    /// Writes it as the whole content of what the sink makes.
    pub(super) async fn write<K: HandleKind>(
        self,
        services: &GuestServices,
        device: &TensorDevice,
        sink: &mut WriterHandle<K>,
    ) -> Answer<()> {
        if sink.writer.is_some() {
            return Ok(Err(Error::InvalidArgument("something was written before the weights".to_owned())));
        }
        if let Err(failure) = services.output.take(self.size_bytes) {
            return Ok(Err(Error::LimitExceeded(failure.message)));
        }
        let written = self.fill(&services.artifacts, device, sink).await?;
        if written.is_err() {
            // Half a file is none.
            sink.writer = None;
        }
        Ok(written)
    }

    async fn fill<K: HandleKind>(
        self,
        artifacts: &Artifacts,
        device: &TensorDevice,
        sink: &mut WriterHandle<K>,
    ) -> Answer<()> {
        if let Err(error) = sink.write(artifacts, &self.header).await {
            return Ok(Err(stored(&error)));
        }
        for (name, tensor) in self.tensors {
            let wanted = tensor.content_bytes();
            let content = device.read(tensor, false).await.map_err(ended)?;
            if wanted != Some(content.len() as u64) {
                let length = content.len();
                return Ok(Err(Error::InvalidArgument(format!("`{name}` has {length} bytes, and not what was said"))));
            }
            if let Err(error) = sink.write(artifacts, &content).await {
                return Ok(Err(stored(&error)));
            }
        }
        Ok(Ok(()))
    }
}

/// What a file says of a tensor.
fn in_file(name: &str, tensor: &Tensor) -> Result<(Dtype, Vec<usize>), Error> {
    let element = tensor.element.into();
    let Some(dtype) = to_dtype(element) else {
        return Err(Error::Unsupported(format!("`{name}` has elements of type {element:?}, which no file holds")));
    };
    let shape: Result<_, _> = tensor.shape.iter().map(|length| usize::try_from(*length)).collect();
    let too_long = |_| Error::InvalidArgument(format!("`{name}` is longer than this machine counts"));
    Ok((dtype, shape.map_err(too_long)?))
}

/// What is wrong with a file that the guest asks for is wrong with what it asks.
#[expect(clippy::needless_pass_by_value, reason = "it stands where results are mapped")]
fn refused(error: WeightsError) -> Error {
    Error::InvalidArgument(error.to_string())
}

fn to_dtype(element: Element) -> Option<Dtype> {
    match element {
        // Computed with fewer bits on some adapters, and kept as 32 on all.
        Element::Flex32 => Some(Dtype::F32),
        other => SAME.iter().find_map(|(one, element)| (*element == other).then_some(*one)),
    }
}
