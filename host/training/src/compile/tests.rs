//! Documents that become plans, and what is wrong with others.
//! Never resolves anything.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::*;
use crate::sample::{artifact, component, job, plan};

fn problems(lines: &str, given: &Given) -> Vec<String> {
    let (id, interface) = component();
    let failures = compile(&job(lines), (&id, &interface), given, &BTreeMap::new(), &Limits::default()).unwrap_err();
    failures.iter().map(ToString::to_string).collect()
}

#[test]
fn what_is_left_out_has_a_default() {
    let plan = plan("");
    assert_eq!(plan.checkpoint_every_millis, Some(60_000));
    assert_eq!((plan.checkpoint_every_steps, plan.checkpoints_kept), (None, 2));
    assert_eq!(plan.limits, Limits::default());
}

#[test]
fn limits_are_those_of_the_document() {
    let plan = plan("  stepTimeout: 2s\n  limits: {memory: 1MiB, cpu: 15ms}\n  checkpoint: {everySteps: 3}\n");
    assert_eq!(plan.limits.wall_millis_max, 2_000);
    assert_eq!((plan.limits.memory_bytes_max, plan.limits.cpu_ticks_max), (1 << 20, 2));
    assert_eq!((plan.checkpoint_every_steps, plan.checkpoint_every_millis), (Some(3), None));
}

#[test]
fn every_source_is_given_or_named() {
    let given = Given { data_sets: BTreeMap::from([("trian".to_owned(), artifact("rows"))]), ..Given::default() };
    let found = problems("  dataSets: {train: {}, test: {digest: 'sha256:00'}}\n  models: {base: {}}\n", &given);
    assert_eq!(found.len(), 4, "{found:#?}");
    assert!(found[0].contains("did you mean `train`?"), "{found:#?}");
    assert!(found[1].contains("is not kept here"), "{found:#?}");
    assert!(found[2].contains("--data train=@FILE"), "{found:#?}");
    assert!(found[3].contains("--model base=@FILE"), "{found:#?}");
}

#[test]
fn a_component_that_cannot_be_trained_is_refused() {
    let (id, _) = component();
    let interface =
        ComponentInterface { exports: vec!["sandmill:train/trainable@0.2.0".to_owned()], ..Default::default() };
    let failures =
        compile(&job(""), (&id, &interface), &Given::default(), &BTreeMap::new(), &Limits::default()).unwrap_err();
    assert_eq!(failures[0].code, Code::FunctionNotFound);
    assert!(failures[0].hint.as_ref().unwrap().contains("@0.2.0"), "{failures:?}");
}
