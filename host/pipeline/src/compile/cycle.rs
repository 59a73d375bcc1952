//! Steps that wait for each other in a circle.
//! Never recurses: a chain may be as long as a pipeline.

use std::collections::{BTreeMap, BTreeSet};

use host_base::{Code, Failure};

use super::problems::Problems;

/// Reports each circle that a walk along the waits closes, in the order of the waits.
pub(crate) fn find(waits: &BTreeMap<&str, BTreeSet<&str>>, problems: &mut Problems) {
    let mut done = BTreeSet::new();
    for start in waits.keys() {
        walk(start, waits, &mut done, problems);
    }
}

fn walk<'step>(
    start: &'step str,
    waits: &BTreeMap<&'step str, BTreeSet<&'step str>>,
    done: &mut BTreeSet<&'step str>,
    problems: &mut Problems,
) {
    if done.contains(start) {
        return;
    }
    let needs = |step: &str| waits.get(step).into_iter().flatten().copied();
    let mut path = vec![(start, needs(start).collect::<Vec<_>>())];
    let mut on_path = BTreeSet::from([start]);
    while let Some((step, left)) = path.last_mut() {
        let Some(needed) = left.pop() else {
            on_path.remove(step);
            done.insert(step);
            path.pop();
            continue;
        };
        if on_path.contains(needed) {
            let circle = path.iter().map(|(step, _)| *step).skip_while(|step| *step != needed);
            problems.push(failure(&circle.collect::<Vec<_>>()));
        } else if !done.contains(needed) {
            path.push((needed, needs(needed).collect()));
            on_path.insert(needed);
        }
    }
}

fn failure(circle: &[&str]) -> Failure {
    const STEPS_SHOWN_MAX: usize = 20;
    if let [only] = circle {
        return Failure::new(Code::Cycle, format!("step `{only}` waits for itself"))
            .with_hint("remove its reference to its own output");
    }
    let mut shown: Vec<String> = circle.iter().take(STEPS_SHOWN_MAX).map(|step| format!("`{step}`")).collect();
    if circle.len() > STEPS_SHOWN_MAX {
        shown.push(format!("{} more", circle.len() - STEPS_SHOWN_MAX));
    }
    let message =
        format!("steps wait for each other in a circle: {} waits for {} again", shown.join(" waits for "), shown[0]);
    Failure::new(Code::Cycle, message).with_hint("remove one of these references")
}
