//! The document of the README, what is left out, and what is refused with which words.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::net::Ipv4Addr;

use super::*;
use crate::access::{Action, Who};

const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
const EVERYWHERE: IpAddr = IpAddr::V4(Ipv4Addr::UNSPECIFIED);

/// The document that the README shows.
fn readme() -> String {
    let text = include_str!("../../../README.md");
    let document = text.split("```toml\n").nth(1).unwrap();
    document.split("```").next().unwrap().to_owned()
}

#[test]
fn the_readmes_document_is_understood() {
    let settings = Settings::parse(&readme()).unwrap();
    let access = settings.access.unwrap();
    assert_eq!(access.rule[0].who, Who::Everybody);
    assert_eq!(access.rule[1].who, Who::Named(vec!["ann".to_owned(), "ci".to_owned()]));
    assert_eq!(access.rule[1].may, [Action::Pull, Action::Push]);
    assert!(matches!(settings.storage, Storage::S3(bucket) if bucket.prefix == "registry/"));
    assert_eq!(settings.garbage.untagged, Untagged::Keep);
    assert!(settings.tls.is_some());
}

#[test]
fn nothing_written_is_open_here_and_guarded_elsewhere() {
    let settings = Settings::parse("").unwrap();
    assert_eq!(settings, Settings::default());
    assert!(settings.config("/data".into(), HERE, true).unwrap().access.is_none());
    let access = settings.config("/data".into(), EVERYWHERE, true).unwrap().access.unwrap();
    assert_eq!((access.users, access.rules), (None, Rule::usual()));
    let asked = Settings::parse("[access]").unwrap().config("/data".into(), HERE, true).unwrap();
    assert!(asked.access.is_some(), "access that is written holds on this machine too");
}

#[test]
fn what_is_not_understood_is_named_with_its_line() {
    let cases = [
        ("[acess]\n", "unknown field `acess`"),
        ("[access]\nuser = \"x\"\n", "unknown field `user`"),
        ("[access]\nchallenge = \"digest\"\n", "unknown variant `digest`"),
        ("[[access.rule]]\nwho = \"users\"\nrepositories = [\"A\"]\nmay = [\"pull\"]\n", "`A` is no pattern"),
        ("[[access.rule]]\nwho = \"users\"\nrepositories = [\"a\"]\nmay = [\"write\"]\n", "unknown variant `write`"),
        ("[storage]\nkind = \"s3\"\n", "missing field `bucket`"),
        ("[limits]\nuploads-max = -1\n", "invalid value"),
    ];
    for (text, expected) in cases {
        let error = Settings::parse(text).unwrap_err();
        assert!(error.contains(expected), "{text}: {error}");
        assert!(error.contains("line "), "{text}: {error}");
    }
}

#[test]
fn values_that_make_no_sense_are_refused() {
    let cases = [
        ("[access]\ntoken-seconds = 0", "access.token-seconds"),
        ("[access]\ntoken-seconds = 86401", "access.token-seconds"),
        ("[access]\nexternal-url = \"registry.example\"", "access.external-url"),
        ("[access]\nexternal-url = \"https://a\\\"b\"", "access.external-url"),
        ("[limits]\nblob-bytes-max = 0", "limits"),
        ("[storage]\nkind = \"s3\"\nbucket = \"\"", "storage.bucket"),
    ];
    for (text, expected) in cases {
        let error = Settings::parse(text).unwrap().config("/data".into(), HERE, true).unwrap_err().to_string();
        assert!(error.contains(expected), "{text}: {error}");
    }
    let longest = Settings::parse("[access]\ntoken-seconds = 86400").unwrap();
    assert!(longest.config("/data".into(), HERE, true).is_ok());
}

#[test]
fn paths_are_taken_from_the_documents_folder() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("registry.toml");
    fs::write(&path, "[access]\nusers = \"users\"\n[tls]\ncertificate = \"/etc/tls.crt\"\nkey = \"tls.key\"\n")
        .unwrap();
    let settings = Settings::read(&path).unwrap();
    assert_eq!(settings.access.as_ref().unwrap().users, Some(folder.path().join("users")));
    let tls = settings.tls.as_ref().unwrap();
    assert_eq!((tls.certificate.clone(), tls.key.clone()), ("/etc/tls.crt".into(), folder.path().join("tls.key")));
    let error = settings.config("/data".into(), HERE, true).unwrap_err().to_string();
    assert!(error.contains("users"), "{error}");
    let error = Settings::read(&folder.path().join("absent.toml")).unwrap_err().to_string();
    assert!(error.contains("absent.toml"), "{error}");
}
