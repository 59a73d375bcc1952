//! What can be written behind `--param`.
//! Never uploads anything.

#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up has to stop")]

use serde_json::json;

use super::*;

const DOCUMENT: &str = "
apiVersion: sandmill.dev/v1
kind: Pipeline
metadata: { name: p }
spec:
  parameters:
    text: { type: string, default: a }
    count: { type: integer, default: 1 }
    share: { type: number, default: 0.5 }
    flag: { type: boolean, default: false }
    list: { type: list, default: [] }
    map: { type: object, default: {} }
    file: { type: artifact }
  steps:
    one: { component: 'examples/one:1' }
";

fn pipeline() -> Pipeline {
    Pipeline::parse(DOCUMENT).unwrap()
}

fn strings(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn values_take_the_declared_types() {
    let written = strings(&[
        "text=1=2",
        "count=-7",
        "share=3",
        "flag=true",
        "list=[1,\"a\"]",
        "map={\"a\":1}",
        "file=@data/a=b.csv",
    ]);
    let values = interpret(&pipeline(), &written).unwrap();
    assert_eq!(values["text"], Written::Plain(json!("1=2")));
    assert_eq!(values["count"], Written::Plain(json!(-7)));
    assert_eq!(values["share"], Written::Plain(json!(3)));
    assert_eq!(values["flag"], Written::Plain(json!(true)));
    assert_eq!(values["list"], Written::Plain(json!([1, "a"])));
    assert_eq!(values["map"], Written::Plain(json!({"a": 1})));
    assert_eq!(values["file"], Written::File(Path::new("data/a=b.csv"), ArtifactKind::Artifact));
}

#[test]
fn a_digest_names_an_artifact() {
    let digest = Digest::sha256(b"content");
    let written = [format!("file={digest}")];
    let values = interpret(&pipeline(), &written).unwrap();
    assert_eq!(values["file"], Written::Digest(digest, ArtifactKind::Artifact));
}

#[test]
fn everything_wrong_is_told_at_once() {
    let written = strings(&[
        "count=1.5",
        "flag=yes",
        "list={}",
        "map=[]",
        "share=half",
        "nothing",
        "other=1",
        "text=a",
        "text=b",
    ]);
    let trouble = interpret(&pipeline(), &written).unwrap_err();
    assert_eq!(trouble.exit, Exit::Usage);
    let messages: Vec<&str> = trouble.problems.iter().map(|problem| problem.message.as_str()).collect();
    assert_eq!(
        messages,
        [
            "parameter `count` cannot be `1.5`",
            "parameter `flag` cannot be `yes`",
            "parameter `list` cannot be `{}`",
            "parameter `map` cannot be `[]`",
            "parameter `share` cannot be `half`",
            "`nothing` sets no parameter",
            "the pipeline has no parameter `other`",
            "parameter `text` is set twice",
            "parameter `file` has no default and is not set",
        ]
    );
    assert!(trouble.problems.iter().all(|problem| problem.hint.is_some()));
}
