//! Weights and optimizer of a job, as one file.
//! Never half: what does not hold all of it changes nothing.

use std::io::{Read as _, Write as _};

use burn::module::Module;
use burn::optim::ModuleOptimizer;
use burn::store::ModuleRecord;
use burn::tensor::Bytes;
use sdk_guest::prelude::*;
use sdk_guest::{Reader, Writer};

/// What a checkpoint begins with: its form, and the form's version.
const MARK: &[u8; 8] = b"SMBURN01";
const NUMBER_BYTES: usize = size_of::<u64>();

/// Writes the weights of `module`, the state of `optimizer`, and the number of steps that were made.
///
/// # Errors
/// When they cannot be read from the device, or the checkpoint cannot be written.
pub(crate) fn save_checkpoint<M: Module>(
    checkpoint: &mut Writer<Artifact>,
    module: &M,
    optimizer: &ModuleOptimizer,
    steps: u64,
) -> Result<()> {
    let weights = module.clone().into_record().into_bytes().context("the weights cannot be written down")?;
    let state = optimizer.into_bytes().context("the optimizer's state cannot be written down")?;
    let lengths = [steps, weights.len() as u64, state.len() as u64];
    checkpoint.write_all(MARK)?;
    lengths.iter().try_for_each(|number| checkpoint.write_all(&number.to_le_bytes()))?;
    checkpoint.write_all(&weights)?;
    checkpoint.write_all(&state)?;
    Ok(())
}

/// `module` with the weights of a checkpoint, `optimizer` with its state, and the number of steps that were made.
///
/// # Errors
/// When the checkpoint is torn, or is that of another module or optimizer.
pub(crate) fn load_checkpoint<M: Module>(
    checkpoint: &mut Reader<'_, Artifact>,
    module: &M,
    optimizer: &ModuleOptimizer,
) -> Result<(M, ModuleOptimizer, u64)> {
    let mut bytes = Vec::new();
    checkpoint.read_to_end(&mut bytes)?;
    let (steps, weights, state) = parts(&bytes).ok_or_else(|| {
        Failure::new("the checkpoint is torn, or none of a network").with_hint("resume from an earlier checkpoint")
    })?;
    let owned = |part: &[u8]| Bytes::from_bytes_vec(part.to_vec());
    let record = ModuleRecord::from_bytes(owned(weights)).context("the checkpoint's weights cannot be read")?;
    let module = module.clone().try_load_record(record).context("the checkpoint is that of another network")?;
    let optimizer = optimizer.clone().from_bytes(owned(state)).context("the checkpoint's optimizer cannot be read")?;
    Ok((module, optimizer, steps))
}

fn parts(bytes: &[u8]) -> Option<(u64, &[u8], &[u8])> {
    let rest = bytes.strip_prefix(MARK)?;
    let (steps, rest) = number(rest)?;
    let (weights, rest) = number(rest)?;
    let (state, rest) = number(rest)?;
    let (weights, state) = (usize::try_from(weights).ok()?, usize::try_from(state).ok()?);
    if rest.len() != weights.checked_add(state)? {
        return None;
    }
    let (weights, state) = rest.split_at(weights);
    Some((steps, weights, state))
}

fn number(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let (number, rest) = bytes.split_first_chunk::<NUMBER_BYTES>()?;
    Some((u64::from_le_bytes(*number), rest))
}
