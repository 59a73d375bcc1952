//! Tests of the builder: the documents it gives, and all that it refuses.
//! Never submits a document; tests/scenarios does.
#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up has to stop")]

use std::time::Duration;

use serde_json::json;

use crate::{Argument, ByteSize, Document, Grants, Pipeline, RetryPolicy, Span, StepLimits, Text, kinds};

fn problems(pipeline: &Pipeline) -> Vec<String> {
    pipeline.build().unwrap_err().problems.iter().map(ToString::to_string).collect()
}

#[test]
fn a_diamond_is_the_document_that_people_wrote() {
    let pipeline = Pipeline::new("diamond");
    let seed = pipeline.parameter::<i64>("seed").default_value(1);
    let add = |name: &str| pipeline.step(name, "programs/echo:1").function("add");
    let top = add("top").argument("left", &seed).argument("right", 1);
    let left = add("left").argument("left", top.output("output")).argument("right", 10);
    let right = add("right").argument("left", top.output("output")).argument("right", 100);
    let bottom = add("bottom").argument("left", left.output("output")).argument("right", right.output("output"));
    let text =
        Text::new("sum: ").value(bottom.output("output")).literal(", seed: ").value(&seed).literal(", ${literal}");
    let _ = pipeline.step("text", "programs/echo:1").function("echo-string").argument("value", text);
    let written = Document::parse(include_str!("../../../tests/scenarios/diamond/pipeline.yaml")).unwrap();
    assert_eq!(pipeline.build().unwrap(), written);
    assert_eq!(Document::parse(&pipeline.to_yaml().unwrap()).unwrap(), written);
}

#[test]
fn digits_is_the_document_that_people_wrote() {
    let written = Document::parse(include_str!("../../../tests/scenarios/pipeline-digits/pipeline.yaml")).unwrap();
    let told = |name: &str| written.spec.parameters[name].description.clone().unwrap();
    let pipeline = Pipeline::new("digits").description(written.metadata.description.clone().unwrap());
    let data = pipeline.parameter::<kinds::Artifact>("data-set").description(told("data-set"));
    let unseen = pipeline.parameter::<kinds::Artifact>("validation-set").description(told("validation-set"));
    let target = pipeline.parameter::<String>("target").description(told("target")).default_value("label");
    let algorithm = pipeline.parameter::<String>("algorithm").description(told("algorithm"));
    let algorithm = algorithm.default_value("k-nearest-neighbours");
    let fraction = pipeline.parameter::<f64>("train-fraction").description(told("train-fraction")).default_value(0.8);
    let seed = pipeline.parameter::<i64>("seed").description(told("seed")).default_value(1998);
    let expected = written.spec.parameters["schema"].default.as_ref().unwrap().as_str().unwrap();
    let schema = pipeline.parameter::<String>("schema").description(told("schema")).default_value(expected);
    let step = |name: &str, component: &str| pipeline.step(name, format!("sandmill/{component}:0.1.0"));

    let load = step("load", "load-table").function("load-table").argument("file", &data);
    let load_unseen = step("load-validation", "load-table").function("load-table").argument("file", &unseen);
    let validate = step("validate", "validate-table").argument("table", load.output("table"));
    let validate = validate.argument("schema", &schema).argument("fail-on-anomaly", true);
    let drift = step("check-drift", "validate-table").argument("table", load_unseen.output("table"));
    let drift = drift.argument("schema", &schema).argument("reference", load.output("table"));
    let split = step("split", "split-rows").after(&validate).argument("table", load.output("table"));
    let split = split.argument("fraction", &fraction).argument("seed", &seed).argument("stratify-by", &target);
    let train = step("train", "train-classifier").timeout(Duration::from_secs(600)).argument("target", &target);
    let train =
        train.argument("table", split.output("train")).argument("algorithm", &algorithm).argument("seed", &seed);
    let evaluate = |name: &str| step(name, "evaluate-classifier").argument("model", train.output("model"));
    let test = evaluate("evaluate-test").argument("table", split.output("test"));
    let validated = evaluate("evaluate").argument("table", load_unseen.output("table"));
    let report = step("report", "render-report").argument("title", "Handwritten digits");
    let report =
        report.argument("metrics", validated.output("metrics")).argument("test-metrics", test.output("metrics"));
    let _ = report.argument("validation", drift.output("report"));
    assert_eq!(pipeline.build().unwrap(), written);
}

#[test]
fn what_an_attempt_may_do_stands_in_the_document() {
    let pipeline = Pipeline::new("careful").namespace("team");
    let greeting = pipeline.parameter::<kinds::Artifact>("greeting");
    let copy = pipeline
        .command("copy", "programs/copy-file:1")
        .arg("--verbose")
        .arg(Text::new("/inputs/").literal("greeting"))
        .arg(3)
        .input("greeting", &greeting)
        .leaves("copy", "text/plain")
        .timeout(Duration::from_micros(1_500))
        .retry(RetryPolicy { max_attempts: 3, backoff: Span(10), ..RetryPolicy::default() })
        .limits(StepLimits { memory: Some(ByteSize(64 << 20)), ..StepLimits::default() })
        .grants(Grants { clock: true, ..Grants::default() })
        .cache(true);
    let _ = pipeline.command("again", "programs/copy-file:1").input("copy", copy.output("copy")).attempts(2);
    let written = Document::parse(
        r#"
apiVersion: sandmill.dev/v1
kind: Pipeline
metadata: { name: careful, namespace: team }
spec:
  parameters: { greeting: { type: artifact } }
  steps:
    copy:
      component: programs/copy-file:1
      command:
        args: ["--verbose", /inputs/greeting, "3"]
        inputs: { greeting: "${parameters.greeting}" }
        outputs: { copy: text/plain }
      timeout: 2ms
      retry: { maxAttempts: 3, backoff: 10ms }
      limits: { memory: 64MiB }
      grants: { clock: true }
      cache: true
    again:
      component: programs/copy-file:1
      command: { inputs: { copy: "${steps.copy.copy}" } }
      retry: { maxAttempts: 2 }
"#,
    );
    assert_eq!(pipeline.build().unwrap(), written.unwrap());
}

#[test]
fn plain_values_are_literal_at_every_depth() {
    let pipeline = Pipeline::new("literal");
    let name = pipeline.parameter::<String>("name");
    let step = pipeline
        .step("all", "a/b:1")
        .argument("value", json!({ "text": ["${parameters.name}"] }))
        .argument("list", Argument::list([Argument::from("${a}"), (&name).into()]))
        .argument("object", Argument::object([("inner", Argument::from(&name))]));
    let document = pipeline.build().unwrap();
    let arguments = &document.spec.steps["all"].arguments;
    assert_eq!(arguments["value"], json!({ "text": ["$${parameters.name}"] }));
    assert_eq!(arguments["list"], json!(["$${a}", "${parameters.name}"]));
    assert_eq!(arguments["object"], json!({ "inner": "${parameters.name}" }));
    drop(step);
}

#[test]
fn everything_wrong_is_told_at_once() {
    let other = Pipeline::new("other");
    let foreign = other.step("foreign", "a/b:1");
    let pipeline = Pipeline::new("Not a name");
    let rows = pipeline.parameter::<i64>("rows");
    let _ = pipeline.parameter::<f64>("rows").default_value(f64::NAN);
    let first =
        pipeline.step("first", "a/b:1").argument("rows", &rows).argument("rows", 1).argument("much", f64::INFINITY);
    let _ = pipeline.step("first", "a/b:1").attempts(1_000);
    let files = pipeline.command("files", "a/b:1").leaves("made", "text/plain").leaves("../made", "text/plain");
    let last = pipeline
        .step("last", "a/b:1")
        .after(&foreign)
        .argument("foreign", foreign.output("output"))
        .argument("sneaky", first.output("a} ${steps.first.b"))
        .argument("missing", files.output("mad"));
    let _ = first.after(&last).argument("later", Text::new("the ").value(last.output("output")));
    let found = problems(&pipeline).join("\n");
    for expected in [
        "spec.parameters.rows: there are two parameters `rows`",
        "spec.parameters.rows.default: the default is no number",
        "spec.steps.first.arguments.rows: it is said a second time",
        "spec.steps.first.arguments.much: `inf` is no number",
        "spec.steps.first: there are two steps `first`",
        "spec.steps.last.after: step `foreign` is of another pipeline",
        "spec.steps.last.arguments.foreign: `${steps.foreign.output}` is of another pipeline",
        "spec.steps.last.arguments.sneaky: `${steps.first.a} ${steps.first.b}` is no reference",
        "spec.steps.last.arguments.missing: the command `files` leaves no file `mad`",
        "spec.steps.first.after: step `last` is not an earlier one",
        "spec.steps.first.arguments.later: `${steps.last.output}` is made by a step that is not an earlier one",
        "metadata.name: ",
        "spec.steps.first.retry.maxAttempts: ",
    ] {
        assert!(found.contains(expected), "{expected}\n is not among\n{found}");
    }
    assert!(found.lines().all(|line| line.starts_with("spec.") || line.starts_with("metadata.")), "{found}");
}

#[test]
fn a_pipeline_without_steps_is_none() {
    assert!(problems(&Pipeline::new("empty"))[0].contains("spec.steps"));
}
