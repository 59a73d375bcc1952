//! Functions with packages on a real node, from the index that this machine's pip uses.
//! Never names an index of any one machine.

use std::process::Command;

use crate::server::Server;

#[test]
fn functions_have_their_packages_and_a_folder_to_write_in() {
    let python = match tests_kfp::python().and_then(|python| Ok((python, tests_kfp::cases()?))) {
        Ok((python, _)) => python,
        Err(reason) => return tests_kfp::skip(&reason),
    };
    let index = match tests_kit::python_index::of(&python) {
        Ok(index) => index,
        Err(reason) => return tests_kfp::skip(&reason),
    };
    let server = Server::start_with(&["--python-index", &index]);
    if !server.push_python() {
        return tests_kfp::skip("run-python is not built here");
    }
    server.push_file(&tests_kit::guests::program_path("write-files"), "sandmill/write-files:0.1.0");
    server.holds_cases(
        &python,
        &[
            "container-working-folder",
            "package-index-refused",
            "package-native-refused",
            "package-pure",
            "working-folder",
        ],
    );
}

#[test]
fn a_node_without_an_index_says_how_to_allow_one() {
    if let Err(reason) = tests_kfp::cases() {
        return tests_kfp::skip(reason);
    }
    let server = Server::start();
    if !server.push_python() {
        return tests_kfp::skip("run-python is not built here");
    }
    let path = tests_kfp::compiled_folder().join("package-pure.yaml");
    let made = Command::new(tests_kit::binary::path())
        .args(["pipeline", "check", "--server", &server.url])
        .arg(&path)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&made.stderr);
    assert!(!made.status.success(), "{said}");
    for part in ["SM0302", "next-day", "python-dateutil", "sandmill up --python-index"] {
        assert!(said.contains(part), "`{part}` is not in\n{said}");
    }
}
