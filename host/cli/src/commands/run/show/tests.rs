//! What a run looks like.
//! Never asks a server.

use host_api::artifact::{ArtifactKind, ArtifactRef};
use host_api::problem::Problem;
use host_api::run::Usage;
use serde_json::json;

use super::*;

fn step(name: &str, status: &str, began: u64, ended: u64) -> Step {
    Step {
        kind: "step".to_owned(),
        parent: None,
        name: name.to_owned(),
        status: status.to_owned(),
        attempts: 1,
        reused: false,
        component: "sandmill/load:1@sha256:0123456789abcdef".to_owned(),
        signer: None,
        started_at_millis: Some(began),
        finished_at_millis: Some(ended),
        outputs: None,
        failure: None,
        usage: Some(Usage { cpu_millis: 20, memory_bytes_peak: 3 << 20, ..Usage::default() }),
    }
}

#[test]
fn a_run_shows_steps_in_the_order_of_work_and_failures_with_what_to_do() {
    let mut load = step("load", "succeeded", 1_000, 1_480);
    let artifact = ArtifactRef {
        digest: "sha256:abc".to_owned(),
        kind: ArtifactKind::DataSet,
        media_type: "text/csv".to_owned(),
        size_bytes: 2048,
        metadata: BTreeMap::new(),
    };
    load.outputs = Some(BTreeMap::from([
        ("rows".to_owned(), Value::Plain(json!(1797))),
        ("table".to_owned(), Value::Artifact(artifact)),
    ]));
    let mut check = step("check", "failed", 1_480, 1_500);
    check.failure = Some(Problem {
        code: "SM0501".to_owned(),
        message: "column `x` is \u{1b}[31mmissing".to_owned(),
        hint: Some("add it".to_owned()),
        retryable: false,
    });
    let run = Run {
        id: "019a5c1e-7f3a-7c3e-9d52-0b1c2d3e4f50".to_owned(),
        name: None,
        pipeline: "digits".to_owned(),
        experiment: None,
        schedule: None,
        parameters: BTreeMap::from([("seed".to_owned(), Value::Plain(json!(7)))]),
        status: "failed".to_owned(),
        submitted_at_millis: 0,
        finished_at_millis: Some(1_500),
        steps_total: 2,
        failure: None,
        steps_finished: 2,
    };
    let expected = "\
run        019a5c1e-7f3a-7c3e-9d52-0b1c2d3e4f50
pipeline   digits
status     failed in 1.5 s
submitted  1970-01-01 00:00:00 UTC
parameter  seed = 7

STEP   STATUS     CACHED  ATTEMPTS   MS  CPU MS   MEMORY  COMPONENT
load   succeeded  -              1  480      20  3.0 MiB  sandmill/load:1 0123456789ab
check  failed     -              1   20      20  3.0 MiB  sandmill/load:1 0123456789ab

OUTPUT      VALUE
load.rows   1797
load.table  sha256:abc text/csv 2.0 KiB

check
  error[SM0501]: column `x` is [31mmissing
    next: add it";
    assert_eq!(
        text(&RunDetail { run, steps: vec![check, load], next: None, position: String::new() }, false),
        expected
    );
}
