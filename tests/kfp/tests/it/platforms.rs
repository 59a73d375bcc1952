//! What pipelines ask of the platform, on a real node: secrets, settings, a folder that steps share.
//! Never lets a secret be found anywhere but where it was set.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::server::Server;

/// What is set as a secret; the case knows its hash only where it is told to anybody.
const SECRET: &str = "correct horse battery staple";

fn sandmill(arguments: &[&str], data: &Path) -> String {
    let made = Command::new(tests_kit::binary::path()).args(arguments).arg("--data").arg(data).output().unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&made.stdout), String::from_utf8_lossy(&made.stderr));
    assert!(made.status.success(), "{arguments:?}: {said}");
    said
}

/// All files of a folder that hold these bytes.
fn files_with(folder: &Path, bytes: &[u8]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            if entry.file_type().unwrap().is_dir() {
                folders.push(entry.path());
            } else if std::fs::read(entry.path())
                .is_ok_and(|content| content.windows(bytes.len()).any(|part| part == bytes))
            {
                found.push(entry.path());
            }
        }
    }
    found
}

#[test]
fn steps_find_what_the_node_keeps_and_share_a_folder() {
    let python = match tests_kfp::python().and_then(|python| Ok((python, tests_kfp::cases()?))) {
        Ok((python, _)) => python,
        Err(reason) => return tests_kfp::skip(&reason),
    };
    let server = Server::start();
    if !server.push_python() {
        return tests_kfp::skip("run-python is not built here");
    }
    let data = server.data();
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), SECRET).unwrap();
    let said = [
        sandmill(&["secret", "set", "keeps", &format!("main=@{}", file.path().display())], data),
        sandmill(&["config-map", "set", "modes", "mode=fast"], data),
        sandmill(&["secret", "list"], data),
        sandmill(&["config-map", "list", "--json"], data),
    ];
    assert!(said[2].contains("keeps") && said[2].contains("main"), "{}", said[2]);
    assert_eq!(said[3].trim(), r#"{"modes":["mode"]}"#);
    assert!(!said.concat().contains(SECRET));
    server.holds_cases(
        &python,
        &[
            "platform-kept",
            "platform-kept-refused",
            "platform-no-accelerator",
            "platform-secret",
            "platform-workspace",
            "platform-workspace-full",
        ],
    );
    assert_eq!(files_with(data, SECRET.as_bytes()), [data.join("secrets/keeps/main")]);
    let left: Vec<_> = std::fs::read_dir(data.join("workspaces")).unwrap().flatten().collect();
    assert!(left.is_empty(), "workspaces outlive their runs: {left:?}");
    sandmill(&["secret", "delete", "keeps"], data);
    assert!(files_with(data, SECRET.as_bytes()).is_empty());
}
