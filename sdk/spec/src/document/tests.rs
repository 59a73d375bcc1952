//! Documents that are refused, as rows: what is said and where.
#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up has to stop")]

use super::*;
use crate::{ByteSize, Pipeline, Span};

const SOUND: &str = "\
apiVersion: sandmill.dev/v1
kind: Pipeline
metadata:
  name: digits
spec:
  parameters:
    seed: { type: integer, default: 7 }
  steps:
    train:
      component: sandmill/train-classifier:0.1.0
      arguments: { seed: \"${parameters.seed}\" }
      limits: { memory: 256MiB, cpu: 1.5s }
      retry: { maxAttempts: 3, backoff: 100ms }
";

/// The problems of the sound document with one line put in the place of another.
fn problems(line: &str, instead: &str) -> Vec<Problem> {
    assert!(SOUND.contains(line), "{line}");
    Pipeline::parse(&SOUND.replace(line, instead)).unwrap_err().problems
}

fn only(line: &str, instead: &str) -> Problem {
    let problems = problems(line, instead);
    assert_eq!(problems.len(), 1, "{problems:#?}");
    problems.into_iter().next().unwrap()
}

#[test]
fn a_sound_document_is_read_in_yaml_and_in_json() {
    let pipeline = Pipeline::parse(SOUND).unwrap();
    let train = &pipeline.spec.steps["train"];
    assert_eq!(train.limits.memory, Some(ByteSize(256 << 20)));
    assert_eq!(train.limits.cpu, Some(Span(1_500)));
    assert_eq!((train.retry.max_attempts, train.retry.backoff, train.retry.factor), (3, Span(100), 2.0));
    let json = serde_json::to_string(&pipeline).unwrap();
    assert_eq!(Pipeline::parse(&json).unwrap(), pipeline);
}

#[test]
fn broken_yaml_is_named_with_its_line() {
    let problem = only("kind: Pipeline", "kind: [Pipeline");
    assert_eq!(problem.kind, ProblemKind::Syntax);
    assert!((2..=4).contains(&problem.line), "{problem:?}");
}

#[test]
fn a_key_that_stands_twice_is_refused() {
    let problem = only("kind: Pipeline", "kind: Pipeline\nkind: Pipeline");
    assert_eq!((problem.kind, problem.line), (ProblemKind::Syntax, 3), "{problem:?}");
    assert!(problem.message.contains("kind"), "{problem:?}");
}

#[test]
fn unknown_keys_are_named_with_line_and_nearest_key_at_any_depth() {
    let rows = [
        ("kind: Pipeline", "kind: Pipeline\nmetdata: {}", 3, "metdata", "did you mean `metadata`?"),
        ("  name: digits", "  name: digits\n  descripton: x", 5, "metadata.descripton", "did you mean `description`?"),
        ("      arguments:", "      argumens:", 11, "spec.steps.train.argumens", "did you mean `arguments`?"),
        ("memory: 256MiB", "memry: 256MiB", 12, "spec.steps.train.limits.memry", "did you mean `memory`?"),
        ("maxAttempts: 3", "max_attempts: 3", 13, "spec.steps.train.retry.max_attempts", "did you mean `maxAttempts`?"),
    ];
    for (line, instead, at, path, hint) in rows {
        let problem = only(line, instead);
        assert_eq!(problem.kind, ProblemKind::UnknownKey);
        assert_eq!((problem.line, problem.path.as_str(), problem.hint.as_deref()), (at, path, Some(hint)));
    }
}

#[test]
fn all_unknown_keys_are_named_at_once() {
    let text =
        SOUND.replace("kind: Pipeline", "kind: Pipeline\nmetdata: {}").replace("      arguments:", "      argumens:");
    assert_eq!(Pipeline::parse(&text).unwrap_err().problems.len(), 2);
}

#[test]
fn values_that_are_not_allowed_are_named_with_path_and_line() {
    let rows = [
        ("apiVersion: sandmill.dev/v1", "apiVersion: sandmill.dev/v2", 1, "apiVersion", "sandmill.dev/v1"),
        ("type: integer", "type: int", 7, "spec.parameters.seed.type", "integer"),
        ("memory: 256MiB", "memory: 256", 12, "spec.steps.train.limits.memory", "string"),
        ("memory: 256MiB", "memory: 256Mb", 12, "spec.steps.train.limits.memory", "such as 256MiB"),
        ("cpu: 1.5s", "cpu: 1.5", 12, "spec.steps.train.limits.cpu", "string"),
        ("maxAttempts: 3", "maxAttempts: 0", 13, "spec.steps.train.retry.maxAttempts", "between 1 and 100"),
        ("maxAttempts: 3", "maxAttempts: 101", 13, "spec.steps.train.retry.maxAttempts", "between 1 and 100"),
        ("backoff: 100ms", "factor: 0.5", 13, "spec.steps.train.retry.factor", "between 1 and 10"),
        ("  name: digits", "  name: Digits", 4, "metadata.name", "no name for a pipeline"),
        ("    train:", "    train_it:", 9, "spec.steps.train_it", "no name for a step"),
        ("component: sandmill/train-classifier:0.1.0", "component: ''", 10, "spec.steps.train.component", "no name"),
    ];
    for (line, instead, at, path, says) in rows {
        let problem = only(line, instead);
        assert_eq!(problem.kind, ProblemKind::InvalidValue, "{problem:?}");
        // The place of a mapping is that of its first key, which may stand on the line below.
        assert!((at..=at + 1).contains(&problem.line), "{instead}: {problem:?}");
        assert_eq!(problem.path, path, "{problem:?}");
        assert!(problem.message.contains(says), "{instead}: {problem:?}");
    }
}

#[test]
fn attempts_are_allowed_up_to_the_limit() {
    for attempts in [1, 100] {
        let text = SOUND.replace("maxAttempts: 3", &format!("maxAttempts: {attempts}"));
        assert!(Pipeline::parse(&text).is_ok(), "{attempts}");
    }
}

#[test]
fn a_document_is_read_up_to_its_size_limit() {
    let filled = |size: usize| format!("{SOUND}#{}", "x".repeat(size - SOUND.len() - 1));
    assert!(Pipeline::parse(&filled(DOCUMENT_BYTES_MAX)).is_ok());
    let error = Pipeline::parse(&filled(DOCUMENT_BYTES_MAX + 1)).unwrap_err();
    assert!(error.to_string().contains("16777216"), "{error}");
}

#[test]
fn an_alias_bomb_is_refused_quickly() {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let last = level - 1;
        text += &format!("a{level}: &a{level} [{}]\n", vec![format!("*a{last}"); 10].join(", "));
    }
    assert_eq!(Pipeline::parse(&text).unwrap_err().problems[0].kind, ProblemKind::Syntax);
}

#[test]
fn the_published_schema_is_up_to_date() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/schema/pipeline.json");
    let schema = serde_json::to_string_pretty(&Pipeline::json_schema()).unwrap() + "\n";
    if std::env::var_os("SANDMILL_UPDATE").is_some() {
        std::fs::write(path, &schema).unwrap();
    }
    let published = std::fs::read_to_string(path).unwrap_or_default();
    assert!(published == schema, "sdk/spec/schema/pipeline.json is out of date: run `cargo xtask codegen`");
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "[a-z:\\-\\[\\]{}&*!|> \"'\n#%@]{0,200}") {
        let _ = Pipeline::parse(&text);
    }

    #[test]
    fn sizes_and_spans_survive_being_written(number in 0_u64..1 << 50) {
        proptest::prop_assert_eq!(ByteSize::try_from(String::from(ByteSize(number))), Ok(ByteSize(number)));
        proptest::prop_assert_eq!(Span::try_from(String::from(Span(number))), Ok(Span(number)));
    }
}
