//! Searches on small made-up indexes.

use std::collections::BTreeMap;
use std::str::FromStr as _;

use pep440_rs::Version;
use pep508_rs::{PackageName, Requirement};
use registry_oci::Digest;
use url::Url;

use super::{Found, Known, Need, Search};
use crate::page::{OwnMetadata, Reason, Release, Unusable, WheelFile};
use crate::{WheelError, environment, metadata};

/// One release: package, version, what it needs, and marks: `yanked`, `native`, `source`.
type Line<'a> = (&'a str, &'a str, &'a [&'a str], &'a str);

fn version(text: &str) -> Version {
    Version::from_str(text).expect("a version")
}

fn name(text: &str) -> PackageName {
    PackageName::from_str(text).expect("a name")
}

fn known(lines: &[Line<'_>]) -> Known {
    let mut known = Known::default();
    for (package, number, needs, marks) in lines {
        let project = known.projects.entry(name(package)).or_default().get_or_insert_default();
        let mut release = Release::default();
        let file = format!("{package}-{number}-py3-none-any.whl");
        match *marks {
            "native" => release.unusable.push(Unusable {
                file: format!("{package}-{number}-cp314-cp314-manylinux_2_28_x86_64.whl"),
                reason: Reason::Native,
            }),
            "source" => {
                release.unusable.push(Unusable { file: format!("{package}-{number}.tar.gz"), reason: Reason::Source });
            }
            _ => {
                release.wheel = Some(WheelFile {
                    url: Url::parse(&format!("https://example.org/{file}")).expect("a URL"),
                    file,
                    digest: Digest::sha256(number.as_bytes()),
                    build: 0,
                    yanked: *marks == "yanked",
                    metadata: OwnMetadata::No,
                });
            }
        }
        project.releases.insert(version(number), release);
        let head: String = needs.iter().map(|need| format!("{need}\n")).collect();
        known.metadata.insert((name(package), version(number)), metadata::read(&head));
    }
    known
}

fn search(known: &Known, requirements: &[&str]) -> Result<Found, WheelError> {
    let markers = environment::markers().expect("markers");
    let requirements: Vec<Requirement> =
        requirements.iter().map(|text| Requirement::from_str(text).expect("a requirement")).collect();
    let python = version("3.14.0");
    Search { known, markers: &markers, python: &python, packages_max: 10, indexes: "an index" }.find(&requirements)
}

fn versions(lines: &[Line<'_>], requirements: &[&str]) -> BTreeMap<String, String> {
    match search(&known(lines), requirements) {
        Ok(Found::All(all)) => all.into_iter().map(|(name, version)| (name.to_string(), version.to_string())).collect(),
        other => panic!("{other:?}"),
    }
}

fn pairs(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(name, version)| ((*name).to_owned(), (*version).to_owned())).collect()
}

fn refusal(lines: &[Line<'_>], requirements: &[&str]) -> String {
    search(&known(lines), requirements).expect_err("refused").to_string()
}

#[test]
fn the_newest_that_fit_are_taken_with_all_that_they_need() {
    let lines: &[Line<'_>] = &[
        ("a", "1.0", &["Requires-Dist: b"], ""),
        ("a", "2.0", &["Requires-Dist: b<2", "Requires-Dist: c; sys_platform == 'win32'"], ""),
        ("b", "1.5", &[], ""),
        ("b", "2.0", &[], ""),
    ];
    assert_eq!(versions(lines, &["a"]), pairs(&[("a", "2.0"), ("b", "1.5")]));
    assert_eq!(versions(lines, &["a<2", "b"]), pairs(&[("a", "1.0"), ("b", "2.0")]));
    assert_eq!(versions(lines, &["a; python_version < '3'"]), pairs(&[]));
    assert_eq!(
        versions(lines, &["B; platform_machine == 'wasm32' and implementation_name == 'cpython'"]),
        pairs(&[("b", "2.0")])
    );
}

#[test]
fn choices_are_taken_back() {
    let lines: &[Line<'_>] = &[
        ("a", "1.0", &[], ""),
        ("a", "2.0", &["Requires-Dist: c==2"], ""),
        ("b", "1.0", &["Requires-Dist: c==1"], ""),
        ("c", "1", &[], ""),
        ("c", "2", &[], ""),
    ];
    assert_eq!(versions(lines, &["a", "b"]), pairs(&[("a", "1.0"), ("b", "1.0"), ("c", "1")]));
    let reason = refusal(lines, &["a==2.0", "b"]);
    assert!(reason.contains("b 1.0 asks for c==1") && reason.contains("a 2.0"), "{reason}");
}

#[test]
fn a_circle_is_no_trouble() {
    let lines: &[Line<'_>] = &[("a", "1", &["Requires-Dist: b"], ""), ("b", "1", &["Requires-Dist: a>=1"], "")];
    assert_eq!(versions(lines, &["a"]), pairs(&[("a", "1"), ("b", "1")]));
}

#[test]
fn extras_bring_what_they_need() {
    let lines: &[Line<'_>] = &[
        ("a", "1", &["Requires-Dist: b; extra == 'more'", "Requires-Dist: c; extra == 'most'"], ""),
        ("b", "1", &["Requires-Dist: a[most]"], ""),
        ("c", "1", &[], ""),
    ];
    assert_eq!(versions(lines, &["a"]), pairs(&[("a", "1")]));
    assert_eq!(versions(lines, &["a[More]"]), pairs(&[("a", "1"), ("b", "1"), ("c", "1")]));
    assert_eq!(versions(lines, &["a[unheard-of]"]), pairs(&[("a", "1")]));
}

#[test]
fn what_was_withdrawn_is_taken_only_by_its_number() {
    let lines: &[Line<'_>] = &[("a", "1.0", &[], ""), ("a", "2.0", &[], "yanked")];
    assert_eq!(versions(lines, &["a"]), pairs(&[("a", "1.0")]));
    assert_eq!(versions(lines, &["a==2.0"]), pairs(&[("a", "2.0")]));
}

#[test]
fn unfinished_versions_are_taken_where_asked_for_or_where_there_is_nothing_else() {
    let lines: &[Line<'_>] =
        &[("a", "1.0", &[], ""), ("a", "2.0rc1", &[], ""), ("b", "0.1a1", &[], ""), ("b", "0.1a2", &[], "")];
    assert_eq!(versions(lines, &["a", "b"]), pairs(&[("a", "1.0"), ("b", "0.1a2")]));
    assert_eq!(versions(lines, &["a>=2.0rc1"]), pairs(&[("a", "2.0rc1")]));
    assert!(refusal(lines, &["a>=2.0"]).contains("the newest version is 2.0rc1"));
}

#[test]
fn a_python_that_is_not_ours_is_passed_over() {
    let lines: &[Line<'_>] = &[("a", "1", &[], ""), ("a", "2", &["Requires-Python: <3.14"], "")];
    assert_eq!(versions(lines, &["a"]), pairs(&[("a", "1")]));
    assert!(refusal(lines, &["a==2"]).contains("a 2 is for Python <3.14"));
}

#[test]
fn native_code_is_refused_by_the_files_name() {
    let lines: &[Line<'_>] = &[
        ("a", "1", &["Requires-Dist: fast"], ""),
        ("fast", "1", &[], "source"),
        ("fast", "2", &[], "native"),
        ("old", "1", &[], ""),
        ("old", "2", &[], "native"),
        ("src", "1", &[], "source"),
    ];
    let reason = refusal(lines, &["a"]);
    assert!(reason.contains("fast-2-cp314-cp314-manylinux_2_28_x86_64.whl holds native code"), "{reason}");
    assert!(reason.contains("which a 1 asks for"), "{reason}");
    assert!(refusal(lines, &["src"]).contains("src-1.tar.gz is source"));
    assert_eq!(versions(lines, &["old"]), pairs(&[("old", "1")]));
}

#[test]
fn what_is_not_known_is_named_at_once() {
    let mut known = known(&[("a", "1", &["Requires-Dist: c"], "")]);
    assert_eq!(
        search(&known, &["x", "a", "y"]).expect("a need"),
        Found::Needs(vec![Need::Project(name("x")), Need::Project(name("y"))])
    );
    known.metadata.clear();
    assert_eq!(search(&known, &["a"]).expect("a need"), Found::Needs(vec![Need::Metadata(name("a"), version("1"))]));
    known.projects.insert(name("x"), None);
    let reason = search(&known, &["x"]).expect_err("refused").to_string();
    assert!(reason.contains("`x`, which the step asks for, is on no index"), "{reason}");
}

#[test]
fn kfp_is_there_already() {
    let lines: &[Line<'_>] = &[("a", "1", &["Requires-Dist: kfp>=2.6"], ""), ("b", "1", &["Requires-Dist: kfp<2"], "")];
    assert_eq!(versions(lines, &["kfp==2.9.0", "a"]), pairs(&[("a", "1")]));
    assert!(refusal(lines, &["b"]).contains("b 1 asks for kfp<2, and steps have 2.17.0"));
}

#[test]
fn the_number_of_packages_is_limited() {
    let names: Vec<String> = (0..11).map(|number| format!("p{number}")).collect();
    let lines: Vec<Line<'_>> = names.iter().map(|name| (name.as_str(), "1", &[][..], "")).collect();
    let ten: Vec<&str> = names.iter().take(10).map(String::as_str).collect();
    assert_eq!(versions(&lines, &ten).len(), 10);
    let eleven: Vec<&str> = names.iter().map(String::as_str).collect();
    assert!(refusal(&lines, &eleven).contains("packages_max = 10"));
}

#[test]
fn a_search_without_end_is_given_up() {
    // Forty versions each of three packages, of which no three fit together.
    let numbers: Vec<String> = (1..=40).map(|number| number.to_string()).collect();
    let needs = ["Requires-Dist: z==1".to_owned(), "Requires-Dist: z==2".to_owned()];
    let mut lines: Vec<Line<'_>> = Vec::new();
    let (none, one): (&[&str], &[&str]) = (&[], &[needs[0].as_str()]);
    let two = [needs[1].as_str()];
    for number in &numbers {
        lines.extend([
            ("a", number.as_str(), none, ""),
            ("b", number.as_str(), none, ""),
            ("c", number.as_str(), one, ""),
        ]);
        lines.push(("d", number.as_str(), &two, ""));
    }
    lines.extend([("z", "1", none, ""), ("z", "2", none, "")]);
    assert!(refusal(&lines, &["a", "b", "c", "d"]).contains("tries_max = 5000"));
}

#[test]
fn a_url_is_no_requirement() {
    let reason = refusal(&[], &["a @ https://example.org/a-1-py3-none-any.whl"]);
    assert!(reason.contains("`a` cannot be installed") && reason.contains("URL"), "{reason}");
}
