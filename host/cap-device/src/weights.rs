//! The package `sandmill:weights`: weights between artifacts and a guest's device.
//! Never lets a weight pass through the guest, and never holds more of a file than a piece, or of a device than a
//! tensor.

mod new_file;

use std::sync::Arc;

use host_artifacts::{ArtifactError, Artifacts, WeightsError, WeightsFile};
use host_base::ArtifactRef;
use host_bindings::sandmill::weights::files::{Entry, Error, Host, HostWeightsFile, Placement, Sink, Source, Weight};
use host_gpu::protocol::{self, Element};
use host_gpu::{DeviceError, TensorDevice};
use safetensors::Dtype;
use safetensors::tensor::TensorInfo;
use wasmtime::component::Resource;

use crate::{DeviceView, ended};
use new_file::NewFile;

/// How much of a file is read at a time.
const PIECE_BYTES: u64 = 4 << 20;

/// What a function of the package returns: the outer error ends the guest, the inner one it sees.
type Answer<T> = wasmtime::Result<Result<T, Error>>;

impl Host for DeviceView<'_> {
    async fn save(
        &mut self,
        device: Resource<TensorDevice>,
        weights: Vec<Weight>,
        metadata: Vec<(String, String)>,
        into: Sink,
    ) -> Answer<()> {
        let device = self.0.table.get(&device)?.clone();
        let file = match NewFile::new(weights, metadata) {
            Ok(file) => file,
            Err(error) => return Ok(Err(error)),
        };
        let services = self.0.services;
        match into {
            Sink::Model(writer) => file.write(services, &device, self.0.table.get_mut(&writer)?).await,
            Sink::Artifact(writer) => file.write(services, &device, self.0.table.get_mut(&writer)?).await,
        }
    }
}

impl HostWeightsFile for DeviceView<'_> {
    async fn open(&mut self, source: Source) -> Answer<Resource<WeightsFile>> {
        let artifact: Arc<ArtifactRef> = match source {
            Source::Model(model) => self.0.table.get(&model)?.artifact.clone(),
            Source::Artifact(artifact) => self.0.table.get(&artifact)?.artifact.clone(),
        };
        let opened = WeightsFile::open(&self.0.services.artifacts, &artifact).await.map_err(told);
        match opened.and_then(|file| all_can_be_held(&file).map(|()| file)) {
            Ok(file) => Ok(Ok(self.0.table.push(file)?)),
            Err(error) => Ok(Err(error)),
        }
    }

    fn metadata(&mut self, file: Resource<WeightsFile>) -> wasmtime::Result<Vec<(String, String)>> {
        Ok(self.0.table.get(&file)?.header().metadata().clone().into_iter().collect())
    }

    fn entries(&mut self, file: Resource<WeightsFile>) -> wasmtime::Result<Vec<Entry>> {
        let entry = |(name, info): (&String, &TensorInfo)| {
            let element = to_element(info.dtype)?.into();
            Some(Entry { name: name.clone(), element, shape: lengths(info) })
        };
        Ok(self.0.table.get(&file)?.header().tensors().iter().filter_map(entry).collect())
    }

    async fn load(
        &mut self,
        file: Resource<WeightsFile>,
        device: Resource<TensorDevice>,
        placements: Vec<Placement>,
    ) -> Answer<()> {
        let device = self.0.table.get(&device)?.clone();
        let file = self.0.table.get(&file)?;
        let placed: Result<Vec<_>, Error> =
            placements.iter().map(|placement| placed(file, &device, placement)).collect();
        let placed = match placed {
            Ok(placed) => placed,
            Err(error) => return Ok(Err(error)),
        };
        check_room(&device, placed.iter().map(|(tensor, _)| tensor)).map_err(ended)?;
        for (tensor, offset_bytes) in placed {
            let from = (file.artifact(), offset_bytes);
            if let Err(error) = put(&self.0.services.artifacts, from, &device, tensor).await? {
                return Ok(Err(error));
            }
        }
        Ok(Ok(()))
    }

    fn drop(&mut self, file: Resource<WeightsFile>) -> wasmtime::Result<()> {
        self.0.table.delete(file)?;
        Ok(())
    }
}

/// A tensor of a file under its name on the device, and where in the artifact it begins.
fn placed(file: &WeightsFile, device: &TensorDevice, placement: &Placement) -> Result<(protocol::Tensor, u64), Error> {
    let Placement { name, id } = placement;
    let Some(info) = file.header().tensors().get(name) else {
        return Err(Error::InvalidArgument(format!("the file has no tensor `{name}`")));
    };
    let held = to_element(info.dtype)
        .filter(|element| device.description().elements.iter().any(|support| support.element == *element));
    let Some(element) = held else {
        return Err(Error::Unsupported(format!(
            "`{name}` has elements of type {}, which the device cannot hold",
            info.dtype
        )));
    };
    Ok((protocol::Tensor { id: *id, element, shape: lengths(info) }, file.offset_bytes(info)))
}

/// What could never be there at once is refused before any of it is read. What fits is counted by the device itself.
fn check_room<'tensors>(
    device: &TensorDevice,
    tensors: impl Iterator<Item = &'tensors protocol::Tensor>,
) -> Result<(), DeviceError> {
    let mut bytes = tensors.map(protocol::Tensor::content_bytes);
    let sum = bytes.try_fold(0_u64, |sum, bytes| sum.checked_add(bytes?));
    let limit_bytes = device.limits().memory_bytes_max;
    match sum {
        Some(sum) if sum <= limit_bytes => Ok(()),
        Some(sum) => Err(DeviceError::MemoryLimit { limit_bytes, what: format!("weights of {sum} bytes") }),
        None => {
            Err(DeviceError::MemoryLimit { limit_bytes, what: "weights of more bytes than can be counted".to_owned() })
        }
    }
}

/// Hands a tensor's content over piece by piece.
async fn put(
    artifacts: &Artifacts,
    (artifact, offset_bytes): (&ArtifactRef, u64),
    device: &TensorDevice,
    tensor: protocol::Tensor,
) -> Answer<()> {
    let length_bytes = tensor.content_bytes().unwrap_or(0);
    let mut done = 0;
    loop {
        let wanted = PIECE_BYTES.min(length_bytes - done);
        let piece = match wanted {
            0 => Default::default(),
            wanted => match artifacts.read(&artifact.digest, offset_bytes + done, wanted as usize).await {
                Ok(piece) => piece,
                Err(error) => return Ok(Err(stored(&error))),
            },
        };
        if piece.len() as u64 != wanted {
            return Ok(Err(Error::Storage("the artifact is shorter than it was".to_owned())));
        }
        device.write(tensor.clone(), done, &piece).await.map_err(ended)?;
        done += wanted;
        if done == length_bytes {
            return Ok(Ok(()));
        }
    }
}

/// A file is refused as a whole if there is anything in it that no device holds.
fn all_can_be_held(file: &WeightsFile) -> Result<(), Error> {
    match file.header().tensors().iter().find(|(_, info)| to_element(info.dtype).is_none()) {
        Some((name, info)) => {
            let dtype = info.dtype;
            Err(Error::Unsupported(format!("`{name}` has elements of type {dtype}, which no device holds")))
        }
        None => Ok(()),
    }
}

fn lengths(info: &TensorInfo) -> Vec<u64> {
    info.shape.iter().map(|length| *length as u64).collect()
}

fn told(error: WeightsError) -> Error {
    match error {
        WeightsError::Artifact(error) => stored(&error),
        error => Error::InvalidFile(error.to_string()),
    }
}

fn stored(error: &ArtifactError) -> Error {
    Error::Storage(error.to_failure().message)
}

/// Types of elements that files and devices have.
const SAME: [(Dtype, Element); 13] = [
    (Dtype::BOOL, Element::BoolNative),
    (Dtype::U8, Element::U8),
    (Dtype::I8, Element::I8),
    (Dtype::I16, Element::I16),
    (Dtype::U16, Element::U16),
    (Dtype::F16, Element::F16),
    (Dtype::BF16, Element::Bf16),
    (Dtype::I32, Element::I32),
    (Dtype::U32, Element::U32),
    (Dtype::F32, Element::F32),
    (Dtype::F64, Element::F64),
    (Dtype::I64, Element::I64),
    (Dtype::U64, Element::U64),
];

fn to_element(dtype: Dtype) -> Option<Element> {
    SAME.iter().find_map(|(one, other)| (*one == dtype).then_some(*other))
}
