//! Compiled files as the SDK writes them, and as nobody should.

use serde_json::json;

use super::*;

const COMPILED: &str = r#"# PIPELINE DEFINITION
# Name: add-twice
components:
  comp-add:
    executorLabel: exec-add
    inputDefinitions:
      parameters:
        a: {parameterType: NUMBER_INTEGER}
        b: {parameterType: NUMBER_INTEGER, defaultValue: 3.0, isOptional: true}
    outputDefinitions:
      parameters:
        Output: {parameterType: NUMBER_INTEGER}
deploymentSpec:
  executors:
    exec-add:
      container:
        args: ["--a", "{{$.inputs.parameters['a']}}"]
        image: ghcr.io/acme/add:1.0.0
pipelineInfo:
  name: add-twice
root:
  dag:
    outputs:
      parameters:
        Output:
          valueFromParameter: {outputParameterKey: Output, producerSubtask: add}
    tasks:
      add:
        cachingOptions: {enableCache: true}
        componentRef: {name: comp-add}
        inputs:
          parameters:
            a: {componentInputParameter: a}
            b: {runtimeValue: {constant: 2.0}}
        taskInfo: {name: add}
  inputDefinitions:
    parameters:
      a: {parameterType: NUMBER_INTEGER}
schemaVersion: 2.1.0
sdkVersion: kfp-2.17.0
"#;
const PLATFORM: &str = r"---
platforms:
  kubernetes:
    deploymentSpec:
      executors:
        exec-add:
          nodeSelector: {labels: {disk: ssd}}
    pipelineConfig:
      workspace: {size: 1Gi}
";

#[test]
fn a_compiled_file_is_read_with_and_without_its_platform_document() {
    let alone = Package::parse(COMPILED).expect("one document");
    assert_eq!(alone.pipeline.pipeline_info.name, "add-twice");
    assert_eq!(alone.pipeline.root.dag.as_ref().expect("a graph").tasks["add"].component_ref.name, "comp-add");
    assert_eq!(alone.platform, None);

    let both = Package::parse(&format!("{COMPILED}{PLATFORM}")).expect("two documents");
    assert_eq!(both.pipeline, alone.pipeline);
    let platform = &both.platform.as_ref().expect("a platform document").platforms["kubernetes"];
    assert_eq!(platform.pipeline_config.workspace.as_ref().expect("a workspace").size, "1Gi");
    assert!(platform.deployment_spec.executors["exec-add"].contains_key("nodeSelector"));
}

#[test]
fn both_shapes_of_a_request_are_read() {
    let both = Package::parse(&format!("{COMPILED}{PLATFORM}")).expect("two documents");
    let wrapped = serde_json::to_value(&both).expect("JSON");
    assert!(wrapped.get("pipeline_spec").is_some() && wrapped.get("platform_spec").is_some());
    assert_eq!(Package::from_json(&wrapped), Ok(both.clone()));
    assert_eq!(Package::parse(&wrapped.to_string()), Ok(both.clone()));
    let bare = Package::from_json(&wrapped["pipeline_spec"]).expect("a bare specification");
    assert_eq!((bare.pipeline, bare.platform), (both.pipeline, None));
}

#[test]
fn unknown_keys_are_reported_with_their_places() {
    let text = COMPILED.replace("        image: ghcr.io/acme/add:1.0.0", "        imagee: ghcr.io/acme/add:1.0.0");
    let error = Package::parse(&text).expect_err("an unknown key");
    let problem = &error.problems[0];
    assert_eq!((problem.line, problem.column), (18, 9), "{error}");
    assert_eq!(problem.path, "deploymentSpec.executors.exec-add.container.imagee");
    assert_eq!(problem.hint.as_deref(), Some("did you mean `image`?"));
}

#[test]
fn everything_wrong_is_told_at_once() {
    let text = COMPILED
        .replace("schemaVersion: 2.1.0", "schemaVersion: 2.0.0")
        .replace("    executorLabel: exec-add", "    executorLabel: exec-ad")
        .replace("pipelineInfo:\n  name: add-twice", "pipelineInfo: {}");
    let error = Package::parse(&text).expect_err("three problems");
    let told = error.to_string();
    assert_eq!(error.problems.len(), 3, "{told}");
    assert!(told.contains("schema version 2.0.0 is not read here (compile with kfp 2"), "{told}");
    assert!(told.contains("executor `exec-ad`"), "{told}");
    assert!(told.contains("the pipeline has no name"), "{told}");
}

#[test]
fn a_number_where_text_belongs_is_refused() {
    let text = COMPILED.replace("name: add-twice", "name: 7");
    let error = Package::parse(&text).expect_err("a number");
    assert_eq!(error.problems[0].path, "pipelineInfo.name", "{error}");
}

#[test]
fn files_that_hold_something_else_are_refused() {
    for (text, part) in [
        ("", "the file is empty"),
        (&format!("{COMPILED}{PLATFORM}---\na: 1\n"), "more than two documents"),
        ("pipeline_spec: {}\nother: 1\n", "unknown key `other`"),
        ("platform_spec: {}\npipelineInfo: {}\n", "unknown key `platform_spec`"),
    ] {
        let error = Package::parse(text).expect_err(part);
        assert!(error.to_string().contains(part), "{error}");
    }
}

#[test]
fn the_two_formats_are_told_apart() {
    assert!(is_package(COMPILED));
    assert!(is_package(&json!({ "pipeline_spec": {}, "platform_spec": {} }).to_string()));
    assert!(!is_package("apiVersion: sandmill/v1\nkind: Pipeline\nmetadata: {name: x}\n"));
    assert!(!is_package("{"));
}
