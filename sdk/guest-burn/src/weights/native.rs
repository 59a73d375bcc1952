//! Weights in files in memory, for tests that call a step as a function.
//! Never differs in its surface from its sibling `wasm.rs`.

use std::collections::{BTreeMap, HashMap};
use std::io::Write as _;

use burn::tensor::kind::Basic;
use burn::tensor::{BoolStore, Bytes, DType, Device, Tensor, TensorData};
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};
use sdk_guest::prelude::*;
use sdk_guest::{Handle, Writer};

use super::Entry;

/// What holds a file of weights, or takes one: models and artifacts.
pub trait WeightsHandle: Handle {}

impl WeightsHandle for Model {}
impl WeightsHandle for Artifact {}

/// Kinds of tensors that are kept.
pub trait Kind: Basic {}

impl<K: Basic> Kind for K {}

/// A file in memory.
pub struct File(Vec<u8>);

impl File {
    pub fn open(handle: &impl WeightsHandle) -> Result<Self> {
        let bytes = handle.read_to_end()?;
        SafeTensors::deserialize(&bytes).context("the weights cannot be read")?;
        Ok(Self(bytes))
    }

    pub fn metadata(&self) -> BTreeMap<String, String> {
        let header = SafeTensors::read_metadata(&self.0).ok();
        header.and_then(|(_, header)| header.metadata().clone()).unwrap_or_default().into_iter().collect()
    }

    pub fn entries(&self) -> Result<BTreeMap<String, Entry>> {
        let file = SafeTensors::deserialize(&self.0).context("the weights cannot be read")?;
        let entry = |(name, tensor): (String, TensorView<'_>)| {
            let dtype = to_burn(tensor.dtype()).ok_or_else(|| {
                Failure::new(format!("`{name}` has elements of type {}, which no device holds", tensor.dtype()))
            })?;
            Ok((name, Entry { dtype, shape: tensor.shape().to_vec() }))
        };
        file.tensors().into_iter().map(entry).collect()
    }

    /// Reads these tensors.
    pub fn load(&self, names: &[String]) -> Result<Loaded> {
        let file = SafeTensors::deserialize(&self.0).context("the weights cannot be read")?;
        let mut loaded = HashMap::new();
        for name in names {
            let tensor = file.tensor(name).context("the weights cannot be read")?;
            let Some(dtype) = to_burn(tensor.dtype()) else { continue };
            let bytes = Bytes::from_bytes_vec(tensor.data().to_vec());
            loaded.insert(name.clone(), TensorData::from_bytes(bytes, tensor.shape().to_vec(), dtype));
        }
        Ok(Loaded(loaded))
    }
}

/// Contents that were read.
pub struct Loaded(HashMap<String, TensorData>);

impl Loaded {
    pub fn take<const D: usize, K: Kind>(&mut self, name: &str, device: &Device) -> Option<Tensor<D, K>> {
        let data = self.0.remove(name)?;
        let dtype = data.dtype();
        Some(Tensor::from_data(data, (device, dtype)))
    }
}

/// Contents that are to be written.
#[derive(Default)]
pub struct Collected(BTreeMap<String, (Dtype, TensorData)>);

impl Collected {
    pub fn add<const D: usize, K: Kind>(&mut self, name: &str, tensor: Tensor<D, K>) -> Result<()> {
        let dtype = from_burn(tensor.dtype());
        let dtype = dtype.ok_or_else(|| Failure::new(format!("`{name}` has elements that no file holds")))?;
        self.0.insert(name.to_owned(), (dtype, tensor.into_data()));
        Ok(())
    }

    pub fn save<H: WeightsHandle>(self, metadata: &[(&str, &str)], writer: &mut Writer<H>) -> Result<()> {
        let mut views = Vec::new();
        for (name, (dtype, data)) in &self.0 {
            let view = TensorView::new(*dtype, data.shape().to_vec(), data.as_bytes());
            views.push((name.as_str(), view.context("the weights cannot be written")?));
        }
        let metadata = metadata.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let bytes = safetensors::serialize(views, Some(metadata)).context("the weights cannot be written")?;
        Ok(writer.write_all(&bytes)?)
    }
}

/// Types of elements that both have.
const SAME: [(Dtype, DType); 13] = [
    (Dtype::BOOL, DType::Bool(BoolStore::Native)),
    (Dtype::U8, DType::U8),
    (Dtype::I8, DType::I8),
    (Dtype::I16, DType::I16),
    (Dtype::U16, DType::U16),
    (Dtype::F16, DType::F16),
    (Dtype::BF16, DType::BF16),
    (Dtype::I32, DType::I32),
    (Dtype::U32, DType::U32),
    (Dtype::F32, DType::F32),
    (Dtype::F64, DType::F64),
    (Dtype::I64, DType::I64),
    (Dtype::U64, DType::U64),
];

fn to_burn(dtype: Dtype) -> Option<DType> {
    SAME.iter().find_map(|(one, other)| (*one == dtype).then_some(*other))
}

fn from_burn(dtype: DType) -> Option<Dtype> {
    SAME.iter().find_map(|(one, other)| (*other == dtype).then_some(*one))
}
