//! TrainJob documents that are read, and those that are refused.
//! Never needs a component.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::*;

const SMALL: &str = "
apiVersion: sandmill.dev/v1
kind: TrainJob
metadata: {name: fit-line}
spec: {component: 'team/fit-line:1.0.0'}
";

fn document(spec: &str) -> String {
    format!("apiVersion: sandmill.dev/v1\nkind: TrainJob\nmetadata: {{name: fit-line}}\nspec:\n{spec}")
}

fn problems(spec: &str) -> Vec<String> {
    TrainJob::parse(&document(spec)).unwrap_err().problems.iter().map(ToString::to_string).collect()
}

#[test]
fn what_is_left_out_has_a_default() {
    let job = TrainJob::parse(SMALL).unwrap();
    let spec = &job.spec;
    assert_eq!((spec.workers, spec.seed, spec.checkpoint.keep), (1, 0, 2));
    assert_eq!(spec.restart, RestartPolicy { scope: RestartScope::All, max_restarts: 3 });
    assert_eq!(TrainJob::parse(&job.to_yaml()).unwrap(), job);
}

#[test]
fn everything_can_be_said() {
    let text = "
apiVersion: sandmill.dev/v1
kind: TrainJob
metadata: {name: fit-line, description: A line}
spec:
  component: team/fit-line:1.0.0
  workers: 4
  seed: 7
  settings: {learning-rate: 0.1, rows: 100, shuffle: true, optimizer: sgd}
  dataSets: {train: {}, test: {digest: 'sha256:00'}}
  models: {base: {uri: 'https://example.org/model.bin'}}
  grants: {environment: {A: b}}
  limits: {memory: 256MiB}
  stepTimeout: 5s
  stepsMax: 1000
  evaluateEverySteps: 50
  checkpoint: {everySteps: 10, every: 30s, keep: 3}
  restart: {scope: worker, maxRestarts: 2}
  workersMin: 2
  success: any
  notANumber: stop
  earlyStop: {metric: loss, of: evaluation, goal: minimize, patience: 5, minDelta: 0.001, target: 0.01}
  suspend: true
  deadline: 1h
  keepFor: 24h
";
    let job = TrainJob::parse(text).unwrap();
    assert_eq!(job.spec.success, SuccessPolicy::Any);
    assert_eq!(TrainJob::parse(&job.to_yaml()).unwrap(), job);
}

#[test]
fn every_problem_is_told_at_once_with_its_place() {
    let found = problems("  component: a:1\n  workers: 0\n  checkpoints: {}\n  settings: {a: 1}\n  success: most\n");
    assert_eq!(found.len(), 3, "{found:#?}");
    assert!(found.iter().any(|told| told.contains("spec.workers") && told.contains("between 1 and 256")), "{found:?}");
    assert!(found.iter().any(|told| told.contains("unknown key `checkpoints`")), "{found:?}");
    assert!(found.iter().any(|told| told.contains("all, any, first")), "{found:?}");
}

#[test]
fn what_excludes_each_other_is_refused() {
    let found = problems(
        "  component: a:1\n  workers: 2\n  workersMin: 3\n  settings: {a: [1]}\n  stepTimeout: 0ms\n  dataSets: {t: {digest: a, uri: b}}\n",
    );
    assert_eq!(found.len(), 4, "{found:#?}");
    assert!(found.iter().all(|told| told.starts_with("line ")), "{found:#?}");
}

#[test]
fn what_opens_a_source_stands_beside_its_address_and_says_nothing_confidential() {
    let sources = |lines: &str| format!("  component: a:1\n  dataSets:\n{lines}");
    let open = "    a: {uri: 's3://b/k', secret: store, environment: {AWS_REGION: eu-west-1}}\n";
    let job = TrainJob::parse(&document(&sources(open))).unwrap();
    assert_eq!(job.spec.data_sets["a"].secret.as_deref(), Some("store"));
    for (lines, part) in [
        ("    a: {secret: store}\n", "not from where"),
        ("    a: {digest: x, environment: {AWS_REGION: r}}\n", "not from where"),
        ("    a: {uri: u, environment: {AWS_SESSION_TOKEN: t}}\n", "is confidential"),
        ("    a: {uri: u, environment: {PATH: t}}\n", "no variable `PATH`"),
        ("    a: {uri: u, secret: one}\n    b: {uri: u, secret: other}\n", "fetched twice"),
    ] {
        let found = problems(&sources(lines));
        assert!(found.len() == 1 && found[0].contains(part), "{lines}: {found:#?}");
    }
}

#[test]
fn the_published_schema_is_that_of_the_types() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/schema/train-job.json");
    let schema = format!("{:#}\n", TrainJob::json_schema());
    if std::env::var_os("SANDMILL_UPDATE").is_some() {
        std::fs::write(path, &schema).unwrap();
    }
    let published = std::fs::read_to_string(path).unwrap_or_default();
    assert!(published == schema, "sdk/spec/schema/train-job.json is out of date: run `cargo xtask codegen`");
}
