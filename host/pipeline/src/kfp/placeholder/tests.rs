//! Placeholders as the SDK writes them, and texts that only look like some.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use super::{ArtifactPart, Piece, Placeholder, Scope, fill, fill_json, pieces, words};
use crate::kfp::RunNames;

fn with_values(values: &Json) -> BTreeMap<String, Json> {
    values.as_object().expect("an object").clone().into_iter().collect()
}

fn names() -> RunNames {
    RunNames {
        job_name: "job".to_owned(),
        job_id: "id".to_owned(),
        pipeline_root: "gs://b/r".to_owned(),
        ..RunNames::default()
    }
}

fn filled(text: &str, values: &Json) -> String {
    let (run, values) = (names(), with_values(values));
    fill(text, &Scope { run: &run, values: &values, task: None }).expect("filled")
}

#[test]
fn every_kind_is_read() {
    for (text, expected) in [
        ("{{$}}", Placeholder::ExecutorInput),
        ("{{$.outputs.output_file}}", Placeholder::OutputFile),
        ("{{$.workspace_path}}", Placeholder::Workspace),
        ("{{$.pipeline_job_resource_name}}", Placeholder::JobName),
        ("{{$.pipeline_task_uuid}}", Placeholder::TaskId),
        ("{{$.inputs.parameters['a-b']}}", Placeholder::InputParameter("a-b".to_owned())),
        ("{{$.outputs.parameters[\"x\"].output_file}}", Placeholder::OutputParameter("x".to_owned())),
        (
            "{{$.inputs.artifacts['m'].metadata['k']}}",
            Placeholder::Artifact {
                output: false,
                name: "m".to_owned(),
                part: ArtifactPart::Metadata(Some("k".to_owned())),
            },
        ),
        (
            "{{$.outputs.artifacts['m'].path}}",
            Placeholder::Artifact { output: true, name: "m".to_owned(), part: ArtifactPart::Path },
        ),
    ] {
        assert_eq!(pieces(text), [Piece::Placeholder(expected)], "{text}");
    }
}

#[test]
fn what_is_none_is_said_to_be_unknown() {
    for text in [
        "{{$.nothing}}",
        "{{$.inputs.parameters[a]}}",
        "{{$.outputs.parameters['x']}}",
        "{{$.inputs.artifacts['m'].size}}",
    ] {
        assert_eq!(pieces(text), [Piece::Unknown(text)], "{text}");
    }
    assert_eq!(pieces("{{$.open"), [Piece::Literal("{{$.open")]);
    assert_eq!(pieces("a{{b}}"), [Piece::Literal("a{{b}}")]);
}

#[test]
fn values_are_written_as_kubeflow_does() {
    let values = json!({ "i": 3, "d": 2.0, "h": 2.5, "b": true, "s": "x", "l": [1, {"a": 2}], "n": null });
    let text = "{{$.inputs.parameters['i']}} {{$.inputs.parameters['d']}} {{$.inputs.parameters['h']}} \
                {{$.inputs.parameters['b']}} {{$.inputs.parameters['s']}} {{$.inputs.parameters['l']}} {{$.inputs.parameters['n']}}";
    assert_eq!(filled(text, &values), "3 2 2.5 true x [1,{\"a\":2}] null");
    assert_eq!(
        filled("{{$.pipeline_job_name}}/{{$.pipeline_job_uuid}}/{{$.pipeline_root}}", &json!({})),
        "job/id/gs://b/r"
    );
}

#[test]
fn a_value_that_looks_like_a_placeholder_stays_as_it_is() {
    let values = json!({ "a": "{{$.inputs.parameters['b']}}", "b": "secret" });
    assert_eq!(filled("-{{$.inputs.parameters['a']}}-", &values), "-{{$.inputs.parameters['b']}}-");
}

#[test]
fn a_json_text_that_is_one_placeholder_becomes_the_value() {
    let (run, values) = (names(), with_values(&json!({ "n": 7, "k": "key" })));
    let scope = Scope { run: &run, values: &values, task: None };
    let json =
        json!({ "{{$.inputs.parameters['k']}}": ["{{$.inputs.parameters['n']}}", "n={{$.inputs.parameters['n']}}"] });
    assert_eq!(fill_json(&json, &scope).expect("filled"), json!({ "key": [7, "n=7"] }));
}

#[test]
fn concat_and_if_present_unfold_wherever_they_stand() {
    let (run, values) = (names(), with_values(&json!({ "a": "A" })));
    let scope = Scope { run: &run, values: &values, task: None };
    let present = |name: &str| name == "a";
    let unfolded = |text: &str| words(&[text.to_owned()], &scope, &present).expect("unfolded");
    assert_eq!(unfolded(r#"{"Concat": ["<", "{{$.inputs.parameters['a']}}", ">"]}"#), ["<A>"]);
    assert_eq!(
        unfolded(r#"{"IfPresent": {"InputName": "a", "Then": ["--a", "{{$.inputs.parameters['a']}}"]}}"#),
        ["--a", "A"]
    );
    assert_eq!(unfolded(r#"{"IfPresent": {"InputName": "b", "Then": "x", "Else": "none"}}"#), ["none"]);
    assert!(unfolded(r#"{"IfPresent": {"InputName": "b", "Then": "x"}}"#).is_empty());
    let nested = r#"{"Concat": ["1", {"IfPresent": {"InputName": "a", "Then": {"Concat": ["2", "3"]}}}, {"IfPresent": {"InputName": "b", "Then": "no"}}]}"#;
    assert_eq!(unfolded(nested), ["123"]);
    assert_eq!(unfolded(r#"{"other": 1}"#), [r#"{"other": 1}"#], "JSON that is no placeholder is a word");
    assert!(words(&[r#"{"Concat": "x"}"#.to_owned()], &scope, &present).is_err());
}
