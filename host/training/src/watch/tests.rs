//! The rule of early stop, value by value.
//! Never needs a job.

use sdk_spec::train_job::MetricSource;

use super::*;

fn rule(goal: Goal, patience: u64, min_delta: f64, target: Option<f64>) -> EarlyStop {
    EarlyStop { metric: "loss".to_owned(), of: MetricSource::Step, goal, patience, min_delta, target }
}

fn after(rule: &EarlyStop, values: &[f64]) -> (Watch, Option<Reason>) {
    let mut watch = Watch::default();
    let ends = values.iter().map(|value| watch.take(rule, *value)).collect::<Vec<_>>();
    (watch, ends.last().copied().flatten())
}

#[test]
fn patience_is_counted_from_the_best_value() {
    let rule = rule(Goal::Minimize, 2, 0.0, None);
    assert_eq!(after(&rule, &[3.0, 2.0, 2.0]).1, None);
    assert_eq!(after(&rule, &[3.0, 2.0, 2.0, 2.5]).1, Some(Reason::NoBetter));
    assert_eq!(after(&rule, &[3.0, 2.0, 2.5, 1.0]).0.since_best, 0);
}

#[test]
fn better_means_better_by_the_least_difference() {
    let rule = rule(Goal::Maximize, 1, 0.5, None);
    assert_eq!(after(&rule, &[1.0, 1.6]).1, None);
    assert_eq!(after(&rule, &[1.0, 1.4]).1, Some(Reason::NoBetter));
}

#[test]
fn a_value_that_is_good_enough_ends_it_at_once() {
    assert_eq!(after(&rule(Goal::Minimize, 9, 0.0, Some(0.1)), &[1.0, 0.1]).1, Some(Reason::TargetReached));
    assert_eq!(after(&rule(Goal::Maximize, 9, 0.0, Some(0.9)), &[0.8, 0.95]).1, Some(Reason::TargetReached));
}

#[test]
fn no_number_is_better_than_nothing() {
    let (watch, ended) = after(&rule(Goal::Minimize, 2, 0.0, Some(0.5)), &[f64::NAN, f64::NAN]);
    assert_eq!((watch.best, ended), (None, Some(Reason::NoBetter)));
}
