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
fn the_example_in_the_readme_is_sound() {
    let readme = include_str!("../../README.md");
    let example = readme.split("```").nth(1).and_then(|block| block.strip_prefix("yaml\n")).unwrap();
    assert_eq!(Pipeline::parse(example).unwrap().spec.steps.len(), 2);
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
        (
            "apiVersion: sandmill.dev/v1",
            "apiVersion: sandmill.dev/v2",
            "1:13 apiVersion: expected `sandmill.dev/v1`, got `sandmill.dev/v2` (did you mean `sandmill.dev/v1`?)",
        ),
        ("kind: Pipeline", "kind: pipelin", "2:7 kind: expected `Pipeline`, got `pipelin` (did you mean `Pipeline`?)"),
        ("kind: Pipeline", "", "1:1 : `kind` is missing (add `kind:`)"),
        (
            "  name: digits",
            "  name: Digits",
            "4:9 metadata.name: `Digits` is no name (use lower-case letters, digits and hyphens, no hyphen last, a letter first, at most 63 characters)",
        ),
        ("  name: digits", "  name: 5", "4:9 metadata.name: expected text, got 5 (put it in quotes: \"5\")"),
        ("  name: digits", "  description: x", "3:1 metadata: `name` is missing (add `name:`)"),
        (
            "seed: { type: integer, default: 7 }",
            "1st: { type: integer }",
            "7:5 spec.parameters.1st: `1st` is no name (use letters, digits, hyphens and underscores, a letter first, at most 63 characters)",
        ),
        ("    train:", "    train_it:", "9:5 spec.steps.train_it: `train_it` is no name"),
        (
            "component: sandmill/train-classifier:0.1.0",
            "component: ''",
            "10:18 spec.steps.train.component: expected some text, got none",
        ),
        (
            "component: sandmill/train-classifier:0.1.0",
            "component: [a]",
            "10:7 spec.steps.train.component: expected text, got a list",
        ),
        (
            "component: sandmill/train-classifier:0.1.0",
            "cache: yes",
            "9:5 spec.steps.train: `component` is missing (add `component:`)",
        ),
        (
            "memory: 256MiB",
            "memory: 256",
            "12:25 spec.steps.train.limits.memory: expected a size such as 256MiB, got 256 (write the unit)",
        ),
        (
            "memory: 256MiB",
            "memory: 256Mb",
            "12:25 spec.steps.train.limits.memory: `256Mb` is not a size: write a number and a unit, such as 256MiB",
        ),
        (
            "cpu: 1.5s",
            "cpu: 1.5",
            "12:38 spec.steps.train.limits.cpu: expected a span of time such as 30s, got 1.5 (write the unit)",
        ),
        ("cpu: 1.5s", "cpu: 0s", "12:38 spec.steps.train.limits.cpu: the span is not between 1ms and a year"),
    ];
    check_rows(&rows);
}

#[test]
fn values_of_steps_that_are_not_allowed_are_named_with_path_and_line() {
    let rows = [
        (
            "maxAttempts: 3",
            "maxAttempts: 0",
            "13:29 spec.steps.train.retry.maxAttempts: expected a number between 1 and 100, got 0",
        ),
        (
            "maxAttempts: 3",
            "maxAttempts: 101",
            "13:29 spec.steps.train.retry.maxAttempts: expected a number between 1 and 100, got 101",
        ),
        (
            "maxAttempts: 3",
            "maxAttempts: many",
            "13:29 spec.steps.train.retry.maxAttempts: expected a whole number, got \"many\"",
        ),
        (
            "maxAttempts: 3",
            "maxAttempts: -1",
            "13:29 spec.steps.train.retry.maxAttempts: expected a number between 1 and 100, got -1",
        ),
        (
            "backoff: 100ms",
            "factor: 0.5",
            "13:40 spec.steps.train.retry.factor: expected a number between 1.0 and 10.0, got 0.5",
        ),
        (
            "arguments: { seed: \"${parameters.seed}\" }",
            "arguments: { seed: \"${parameters.seed\" }",
            "11:26 spec.steps.train.arguments.seed: `${parameters.seed` opens a reference that is not closed",
        ),
        (
            "arguments: { seed: \"${parameters.seed}\" }",
            "arguments: { seed: [1, { x: \"${step.a.b}\" }] }",
            "11:35 spec.steps.train.arguments.seed[1].x: `${step.a.b}` is no reference (did you mean `steps`?",
        ),
        (
            "arguments: { seed: \"${parameters.seed}\" }",
            "arguments:",
            "11:16 spec.steps.train.arguments: expected keys and values, got nothing",
        ),
        (
            "arguments: { seed: \"${parameters.seed}\" }",
            "after: [train]",
            "11:7 spec.steps.train.after: step `train` waits for itself (take it out)",
        ),
        (
            "arguments: { seed: \"${parameters.seed}\" }",
            "after: [load, 3]",
            "11:21 spec.steps.train.after[1]: expected text, got 3 (put it in quotes: \"3\")",
        ),
        (
            "arguments: { seed: \"${parameters.seed}\" }",
            "cache: yes",
            "11:14 spec.steps.train.cache: expected true or false, got \"yes\"",
        ),
    ];
    check_rows(&rows);
}

#[test]
fn rules_that_no_schema_holds_are_held() {
    let rows = [
        (
            "arguments: { seed: \"${parameters.seed}\" }",
            "function: a\n      command: {}",
            "12:7 spec.steps.train.command: a step calls a function or is a command, not both (take `function` or `command` out)",
        ),
        (
            "      arguments: { seed: \"${parameters.seed}\" }",
            "      command: { outputs: { ../x: text/html } }",
            "11:35 spec.steps.train.command.outputs.../x: `../x` is no file name (it is the name of a file under /outputs)",
        ),
        (
            "arguments: { seed: \"${parameters.seed}\" }",
            "grants: { files: [{ host: /data, guest: data }] }",
            "11:47 spec.steps.train.grants.files[0].guest: `data` is no absolute path",
        ),
    ];
    check_rows(&rows);
}

/// Checks rows of a line, what stands in its place, and the problem that this makes.
fn check_rows(rows: &[(&str, &str, &str)]) {
    for (line, instead, expected) in rows {
        let found: Vec<String> = problems(line, instead).iter().map(shown).collect();
        assert!(
            found.iter().any(|found| found.starts_with(expected)),
            "{instead}\nexpected {expected}\nfound    {found:#?}"
        );
    }
}

/// A problem as these tests write it.
fn shown(problem: &Problem) -> String {
    let hint = problem.hint.as_ref().map(|hint| format!(" ({hint})")).unwrap_or_default();
    format!("{}:{} {}: {}{hint}", problem.line, problem.column, problem.path, problem.message)
}

#[test]
fn all_problems_are_named_at_once_in_the_order_of_the_text() {
    let text = SOUND
        .replace("kind: Pipeline", "kind: Pipelin\nmetdata: {}")
        .replace("  name: digits", "  name: Digits")
        .replace("maxAttempts: 3", "maxAttempts: 1000")
        .replace("      arguments:", "      argumens:");
    let error = Pipeline::parse(&text).unwrap_err();
    assert_eq!(error.kind(), ProblemKind::InvalidValue);
    let paths: Vec<&str> = error.problems.iter().map(|problem| problem.path.as_str()).collect();
    let expected =
        ["kind", "metdata", "metadata.name", "spec.steps.train.argumens", "spec.steps.train.retry.maxAttempts"];
    assert_eq!(paths, expected);
    assert!(
        error.to_string().contains("\nline 3, column 1: metdata: unknown key `metdata` (did you mean `metadata`?)"),
        "{error}"
    );
}

#[test]
fn rules_are_checked_beside_unknown_keys() {
    let text =
        SOUND.replace("      arguments: { seed: \"${parameters.seed}\" }", "      argumens: {}\n      after: [train]");
    let error = Pipeline::parse(&text).unwrap_err();
    let kinds: Vec<ProblemKind> = error.problems.iter().map(|problem| problem.kind).collect();
    assert_eq!(kinds, [ProblemKind::UnknownKey, ProblemKind::InvalidValue]);
}

#[test]
fn past_a_hundred_problems_the_rest_is_counted() {
    let steps: String = (0..150).map(|index| format!("    s{index}: {{ image: x }}\n")).collect();
    let text =
        format!("apiVersion: sandmill.dev/v1\nkind: Pipeline\nmetadata: {{ name: x }}\nspec:\n  steps:\n{steps}");
    let error = Pipeline::parse(&text).unwrap_err();
    assert_eq!(error.problems.len(), 101);
    assert_eq!(error.problems[100].message, "200 more problems are not shown");
}

#[test]
fn what_is_no_document_at_all() {
    let check = |text: &str, kind: ProblemKind, expected: &str| {
        let error = Pipeline::parse(text).unwrap_err();
        let found: Vec<String> = error.problems.iter().map(shown).collect();
        assert_eq!((error.kind(), found[0].as_str()), (kind, expected), "{text:?}");
    };
    check("", ProblemKind::InvalidValue, "1:1 : expected keys and values, got nothing");
    check("just text", ProblemKind::InvalidValue, "1:1 : expected keys and values, got \"just text\"");
    check("[]", ProblemKind::InvalidValue, "1:1 : expected keys and values, got a list");
    let check = |text: &str, expected: &str| check(text, ProblemKind::Syntax, expected);
    check("a: 1\n---\nb: 2\n", "3:1 : the text holds more than one document");
    check("a: !include b.yaml\n", "1:13 : the tag `!include` has no meaning here");
    check("a: *b\n", "1:4 : alias references unknown anchor");
    check("a: .nan\n", "1:4 : `.nan` is no number that JSON can hold; as text it needs quotes");
    check("a: 1\na: 2\n", "2:1 : the key `a` stands here a second time");
    check("a: \"b\n", "1:4 : unclosed quote");
    check("a:\n\t- b\n", "2:2 : tabs disallowed within this context (block indentation)");
    check("{\"a\": 1", "1:1 : unclosed bracket '{'");
    check(&"[".repeat(100_000), "1:65 : recursion limit exceeded");
    check(&"{a: ".repeat(100_000), "1:257 : recursion limit exceeded");
    check(&"- ".repeat(100_000), "1:129 : lists and maps stand more than 64 deep inside each other");
}

#[test]
fn a_large_document_is_read_and_one_with_too_many_steps_refused() {
    let document = |steps: usize, step: &str| {
        let steps: String = (0..steps).map(|index| format!("    s{index}:{step}\n")).collect();
        format!("apiVersion: sandmill.dev/v1\nkind: Pipeline\nmetadata: {{ name: x }}\nspec:\n  steps:\n{steps}")
    };
    assert_eq!(Pipeline::parse(&document(2_000, " { component: a:1 }")).unwrap().spec.steps.len(), 2_000);
    let error = Pipeline::parse(&document(100_001, "")).unwrap_err();
    assert_eq!(shown(&error.problems[0]), "5:3 spec.steps: expected 1 to 100000 entries, got 100001");
}

#[test]
fn one_anchor_may_serve_many_steps() {
    let steps: String = (0..500).map(|index| format!("    s{index}: {{ <<: *base, limits: *limits }}\n")).collect();
    let base = "first: &base { component: a:1, limits: &limits { memory: 1MiB } }";
    let text = format!(
        "apiVersion: sandmill.dev/v1\nkind: Pipeline\nmetadata: {{ name: x }}\nspec:\n  steps:\n    {base}\n{steps}"
    );
    let pipeline = Pipeline::parse(&text).unwrap();
    assert_eq!(pipeline.spec.steps["s499"], pipeline.spec.steps["first"]);
}

#[test]
fn json_is_read_with_all_its_escapes() {
    let text = r#"{"apiVersion":"sandmill.dev/v1","kind":"Pipeline",
	"metadata":{"name":"x","description":"a\/b \u00e9 \ud83d\ude00 \t \"q\" "},"spec":{"steps":{"a":{"component":"a:1","arguments":{"n":1e3,"b":true,"z":null,"s":"no","l":[1,-2.5,{}]}}}}}"#;
    let pipeline = Pipeline::parse(text).unwrap();
    let read: serde_json::Value = serde_json::from_str(text).unwrap();
    assert_eq!(serde_json::to_value(&pipeline).unwrap(), read);
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

/// Texts that YAML could take for something else.
fn tricky_text() -> impl proptest::strategy::Strategy<Value = String> {
    use proptest::prelude::*;
    prop_oneof![
        "[a-z ]{0,12}",
        "[ -~é\n\t]{0,12}",
        proptest::sample::select(vec![
            "",
            "no",
            "null",
            "~",
            "1",
            "0x1f",
            "1e3",
            "1_000",
            ".inf",
            "- a",
            "a: b",
            "#x",
            "'",
            "\"",
            "|",
            ">",
            "%",
            "@",
            "!x",
            "&a",
            "*a",
            "<<",
            "=",
            "2026-01-01",
            "true",
            "Yes",
            " a ",
            "a\n",
            "\na",
            "a\n\nb",
            "\u{feff}",
            "\u{85}",
            "a #b",
            "---",
            "...",
            "?",
            ":",
        ])
        .prop_map(str::to_owned),
    ]
    .prop_map(|text| crate::reference::escape(&text))
}

fn any_json() -> impl proptest::strategy::Strategy<Value = serde_json::Value> {
    use proptest::prelude::*;
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<u64>().prop_map(Into::into),
        proptest::num::f64::NORMAL.prop_map(Into::into),
        tricky_text().prop_map(Into::into),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Into::into),
            proptest::collection::btree_map(tricky_text(), inner, 0..4)
                .prop_map(|fields| serde_json::Value::Object(fields.into_iter().collect())),
        ]
    })
}

proptest::proptest! {
    #[test]
    fn what_is_written_is_read_again(description in tricky_text(), argument in tricky_text(), json in any_json()) {
        let mut pipeline = Pipeline::parse(SOUND).unwrap();
        pipeline.metadata.description = Some(description);
        if let Some(step) = pipeline.spec.steps.get_mut("train") {
            step.arguments.insert(argument, json);
        }
        let yaml = pipeline.to_yaml();
        proptest::prop_assert_eq!(Pipeline::parse(&yaml), Ok(pipeline.clone()), "{}", yaml);
        let json = serde_json::to_string_pretty(&pipeline).unwrap();
        proptest::prop_assert_eq!(Pipeline::parse(&json), Ok(pipeline), "{}", json);
    }

    #[test]
    fn no_change_to_a_sound_document_makes_it_panic(at in 0..SOUND.len(), length in 0_usize..20, instead in "[ -~\n]{0,10}") {
        let end = (at + length).min(SOUND.len());
        let _ = Pipeline::parse(&format!("{}{instead}{}", &SOUND[..at], &SOUND[end..]));
    }

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
