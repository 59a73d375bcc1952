//! Trained models on a device: each operator and whole networks against onnxruntime, and models that must be refused.
//! Never silent where there is no onnxruntime: every test then says that it was skipped, and how it is had.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, LazyLock};

use host_base::{ArtifactKind, ArtifactRef, Code};
use host_cap_wasi::WasiCapability;
use host_cap_wasi::http::HttpLimits;
use host_gpu::Backend;
use host_runtime::{Sandbox, SandboxConfig};
use sdk_spec::{ByteSize, DeviceGrant};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use crate::programs::MODEL_RUNNER;
use crate::support::{Call, WORLD, function, keep, sandbox_of};

/// A Python with onnx and onnxruntime; `cargo xtask test` makes one.
const PYTHON: &str = "SANDMILL_ONNX_PYTHON";
const MIB: u64 = 1 << 20;
/// How far a number may be from onnxruntime's, as a part of it and at least of 1: sums are added in another order.
const TOLERANCE: f64 = 2e-4;
const NETWORKS: [&str; 3] = ["mlp", "cnn", "transformer"];

/// A model's input, and what onnxruntime makes of it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Case {
    shape: Vec<u64>,
    numbers: Vec<f64>,
    expected_shape: Vec<u64>,
    expected: Vec<f64>,
}

/// The folder with the models; none, with the reason on stdout, where they cannot be made.
fn models() -> Option<&'static Path> {
    static FOLDER: LazyLock<Result<PathBuf, String>> = LazyLock::new(|| {
        let python =
            std::env::var_os(PYTHON).ok_or(format!("{PYTHON} names no Python; `cargo xtask test` makes one"))?;
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("onnx");
        std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("onnx/models.py");
        let made =
            Command::new(python).arg("-B").arg(script).arg(&folder).output().map_err(|error| error.to_string())?;
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        Ok(folder)
    });
    FOLDER.as_deref().inspect_err(|reason| println!("skipped: {reason}")).ok()
}

fn sandbox(name: &str, backend: Backend) -> Arc<Sandbox> {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let wasi = WasiCapability::new(HttpLimits::default(), &[]).unwrap();
    sandbox_of(SandboxConfig::under(folder), &WORLD.artifacts, wasi, backend, 60_000)
}

fn granted(call: Call, memory_bytes: u64) -> Call {
    call.granted(|grants| grants.device = Some(DeviceGrant { memory: ByteSize(memory_bytes) }))
}

async fn model(bytes: &[u8]) -> ArtifactRef {
    keep(ArtifactKind::Model, bytes).await
}

async fn read(folder: &Path, name: &str) -> ArtifactRef {
    model(&std::fs::read(folder.join(name).with_extension("onnx")).unwrap()).await
}

fn runner(name: &str, model: &ArtifactRef) -> Call {
    granted(function(MODEL_RUNNER, name).artifact(model), 256 * MIB)
}

/// What a function that returns a result of texts said.
async fn said(call: Call, sandbox: &Arc<Sandbox>) -> Result<String, String> {
    let ended = call.run_in(sandbox).await;
    match ended.outcome {
        Ok(_) => Ok(ended.output().as_str().unwrap_or_default().to_owned()),
        Err(failure) => Err(failure.message),
    }
}

/// Why the model does not do on this device what onnxruntime does; none where it does.
async fn differs(folder: &Path, name: &str, sandbox: &Arc<Sandbox>) -> Option<String> {
    let case = std::fs::read_to_string(folder.join(name).with_extension("json")).unwrap();
    let case: Case = serde_json::from_str(&case).unwrap();
    let call = runner("run", &read(folder, name).await).plain(json!(case.shape)).plain(json!(case.numbers));
    let line = match said(call, sandbox).await {
        Ok(line) => line,
        Err(reason) => return Some(format!("{name}: {reason}")),
    };
    let (shape, numbers) = line.split_once(": ").unwrap_or((&line, ""));
    let lengths: Vec<String> = case.expected_shape.iter().map(u64::to_string).collect();
    // A single number comes as a row of one.
    let fits = shape == lengths.join("x") || (lengths.is_empty() && shape == "1");
    let found: Vec<f64> = numbers.split(' ').filter_map(|number| number.parse().ok()).collect();
    let near = |(found, expected): (&f64, &f64)| (found - expected).abs() <= TOLERANCE * expected.abs().max(1.0);
    let is_same = found.len() == case.expected.len() && found.iter().zip(&case.expected).all(near);
    (!fits || !is_same).then(|| format!("{name}: {shape} {found:?} instead of {lengths:?} {:?}", case.expected))
}

fn names(folder: &Path) -> Vec<String> {
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let cases = files.filter(|file| file.extension().is_some_and(|ending| ending == "json"));
    let mut names: Vec<String> = cases.map(|file| file.file_stem().unwrap().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn operators_and_networks_do_what_onnxruntime_does() {
    let Some(folder) = models() else { return };
    let sandbox = sandbox("models", Backend::Cpu);
    let names = names(folder);
    assert!(names.len() > 100, "{names:?}");
    let mut wrong = Vec::new();
    for name in &names {
        wrong.extend(differs(folder, name, &sandbox).await);
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), names.len(), wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn networks_do_the_same_on_a_graphics_adapter() {
    let Some(folder) = models() else { return };
    let sandbox = sandbox("models-on-an-adapter", Backend::Gpu);
    for name in NETWORKS {
        match differs(folder, name, &sandbox).await {
            Some(reason) if reason.contains("no graphics adapter") => return println!("skipped: {reason}"),
            other => assert_eq!(other, None),
        }
    }
}

#[tokio::test]
async fn a_model_says_what_it_takes_and_makes() {
    let Some(folder) = models() else { return };
    let sandbox = sandbox("models-described", Backend::Cpu);
    let line = said(runner("describe", &read(folder, "cnn").await), &sandbox).await.unwrap();
    let (takes, makes) = line.split_once(" -> ").unwrap();
    assert_eq!(takes, "input ElementType::F32 ?x1x28x28");
    assert!(makes.starts_with("Gemm-9-0 ElementType::F32 "), "{makes}");
}

#[tokio::test]
async fn inputs_that_do_not_fit_are_told_by_name_and_the_model_goes_on() {
    let Some(folder) = models() else { return };
    let sandbox = sandbox("models-misused", Backend::Cpu);
    let ended = runner("misuse", &read(folder, "mlp").await).run_in(&sandbox).await;
    let Json::Array(told) = ended.output() else { panic!("nothing was said") };
    let told: Vec<&str> = told.iter().filter_map(Json::as_str).collect();
    for (line, words) in told.iter().zip([
        "`input` is missing",
        "no input `nobody`; it has input",
        "has the shape [4]; the model wants [1, 4]",
        "has the shape [1, 5]",
        "type I32; the model wants F32",
        "does not have 3 bytes",
        "it ran",
    ]) {
        assert!(line.contains(words), "`{line}` has no `{words}`");
    }
}

#[tokio::test]
async fn models_that_cannot_be_run_are_refused_with_the_reason() {
    let Some(folder) = models() else { return };
    let sandbox = sandbox("models-refused", Backend::Cpu);
    let refused = async |model: &ArtifactRef| said(runner("describe", model), &sandbox).await.unwrap_err();
    let unknown = refused(&read(folder, "unknown").await).await;
    assert!(
        unknown.contains("Hardmax (`") && unknown.contains("LpNormalization (`"),
        "all of them are named: {unknown}"
    );
    let cyclic = refused(&read(folder, "cyclic").await).await;
    assert!(cyclic.contains("invalid"), "{cyclic}");
    let whole = std::fs::read(folder.join("cnn.onnx")).unwrap();
    for (name, bytes) in [
        ("empty", &b""[..]),
        ("text", b"this is no model"),
        ("torn", &whole[..whole.len() / 2]),
        ("torn early", &whole[..9]),
    ] {
        let reason = refused(&model(bytes).await).await;
        assert!(reason.contains("invalid") || reason.contains("unsupported"), "{name}: {reason}");
    }
    // What was refused took nothing along.
    assert_eq!(differs(folder, "mlp", &sandbox).await, None);
}

#[tokio::test]
async fn what_a_model_takes_is_counted_before_it_is_there() {
    let Some(folder) = models() else { return };
    let sandbox = sandbox("models-counted", Backend::Cpu);
    let numbers = [json!([1, 4]), json!([0.0, 0.0, 0.0, 0.0])];
    let run = |model: &ArtifactRef, memory_bytes: u64| {
        let [shape, content] = numbers.clone();
        granted(function(MODEL_RUNNER, "run").artifact(model).plain(shape).plain(content), memory_bytes)
            .run_in(&sandbox)
    };
    let huge = run(&read(folder, "huge").await, 256 * MIB).await.failure(Code::DeviceMemoryLimit);
    assert!(huge.message.contains("`expand1`"), "{huge}");
    let small = run(&read(folder, "mlp").await, 600).await.failure(Code::DeviceMemoryLimit);
    assert!(small.message.contains("600 bytes"), "{small}");
    let hoard = runner("hoard", &read(folder, "mlp").await).run_in(&sandbox).await.output();
    assert_eq!(hoard, json!("8 invalid: a step has at most 8 devices and models open at once"));
}

/// Files with bytes changed at random are read or refused, and never take the node along.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_model_is_read_or_refused() {
    let Some(folder) = models() else { return };
    let sandbox = sandbox("models-damaged", Backend::Cpu);
    let whole = std::fs::read(folder.join("mlp.onnx")).unwrap();
    let mut state = 1_u64;
    for _ in 0..40 {
        let mut bytes = whole.clone();
        for _ in 0..4 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let place = (state >> 33) as usize % bytes.len();
            bytes[place] = (state >> 24) as u8;
        }
        let call = runner("run", &model(&bytes).await).plain(json!([1, 4])).plain(json!([1.0, 2.0, 3.0, 4.0]));
        // Whatever it says, it says it; a worker that is lost is a limit of its own kind.
        if let Err(reason) = said(call, &sandbox).await {
            assert!(!reason.is_empty());
        }
    }
    assert_eq!(differs(folder, "mlp", &sandbox).await, None);
}
