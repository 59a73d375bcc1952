//! Compiled code on disk: found again, refused when damaged, kept within its size, made once.
//! Never asserts a time; the cold start is measured and printed.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use host_artifacts::Artifacts;
use host_base::{Code, Failure, Limits};
use host_runtime::{CallRequest, CallTarget, Lent, Sandbox, SandboxConfig};
use registry_cas::MemoryBlobs;
use registry_oci::Digest;
use sdk_spec::Grants;
use tests_kit::RecordingObserver;
use tokio_util::sync::CancellationToken;

use crate::programs::{NOOP, TRAP};
use crate::support::{context, prepare, sandbox};

fn open(folder: &std::path::Path) -> Arc<Sandbox> {
    let config = SandboxConfig { pool_instances_max: 10, ..SandboxConfig::under(folder) };
    sandbox(config, &Artifacts::new(Arc::new(MemoryBlobs::new(1 << 30))))
}

fn files(folder: &std::path::Path, extension: &str) -> Vec<std::path::PathBuf> {
    let listing = std::fs::read_dir(folder.join("code")).unwrap();
    let paths = listing.map(|file| file.unwrap().path());
    paths.filter(|path| path.extension().is_some_and(|found| found == extension)).collect()
}

async fn call_noop(sandbox: &Sandbox, bytes: &[u8]) {
    let component = prepare(sandbox, bytes).await.unwrap();
    let signature = host_runtime::interface::interface(bytes).unwrap().functions[0].clone();
    let request = CallRequest {
        target: CallTarget::Function { signature, arguments: Vec::new() },
        grants: Grants::default(),
        limits: Limits::default(),
        context: context(),
        lent: Lent::default(),
    };
    let observer = Arc::new(RecordingObserver::default());
    sandbox.call(&component, request, observer, CancellationToken::new()).await.outcome.unwrap();
}

async fn never_load() -> Result<Vec<u8>, Failure> {
    Err(Failure::new(Code::Internal, "the bytes were asked for although the code is cached"))
}

#[tokio::test]
async fn a_second_process_finds_the_code_and_needs_no_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = tests_kit::guests::program(NOOP);
    let digest = Digest::sha256(&bytes);
    let first = open(folder.path());
    assert!(!first.is_cached(&digest));
    call_noop(&first, &bytes).await;
    assert!(first.is_cached(&digest));
    drop(first);

    let second = open(folder.path());
    assert!(second.is_cached(&digest));
    let started = Instant::now();
    second.prepare(&digest, never_load).await.unwrap();
    let prepared = started.elapsed();
    call_noop(&second, &bytes).await;
    let first_result = started.elapsed();
    let started = Instant::now();
    for _ in 0..100 {
        call_noop(&second, &bytes).await;
    }
    let each = started.elapsed() / 100;
    eprintln!(
        "cold start of a cached component: prepared {prepared:?}, first result {first_result:?}, then {each:?} a call"
    );
}

#[cfg(unix)]
#[tokio::test]
async fn the_folder_is_this_programs_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    drop(open(folder.path()));
    let mode = std::fs::metadata(folder.path().join("code")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
}

#[tokio::test]
async fn damaged_code_is_compiled_again() {
    let bytes = tests_kit::guests::program(NOOP);
    let damages: [fn(&mut Vec<u8>); 3] = [
        |code| {
            let middle = code.len() / 2;
            code[middle] ^= 1;
        },
        |code| code.truncate(100),
        Vec::clear,
    ];
    for damage in damages {
        let folder = tempfile::tempdir().unwrap();
        call_noop(&open(folder.path()), &bytes).await;
        let file = &files(folder.path(), "code")[0];
        let sound = std::fs::read(file).unwrap();
        let mut code = sound.clone();
        damage(&mut code);
        std::fs::write(file, &code).unwrap();
        call_noop(&open(folder.path()), &bytes).await;
        assert_eq!(std::fs::read(file).unwrap().len(), sound.len(), "it was not compiled again");
    }
}

#[tokio::test]
async fn code_without_its_hash_is_not_trusted() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = tests_kit::guests::program(NOOP);
    call_noop(&open(folder.path()), &bytes).await;
    std::fs::remove_file(&files(folder.path(), "sha256")[0]).unwrap();
    let sandbox = open(folder.path());
    assert!(!sandbox.is_cached(&Digest::sha256(&bytes)));
    call_noop(&sandbox, &bytes).await;
}

#[tokio::test]
async fn the_cache_stays_within_its_size() {
    let folder = tempfile::tempdir().unwrap();
    let config =
        SandboxConfig { pool_instances_max: 10, code_cache_bytes_max: 1, ..SandboxConfig::under(folder.path()) };
    let sandbox = sandbox(config, &Artifacts::new(Arc::new(MemoryBlobs::new(1 << 30))));
    for program in [NOOP, TRAP] {
        prepare(&sandbox, &tests_kit::guests::program(program)).await.unwrap();
    }
    assert_eq!(files(folder.path(), "code").len(), 1, "only the newest may stay");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_at_once_compile_once() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = open(folder.path());
    let bytes = tests_kit::guests::program(NOOP);
    let loads = Arc::new(AtomicUsize::new(0));
    let callers = (0..16).map(|_| {
        let (sandbox, bytes, loads) = (sandbox.clone(), bytes.clone(), loads.clone());
        tokio::spawn(async move {
            let digest = Digest::sha256(&bytes);
            let load = || async move {
                loads.fetch_add(1, Ordering::Relaxed);
                Ok(bytes)
            };
            sandbox.prepare(&digest, load).await.map(drop)
        })
    });
    for caller in callers.collect::<Vec<_>>() {
        caller.await.unwrap().unwrap();
    }
    assert_eq!(loads.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn bytes_of_another_digest_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = open(folder.path());
    let bytes = tests_kit::guests::program(NOOP);
    let failure = sandbox.prepare(&Digest::sha256(b"other"), || async { Ok(bytes) }).await.err().unwrap();
    assert_eq!(failure.code, Code::DigestMismatch);
    assert!(files(folder.path(), "code").is_empty());
}

#[tokio::test]
async fn what_is_no_component_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = open(folder.path());
    let module = wat::parse_str("(module)").unwrap();
    for bytes in [&b""[..], b"#!/bin/sh\n", &module] {
        let failure = prepare(&sandbox, bytes).await.err().unwrap();
        assert_eq!(failure.code, Code::NotAComponent, "{}", failure.message);
    }
}
