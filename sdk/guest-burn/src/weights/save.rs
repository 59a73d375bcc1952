//! From a module to a file.
//! Never changes a weight: they are written in the precision that they have.

use burn::module::{Module, ModuleVisitor, Param};
use burn::tensor::{Bool, Int, Tensor};
use sdk_guest::Writer;
use sdk_guest::prelude::*;

use super::Path;
use super::backend::{Collected, Kind, WeightsHandle};

/// Writes the weights of `module` whose names are `chosen`, and what `metadata` says of them, as the whole content of
/// a model or an artifact: nothing is written before, and nothing behind.
///
/// # Errors
/// When the step's output limit is reached, or the host cannot write its storage.
pub fn save_weights<M: Module, H: WeightsHandle>(
    module: &M,
    chosen: impl Fn(&str) -> bool,
    metadata: &[(&str, &str)],
    writer: &mut Writer<H>,
) -> Result<()> {
    let mut walk = Walk { chosen, path: Path::default(), collected: Collected::default(), refused: None };
    module.visit(&mut walk);
    match walk.refused {
        Some(failure) => Err(failure),
        None => walk.collected.save(metadata, writer),
    }
}

/// Collects the chosen weights.
struct Walk<C> {
    chosen: C,
    path: Path,
    collected: Collected,
    refused: Option<Failure>,
}

impl<C: Fn(&str) -> bool> Walk<C> {
    fn collect<const D: usize, K: Kind>(&mut self, tensor: impl FnOnce() -> Tensor<D, K>) {
        let name = self.path.joined();
        if (self.chosen)(&name)
            && let Err(failure) = self.collected.add(&name, tensor())
        {
            self.refused.get_or_insert(failure);
        }
    }
}

impl<C: Fn(&str) -> bool> ModuleVisitor for Walk<C> {
    fn enter_module(&mut self, name: &str, _: &str) {
        self.path.enter(name);
    }

    fn exit_module(&mut self, _: &str, _: &str) {
        self.path.leave();
    }

    fn visit_float<const D: usize>(&mut self, parameter: &Param<Tensor<D>>) {
        self.collect(|| parameter.transform_for_save().val());
    }

    fn visit_int<const D: usize>(&mut self, parameter: &Param<Tensor<D, Int>>) {
        self.collect(|| parameter.transform_for_save().val());
    }

    fn visit_bool<const D: usize>(&mut self, _: &Param<Tensor<D, Bool>>) {
        let name = self.path.joined();
        if (self.chosen)(&name) {
            self.refused.get_or_insert(Failure::new(format!("`{name}` holds truth values, which are not kept")));
        }
    }
}
