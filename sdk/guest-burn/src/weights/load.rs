//! From a file to a module: what it wants is looked up and checked first, then all of it is put in.
//! Never a module that has some of the file's weights and not the others.

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::tensor::{Bool, DType, Device, Float, Int, Shape, Tensor};
use sdk_guest::prelude::*;

use super::backend::{Kind, Loaded};
use super::{Path, WeightsFile};

/// So many parameters that do not fit are named.
const TOLD_MAX: usize = 5;

/// `module` with the weights of a file.
pub(super) fn load<M: Module>(file: &WeightsFile, module: M) -> Result<M> {
    let mut wanted = Wanted { file, path: Path::default(), names: Vec::new(), misfits: Vec::new() };
    module.visit(&mut wanted);
    let Wanted { names, misfits, .. } = wanted;
    if !misfits.is_empty() {
        let more = misfits.len().saturating_sub(TOLD_MAX);
        let told = misfits.into_iter().take(TOLD_MAX).collect::<Vec<_>>().join("; ");
        let rest = if more == 0 { String::new() } else { format!("; and {more} more") };
        return Err(Failure::new(format!("the weights do not fit the network: {told}{rest}"))
            .with_hint("give it a file that was made of the same network"));
    }
    let loaded = file.file.load(&names)?;
    Ok(module.map(&mut PutIn { loaded, path: Path::default() }))
}

/// What a module wants of a file, in the order of its parameters.
struct Wanted<'file> {
    file: &'file WeightsFile,
    path: Path,
    names: Vec<String>,
    misfits: Vec<String>,
}

impl Wanted<'_> {
    fn look_up(&mut self, shape: &Shape, kind: &str, fits: impl Fn(DType) -> bool) {
        let name = self.path.joined();
        match self.file.entries.get(&name) {
            None => self.misfits.push(format!("`{name}` is missing")),
            Some(entry) if entry.shape[..] != shape[..] => {
                self.misfits.push(format!("`{name}` is of shape {:?} instead of {:?}", entry.shape, &shape[..]));
            }
            Some(entry) if !fits(entry.dtype) => {
                self.misfits.push(format!("`{name}` is of type {:?} and not {kind}", entry.dtype));
            }
            Some(_) => self.names.push(name),
        }
    }
}

impl ModuleVisitor for Wanted<'_> {
    fn enter_module(&mut self, name: &str, _: &str) {
        self.path.enter(name);
    }

    fn exit_module(&mut self, _: &str, _: &str) {
        self.path.leave();
    }

    fn visit_float<const D: usize>(&mut self, parameter: &Param<Tensor<D>>) {
        self.look_up(&parameter.lazy_shape(), "a floating-point number", |dtype| dtype.is_float());
    }

    fn visit_int<const D: usize>(&mut self, parameter: &Param<Tensor<D, Int>>) {
        self.look_up(&parameter.lazy_shape(), "an integer", |dtype| dtype.is_int() || dtype.is_uint());
    }

    fn visit_bool<const D: usize>(&mut self, _: &Param<Tensor<D, Bool>>) {
        self.misfits.push(format!("`{}` holds truth values, which are not kept", self.path.joined()));
    }
}

/// Puts what was loaded in the place of a module's parameters.
struct PutIn {
    loaded: Loaded,
    path: Path,
}

impl PutIn {
    fn tensor<const D: usize, K: Kind>(&mut self, device: &Device) -> Option<Tensor<D, K>> {
        self.loaded.take(&self.path.joined(), device)
    }
}

impl ModuleMapper for PutIn {
    fn enter_module(&mut self, name: &str, _: &str) {
        self.path.enter(name);
    }

    fn exit_module(&mut self, _: &str, _: &str) {
        self.path.leave();
    }

    fn map_float<const D: usize>(&mut self, parameter: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let (id, device) = (parameter.id, parameter.lazy_device());
        match self.tensor::<D, Float>(&device) {
            Some(tensor) => parameter.transform_for_load(tensor.cast(device.settings().float_dtype), id),
            None => parameter,
        }
    }

    fn map_int<const D: usize>(&mut self, parameter: Param<Tensor<D, Int>>) -> Param<Tensor<D, Int>> {
        let (id, device) = (parameter.id, parameter.lazy_device());
        match self.tensor::<D, Int>(&device) {
            Some(tensor) => parameter.transform_for_load(tensor, id),
            None => parameter,
        }
    }
}
