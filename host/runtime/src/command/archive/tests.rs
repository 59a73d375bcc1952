//! Folders that go into an archive and come out the same, and archives that are refused.
//! Never needs a guest.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::*;

fn write(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

#[test]
fn a_folder_comes_out_as_it_went_in_and_always_as_the_same_bytes() {
    let scratch = tempfile::tempdir().unwrap();
    let long = format!("deep/{}/file", "n".repeat(200));
    let archives = ["first", "second"].map(|name| {
        let folder = scratch.path().join(name);
        for (path, text) in [("b", "2"), ("a", "1"), ("sub/c", "3"), (&long, "4")] {
            write(&folder, path, text);
        }
        fs::create_dir(folder.join("empty")).unwrap();
        let archive = scratch.path().join(format!("{name}.tar"));
        pack(&folder, &archive).unwrap();
        archive
    });
    assert_eq!(fs::read(&archives[0]).unwrap(), fs::read(&archives[1]).unwrap());
    let out = scratch.path().join("out");
    unpack(&archives[0], &out).unwrap();
    for (path, text) in [("b", "2"), ("a", "1"), ("sub/c", "3"), (&long, "4")] {
        assert_eq!(fs::read_to_string(out.join(path)).unwrap(), text, "{path}");
    }
    assert!(out.join("empty").is_dir());
}

#[test]
fn a_link_in_a_folder_is_refused() {
    let scratch = tempfile::tempdir().unwrap();
    let folder = scratch.path().join("folder");
    fs::create_dir(&folder).unwrap();
    std::os::unix::fs::symlink("/etc/hostname", folder.join("link")).unwrap();
    let failure = pack(&folder, &scratch.path().join("archive.tar")).unwrap_err();
    assert_eq!(failure.code, Code::MissingOutput);
}

/// An archive with one entry whose name is written as it stands, which the library would not do.
fn archive_of(scratch: &Path, kind: EntryType, name: &str) -> PathBuf {
    let mut header = header(kind, FILE_MODE, 0);
    header.as_gnu_mut().unwrap().name[..name.len()].copy_from_slice(name.as_bytes());
    if kind == EntryType::Symlink {
        header.set_link_name("/etc/passwd").unwrap();
    }
    header.set_cksum();
    let mut builder = Builder::new(Vec::new());
    builder.append(&header, std::io::empty()).unwrap();
    let path = scratch.join("made.tar");
    fs::write(&path, builder.into_inner().unwrap()).unwrap();
    path
}

#[test]
fn entries_that_would_lead_out_are_refused() {
    let scratch = tempfile::tempdir().unwrap();
    for (kind, name) in [
        (EntryType::Regular, "../outside"),
        (EntryType::Regular, "/absolute"),
        (EntryType::Directory, "a/../../b"),
        (EntryType::Symlink, "link"),
        (EntryType::Link, "hard"),
        (EntryType::Fifo, "pipe"),
    ] {
        let archive = archive_of(scratch.path(), kind, name);
        let failure = unpack(&archive, &scratch.path().join("out")).unwrap_err();
        assert_eq!(failure.code, Code::InvalidDocument, "{name}");
    }
    assert!(!scratch.path().join("outside").exists());
    let archive = archive_of(scratch.path(), EntryType::Regular, "./fine");
    unpack(&archive, &scratch.path().join("out")).unwrap();
}

#[test]
fn what_is_no_archive_is_refused() {
    let scratch = tempfile::tempdir().unwrap();
    let path = scratch.path().join("text.tar");
    fs::write(&path, "x".repeat(2000)).unwrap();
    let failure = unpack(&path, &scratch.path().join("out")).unwrap_err();
    assert_eq!(failure.code, Code::InvalidDocument);
}
