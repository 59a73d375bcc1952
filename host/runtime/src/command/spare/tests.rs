//! Tests of the folders that are kept: what comes back of one, and what does not.
//! Never runs a guest; tests/capabilities does.
#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up has to stop")]

use std::fs;
use std::os::unix::fs::{MetadataExt as _, symlink};

use super::SpareFolders;

#[test]
fn folders_come_back_empty_and_files_do_not() {
    let scratch = tempfile::tempdir().unwrap();
    let spare = SpareFolders::open(scratch.path().join("spare")).unwrap();
    let outside = scratch.path().join("outside");
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join("kept"), "kept").unwrap();
    let first = scratch.path().join("first");
    spare.make_all(&first.join("a/b")).unwrap();
    fs::write(first.join("a/b/secret"), "secret").unwrap();
    symlink(&outside, first.join("a/link")).unwrap();
    let inodes = |root: &std::path::Path| {
        let mut inodes: Vec<u64> = ["", "a", "a/b"].map(|at| fs::metadata(root.join(at)).unwrap().ino()).to_vec();
        inodes.sort_unstable();
        inodes
    };
    let before = inodes(&first);
    spare.take_back(first.clone()).unwrap();
    assert!(!first.exists());
    assert_eq!(fs::read_to_string(outside.join("kept")).unwrap(), "kept", "a link was followed");

    let second = scratch.path().join("second");
    spare.make_all(&second.join("a/b")).unwrap();
    spare.make_all(&second.join("a/b")).unwrap();
    assert_eq!(inodes(&second), before, "the same folders, one above the other");
    assert_eq!(fs::read_dir(second.join("a/b")).unwrap().count(), 0);
    assert_eq!(fs::read_dir(second.join("a")).unwrap().count(), 1);
}

#[test]
fn what_was_kept_and_has_gone_is_made_anew() {
    let scratch = tempfile::tempdir().unwrap();
    let spare = SpareFolders::open(scratch.path().join("spare")).unwrap();
    spare.make_all(&scratch.path().join("first/a")).unwrap();
    spare.take_back(scratch.path().join("first")).unwrap();
    fs::remove_dir_all(scratch.path().join("spare")).unwrap();
    spare.make_all(&scratch.path().join("second/a/b")).unwrap();
    assert!(scratch.path().join("second/a/b").is_dir());
}
