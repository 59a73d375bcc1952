//! What each worker does once all are there: its own part of everybody's buffers.
//! Never touches a number that belongs to another worker's part.

use std::ops::Range;
use std::sync::Arc;

use crate::buffer::CHUNK_ELEMENTS;
use crate::{Buffer, CollectiveError, Operation, Reduction};

/// Numbers that are reduced at once: those of a few workers fit into the first cache.
const BLOCK_ELEMENTS: usize = 2 << 10;
/// After so many pieces, others get their turn on this thread.
const CHUNKS_PER_TURN: usize = 16;

/// Refuses what one worker's arguments alone show to be wrong.
pub(super) fn check_own(operation: &Operation, size: u32) -> Result<(), CollectiveError> {
    match operation {
        Operation::Broadcast { root, .. } if *root >= size => {
            Err(CollectiveError::Invalid(format!("there is no rank {root} among {size} workers to broadcast from")))
        }
        Operation::AllGather { input, output } if Arc::ptr_eq(input, output) => {
            Err(CollectiveError::Invalid("input and output are the same buffer".to_owned()))
        }
        Operation::AllGather { input, output }
            if input.elements().checked_mul(size as usize) != Some(output.elements()) =>
        {
            let (from, to) = (input.elements(), output.elements());
            Err(CollectiveError::Invalid(format!("{size} times {from} numbers do not fill an output of {to}")))
        }
        _ => Ok(()),
    }
}

/// Refuses operations that do not fit together.
pub(super) fn check(operations: &[Operation]) -> Result<(), CollectiveError> {
    let described: Vec<String> = operations.iter().map(describe).collect();
    match described.iter().position(|other| *other != described[0]) {
        None => Ok(()),
        Some(rank) => {
            let message = format!("rank 0 calls {}, rank {rank} calls {}", described[0], described[rank]);
            Err(CollectiveError::Mismatch(message))
        }
    }
}

fn describe(operation: &Operation) -> String {
    match operation {
        Operation::AllReduce { buffer, reduction } => {
            format!("all-reduce of {} numbers by {reduction:?}", buffer.elements())
        }
        Operation::Broadcast { buffer, root } => format!("broadcast of {} numbers from {root}", buffer.elements()),
        Operation::AllGather { input, .. } => format!("all-gather of {} numbers", input.elements()),
        Operation::Barrier => "barrier".to_owned(),
    }
}

/// Does the part of one rank.
pub(super) async fn part(rank: u32, operations: &[Operation]) {
    match &operations[rank as usize] {
        Operation::AllReduce { reduction, .. } => {
            let buffers: Vec<&Buffer> = operations.iter().filter_map(own_buffer).collect();
            for index in share(buffers[0].chunks(), rank as usize, buffers.len()) {
                reduce(&buffers, index, *reduction);
                turn(index).await;
            }
        }
        Operation::Broadcast { buffer, root } => {
            let Some(source) = operations.get(*root as usize).and_then(own_buffer) else { return };
            if rank == *root {
                return;
            }
            for index in 0..buffer.chunks() {
                copy(source, buffer, index);
                turn(index).await;
            }
        }
        Operation::AllGather { input, .. } => {
            let start = rank as usize * input.elements();
            for index in 0..input.chunks() {
                // Copied first, so that no two pieces are locked at once.
                let values = input.chunk(index).clone();
                for operation in operations {
                    if let Operation::AllGather { output, .. } = operation {
                        output.put(start + index * CHUNK_ELEMENTS, &values);
                    }
                }
                turn(index).await;
            }
        }
        Operation::Barrier => {}
    }
}

async fn turn(index: usize) {
    if index % CHUNKS_PER_TURN == CHUNKS_PER_TURN - 1 {
        tokio::task::yield_now().await;
    }
}

/// Copies one piece. No two workers lock the same two pieces in another order: all come from the one source.
fn copy(source: &Buffer, target: &Buffer, index: usize) {
    let from = source.chunk(index);
    target.chunk(index).copy_from_slice(&from);
}

fn own_buffer(operation: &Operation) -> Option<&Buffer> {
    match operation {
        Operation::AllReduce { buffer, .. } | Operation::Broadcast { buffer, .. } => Some(buffer),
        Operation::AllGather { .. } | Operation::Barrier => None,
    }
}

/// Which pieces are this rank's: neighbours, and as many as anybody's, give or take one.
fn share(chunks: usize, rank: usize, size: usize) -> Range<usize> {
    chunks * rank / size..chunks * (rank + 1) / size
}

/// Reduces one piece of all buffers and writes the result into all of them.
fn reduce(buffers: &[&Buffer], index: usize, reduction: Reduction) {
    let mut pieces: Vec<_> = buffers.iter().map(|buffer| buffer.chunk(index)).collect();
    let Some((first, others)) = pieces.split_first_mut() else { return };
    let workers = others.len() + 1;
    let length = first.len();
    for start in (0..length).step_by(BLOCK_ELEMENTS) {
        let block = start..(start + BLOCK_ELEMENTS).min(length);
        let total = &mut first[block.clone()];
        for other in others.iter() {
            combine(total, &other[block.clone()], reduction);
        }
        if reduction == Reduction::Mean {
            total.iter_mut().for_each(|value| *value /= workers as f32);
        }
        for other in others.iter_mut() {
            other[block.clone()].copy_from_slice(total);
        }
    }
}

fn combine(total: &mut [f32], other: &[f32], reduction: Reduction) {
    let pairs = total.iter_mut().zip(other);
    match reduction {
        Reduction::Sum | Reduction::Mean => pairs.for_each(|(total, other)| *total += other),
        // A comparison with NaN is false, so that a NaN on the right is taken; one on the left is asked for.
        Reduction::Min => pairs.for_each(|(total, other)| {
            if !(*total < *other || total.is_nan()) {
                *total = *other;
            }
        }),
        Reduction::Max => pairs.for_each(|(total, other)| {
            if !(*total > *other || total.is_nan()) {
                *total = *other;
            }
        }),
    }
}
