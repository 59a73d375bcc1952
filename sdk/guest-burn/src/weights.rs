//! The weights of a module as an artifact in the form of safetensors.
//! Never has a weight in the guest's memory where tensors are on the host: the host puts them where they belong.

#[cfg_attr(target_family = "wasm", path = "weights/wasm.rs")]
#[cfg_attr(not(target_family = "wasm"), path = "weights/native.rs")]
mod backend;
mod load;
mod save;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use burn::module::Module;
use burn::tensor::DType;
use sdk_guest::prelude::*;

pub use backend::WeightsHandle;
pub use save::save_weights;

/// The media type of a file of weights.
pub const WEIGHTS_MEDIA_TYPE: &str = "application/vnd.safetensors";

/// A file of weights whose header was read, and nothing else of it.
pub struct WeightsFile {
    file: backend::File,
    metadata: BTreeMap<String, String>,
    entries: BTreeMap<String, Entry>,
}

/// What a file says of a tensor.
struct Entry {
    dtype: DType,
    shape: Vec<usize>,
}

impl WeightsFile {
    /// Reads the header of a model's or an artifact's file.
    ///
    /// # Errors
    /// When it is no such file, is torn, or its header does not tell the truth.
    pub fn open<H: WeightsHandle>(handle: &H) -> Result<Self> {
        let file = backend::File::open(handle)?;
        let (metadata, entries) = (file.metadata(), file.entries()?);
        Ok(Self { file, metadata, entries })
    }

    /// What whoever made the file said under this key.
    #[must_use]
    pub fn metadata(&self, key: &str) -> Option<&str> {
        self.metadata.get(key).map(String::as_str)
    }

    /// `module` with the weights of the file, on the device on which it was made. Each of its parameters is in the
    /// file under its path (`layers.0.weight`); what else is there is left. Numbers of another precision than the
    /// device's own are converted there.
    ///
    /// # Errors
    /// When a parameter is missing in the file or has another shape there; then the module is as it was.
    pub fn load_into<M: Module>(&self, module: M) -> Result<M> {
        load::load(self, module)
    }
}

/// Where in a module a walk through its parameters is.
#[derive(Default)]
struct Path(Vec<String>);

impl Path {
    fn enter(&mut self, name: &str) {
        self.0.push(name.to_owned());
    }

    fn leave(&mut self) {
        self.0.pop();
    }

    fn joined(&self) -> String {
        self.0.join(".")
    }
}
