//! Weights by the names of the host's tensors.
//! Never differs in its surface from its sibling `native.rs`.

use std::collections::{BTreeMap, HashMap};

use burn::tensor::kind::{Autodiff, Basic};
use burn::tensor::{BackendPrimitive, Device, Tensor};
use burn_remote::handle::{self, Tensor as Named};
use burn_remote::{RemoteBackend, RemoteClient, RouterTensor};
use sdk_guest::Writer;
use sdk_guest::prelude::*;

use super::Entry;
use crate::bindings::sandmill::weights::files::{self, Error, Placement, Sink, Source, Weight};

/// What holds a file of weights, or takes one: models and artifacts.
pub trait WeightsHandle: Handle {
    #[doc(hidden)]
    fn source(&self) -> Source<'_>;
    #[doc(hidden)]
    fn sink(writer: &Writer<Self>) -> Sink<'_>;
}

impl WeightsHandle for Model {
    fn source(&self) -> Source<'_> {
        Source::Model(self)
    }

    fn sink(writer: &Writer<Self>) -> Sink<'_> {
        Sink::Model(writer.sink())
    }
}

impl WeightsHandle for Artifact {
    fn source(&self) -> Source<'_> {
        Source::Artifact(self)
    }

    fn sink(writer: &Writer<Self>) -> Sink<'_> {
        Sink::Artifact(writer.sink())
    }
}

/// Kinds of tensors that are kept.
pub trait Kind: Autodiff + Basic + BackendPrimitive<RemoteBackend, Primitive = RouterTensor<RemoteClient>> {}

impl<K: Autodiff + Basic + BackendPrimitive<RemoteBackend, Primitive = RouterTensor<RemoteClient>>> Kind for K {}

/// A file on the host.
pub struct File(files::WeightsFile);

impl File {
    pub fn open(handle: &impl WeightsHandle) -> Result<Self> {
        Ok(Self(files::WeightsFile::open(&handle.source()).map_err(told)?))
    }

    pub fn metadata(&self) -> BTreeMap<String, String> {
        self.0.metadata().into_iter().collect()
    }

    pub fn entries(&self) -> Result<BTreeMap<String, Entry>> {
        let entry = |entry: files::Entry| {
            let shape = entry.shape.iter().map(|length| *length as usize).collect();
            (entry.name, Entry { dtype: handle::from_contract(entry.element), shape })
        };
        Ok(self.0.entries().into_iter().map(entry).collect())
    }

    /// Has the host put these tensors on the step's device.
    pub fn load(&self, names: &[String]) -> Result<Loaded> {
        let entries: HashMap<String, files::Entry> =
            self.0.entries().into_iter().map(|entry| (entry.name.clone(), entry)).collect();
        let (mut placements, mut made) = (Vec::new(), HashMap::new());
        for name in names {
            let Some(files::Entry { element, shape, .. }) = entries.get(name) else { continue };
            let id = handle::unused_id();
            placements.push(Placement { name: name.clone(), id });
            made.insert(name.clone(), Named { id, element: *element, shape: shape.clone() });
        }
        self.0.load(handle::device(), &placements).map_err(told)?;
        Ok(Loaded(made.into_iter().map(|(name, named)| (name, handle::made(&named))).collect()))
    }
}

/// Tensors that the host has put on the device.
pub struct Loaded(HashMap<String, RouterTensor<RemoteClient>>);

impl Loaded {
    pub fn take<const D: usize, K: Kind>(&mut self, name: &str, device: &Device) -> Option<Tensor<D, K>> {
        let tensor = Tensor::from_primitive::<RemoteBackend>(self.0.remove(name)?);
        Some(if device.is_autodiff() { tensor.autodiff() } else { tensor })
    }
}

/// Tensors that are to be written, which are there until they are.
#[derive(Default)]
pub struct Collected {
    weights: Vec<Weight>,
    held: Vec<RouterTensor<RemoteClient>>,
}

impl Collected {
    pub fn add<const D: usize, K: Kind>(&mut self, name: &str, tensor: Tensor<D, K>) -> Result<()> {
        let primitive = tensor.inner().try_into_primitive::<RemoteBackend>();
        let primitive = primitive.map_err(|error| Failure::new(format!("`{name}` is not on the host: {error:?}")))?;
        let tensor = handle::named(&primitive).map_err(Failure::new)?;
        self.weights.push(Weight { name: name.to_owned(), tensor });
        self.held.push(primitive);
        Ok(())
    }

    pub fn save<H: WeightsHandle>(self, metadata: &[(&str, &str)], writer: &mut Writer<H>) -> Result<()> {
        let metadata: Vec<_> = metadata.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        files::save(handle::device(), &self.weights, &metadata, &H::sink(writer)).map_err(told)
    }
}

fn told(error: Error) -> Failure {
    match error {
        Error::InvalidFile(reason) => Failure::new(format!("the weights cannot be read: {reason}")),
        Error::InvalidArgument(reason) | Error::Unsupported(reason) => Failure::new(reason),
        Error::LimitExceeded(limit) => Failure::new(format!("the weights cannot be written: {limit}")),
        Error::Storage(reason) => Failure::new(format!("the weights cannot be read or written: {reason}")).retryable(),
    }
}
