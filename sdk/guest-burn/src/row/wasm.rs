//! A row on the host: the guest names tensors, and their numbers go from the device to the workers' buffer and back
//! without it.
//! Never differs in its surface from its sibling `native.rs`.

use std::collections::VecDeque;

use burn::tensor::Tensor;
use burn_remote::handle::{self, Tensor as Named};
use burn_remote::{RemoteBackend, RemoteClient, RouterTensor};
use sdk_guest::collective::{Exchange, Reduction};
use sdk_guest::prelude::*;

use crate::bindings::sandmill::transfer::transfer::{Error, copy_to_buffer, copy_to_tensors};

/// Tensors that one call moves; `wit/` says so too.
const CALL_TENSORS: usize = 512;

/// Tensors that are to be shared. They are held until their numbers have been copied.
#[derive(Debug, Default)]
pub(crate) struct Row {
    tensors: Vec<RouterTensor<RemoteClient>>,
    elements: usize,
}

/// What came of them.
#[derive(Debug)]
pub(crate) struct Mean(VecDeque<RouterTensor<RemoteClient>>);

impl Row {
    /// Adds a tensor at the row's end.
    ///
    /// # Errors
    /// When it is not one of the step's device. That it does not hold 32-bit floating point numbers is told when it is
    /// copied.
    pub(crate) fn push<const D: usize>(&mut self, tensor: Tensor<D>) -> Result<()> {
        self.elements += tensor.shape().num_elements();
        let tensor = tensor.try_into_primitive::<RemoteBackend>();
        let tensor = tensor.map_err(|error| Failure::new(format!("a gradient is not on the step's device: {error:?}")));
        self.tensors.push(tensor?);
        Ok(())
    }

    /// How many numbers are in it.
    pub(crate) const fn elements(&self) -> usize {
        self.elements
    }

    /// The mean over all workers of what they have in their rows.
    ///
    /// # Errors
    /// When a worker is lost, does not come in time, or has another row; when a tensor holds other elements than 32-bit
    /// floating point numbers.
    pub(crate) fn mean(self, exchange: &Exchange) -> Result<Mean> {
        let (device, buffer) = (handle::device(), exchange.buffer());
        if buffer.elements() != self.elements as u64 {
            let (own, room) = (self.elements, buffer.elements());
            return Err(Failure::new(format!("gradients of {own} numbers, where there were {room} before")));
        }
        let own = self.tensors.iter().map(handle::named).collect::<Result<Vec<_>, _>>().map_err(Failure::new)?;
        in_calls(&own, |tensors, offset| copy_to_buffer(device, tensors, buffer, offset))?;
        exchange.all_reduce_in_place(Reduction::Mean)?;
        let alike = |tensor| Named { id: handle::unused_id(), ..tensor };
        let means: Vec<Named> = own.into_iter().map(alike).collect();
        in_calls(&means, |tensors, offset| copy_to_tensors(device, tensors, buffer, offset))?;
        Ok(Mean(means.iter().map(handle::made).collect()))
    }
}

impl Mean {
    /// The next tensor, in the order in which they were pushed.
    pub(crate) fn next<const D: usize>(&mut self) -> Option<Tensor<D>> {
        self.0.pop_front().map(Tensor::from_primitive::<RemoteBackend>)
    }
}

/// Names tensors to the host, as many a call as it takes, and where in the buffer they begin.
fn in_calls(tensors: &[Named], copy: impl Fn(&[Named], u64) -> Result<u64, Error>) -> Result<()> {
    let mut offset = 0;
    for tensors in tensors.chunks(CALL_TENSORS) {
        offset += copy(tensors, offset).map_err(|error| match error {
            Error::Unsupported(reason) | Error::InvalidArgument(reason) => Failure::new(reason),
        })?;
    }
    Ok(())
}
