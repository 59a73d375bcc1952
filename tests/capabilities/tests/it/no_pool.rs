//! The engine where the address space has no room for an instance pool.
//! Never shrinks the address space of the other tests: a process of its own does the work.

use std::process::Command;

use host_runtime::SandboxConfig;
use registry_cas::MemoryBlobs;

use crate::programs::NOOP;
use crate::support::{function, sandbox};

/// Set in the process whose address space is small.
const INSIDE: &str = "SANDMILL_TEST_SMALL_ADDRESS_SPACE";
/// 64 GiB, as `ulimit` wants it: room for some guests, and far from enough for a pool of 500.
const ADDRESS_SPACE_KIB: u64 = 64 << 20;

#[tokio::test]
async fn steps_run_without_an_instance_pool() {
    if std::env::var_os(INSIDE).is_some() {
        let config = SandboxConfig::under(std::path::PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("no-pool"));
        assert_eq!(config.pool_instances_max, 500);
        let artifacts = host_artifacts::Artifacts::new(std::sync::Arc::new(MemoryBlobs::new(1 << 20)));
        function(NOOP, "run").run_in(&sandbox(config, &artifacts)).await.outputs();
        return;
    }
    let test = std::env::current_exe().unwrap();
    let script = format!("ulimit -v {ADDRESS_SPACE_KIB} && exec \"$0\" no_pool --nocapture");
    let mut small = Command::new("sh");
    small.args(["-c", &script]).arg(test).env(INSIDE, "1").env("RUST_BACKTRACE", "0");
    let output = tokio::task::spawn_blocking(move || small.output()).await.unwrap().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("1 passed"), "{said}");
}
