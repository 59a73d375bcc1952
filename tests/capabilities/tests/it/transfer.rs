//! `sandmill:transfer` against the sandbox: numbers from device to buffer and back, what is refused, and workers that
//! train with it.
//! Never needs a graphics adapter.

use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use host_base::{Code, Failure};
use host_cap_train::{Setting, Trainee};
use host_cap_wasi::WasiCapability;
use host_cap_wasi::http::HttpLimits;
use host_collective::{SameProcess, Seat};
use host_gpu::{Backend, WorkerProgram};
use host_runtime::{Sandbox, SandboxConfig};
use sdk_spec::{ByteSize, DeviceGrant, Grants};
use serde_json::json;

use crate::programs::{TENSOR_TRANSFER, TRAIN_TENSORS};
use crate::support::{Call, WORLD, content, function, sandbox_working_with};
use crate::tensors::process_ids;
use crate::train::{limits, spec, start_in, step};

const MIB: u64 = 1 << 20;

fn device() -> Grants {
    Grants { device: Some(DeviceGrant { memory: ByteSize(64 * MIB) }), ..Grants::default() }
}

fn transfer(name: &str) -> Call {
    function(TENSOR_TRANSFER, name).granted(|grants| *grants = device())
}

#[tokio::test]
async fn numbers_come_back_bit_by_bit_whatever_they_are() {
    // NaNs with what they carry, both zeros, infinities, the smallest number; and across the pieces of a buffer.
    let few: Vec<u32> = vec![0x7fc0_1234, 0xff80_0001, 0x8000_0000, 0, 0x7f80_0000, 1];
    let many: Vec<u32> = (0..40_000_u32).map(|index| (index as f32 / 3.0).to_bits()).collect();
    for (bits, offset) in [(&few, 0), (&few, 5), (&many, 16_383)] {
        let ended = transfer("there-and-back").plain(json!(bits)).plain(json!(offset)).run().await;
        assert_eq!(ended.output(), json!(bits), "from {offset} on");
    }
}

#[tokio::test]
async fn copies_that_cannot_be_meant_are_told_and_the_device_goes_on() {
    for (what, told) in [
        ("elements", "holds elements of the type F16; buffers hold F32"),
        ("past-end", "9 numbers from 0 on do not lie within the buffer's 8"),
        ("many", "one call moves at most 512 tensors, not 513"),
        ("dimensions", "has 9 dimensions; at most 8 are moved"),
        ("uncountable", "more numbers than can be counted"),
    ] {
        let output = transfer("refused").plain(json!(what)).run().await.output();
        let (reason, goes_on): (String, bool) = serde_json::from_value(output).unwrap();
        assert!(reason.contains(told) && goes_on, "{what}: {reason}");
    }
}

#[tokio::test]
async fn a_tensor_that_is_not_as_it_was_named_ends_the_step_with_a_typed_failure() {
    transfer("copy-unknown").run().await.failure(Code::DeviceOperation);
    for elements in [2, 6] {
        let failure = transfer("copy-as").plain(json!(elements)).run().await.failure(Code::DeviceOperation);
        assert!(failure.message.contains("named with the shape"), "{failure}");
    }
}

#[tokio::test]
async fn what_is_made_of_a_buffer_counts_as_device_memory() {
    let make = |mebibytes: u64, times: u64| transfer("make").plain(json!(mebibytes)).plain(json!(times));
    assert_eq!(make(64, 3).run().await.output(), json!(64));
    make(65, 1).run().await.failure(Code::DeviceMemoryLimit);
}

#[tokio::test]
async fn whoever_has_no_device_has_nothing_to_copy() {
    let ended = function(TENSOR_TRANSFER, "there-and-back").plain(json!([1, 2])).plain(json!(0)).run().await;
    let failure = ended.failure(Code::ImportNotGranted);
    assert!(failure.message.contains("sandmill:tensor/devices"), "{failure}");
}

async fn group_in(sandbox: &Sandbox, size: u32, settings: &[(&str, Setting)]) -> Vec<Trainee> {
    let group = SameProcess::group(size, 1, 20_000);
    let mut workers = Vec::new();
    for rank in 0..size {
        let seat = Seat::new(group.clone(), rank);
        let mut worker = start_in(sandbox, TRAIN_TENSORS, seat, device(), limits()).await.unwrap();
        worker.init(spec(rank, size, settings)).await.unwrap();
        workers.push(worker);
    }
    workers
}

/// The weights of both workers after so many steps.
async fn trained(settings: &[(&str, Setting)], steps: u32) -> [Vec<u8>; 2] {
    let mut workers = group_in(&WORLD.sandbox, 2, settings).await;
    for _ in 0..steps {
        for answer in step(&mut workers).await {
            answer.unwrap();
        }
    }
    let (first, second) = (workers[0].finish().await.unwrap(), workers[1].finish().await.unwrap());
    [content(&first).await, content(&second).await]
}

#[tokio::test(flavor = "multi_thread")]
async fn gradients_that_stay_on_the_host_give_the_same_bits_as_those_that_pass_through_the_guest() {
    let [first, second] = trained(&[], 12).await;
    assert!(first == second, "two workers of one job differ");
    let through_guest = [("through-guest", Setting::Flag(true))];
    assert!(trained(&through_guest, 12).await[0] == first, "the way that gradients go changes them");
    assert!(trained(&[], 11).await[0] != first, "nothing is learned");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gradient_that_is_not_a_number_is_everybodys_and_holds_nobody_up() {
    let settings = [("nan-rank", Setting::Whole(1))];
    let mut workers = group_in(&WORLD.sandbox, 2, &settings).await;
    let losses = |answers: Vec<Result<_, Failure>>| -> Vec<f64> {
        answers.into_iter().map(|answer: Result<host_cap_train::Stepped, _>| answer.unwrap().metrics[0].1).collect()
    };
    let first = losses(step(&mut workers).await);
    assert!(first[0].is_finite() && first[1].is_nan(), "{first:?}");
    // The mean with it is no number either, and so are the weights from then on.
    assert!(losses(step(&mut workers).await).iter().all(|loss| loss.is_nan()));
}

/// A sandbox whose workers have a name of their own, by which they are told from those of other tests.
fn sandbox_with_workers_named(folder: &std::path::Path, name: &str) -> Arc<Sandbox> {
    let program = folder.join(name);
    std::os::unix::fs::symlink(tests_kit::binary::path(), &program).unwrap();
    let wasi = WasiCapability::new(HttpLimits::default(), &[]).unwrap();
    let worker = WorkerProgram::new(program, Backend::Cpu);
    sandbox_working_with(SandboxConfig::under(folder.join("sandbox")), &WORLD.artifacts, wasi, worker, 30_000)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_is_killed_between_all_reduces_is_lost_and_the_other_worker_does_not_wait() {
    let folder = tempfile::tempdir().unwrap();
    let name = "worker-that-is-killed-in-training";
    let sandbox = sandbox_with_workers_named(folder.path(), name);
    let group = SameProcess::group(2, 1, 60_000);
    let mut at_work = Vec::new();
    for rank in 0..2 {
        let seat = Seat::new(group.clone(), rank);
        let mut worker = start_in(&sandbox, TRAIN_TENSORS, seat, device(), limits()).await.unwrap();
        worker.init(spec(rank, 2, &[])).await.unwrap();
        let group = group.clone();
        at_work.push(tokio::spawn(async move {
            loop {
                if let Err(failure) = worker.step().await {
                    // Whoever drives workers dissolves the group of one that is gone.
                    if !worker.is_alive() {
                        group.dissolve();
                    }
                    return (failure, worker.is_alive());
                }
            }
        }));
    }
    tokio::time::sleep(Duration::from_millis(700)).await;
    let workers = process_ids(name);
    assert_eq!(workers.len(), 2);
    assert!(Command::new("kill").args(["-9", &workers[0]]).status().unwrap().success());
    let ended = async {
        let mut ended = Vec::new();
        for worker in at_work {
            ended.push(worker.await.unwrap());
        }
        ended
    };
    let mut ended = tokio::time::timeout(Duration::from_secs(30), ended).await.expect("nobody waits for the lost one");
    ended.sort_by_key(|(_, alive)| *alive);
    let [(lost, false), (left, true)] = &ended[..] else { panic!("one worker was to be lost: {ended:?}") };
    assert!(lost.code == Code::DeviceLost && lost.retryable, "{lost}");
    assert!(left.code == Code::StepFailed && left.retryable && left.message.contains("another worker"), "{left}");
}
