//! Tensors on the host: what an ordinary Burn program gets, and every way in which a device's guest can go wrong.
//! Never needs a graphics adapter but where the name says so.

use std::sync::LazyLock;
use std::time::Duration;

use host_base::Code;
use host_cap_wasi::WasiCapability;
use host_cap_wasi::http::HttpLimits;
use host_gpu::{Backend, WorkerProgram};
use host_runtime::{Sandbox, SandboxConfig};
use sdk_spec::{ByteSize, DeviceGrant};
use serde_json::{Value as Json, json};

use crate::programs::{TENSOR_LASTING, TENSOR_MISUSE, TENSORS};
use crate::support::{Call, Ended, WORLD, function, sandbox_of, sandbox_working_with};

const MIB: u64 = 1 << 20;

fn granted(call: Call, memory_bytes: u64) -> Call {
    call.granted(|grants| grants.device = Some(DeviceGrant { memory: ByteSize(memory_bytes) }))
}

fn tensor(name: &str) -> Call {
    granted(function(TENSORS, name), 256 * MIB)
}

fn misuse(name: &str) -> Call {
    granted(function(TENSOR_MISUSE, name), 256 * MIB)
}

fn losses(ended: &Ended) -> Vec<f64> {
    match ended.output() {
        Json::Array(losses) => losses.iter().filter_map(Json::as_f64).collect(),
        other => panic!("no losses: {other}"),
    }
}

/// A sandbox whose devices may take so long for a submission.
fn sandbox_with_deadline(name: &str, submit_millis_max: u64) -> std::sync::Arc<Sandbox> {
    let folder = std::path::PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let wasi = WasiCapability::new(HttpLimits::default(), &[]).unwrap();
    sandbox_of(SandboxConfig::under(folder), &WORLD.artifacts, wasi, Backend::Cpu, submit_millis_max)
}

#[tokio::test]
async fn an_ordinary_burn_program_trains() {
    let ended = tensor("train").plain(json!(60)).plain(json!(7)).run().await;
    let losses = losses(&ended);
    assert_eq!(losses.len(), 60);
    assert!(losses[0] > 2.0, "nothing is known at first: {losses:?}");
    assert!(losses[59] < losses[0] / 4.0, "it learns: {losses:?}");
}

#[tokio::test]
async fn training_is_the_same_bit_for_bit_for_one_seed_and_not_for_another() {
    let train = |seed: u64| async move { tensor("train").plain(json!(20)).plain(json!(seed)).run().await.output() };
    let (first, again, other) = tokio::join!(train(1), train(1), train(2));
    assert_eq!(first, again);
    assert_ne!(first, other);
}

#[tokio::test]
async fn contents_come_back_as_they_were_sent_whatever_their_size() {
    // A content within one piece, at its edge, past it, and none at all.
    let piece = 4 * MIB;
    for bytes in [4, piece - 4, piece, piece + 4, 20 * MIB, 0] {
        let ended = tensor("send-and-read").plain(json!(bytes)).run().await;
        assert_eq!(ended.output(), json!(true), "{bytes} bytes");
    }
}

#[tokio::test]
async fn a_product_is_what_it_should_be() {
    let ended = tensor("product").plain(json!(200)).run().await;
    assert_eq!(ended.output(), json!(200.0 * 200.0 * 200.0));
}

#[tokio::test]
async fn shapes_that_do_not_fit_are_told_in_the_programs_terms() {
    let failure = tensor("misfit").run().await.failure(Code::Trap);
    assert!(failure.message.contains("Matmul"), "{failure}");
    assert!(failure.message.contains("[2, 3]") && failure.message.contains("[4, 5]"), "{failure}");
}

#[tokio::test]
async fn without_a_grant_there_is_no_device() {
    let failure = function(TENSORS, "product").plain(json!(2)).run().await.failure(Code::ImportNotGranted);
    assert!(failure.message.contains("sandmill:tensor/devices") && failure.message.contains("`device`"), "{failure}");
}

#[tokio::test]
async fn who_can_do_without_a_device_is_admitted_and_told_what_to_grant() {
    assert_eq!(function(TENSOR_LASTING, "do-without").run().await.output(), json!(true));
    let told = function(TENSOR_LASTING, "open").run().await.output();
    let told = told.as_str().unwrap();
    assert!(told.starts_with("SM0302: ") && told.contains("grants: { device"), "{told}");
    let granted = granted(function(TENSOR_LASTING, "open"), 16 * MIB);
    assert_eq!(granted.run().await.output(), json!((16 * MIB).to_string()));
}

#[tokio::test]
async fn who_can_do_without_a_device_goes_on_after_what_goes_wrong_with_it() {
    let lasting = |name| granted(function(TENSOR_LASTING, name), 16 * MIB);
    assert_eq!(lasting("double").run().await.output(), json!([2.0, 4.0, 6.0, 8.0]));
    // More than can be open at once: one that is gone and was given up makes room.
    assert_eq!(lasting("exhaust").plain(json!(6)).run().await.output(), json!(6));
    let mistake = lasting("mistake").run().await.output();
    assert!(mistake[0].as_str().unwrap().contains("end past the content of tensor 1"), "{mistake}");
    assert_eq!(mistake[1], json!(true));
}

#[tokio::test]
async fn memory_is_counted_to_the_tensor_that_does_not_fit() {
    let hoard = |tensors: u64| granted(function(TENSORS, "hoard"), 16 * MIB).plain(json!(tensors));
    assert_eq!(hoard(16).run().await.output(), json!(16));
    let failure = hoard(17).run().await.failure(Code::DeviceMemoryLimit);
    assert!(failure.message.contains(&(16 * MIB).to_string()) && failure.message.contains("[262144]"), "{failure}");
    assert!(failure.hint.unwrap().contains("grants.device.memory"));
}

#[tokio::test]
async fn all_devices_of_a_step_share_what_it_was_granted() {
    let fill = |bytes: [u64; 3]| granted(function(TENSOR_MISUSE, "fill-each"), MIB).plain(json!(bytes));
    let (half, quarter) = (MIB / 2, MIB / 4);
    fill([half, quarter, quarter]).run().await.outputs();
    let failure = fill([half, quarter, quarter + 4]).run().await.failure(Code::DeviceMemoryLimit);
    assert!(failure.message.contains(&MIB.to_string()), "{failure}");
    // A device that was dropped leaves its room to the next.
    let in_turn = granted(function(TENSOR_MISUSE, "fill-in-turn"), MIB).plain(json!(MIB)).plain(json!(20));
    in_turn.run().await.outputs();
}

#[tokio::test]
async fn what_is_dropped_is_free_again() {
    let ended = granted(function(TENSORS, "drop-each"), 2 * MIB).plain(json!(100)).run().await;
    assert_eq!(ended.output(), json!(100));
}

#[tokio::test]
async fn a_content_larger_than_the_memory_is_refused_before_it_is_sent() {
    for bytes in [257 * MIB, u64::MAX / 2] {
        let ended = misuse("announce-content").plain(json!(bytes)).run().await;
        ended.failure(Code::DeviceMemoryLimit);
    }
}

#[tokio::test]
async fn a_submission_past_its_deadline_ends_that_step_and_nobody_elses() {
    static SANDBOX: LazyLock<std::sync::Arc<Sandbox>> =
        LazyLock::new(|| sandbox_with_deadline("tensors-deadline", 300));
    let long = tensor("work").plain(json!(4096)).plain(json!(20)).run_in(&SANDBOX);
    let neighbour = async {
        // While the other one's device computes, and after it was killed.
        for _ in 0..5 {
            tensor("product").plain(json!(50)).run_in(&SANDBOX).await.outputs();
        }
    };
    let (ended, ()) =
        tokio::time::timeout(Duration::from_secs(60), async { tokio::join!(long, neighbour) }).await.unwrap();
    let failure = ended.failure(Code::DeviceDeadline);
    assert!(failure.message.contains("300 ms"), "{failure}");
}

#[tokio::test]
async fn submissions_that_are_short_may_be_many() {
    static SANDBOX: LazyLock<std::sync::Arc<Sandbox>> = LazyLock::new(|| sandbox_with_deadline("tensors-many", 2_000));
    let ended = tensor("work").plain(json!(256)).plain(json!(3_000)).run_in(&SANDBOX).await;
    assert_eq!(ended.output(), json!(true));
}

#[tokio::test]
async fn a_cancelled_step_does_not_wait_for_its_device() {
    let call = tensor("work").plain(json!(4096)).plain(json!(100));
    let cancel = call.cancel.clone();
    let run = call.run();
    let stop = async {
        tokio::time::sleep(Duration::from_millis(500)).await;
        cancel.cancel();
    };
    let (ended, ()) = tokio::time::timeout(Duration::from_secs(20), async { tokio::join!(run, stop) }).await.unwrap();
    ended.failure(Code::Cancelled);
}

#[tokio::test]
async fn other_forms_of_operations_are_refused_and_the_known_one_is_named() {
    let ended = misuse("open-with").plain(json!("onnx/9")).run().await;
    let told = ended.output();
    assert!(
        told.as_str().is_some_and(|told| told.starts_with("unsupported") && told.contains("burn-ir/0.22")),
        "{told}"
    );
}

#[tokio::test]
async fn devices_of_one_step_are_few() {
    assert_eq!(misuse("open-many").run().await.output(), json!(8));
}

#[tokio::test]
async fn bytes_that_are_no_operations_end_the_step_with_a_typed_failure() {
    for bytes in [vec![0xff; 64], vec![0; 3], (0..=255).collect::<Vec<u8>>()] {
        misuse("run-bytes").plain(json!(bytes)).run().await.failure(Code::DeviceOperation);
    }
}

#[tokio::test]
async fn operations_that_cannot_be_meant_end_the_step_with_a_typed_failure() {
    for (name, told) in [
        ("add-unknown", ""),
        ("announce-less", "was announced"),
        ("run-custom", "not Burn's own"),
        ("write-out-of-order", "out of order"),
        ("read-unknown", ""),
    ] {
        let failure = misuse(name).run().await.failure(Code::DeviceOperation);
        assert!(failure.message.contains(told), "{name}: {failure}");
    }
}

#[tokio::test]
async fn a_write_past_the_end_is_told_and_the_device_goes_on() {
    let told = misuse("write-past-end").run().await.output();
    assert!(told.as_str().is_some_and(|told| told.starts_with("invalid argument")), "{told}");
}

#[tokio::test]
async fn a_guest_that_ends_takes_its_device_along() {
    // A name of its own, by which its workers are told from those of other tests.
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("worker-of-a-guest-that-ends");
    std::os::unix::fs::symlink(tests_kit::binary::path(), &program).unwrap();
    let wasi = WasiCapability::new(HttpLimits::default(), &[]).unwrap();
    let worker = WorkerProgram::new(program, Backend::Cpu);
    let config = SandboxConfig::under(folder.path().join("sandbox"));
    let sandbox = sandbox_working_with(config, &WORLD.artifacts, wasi, worker, 30_000);
    // The component is compiled before anything is timed.
    tensor("product").plain(json!(2)).run_in(&sandbox).await.outputs();
    let call = tensor("work").plain(json!(2048)).plain(json!(1_000)).limited(|limits| limits.wall_millis_max = 4_000);
    let watched = async {
        tokio::time::sleep(Duration::from_millis(2_000)).await;
        processes_named("worker-of-a-guest-that-ends")
    };
    let (ended, while_it_lived) = tokio::join!(call.run_in(&sandbox), watched);
    ended.failure(Code::WallTimeLimit);
    assert_eq!(while_it_lived, 1);
    let gone = async {
        while processes_named("worker-of-a-guest-that-ends") > 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), gone).await.expect("the worker ends with its guest");
}

/// How many processes were started under this name.
fn processes_named(name: &str) -> usize {
    process_ids(name).len()
}

/// Processes that were started under this name.
pub(crate) fn process_ids(name: &str) -> Vec<String> {
    let processes = std::fs::read_dir("/proc").unwrap().flatten();
    let command = |path: std::path::PathBuf| std::fs::read(path.join("cmdline")).unwrap_or_default();
    processes
        .filter(|process| String::from_utf8_lossy(&command(process.path())).contains(name))
        .map(|process| process.file_name().to_string_lossy().into_owned())
        .collect()
}
