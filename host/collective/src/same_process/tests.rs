//! Groups of workers in one process: results, faults, and that nobody waits for ever.
//! Never depends on which worker comes first.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::time::Duration;

use super::*;
use crate::{Buffer, CHUNK_ELEMENTS, Reduction};

const WAIT: Duration = Duration::from_secs(20);

fn reduce(buffer: &Arc<Buffer>, reduction: Reduction) -> Operation {
    Operation::AllReduce { buffer: buffer.clone(), reduction }
}

fn buffers(size: u32, elements: usize) -> Vec<Arc<Buffer>> {
    let value = |rank: u32, index: usize| (index as f32 + 0.1) * (rank as f32 + 0.7);
    (0..size)
        .map(|rank| {
            let values: Vec<f32> = (0..elements).map(|index| value(rank, index)).collect();
            Arc::new(Buffer::of(&values))
        })
        .collect()
}

/// Runs one operation of every worker, each in a task of its own.
async fn together(group: &SharedTransport, operations: Vec<Operation>) -> Vec<Result<(), CollectiveError>> {
    let tasks: Vec<_> = (0..)
        .zip(operations)
        .map(|(rank, operation)| {
            let group = group.clone();
            tokio::spawn(async move { group.run(rank, operation).await })
        })
        .collect();
    let mut ended = Vec::new();
    for task in tasks {
        ended.push(tokio::time::timeout(WAIT, task).await.unwrap().unwrap());
    }
    ended
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sums_are_made_in_the_order_of_the_ranks() {
    for size in [1, 2, 3, 5] {
        let elements = 3 * CHUNK_ELEMENTS + 17;
        let buffers = buffers(size, elements);
        let values: Vec<Vec<f32>> = buffers.iter().map(|buffer| buffer.read(0, elements).unwrap()).collect();
        let expected: Vec<f32> = (0..elements)
            .map(|index| values.iter().skip(1).fold(values[0][index], |total, own| total + own[index]))
            .collect();
        let group = SameProcess::group(size, 1, 10_000);
        let operations = buffers.iter().map(|buffer| reduce(buffer, Reduction::Sum)).collect();
        assert!(together(&group, operations).await.iter().all(Result::is_ok));
        for buffer in &buffers {
            let bits = |values: &[f32]| values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
            assert_eq!(bits(&buffer.read(0, elements).unwrap()), bits(&expected));
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_reduction_does_what_it_is_called() {
    let columns = [[1.0, -2.0, f32::NAN, 4.0], [3.0, -5.0, 1.0, f32::NAN], [2.0, 1.0, 1.0, 1.0]];
    for (reduction, expected) in [
        (Reduction::Sum, [6.0, -6.0]),
        (Reduction::Mean, [2.0, -2.0]),
        (Reduction::Min, [1.0, -5.0]),
        (Reduction::Max, [3.0, 1.0]),
    ] {
        let buffers: Vec<_> = columns.iter().map(|column| Arc::new(Buffer::of(column))).collect();
        let group = SameProcess::group(3, 1, 10_000);
        together(&group, buffers.iter().map(|buffer| reduce(buffer, reduction)).collect()).await;
        let found = buffers[2].read(0, 4).unwrap();
        assert_eq!(found[..2], expected, "{reduction:?}");
        assert!(found[2].is_nan() && found[3].is_nan(), "{reduction:?} hides a NaN: {found:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn numbers_are_spread_and_gathered() {
    let group = SameProcess::group(3, 1, 10_000);
    let own = buffers(3, CHUNK_ELEMENTS + 5);
    let values: Vec<f32> = own.iter().flat_map(|buffer| buffer.read(0, usize::MAX).unwrap()).collect();
    let outputs: Vec<_> = own.iter().map(|_| Arc::new(Buffer::zeros(values.len()))).collect();
    let gather = |(input, output): (&Arc<Buffer>, &Arc<Buffer>)| Operation::AllGather {
        input: input.clone(),
        output: output.clone(),
    };
    let ended = together(&group, own.iter().zip(&outputs).map(gather).collect()).await;
    assert!(ended.iter().all(Result::is_ok), "{ended:?}");
    assert!(outputs.iter().all(|output| output.read(0, usize::MAX).unwrap() == values));
    let from_last = own[2].read(0, usize::MAX).unwrap();
    let spread = |buffer: &Arc<Buffer>| Operation::Broadcast { buffer: buffer.clone(), root: 2 };
    together(&group, own.iter().map(spread).collect()).await;
    assert!(own.iter().all(|buffer| buffer.read(0, usize::MAX).unwrap() == from_last));
    let ended = together(&group, vec![Operation::Barrier; 3]).await;
    assert!(ended.iter().all(Result::is_ok));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_that_is_killed_ends_the_wait_of_the_others() {
    let group = SameProcess::group(3, 1, 60_000);
    let buffers = buffers(3, 10);
    let waiting: Vec<_> = (0..2u32)
        .map(|rank| {
            let (group, operation) = (group.clone(), reduce(&buffers[rank as usize], Reduction::Sum));
            tokio::spawn(async move { group.run(rank, operation).await })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(20)).await;
    waiting[1].abort();
    let [first, _] = <[_; 2]>::try_from(waiting).unwrap();
    let ended = tokio::time::timeout(WAIT, first).await.unwrap().unwrap();
    assert_eq!(ended, Err(CollectiveError::MembershipChanged));
    let late = group.run(2, reduce(&buffers[2], Reduction::Sum)).await;
    assert_eq!(late, Err(CollectiveError::MembershipChanged));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_does_not_come_is_waited_for_no_longer_than_the_deadline() {
    let group = SameProcess::group(2, 1, 30);
    assert_eq!(group.run(0, Operation::Barrier).await, Err(CollectiveError::Deadline(30)));
    assert_eq!(group.run(1, Operation::Barrier).await, Err(CollectiveError::MembershipChanged));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_that_do_not_fit_are_refused_to_all() {
    let group = SameProcess::group(2, 1, 10_000);
    let (short, long) = (Arc::new(Buffer::zeros(2)), Arc::new(Buffer::zeros(3)));
    let ended = together(&group, vec![reduce(&short, Reduction::Sum), reduce(&long, Reduction::Sum)]).await;
    let message = "rank 0 calls all-reduce of 2 numbers by Sum, rank 1 calls all-reduce of 3 numbers by Sum";
    assert_eq!(ended, vec![Err(CollectiveError::Mismatch(message.to_owned())); 2]);
}

#[tokio::test]
async fn wrong_arguments_are_refused_to_whoever_gave_them() {
    let group = SameProcess::group(2, 1, 10_000);
    let buffer = Arc::new(Buffer::zeros(2));
    for operation in [
        Operation::Broadcast { buffer: buffer.clone(), root: 2 },
        Operation::AllGather { input: buffer.clone(), output: buffer.clone() },
        Operation::AllGather { input: buffer.clone(), output: Arc::new(Buffer::zeros(3)) },
    ] {
        assert!(matches!(group.run(0, operation).await, Err(CollectiveError::Invalid(_))));
    }
    assert!(matches!(group.run(7, Operation::Barrier).await, Err(CollectiveError::Invalid(_))));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_operations_follow_each_other() {
    let group = SameProcess::group(4, 1, 10_000);
    let tasks: Vec<_> = (0..4u32)
        .map(|rank| {
            let group = group.clone();
            tokio::spawn(async move {
                let buffer = Arc::new(Buffer::of(&[rank as f32 + 1.0]));
                for _ in 0..1_000 {
                    group.run(rank, reduce(&buffer, Reduction::Mean)).await.unwrap();
                }
                buffer.read(0, 1).unwrap()[0]
            })
        })
        .collect();
    for task in tasks {
        assert_eq!(tokio::time::timeout(WAIT, task).await.unwrap().unwrap(), 2.5);
    }
}
