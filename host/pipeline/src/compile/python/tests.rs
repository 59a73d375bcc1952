//! Documents with functions of Python: their edges are checked like those of components.
//! Never runs any Python.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::collections::BTreeMap;

use host_base::{ComponentInterface, Limits, StepName, Value};
use registry_oci::Digest;
use serde_json::json;

use crate::python::{PackageRequest, pin_packages, wanted_packages};
use crate::{Argument, Call, ComponentId, Plan, ResolvedComponent};

/// A step that makes two results, and one that takes them: one is left out, and one has a default.
const SOUND: &str = "\
apiVersion: sandmill.dev/v1
kind: Pipeline
metadata: { name: words }
spec:
  parameters:
    text: { type: artifact }
  steps:
    measure:
      component: run-python:1
      function: measure
      python:
        source: \"def measure(text): ...\"
        packages: [six]
        parameters: { text: { type: artifact } }
        results: { words: u32, table: data-set }
      arguments: { text: \"${parameters.text}\" }
    judge:
      component: run-python:1
      function: judge
      python:
        source: \"def judge(words, least, note, table): ...\"
        parameters:
          words: { type: f64 }
          least: { type: s64, default: 3 }
          note: { type: option<string> }
          table: { type: option<artifact> }
        result: 'record { good: bool }'
      arguments: { words: \"${steps.measure.words}\", table: \"${steps.measure.table}\" }
";

fn compile(text: &str, is_command: bool) -> Result<Plan, Vec<String>> {
    let pipeline = sdk_spec::Pipeline::parse(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let digest = Digest::sha256(b"python");
    let id = ComponentId { reference: "run-python:1".to_owned(), manifest: digest.clone(), digest, signer: None };
    let interface = ComponentInterface { command: is_command, ..ComponentInterface::default() };
    let components = BTreeMap::from([("run-python:1".to_owned(), ResolvedComponent { id, interface })]);
    crate::check(&pipeline, &components, &Limits::default())
        .map_err(|failures| failures.iter().map(ToString::to_string).collect())
}

fn problems(text: &str, instead: &str) -> Vec<String> {
    assert!(SOUND.contains(text), "{text}");
    compile(&SOUND.replace(text, instead), true).unwrap_err()
}

#[test]
fn a_sound_document_becomes_a_plan_with_defaults_filled_in() {
    let plan = compile(SOUND, true).unwrap();
    let Call::Python(call) = &plan.step(&StepName::from("judge")).unwrap().call else { panic!("a function of Python") };
    let names: Vec<&str> = call.signature.parameters.iter().map(|parameter| parameter.name.as_str()).collect();
    assert_eq!(names, ["least", "note", "table", "words"]);
    let output = |output: &str| Argument::Output { step: StepName::from("measure"), output: output.to_owned() };
    let plain = |json| Argument::Value(Value::Plain(json));
    assert_eq!(call.arguments, [plain(json!(3)), plain(json!(null)), output("table"), output("words")]);
    assert_eq!(call.signature.outputs[0].name, "output");
    assert_eq!(call.signature.outputs[0].value_type.to_string(), "record { good: bool }");
    let stored: Plan = serde_json::from_value(serde_json::to_value(&plan).unwrap()).unwrap();
    assert_eq!(stored, plan);
}

#[test]
fn a_wrong_edge_names_both_ends() {
    let rows = [
        (
            "words: { type: f64 }",
            "words: { type: string }",
            "SM0106: step `judge`, argument `words` wants string, but `${steps.measure.words}` is u32",
        ),
        (
            "table: { type: option<artifact> }",
            "table: { type: model }",
            "SM0106: step `judge`, argument `table` wants model, but `${steps.measure.table}` is data-set",
        ),
        (
            "least: { type: s64, default: 3 }",
            "least: { type: u8, default: 300 }",
            "SM0106: step `judge`, default of parameter `least` wants u8, a whole number from 0 to 255, but got 300",
        ),
        (
            "${steps.measure.words}",
            "${steps.measure.output}",
            "SM0104: step `judge`, argument `words` refers to `${steps.measure.output}`, but step `measure` has no output `output` (the outputs of that step are table, words)",
        ),
        (
            "arguments: { text:",
            "arguments: { txt:",
            "SM0106: step `measure`: function `measure` has no parameter `txt` (did you mean `text`?)",
        ),
    ];
    for (text, instead, expected) in rows {
        assert_eq!(problems(text, instead)[0], expected);
    }
}

#[test]
fn a_component_that_is_no_command_runs_no_python() {
    let told = compile(SOUND, false).unwrap_err();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].contains("component `run-python:1` runs no Python: it is no command"), "{told:?}");
}

#[test]
fn packages_are_asked_for_once_and_pinned_where_they_were_asked_for() {
    let mut plan = compile(SOUND, true).unwrap();
    let wanted = wanted_packages(&plan);
    let request = PackageRequest { requirements: vec!["six".to_owned()], indexes: Vec::new() };
    assert_eq!(wanted, BTreeMap::from([(request.clone(), "measure".to_owned())]));
    let wheel = host_base::Wheel {
        name: "six".to_owned(),
        version: "1.17.0".to_owned(),
        file: "six-1.17.0-py2.py3-none-any.whl".to_owned(),
        digest: Digest::sha256(b"six"),
        url: "https://index.test/six.whl".to_owned(),
    };
    pin_packages(&mut plan, &BTreeMap::from([(request, vec![wheel.clone()])]));
    let wheels = |step: &str| match &plan.step(&StepName::from(step)).unwrap().call {
        Call::Python(call) => call.function.wheels.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!((wheels("measure"), wheels("judge")), (vec![wheel], Vec::new()));
}
