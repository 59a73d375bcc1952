//! Packages of every kind, at their limits and damaged.
//! Never from a file; each is made here.

#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up has to stop")]
use miniz_oxide::deflate::compress_to_vec;

use super::*;

fn number(of: usize, bytes: usize) -> Vec<u8> {
    // Wider than any field, since some of them are filled with zeros together.
    (of as u128).to_le_bytes()[..bytes].to_vec()
}

/// A zip as Python's `zipfile` writes it.
fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut archive, mut directory) = (Vec::new(), Vec::new());
    for (name, content) in files {
        let (packed, offset) = (compress_to_vec(content, 6), archive.len());
        let mut shared = [number(20, 2), number(0, 2), number(8, 2), number(0, 8)].concat();
        shared
            .extend([number(packed.len(), 4), number(content.len(), 4), number(name.len(), 2), number(0, 2)].concat());
        archive.extend([b"PK\x03\x04".to_vec(), shared.clone(), name.as_bytes().to_vec(), packed].concat());
        directory.extend([b"PK\x01\x02".to_vec(), number(20, 2), shared, number(0, 10), number(offset, 4)].concat());
        directory.extend(name.as_bytes());
    }
    let (size, offset) = (directory.len(), archive.len());
    archive.extend(directory);
    archive.extend([b"PK\x05\x06".to_vec(), number(0, 4), number(files.len(), 2), number(files.len(), 2)].concat());
    archive.extend([number(size, 4), number(offset, 4), number(0, 2)].concat());
    archive
}

fn tarred(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = tar::Builder::new(Vec::new());
    for (name, content) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        archive.append_data(&mut header, name, *content).unwrap();
    }
    // With the name of a file, as tools write it.
    let head = [&[0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 3][..], b"p.tar\0"].concat();
    [head, compress_to_vec(&archive.into_inner().unwrap(), 6), vec![0; 8]].concat()
}

#[test]
fn the_pipeline_is_found_in_every_kind_of_package() {
    for pack in [zipped, tarred] {
        assert_eq!(text(&pack(&[("x.yaml", b"a: 1"), ("notes.txt", b"hello")])).unwrap(), "a: 1");
        assert_eq!(text(&pack(&[("x.yaml", b"a: 1"), ("d/pipeline.yaml", b"b: 2")])).unwrap(), "b: 2");
        assert!(text(&pack(&[("x.yaml", b"a: 1"), ("y.yaml", b"b: 2")])).is_err());
        assert!(text(&pack(&[("x.txt", b"a: 1")])).is_err());
    }
    assert_eq!(text(b"a: 1").unwrap(), "a: 1");
}

#[test]
fn a_package_that_grows_past_its_limit_is_refused() {
    let (fits, large) = (vec![b' '; PACKAGE_BYTES_MAX], vec![b' '; PACKAGE_BYTES_MAX + 1]);
    assert_eq!(text(&fits).unwrap().len(), PACKAGE_BYTES_MAX);
    assert_eq!(text(&zipped(&[("x.yaml", &fits)])).unwrap().len(), PACKAGE_BYTES_MAX);
    for refused in [text(&large), text(&zipped(&[("x.yaml", &large)])), text(&tarred(&[("x.yaml", &large)]))] {
        assert_eq!(refused.unwrap_err().0[0].code, Code::TooLarge);
    }
    let bomb = vec![b' '; UNPACKED_BYTES_MAX + 1];
    assert!(text(&zipped(&[("x.yaml", &bomb)])).is_err() && text(&tarred(&[("x.yaml", &bomb)])).is_err());
}

#[test]
fn damaged_packages_are_refused() {
    for whole in [zipped(&[("x.yaml", b"a: 1")]), tarred(&[("x.yaml", b"a: 1")])] {
        for length in 3..whole.len() / 2 {
            assert!(text(&whole[..length]).is_err(), "{length}");
        }
    }
    assert!(text(&[0xff, 0xfe]).is_err());
}
