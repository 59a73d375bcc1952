//! What Linux tells of a process is read right, and folders are measured.
//! Never about this machine's own load.

#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up has to stop")]

use super::*;

#[test]
fn processor_time_stands_behind_a_name_that_may_hold_anything() {
    let stat = "42 (a (b) c) S 1 42 42 0 -1 4194560 100 0 0 0 250 50 0 0 20 0 9 0 100 1000 200";
    assert!((processor_seconds(stat) - 3.0).abs() < 1e-9);
    assert!(processor_seconds("").abs() < 1e-9);
}

#[test]
fn memory_is_what_the_process_holds() {
    assert_eq!(memory_bytes("VmPeak:\t 99 kB\nVmRSS:\t    2048 kB\n"), 2 << 20);
    assert_eq!(memory_bytes(""), 0);
}

#[test]
fn folders_are_measured_with_what_is_in_them_and_not_for_ever() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("inner")).unwrap();
    std::fs::write(folder.path().join("a"), [0; 10]).unwrap();
    std::fs::write(folder.path().join("inner/b"), [0; 5]).unwrap();
    let measured = |mut files: usize| size(folder.path(), &mut files);
    assert_eq!((measured(100), measured(0)), (15, 0));
    assert_eq!(size(&folder.path().join("nothing"), &mut 10), 0);
}
