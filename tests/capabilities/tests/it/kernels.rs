//! Kernels of guests on a graphics adapter, which here is Mesa's, in software: honest ones and wrong ones.
//! Never silent where there is no adapter: every test then says that it was skipped, and what to install.

use std::path::PathBuf;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use host_base::Code;
use host_cap_wasi::WasiCapability;
use host_cap_wasi::http::HttpLimits;
use host_gpu::Backend;
use host_runtime::{Sandbox, SandboxConfig};
use sdk_spec::{ByteSize, DeviceGrant};
use serde_json::{Value as Json, json};

use crate::programs::{KERNELS, TENSORS};
use crate::support::{Call, Ended, WORLD, function, sandbox_of};

const MIB: u64 = 1 << 20;

static SANDBOX: LazyLock<Arc<Sandbox>> = LazyLock::new(|| sandbox("kernels", 30_000));

fn sandbox(name: &str, submit_millis_max: u64) -> Arc<Sandbox> {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let wasi = WasiCapability::new(HttpLimits::default(), &[]).unwrap();
    sandbox_of(SandboxConfig::under(folder), &WORLD.artifacts, wasi, Backend::Gpu, submit_millis_max)
}

fn kernels(name: &str) -> Call {
    function(KERNELS, name).granted(|grants| grants.device = Some(DeviceGrant { memory: ByteSize(64 * MIB) }))
}

/// What a function that returns a result said.
fn ok(ended: &Ended) -> Json {
    ended.output()
}

/// Whether there is an adapter; says so where there is none.
async fn has_adapter() -> bool {
    let asked = kernels("adapter").run_in(&SANDBOX).await;
    match asked.outcome {
        Ok(_) => true,
        Err(failure) => {
            println!("skipped: {}", failure.message);
            false
        }
    }
}

#[tokio::test]
async fn a_kernel_computes_what_it_should() {
    if !has_adapter().await {
        return;
    }
    for count in [1_u32, 64, 65, 10_000] {
        let doubled = ok(&kernels("double").plain(json!(count)).run_in(&SANDBOX).await);
        let expected: Vec<f64> = (0..count).map(|number| f64::from(number) * 2.0).collect();
        assert_eq!(doubled, json!(expected), "{count} numbers");
    }
}

#[tokio::test]
async fn copies_and_clears_happen_in_order() {
    if !has_adapter().await {
        return;
    }
    let left = ok(&kernels("copy-and-clear").run_in(&SANDBOX).await);
    assert_eq!(left, json!([0, 0, 0, 0, 9, 9, 2, 3]));
}

#[tokio::test]
async fn what_is_wrong_with_a_kernel_is_told_with_its_place() {
    if !has_adapter().await {
        return;
    }
    let compile =
        |source: &str, entry: &str| kernels("compile").plain(json!(source)).plain(json!(entry)).run_in(&SANDBOX);
    for (source, place, word) in [
        ("fn main( {", "1:", "expected"),
        ("@compute @workgroup_size(1)\nfn main() {\n    let x: u32 = 1.5;\n}", "3:", ""),
        ("@compute @workgroup_size(1)\nfn main() {\n    nothing();\n}", "3:5", "nothing"),
        ("@compute @workgroup_size(100000)\nfn main() {}", "", "Workgroup size"),
    ] {
        let failure = compile(source, "main").await.failure(Code::StepFailed);
        assert!(failure.message.contains(place) && failure.message.contains(word), "{source}: {failure}");
    }
    let failure = compile("@compute @workgroup_size(1)\nfn main() {}", "other").await.failure(Code::StepFailed);
    assert!(failure.message.contains("other"), "{failure}");
}

#[tokio::test]
async fn a_kernel_reaches_nothing_beside_its_buffers() {
    if !has_adapter().await {
        return;
    }
    let left = ok(&kernels("write-past-end").run_in(&SANDBOX).await);
    assert_eq!(left, json!(vec![5; 128]));
}

#[tokio::test]
async fn a_kernel_that_does_not_end_ends_its_step_and_nobody_elses() {
    if !has_adapter().await {
        return;
    }
    static SHORT: LazyLock<Arc<Sandbox>> = LazyLock::new(|| sandbox("kernels-deadline", 1_000));
    let endless = kernels("never-end").run_in(&SHORT);
    let neighbour = async {
        for _ in 0..3 {
            function(TENSORS, "product")
                .plain(json!(10))
                .granted(|grants| grants.device = Some(DeviceGrant { memory: ByteSize(64 * MIB) }))
                .run_in(&WORLD.sandbox)
                .await
                .outputs();
        }
    };
    let (ended, ()) =
        tokio::time::timeout(Duration::from_secs(60), async { tokio::join!(endless, neighbour) }).await.unwrap();
    ended.failure(Code::DeviceDeadline);
}

#[tokio::test]
async fn buffers_are_counted_to_the_one_that_does_not_fit() {
    if !has_adapter().await {
        return;
    }
    let hoard = |buffers: u32| kernels("hoard").plain(json!(buffers)).run_in(&SANDBOX);
    assert_eq!(ok(&hoard(64).await), json!(64));
    hoard(65).await.failure(Code::DeviceMemoryLimit);
}

#[tokio::test]
async fn arguments_that_cannot_be_meant_are_told_and_the_device_goes_on() {
    if !has_adapter().await {
        return;
    }
    let ended = kernels("misuse").run_in(&SANDBOX).await;
    let Json::Array(told) = ended.output() else { panic!("no list") };
    assert_eq!(told.len(), 10);
    for said in told {
        assert!(said.as_str().is_some_and(|said| said.starts_with("invalid argument: ")), "{said}");
    }
}

#[tokio::test]
async fn dispatches_are_measured_only_where_the_clock_was_granted() {
    if !has_adapter().await {
        return;
    }
    let failure = kernels("measure").run_in(&SANDBOX).await.failure(Code::StepFailed);
    assert!(failure.message.contains("grants.clock"), "{failure}");
    let ended = kernels("measure").granted(|grants| grants.clock = true).run_in(&SANDBOX).await;
    assert_eq!(ended.output(), json!(2));
}

#[tokio::test]
async fn burns_tensors_compute_on_the_adapter_what_they_compute_on_processors() {
    if !has_adapter().await {
        return;
    }
    let train = || {
        let call = function(TENSORS, "train").plain(json!(10)).plain(json!(3));
        call.granted(|grants| grants.device = Some(DeviceGrant { memory: ByteSize(256 * MIB) }))
    };
    let learned = |ended: &Ended| match ended.output() {
        Json::Array(losses) => losses.iter().filter_map(Json::as_f64).collect::<Vec<f64>>(),
        other => panic!("no losses: {other}"),
    };
    let on_adapter = learned(&train().run_in(&SANDBOX).await);
    assert_eq!(on_adapter.len(), 10);
    assert!(on_adapter[9] < on_adapter[0], "it learns: {on_adapter:?}");
    let product = function(TENSORS, "product").plain(json!(100));
    let product = product.granted(|grants| grants.device = Some(DeviceGrant { memory: ByteSize(64 * MIB) }));
    assert_eq!(product.run_in(&SANDBOX).await.output(), json!(1_000_000.0));
}
