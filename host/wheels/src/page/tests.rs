//! Lists as indexes write them.

use std::str::FromStr as _;

use pep440_rs::Version;
use pep508_rs::PackageName;
use serde_json::{Value as Json, json};
use url::Url;

use super::{OwnMetadata, Project, Reason, read};

const HASH: &str = "ABcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789";

fn version(text: &str) -> Version {
    Version::from_str(text).expect("a version")
}

fn project(files: &Json) -> Project {
    let page = Url::parse("https://example.org/simple/six/").expect("a URL");
    let package = PackageName::from_str("six").expect("a name");
    let body = json!({ "meta": { "api-version": "1.1" }, "name": "six", "files": files }).to_string();
    read(&package, &page, body.as_bytes(), &version("3.14")).unwrap_or_else(|error| panic!("{error}"))
}

fn file(name: &str) -> Json {
    json!({ "filename": name, "url": format!("../../files/{name}#sha256=x"), "hashes": { "sha256": HASH } })
}

#[test]
fn versions_have_the_wheel_that_can_be_used_and_those_that_cannot() {
    let mut old = file("six-1.0-py3-none-any.whl");
    old["requires-python"] = json!("<3.10");
    let mut unhashed = file("six-3.0-py3-none-any.whl");
    unhashed["hashes"] = json!({});
    let project = project(&json!([
        old,
        file("six-2.0-1-py3-none-any.whl"),
        file("six-2.0-2-py3-none-any.whl"),
        file("six-2.0-py3-none-any.whl"),
        file("six-2.0-cp314-cp314-win_amd64.whl"),
        file("six-2.0.tar.gz"),
        unhashed,
        file("other-9.0-py3-none-any.whl"),
        file("six-latest.exe"),
    ]));
    let second = &project.releases[&version("2.0")];
    let wheel = second.wheel.as_ref().expect("a wheel");
    assert_eq!(wheel.file, "six-2.0-2-py3-none-any.whl", "the highest build");
    assert_eq!(wheel.url.as_str(), "https://example.org/files/six-2.0-2-py3-none-any.whl");
    assert_eq!(wheel.digest.hex(), HASH.to_ascii_lowercase());
    let reasons: Vec<&Reason> = second.unusable.iter().map(|unusable| &unusable.reason).collect();
    assert_eq!(reasons, [&Reason::Native, &Reason::Source]);
    assert_eq!(project.releases[&version("1.0")].unusable[0].reason, Reason::Python("<3.10".to_owned()));
    assert_eq!(project.releases[&version("3.0")].unusable[0].reason, Reason::NoDigest);
    assert_eq!(project.releases.len(), 3);
}

#[test]
fn metadata_and_withdrawal_are_read_in_all_their_forms() {
    let with = |key: &str, json: Json| {
        let mut file = file("six-1.0-py3-none-any.whl");
        file[key] = json;
        project(&json!([file])).releases.remove(&version("1")).and_then(|release| release.wheel).expect("a wheel")
    };
    assert_eq!(with("core-metadata", json!(true)).metadata, OwnMetadata::Yes(None));
    assert!(matches!(with("dist-info-metadata", json!({ "sha256": HASH })).metadata, OwnMetadata::Yes(Some(_))));
    assert_eq!(with("core-metadata", json!(false)).metadata, OwnMetadata::No);
    assert!(with("yanked", json!("broken")).yanked && with("yanked", json!(true)).yanked);
    assert!(!with("yanked", json!(false)).yanked && !with("requires-python", Json::Null).yanked);
}

#[test]
fn a_password_in_a_files_url_is_dropped() {
    let mut file = file("six-1.0-py3-none-any.whl");
    file["url"] = json!("https://me:secret@elsewhere.example.org/six-1.0-py3-none-any.whl");
    let wheel = project(&json!([file])).releases.remove(&version("1")).and_then(|release| release.wheel);
    assert_eq!(wheel.expect("a wheel").url.as_str(), "https://elsewhere.example.org/six-1.0-py3-none-any.whl");
}

#[test]
fn what_is_no_list_is_an_error() {
    let page = Url::parse("https://example.org/simple/six/").expect("a URL");
    let package = PackageName::from_str("six").expect("a name");
    assert!(read(&package, &page, b"<html>", &version("3.14")).is_err());
}
