//! Archives as wheels have them, and archives that try something.

use std::io::{Cursor, Write as _};
use std::path::Path;
use std::str::FromStr as _;

use pep508_rs::PackageName;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::{Room, Trouble, metadata, unpack};

const ROOM: Room = Room { unpacked_bytes_max: 1 << 20, entries_max: 10 };

fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, content) in files {
        writer.start_file(*name, options).expect("a file");
        writer.write_all(content).expect("written");
    }
    writer.finish().expect("an archive").into_inner()
}

/// The bytes with one name in place of another of the same length, in both places where it stands.
fn renamed(bytes: &[u8], from: &str, to: &str) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let mut bytes = bytes.to_vec();
    for at in 0..bytes.len() - from.len() {
        if bytes[at..].starts_with(from.as_bytes()) {
            bytes[at..at + from.len()].copy_from_slice(to.as_bytes());
        }
    }
    bytes
}

fn refusal(bytes: &[u8], room: Room) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let inner = folder.path().join("inner");
    std::fs::create_dir(&inner).expect("a folder");
    let refused = match unpack(bytes, &inner, room) {
        Err(Trouble::Archive(reason)) => reason,
        other => panic!("{other:?}"),
    };
    let beside = std::fs::read_dir(folder.path()).expect("a listing").count();
    assert_eq!(beside, 1, "something was written beside the folder");
    refused
}

fn read(folder: &Path, name: &str) -> String {
    std::fs::read_to_string(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[test]
fn what_is_importable_is_unpacked() {
    let folder = tempfile::tempdir().expect("a folder");
    let bytes = archive(&[
        ("six/__init__.py", b"six"),
        ("six-1.data/purelib/extra/more.py", b"more"),
        ("six-1.data/scripts/run", b"#!"),
        ("six-1.dist-info/METADATA", b"Name: six"),
    ]);
    unpack(&bytes, folder.path(), ROOM).expect("unpacked");
    assert_eq!(read(folder.path(), "six/__init__.py"), "six");
    assert_eq!(read(folder.path(), "extra/more.py"), "more");
    assert!(!folder.path().join("six-1.data").exists());
    assert!(folder.path().join("six-1.dist-info/METADATA").exists());
}

#[test]
fn no_name_leads_out_of_the_folder() {
    for name in ["../evil.py", "/tmp/evil!", "a/../../ab", "a\\..\\evil", "./evil.py/", "a//evil.py", "c:/evil.py"] {
        let plain = "x".repeat(name.len());
        let bytes = renamed(&archive(&[(&plain, b"evil")]), &plain, name);
        let reason = refusal(&bytes, ROOM);
        assert!(reason.contains("no path below its folder") || reason.contains("invalid"), "{name}: {reason}");
    }
    let deep = "a/".repeat(super::DEPTH_MAX) + "b";
    assert!(refusal(&archive(&[(&deep, b"")]), ROOM).contains("no path below its folder"));
}

#[test]
fn a_link_is_refused() {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer.add_symlink("link", "/etc/passwd", SimpleFileOptions::default()).expect("a link");
    let bytes = writer.finish().expect("an archive").into_inner();
    assert_eq!(refusal(&bytes, ROOM), "`link` is neither file nor folder");
}

#[test]
fn a_name_that_stands_twice_is_refused() {
    let twice = archive(&[("a/b", b"1"), ("a/c", b"2")]);
    assert_eq!(refusal(&renamed(&twice, "a/c", "a/b"), ROOM), "it holds a name twice");
    let reason = refusal(&archive(&[("a", b"1"), ("a/c", b"2")]), ROOM);
    assert!(reason.contains("twice"), "{reason}");
}

#[test]
fn a_bomb_is_stopped_at_the_limit() {
    let folder = tempfile::tempdir().expect("a folder");
    let full = vec![0; 1 << 20];
    unpack(&archive(&[("full.py", &full)]), folder.path(), ROOM).expect("exactly as much as there is room for");
    let bomb = archive(&[("half.py", &full[..1 << 19]), ("rest.py", &full[..(1 << 19) + 1])]);
    assert!(bomb.len() < 10_000);
    assert!(refusal(&bomb, ROOM).contains("unpacked_bytes_max = 1048576"));
}

#[test]
fn entries_are_counted() {
    let names: Vec<String> = (0..11).map(|number| format!("{number}.py")).collect();
    let files: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b""[..])).collect();
    let folder = tempfile::tempdir().expect("a folder");
    unpack(&archive(&files[..10]), folder.path(), ROOM).expect("ten");
    assert!(refusal(&archive(&files), ROOM).contains("11 files, more than entries_max = 10"));
}

#[test]
fn damage_is_found() {
    assert!(refusal(b"no archive", ROOM).contains("no zip archive"));
    let sound = archive(&[("a.py", &[b'x'; 1000])]);
    let mut damaged = sound.clone();
    damaged[40] ^= 0xff;
    let reason = refusal(&damaged, ROOM);
    assert!(reason.starts_with("`a.py`"), "{reason}");
    assert!(refusal(&sound[..sound.len() - 30], ROOM).contains("no zip archive"));
}

#[test]
fn metadata_are_those_of_the_package_and_no_longer_than_allowed() {
    let six = PackageName::from_str("Six").expect("a name");
    let bytes =
        archive(&[("vendor/other-1.dist-info/METADATA", b"Name: other"), ("six-1.dist-info/METADATA", b"Name: six")]);
    assert_eq!(metadata(&bytes, &six, 9).expect("metadata"), "Name: six");
    assert!(metadata(&bytes, &six, 8).expect_err("too long").contains("metadata_bytes_max = 8"));
    let other = PackageName::from_str("else").expect("a name");
    assert!(metadata(&bytes, &other, 100).expect_err("none").contains("no METADATA"));
}
