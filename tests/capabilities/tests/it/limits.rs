//! Every limit at its edge: just below works, just above is a failure that names the limit.
//! Never measures speed; times here only have to be plainly too long or plainly enough.

use std::time::Duration;

use host_base::Code;
use serde_json::json;

use crate::programs::{ENDLESS_LOOP, HUGE_CALL, HUGE_OUTPUT, MEMORY_BOMB, NOOP, SLEEP};
use crate::support::{function, function_of};

const MIB: u64 = 1 << 20;

#[tokio::test]
async fn memory() {
    let bomb = |mebibytes: u32| function(MEMORY_BOMB, "run").plain(json!(mebibytes));
    let ended = bomb(60).limited(|limits| limits.memory_bytes_max = 64 * MIB).run().await;
    ended.outputs();
    assert!((60 * MIB..=64 * MIB).contains(&ended.usage.memory_bytes_peak), "{}", ended.usage.memory_bytes_peak);
    let ended = bomb(64).limited(|limits| limits.memory_bytes_max = 64 * MIB).run().await;
    let failure = ended.failure(Code::MemoryLimit);
    assert_eq!(failure.message, "the step reached its memory limit of 64MiB");
    assert!(failure.hint.unwrap().contains("`limits.memory`"));
}

#[tokio::test]
async fn memory_that_the_component_starts_with() {
    let failure = function(NOOP, "run").limited(|limits| limits.memory_bytes_max = 1 << 16).run().await;
    failure.failure(Code::MemoryLimit);
}

#[tokio::test]
async fn cpu() {
    let ended = function(ENDLESS_LOOP, "run").limited(|limits| limits.cpu_ticks_max = 20).run().await;
    assert_eq!(ended.failure(Code::CpuLimit).message, "the step reached its CPU time limit of 200ms");
    assert_eq!(ended.usage.cpu_ticks, 21);
    let ended =
        function(ENDLESS_LOOP, "count").plain(json!(1000)).limited(|limits| limits.cpu_ticks_max = 20).run().await;
    ended.outputs();
}

#[tokio::test]
async fn waiting_is_no_computing() {
    let ended = function(SLEEP, "run").plain(json!(300)).limited(|limits| limits.cpu_ticks_max = 10).run().await;
    ended.outputs();
    assert!(ended.usage.cpu_ticks <= 5, "{}", ended.usage.cpu_ticks);
    assert!(ended.usage.wall_micros >= 300_000);
}

#[tokio::test]
async fn wall_time_of_guests_that_compute_and_that_wait() {
    for call in [function(ENDLESS_LOOP, "run"), function(SLEEP, "run").plain(json!(60_000))] {
        let call = call.limited(|limits| limits.wall_millis_max = 200).run();
        let failure = tokio::time::timeout(Duration::from_secs(10), call).await.unwrap().failure(Code::WallTimeLimit);
        assert_eq!(failure.message, "the step reached its wall time limit of 200ms");
        assert!(failure.hint.unwrap().contains("`timeout`"));
    }
    let ended = function(SLEEP, "run").plain(json!(10)).limited(|limits| limits.wall_millis_max = 5_000).run().await;
    ended.outputs();
}

#[tokio::test]
async fn output() {
    let write = |bytes: u64, give_up: bool| {
        let call = function(HUGE_OUTPUT, "run").plain(json!(bytes)).plain(json!(give_up));
        call.limited(|limits| limits.output_bytes_max = MIB)
    };
    let ended = write(MIB, false).run().await;
    assert_eq!((ended.artifact("output").size_bytes, ended.usage.output_bytes), (MIB, MIB));
    let failure = write(MIB + 1, false).run().await.failure(Code::OutputLimit);
    assert_eq!(failure.message, "the step reached its output limit of 1MiB");
    assert!(failure.hint.unwrap().contains("`limits.output`"));
    // A guest that does without what it could not write has not failed.
    assert_eq!(write(MIB + 1, true).run().await.output(), json!(null));
}

#[tokio::test]
async fn bytes_of_one_host_call() {
    for name in ["run", "return-text"] {
        let call = |bytes: u64| {
            let call = function(HUGE_CALL, name).plain(json!(bytes));
            call.limited(|limits| limits.host_call_bytes_max = MIB)
        };
        call(MIB - 1024).run().await.outputs();
        let failure = call(MIB + 1).run().await.failure(Code::HostCallLimit);
        assert_eq!(failure.message, "the step reached its host call limit of 1MiB in one call");
    }
}

/// A component whose one function makes its table grow by the given number of elements.
const GROWS_A_TABLE: &str = r#"
    (component
        (core module $module
            (table $table 0 funcref)
            (func (export "run") (param i32)
                (drop (table.grow $table (ref.null func) (local.get 0)))))
        (core instance $instance (instantiate $module))
        (func (export "run") (param "elements" u32) (canon lift (core func $instance "run"))))
"#;

#[tokio::test]
async fn table_elements() {
    let grow = |elements: u32| {
        let call = function_of(wat::parse_str(GROWS_A_TABLE).unwrap(), "run").plain(json!(elements));
        call.limited(|limits| limits.table_elements_max = 1000)
    };
    grow(1000).run().await.outputs();
    let failure = grow(1001).run().await.failure(Code::TableLimit);
    assert_eq!(failure.message, "the step reached its table limit of 1000 elements");
}

/// A component of this many core instances.
fn made_of(instances: usize) -> Vec<u8> {
    let more = "(core instance (instantiate $module))".repeat(instances - 1);
    let text = format!(
        r#"(component
            (core module $module (func (export "run")))
            (core instance $first (instantiate $module))
            {more}
            (func (export "run") (canon lift (core func $first "run"))))"#
    );
    wat::parse_str(text).unwrap()
}

#[tokio::test]
async fn core_instances() {
    let call = |instances: usize| function_of(made_of(instances), "run").limited(|limits| limits.instances_max = 5);
    call(5).run().await.outputs();
    let failure = call(6).run().await.failure(Code::InstanceLimit);
    assert_eq!(failure.message, "the step reached its instance limit of 5 core instances");
}

#[tokio::test(flavor = "multi_thread")]
async fn neighbours_notice_nothing() {
    let bombs = (0..4).map(|_| {
        tokio::spawn(
            function(MEMORY_BOMB, "run").plain(json!(512)).limited(|limits| limits.memory_bytes_max = 8 * MIB).run(),
        )
    });
    let bombs: Vec<_> = bombs.collect();
    for _ in 0..20 {
        function(NOOP, "run").run().await.outputs();
    }
    for bomb in bombs {
        bomb.await.unwrap().failure(Code::MemoryLimit);
    }
}
