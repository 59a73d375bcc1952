//! Every scenario folder, on one node: faulty guests run beside sound ones, and the node goes on.
//! Never skips a folder.
#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up has to stop")]

use std::time::Duration;

use host_base::Failure;

use crate::local_node::LocalNode;
use crate::scenario::{Scenario, StepExpect};

/// Fewer would mean that folders are not found.
const SCENARIOS_MIN: usize = 20;

#[tokio::test(flavor = "multi_thread")]
async fn every_scenario_folder_ends_as_expected() {
    let scenarios = Scenario::all();
    assert!(scenarios.len() >= SCENARIOS_MIN, "only {} scenario folders were found", scenarios.len());
    let node = LocalNode::start().await;
    let mut wrong = Vec::new();
    for scenario in &scenarios {
        node.push_guests_of(&scenario.document).await;
        match run(&node, scenario).await {
            Ok(()) => {}
            Err(what) => wrong.push(format!("{}: {what}", scenario.name)),
        }
    }
    node.node.stop().await;
    assert!(wrong.is_empty(), "{} of {} scenarios went wrong:\n{}", wrong.len(), scenarios.len(), wrong.join("\n"));
}

async fn run(node: &LocalNode, scenario: &Scenario) -> Result<(), String> {
    let expect = &scenario.expect;
    let run = match node.submit(&scenario.document, &scenario.parameters()).await {
        Ok(run) if expect.refused.is_empty() => run,
        Ok(run) => return Err(format!("was accepted as {run}, but had to be refused")),
        Err(failures) => return refused(scenario, &failures),
    };
    if let Some(step) = &expect.cancel_once_running {
        cancel_once_running(node, &run, step).await;
    }
    let (record, steps) = node.finished(&run).await;
    if Some(&record.status) != expect.status.as_ref() {
        return Err(format!("ended {}, expected {:?}: {steps:#?}", record.status, expect.status));
    }
    for (name, expected) in &expect.steps {
        let step = steps.get(name).ok_or_else(|| format!("has no step `{name}`"))?;
        check_step(name, step, expected)?;
    }
    let log = node.node.executor().logs(&run, None, 0, 10_000).await.unwrap();
    for text in &expect.log_says {
        if !log.iter().any(|line| line.text.contains(text.as_str())) {
            return Err(format!("its log does not say `{text}`; it has {} lines", log.len()));
        }
    }
    Ok(())
}

fn refused(scenario: &Scenario, failures: &[Failure]) -> Result<(), String> {
    let expected = &scenario.expect.refused;
    let all_expected = failures.iter().all(|failure| expected.iter().any(|problem| problem.matches(failure)));
    let all_found = expected.iter().all(|problem| failures.iter().any(|failure| problem.matches(failure)));
    if all_expected && all_found {
        return Ok(());
    }
    Err(format!("was refused with {failures:#?}\nexpected {expected:#?}"))
}

fn check_step(name: &str, step: &host_node::StepRecord, expected: &StepExpect) -> Result<(), String> {
    if step.status != expected.status {
        return Err(format!("step `{name}` ended {}, expected {}: {:?}", step.status, expected.status, step.failure));
    }
    if expected.attempts.is_some_and(|attempts| attempts != step.attempts) {
        return Err(format!("step `{name}` took {} attempts, expected {:?}", step.attempts, expected.attempts));
    }
    if let Some(problem) = &expected.failure
        && !step.failure.as_ref().is_some_and(|failure| problem.matches(failure))
    {
        return Err(format!("step `{name}` failed with {:?}, expected {problem:?}", step.failure));
    }
    for (output, value) in &expected.outputs {
        let found = step.outputs.as_ref().and_then(|outputs| outputs.get(output)?.get("plain"));
        if found != Some(value) {
            return Err(format!("step `{name}` made {output} = {found:?}, expected {value}"));
        }
    }
    Ok(())
}

async fn cancel_once_running(node: &LocalNode, run: &host_base::RunId, step: &str) {
    for _ in 0..1_000 {
        let (_, steps) = node.node.executor().run(run).await.unwrap();
        if steps.iter().any(|at| at.name == step && at.status == "running") {
            // Long enough for the guest itself to be at work.
            tokio::time::sleep(Duration::from_millis(200)).await;
            return node.node.executor().cancel(run).await.unwrap();
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("step `{step}` never ran");
}
