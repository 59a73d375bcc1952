//! How groups and loops begin: when, with what, and how many rounds at once.
//! Never about how they end.

use host_base::{Code, Value};
use serde_json::json;

use crate::condition::Expression;
use crate::sample::{Run, each, group, output, plain, plan_of, step, step_with};
use crate::{
    Argument, Command, Condition, RUN_STEPS_MAX, ResolvedInputs, RunEvent, StepKind, StepStatus, Task, advance,
};

const NONE: [&str; 0] = [];

fn input() -> Argument {
    Argument::Input("item".to_owned())
}

fn submit(tasks: Vec<Task>) -> (Run, Vec<String>) {
    Run::submit(plan_of(crate::sample::graph(tasks)))
}

#[test]
fn a_group_begins_once_nothing_holds_it_back() {
    let inner = vec![step("x", &[]), step("y", &["x"])];
    let (mut run, first) = submit(vec![step("a", &[]), group("g", &["a"], "y", inner), step("z", &["g"])]);
    assert_eq!(first, ["start a 1"]);
    assert!(run.state.step(&"g/x".into()).is_none(), "what is inside comes into being with the group");
    assert_eq!(run.succeed("a", 1), ["start g/x 1"]);
    assert_eq!((run.status("g"), run.status("g/y")), (StepStatus::Running, StepStatus::Waiting));
    assert_eq!(run.succeed("g/x", 1), ["start g/y 1"]);
    assert_eq!(run.give("g/y", 1, json!(7)), ["start z 1"]);
    assert_eq!(run.output("g"), Some(Value::Plain(json!(7))));
    assert_eq!(run.succeed("z", 1), ["finish succeeded"]);
}

#[test]
fn groups_stand_in_groups_however_deep() {
    let mut inner = step("s", &[]);
    for depth in (0..20).rev() {
        let from = inner.name.as_str().to_owned();
        inner = group(&format!("g{depth}"), &[], &from, vec![inner]);
    }
    let (mut run, first) = submit(vec![inner]);
    let path: Vec<String> = (0..20).map(|depth| format!("g{depth}")).collect();
    let deepest = format!("{}/s", path.join("/"));
    assert_eq!(first, [format!("start {deepest} 1")]);
    assert_eq!(run.give(&deepest, 1, json!("up")), ["finish succeeded"]);
    assert_eq!(run.output("g0"), Some(Value::Plain(json!("up"))));
}

#[test]
fn a_loop_goes_over_items_that_are_only_known_at_run_time() {
    let body = || group("l", &["a"], "s", vec![step_with("s", &[], vec![input()])]);
    let check = |items: serde_json::Value, expected: &[&str]| {
        let (mut run, _) = submit(vec![step("a", &[]), each(body(), output("a", "out"), None)]);
        assert_eq!(run.give("a", 1, items.clone()), expected, "{items}");
        run
    };
    check(json!([4, 5]), &["start l/0/s 1", "start l/1/s 1"]);
    check(json!("[4, 5]"), &["start l/0/s 1", "start l/1/s 1"]);
    for (items, kind) in [(json!([]), "no items"), (json!("[]"), "no items, as text")] {
        let run = check(items, &["finish succeeded"]);
        assert_eq!(run.output("l"), Some(Value::Plain(json!([]))), "{kind}");
    }
    for wrong in [json!("4, 5"), json!(4), json!({ "a": 1 }), json!(null)] {
        let run = check(wrong.clone(), &["finish failed"]);
        let failure = run.state.steps[1].failure.as_ref().map(|failure| failure.code);
        assert_eq!(failure, Some(Code::TypeMismatch), "{wrong}");
    }
    let run = check(json!([4, 5]), &["start l/0/s 1", "start l/1/s 1"]);
    let kinds: Vec<StepKind> = run.state.steps.iter().map(|step| step.kind).collect();
    let expected =
        [StepKind::Step, StepKind::Loop, StepKind::Iteration, StepKind::Iteration, StepKind::Step, StepKind::Step];
    assert_eq!(kinds, expected);
}

#[test]
fn a_round_is_handed_its_item_and_what_its_loop_is_handed() {
    let both = vec![input(), Argument::Input("other".to_owned())];
    let mut task = each(group("l", &[], "s", vec![step_with("s", &[], both)]), plain(json!(["x", "y"])), None);
    let crate::Work::Graph(body) = &mut task.work else { unreachable!("it is a loop") };
    body.inputs.insert("other".to_owned(), plain(json!(9)));
    let plan = std::sync::Arc::new(plan_of(crate::sample::graph(vec![task])));
    let mut state = crate::start(plan.clone());
    let handed: Vec<Vec<Value>> = advance(&mut state, &RunEvent::Submitted { plan })
        .commands
        .into_iter()
        .map(|command| match command {
            Command::StartAttempt { inputs: ResolvedInputs::Function { arguments }, .. } => arguments,
            other => panic!("{other:?}"),
        })
        .collect();
    let plain = |json| Value::Plain(json);
    assert_eq!(handed, [[plain(json!("x")), plain(json!(9))], [plain(json!("y")), plain(json!(9))]]);
}

#[test]
fn no_more_rounds_are_under_way_than_the_loop_says() {
    let body = group("l", &[], "s", vec![step_with("s", &[], vec![input()])]);
    let (mut run, first) = submit(vec![each(body, plain(json!([1, 2, 3, 4])), Some(2))]);
    assert_eq!(first, ["start l/0/s 1", "start l/1/s 1"]);
    assert_eq!(run.status("l/2"), StepStatus::Waiting);
    assert_eq!(run.give("l/1/s", 1, json!("b")), ["start l/2/s 1"]);
    assert_eq!(run.fail("l/0/s", 1, Code::Trap), ["start l/3/s 1"], "the others go on after a failure");
    assert_eq!(run.give("l/2/s", 1, json!("c")), NONE);
    assert_eq!(run.give("l/3/s", 1, json!("d")), ["finish failed"]);
}

fn when(task: Task, text: &str, value: Argument) -> Task {
    let expression = Expression::parse(text).unwrap_or_else(|problem| panic!("{text}: {problem}"));
    Task { when: Some(Condition { inputs: [("x".to_owned(), value)].into(), expression }), ..task }
}

#[test]
fn a_condition_is_looked_at_once_nothing_else_holds_the_task_back() {
    let check = |given: serde_json::Value, expected: &[&str], status: StepStatus| {
        let branch = group("c", &["a"], "s", vec![step("s", &[])]);
        let branch = when(branch, "int(inputs.parameter_values['x']) > 3", output("a", "out"));
        let (mut run, _) = submit(vec![step("a", &[]), branch, step("z", &["c"])]);
        assert_eq!(run.give("a", 1, given.clone()), expected, "{given}");
        assert_eq!(run.status("c"), status, "{given}");
        assert_eq!(run.state.steps[1].kind, StepKind::Condition);
        run
    };
    check(json!(4), &["start c/s 1"], StepStatus::Running);
    check(json!("4"), &["start c/s 1"], StepStatus::Running);
    let run = check(json!(3), &["finish succeeded"], StepStatus::Skipped);
    assert_eq!(run.status("z"), StepStatus::Skipped);
    assert!(run.state.step(&"c/s".into()).is_none(), "nothing inside comes into being");
    let run = check(json!("many"), &["finish failed"], StepStatus::Failed);
    let message = run.state.steps[1].failure.as_ref().map(|failure| failure.message.as_str()).unwrap_or_default();
    assert!(message.starts_with("condition of step `c`: "), "{message}");
}

#[test]
fn a_loop_that_would_make_the_run_too_large_fails_before_it_begins() {
    let check = |items: usize, expected: usize| {
        let items = plain((0..items).map(|item| json!(item)).collect());
        let body = group("l", &[], "s", vec![step("s", &[])]);
        let (run, commands) = submit(vec![each(body, items, None)]);
        assert_eq!((run.state.steps.len(), commands.len()), (1 + 2 * expected, expected.max(1)));
        run
    };
    let most = (RUN_STEPS_MAX - 1) / 2;
    check(most, most);
    let run = check(most + 1, 0);
    let failure = run.state.steps[0].failure.as_ref().map(|failure| (failure.code, failure.message.as_str()));
    let message = "loop `l` goes over 50000 items, with which the run would have more than 100000 steps";
    assert_eq!(failure, Some((Code::TooLarge, message)));
}
