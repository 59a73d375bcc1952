//! Tests of what a cell asks to be installed.
//! Never reaches an index.
#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up has to stop")]

use super::{Packages, Wanted, link, wanted};

#[test]
fn lines_at_the_top_are_the_hosts_and_keep_their_place() {
    let asked = wanted("# first\n%pip install -q six==1.17.0 'attrs>=23'\n!pip install toolz\nimport six\n").unwrap();
    let code = "# first\n\n\nimport six".to_owned();
    let requirements = ["six==1.17.0", "attrs>=23", "toolz"].map(str::to_owned).into();
    assert_eq!(asked.ok(), Some(Wanted { requirements, code }));
}

#[test]
fn what_is_no_such_line_is_left_alone() {
    for code in ["x = 1", "", "'''\n%pip install six\n'''", "x = 1\n%pip install six", "%pipe install six"] {
        assert!(wanted(code).is_none(), "{code}");
    }
}

#[test]
fn what_cannot_be_done_is_refused_by_name() {
    for (code, part) in [
        ("%pip uninstall six", "only `%pip install"),
        ("%pip install", "names no package"),
        ("%pip install --index-url http://elsewhere six", "`--index-url`"),
        ("%pip install -r requirements.txt", "`-r`"),
    ] {
        let report = wanted(code).unwrap().unwrap_err();
        assert!(report.message.contains(part) && report.name == "InstallRefused", "{report:?}");
    }
}

#[test]
fn a_layer_is_laid_with_all_its_folders() {
    let folder = tempfile::tempdir().unwrap();
    let layer = folder.path().join("layer");
    std::fs::create_dir_all(layer.join("deep/er")).unwrap();
    std::fs::write(layer.join("deep/er/module.py"), "x = 1").unwrap();
    let packages = Packages::below(folder.path()).unwrap();
    link(&layer, &packages.folder.join("0")).unwrap();
    assert_eq!(std::fs::read_to_string(packages.folder.join("0/deep/er/module.py")).unwrap(), "x = 1");
}
