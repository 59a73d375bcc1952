//! Documents with functions of Python: what is read, and what is refused and where.
//! Never runs any Python.
#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up has to stop")]

use serde_json::json;

use crate::rules::{PACKAGES_MAX, SOURCE_BYTES_MAX};
use crate::{Pipeline, WitType};

const SOUND: &str = "\
apiVersion: sandmill.dev/v1
kind: Pipeline
metadata: { name: words }
spec:
  parameters:
    text: { type: artifact }
  steps:
    count:
      component: sandmill/run-python:0.1.0
      function: count_words
      python:
        source: |
          def count_words(text, min_length):
              return sum(len(word) >= min_length for word in text.read_text().split())
        packages: [tabulate==0.9.0]
        parameters:
          text: { type: artifact }
          min_length: { type: s64, default: 1 }
        result: s64
      arguments: { text: \"${parameters.text}\" }
";

/// The only problem of the sound document with one text put in the place of another.
fn only(text: &str, instead: &str) -> String {
    assert!(SOUND.contains(text), "{text}");
    let problems = Pipeline::parse(&SOUND.replace(text, instead)).unwrap_err().problems;
    assert_eq!(problems.len(), 1, "{problems:#?}");
    problems[0].to_string()
}

#[test]
fn a_sound_document_is_read_and_written() {
    let pipeline = Pipeline::parse(SOUND).unwrap();
    let python = pipeline.spec.steps["count"].python.as_ref().unwrap();
    assert_eq!(python.parameters["min_length"].default, Some(json!(1)));
    assert_eq!((&python.parameters["text"].value_type, &python.result), (&WitType::Artifact, &Some(WitType::S64)));
    assert!(python.source.starts_with("def count_words"), "{}", python.source);
    assert_eq!(Pipeline::parse(&pipeline.to_yaml()).unwrap(), pipeline);
}

#[test]
fn what_is_not_allowed_is_told_with_its_place() {
    let rows = [
        (
            "type: s64,",
            "type: int,",
            "line 18, column 31: spec.steps.count.python.parameters.min_length.type: `int` is no type (did you mean `s64`?)",
        ),
        (
            "result: s64",
            "result: list<metric>",
            "line 19, column 17: spec.steps.count.python.result: `metric` is no type (did you mean `metrics`?)",
        ),
        (
            "packages:",
            "package:",
            "line 15, column 9: spec.steps.count.python.package: unknown key `package` (did you mean `packages`?)",
        ),
        (
            "default: 1",
            "defaut: 1",
            "line 18, column 36: spec.steps.count.python.parameters.min_length.defaut: unknown key `defaut` (did you mean `default`?)",
        ),
        (
            "min_length: {",
            "min-length: {",
            "line 18, column 11: spec.steps.count.python.parameters.min-length: `min-length` is no name (use letters, digits and underscores, a letter first, at most 63 characters)",
        ),
        (
            "        result: s64\n",
            "        result: s64\n        results: { words: s64 }\n",
            "line 20, column 9: spec.steps.count.python.results: a function gives one result or several, not both (take `result` or `results` out)",
        ),
        (
            "        result: s64\n",
            "        results: { output: s64 }\n",
            "line 19, column 9: spec.steps.count.python.results: one result under the name `output` is one that has no fields (write `result` with its type, or name the field otherwise)",
        ),
        (
            "      function: count_words\n",
            "",
            "line 10, column 7: spec.steps.count.python: it is not said which function of the text is the step (add `function:` to the step)",
        ),
    ];
    for (text, instead, expected) in rows {
        assert_eq!(only(text, instead), expected);
    }
}

#[test]
fn a_command_is_no_function_of_python() {
    let text = SOUND.replace("      arguments: { text: \"${parameters.text}\" }\n", "      command: {}\n");
    let told = Pipeline::parse(&text).unwrap_err().to_string();
    assert!(told.contains("spec.steps.count.python: a step is a function of Python or a command, not both"), "{told}");
}

#[test]
fn text_and_packages_have_limits() {
    let mut pipeline = Pipeline::parse(SOUND).unwrap();
    let mut read = |source: usize, packages: usize| {
        let python = pipeline.spec.steps.get_mut("count").and_then(|step| step.python.as_mut()).unwrap();
        python.source = "#".repeat(source);
        python.packages = vec!["six".to_owned(); packages];
        Pipeline::parse(&serde_json::to_string(&pipeline).unwrap()).map(drop).map_err(|error| error.to_string())
    };
    assert_eq!(read(SOURCE_BYTES_MAX, PACKAGES_MAX), Ok(()));
    let told = read(SOURCE_BYTES_MAX + 1, 1).unwrap_err();
    assert!(told.contains("the text has 1048577 bytes; at most 1048576 are taken"), "{told}");
    let told = read(1, PACKAGES_MAX + 1).unwrap_err();
    assert!(told.contains("101 packages are named; at most 100 are taken"), "{told}");
}
