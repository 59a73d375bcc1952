//! Folders are listed and their files found whatever their names are; what is damaged is refused.
#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up has to stop")]

use std::collections::BTreeMap;
use std::sync::Arc;

use host_base::ArtifactKind;
use registry_cas::MemoryBlobs;
use tar::{Builder, Header};

use super::*;

/// What nobody should trust, as names of files.
const HOSTILE: [&[u8]; 7] = [
    b"../../etc/passwd",
    b"/etc/shadow",
    b"<script>alert(1)</script>.html",
    b"a\nb\x1b[31m",
    b"\xff\xfe.txt",
    "\u{202e}gnp.exe".as_bytes(),
    b"con/../x",
];

fn entry(builder: &mut Builder<Vec<u8>>, name: &[u8], kind: EntryType, content: &[u8]) {
    let mut header = Header::new_gnu();
    header.set_entry_type(kind);
    header.set_size(content.len() as u64);
    // Written as it is: the library itself refuses to write such names.
    let field = &mut header.as_old_mut().name;
    field[..name.len()].copy_from_slice(name);
    header.set_cksum();
    builder.append(&header, content).unwrap();
}

async fn part(content: &[u8], from: u64) -> ArchivePart {
    let artifacts = Artifacts::new(Arc::new(MemoryBlobs::new(1 << 30)));
    let mut writer = artifacts.writer(ArtifactKind::Artifact, FOLDER_MEDIA_TYPE, BTreeMap::new()).await.unwrap();
    writer.write(content).await.unwrap();
    let artifact = writer.finish().await.unwrap();
    ArchivePart::of(artifacts, &artifact, from)
}

async fn listed(content: &[u8], from: u64, limit: usize) -> io::Result<FolderPage> {
    let part = part(content, from).await;
    tokio::task::spawn_blocking(move || page(part, from, limit)).await.unwrap()
}

/// All pages, one behind the other.
async fn all(content: &[u8], limit: usize) -> Vec<FolderFile> {
    let (mut files, mut from) = (Vec::new(), 0);
    loop {
        let page = listed(content, from, limit).await.unwrap();
        files.extend(page.files);
        match page.next {
            Some(next) => from = next,
            None => return files,
        }
    }
}

#[tokio::test]
async fn files_are_listed_page_by_page_with_the_place_of_their_content() {
    let mut builder = Builder::new(Vec::new());
    let long = format!("{}/file.csv", "folder/".repeat(40));
    entry(&mut builder, b"data", EntryType::Directory, b"");
    for (name, length) in [("data/a.csv", 3_usize), (long.as_str(), 512), ("data/empty", 0), ("data/large", 100_000)] {
        let mut header = Header::new_gnu();
        header.set_size(length as u64);
        header.set_mode(0o644);
        builder.append_data(&mut header, name, vec![b'x'; length].as_slice()).unwrap();
    }
    entry(&mut builder, b"data/link", EntryType::Symlink, b"");
    let content = builder.into_inner().unwrap();
    let expected = all(&content, 100).await;
    let told: Vec<_> = expected.iter().map(|file| (file.name.as_str(), file.size_bytes, file.readable)).collect();
    let files = [("data/a.csv", 3, true), (long.as_str(), 512, true), ("data/empty", 0, true)];
    assert_eq!(told[..3], files);
    assert_eq!(told[3..], [("data/large", 100_000, true), ("data/link", 0, false)]);
    for limit in [1, 2, 3] {
        assert_eq!(all(&content, limit).await, expected, "pages of {limit}");
    }
    for file in expected {
        let found = listed(&content, file.position, 1).await.unwrap().files;
        assert_eq!(found[0].content_position, file.content_position, "{}", file.name);
        let place = usize::try_from(file.content_position).unwrap();
        let bytes = &content[place..place + usize::try_from(file.size_bytes).unwrap()];
        assert!(bytes.iter().all(|byte| *byte == b'x'), "{}", file.name);
    }
}

#[tokio::test]
async fn hostile_names_are_told_as_they_stand_and_lead_nowhere() {
    let mut builder = Builder::new(Vec::new());
    for name in HOSTILE {
        entry(&mut builder, name, EntryType::Regular, name);
    }
    // Twice the same name: each is a file of its own.
    entry(&mut builder, HOSTILE[0], EntryType::Regular, b"second");
    let content = builder.into_inner().unwrap();
    let files = all(&content, 2).await;
    for (file, name) in files.iter().zip(HOSTILE) {
        assert_eq!(file.name, String::from_utf8_lossy(name));
        let place = usize::try_from(file.content_position).unwrap();
        assert_eq!(&content[place..place + name.len()], name);
    }
    assert_eq!((files.len(), &files[7].name), (8, &files[0].name));
    assert_ne!(files[7].position, files[0].position);
}

#[tokio::test]
async fn a_name_is_cut_and_headers_without_end_are_refused() {
    let named = |length: usize| {
        let mut builder = Builder::new(Vec::new());
        let mut header = Header::new_gnu();
        header.set_entry_type(EntryType::GNULongName);
        header.set_size(length as u64);
        header.set_cksum();
        builder.append(&header, vec![b'n'; length].as_slice()).unwrap();
        entry(&mut builder, b"n", EntryType::Regular, b"");
        builder.into_inner().unwrap()
    };
    assert_eq!(all(&named(NAME_BYTES_MAX + 1), 10).await[0].name.len(), NAME_BYTES_MAX);
    let error = listed(&named(usize::try_from(HEADER_BYTES_MAX).unwrap()), 0, 10).await.unwrap_err();
    assert!(error.to_string().contains("headers are longer"), "{error}");
}

#[tokio::test]
async fn what_is_damaged_or_no_archive_is_refused_and_a_page_of_folders_goes_on() {
    let mut builder = Builder::new(Vec::new());
    entry(&mut builder, b"file", EntryType::Regular, &[1; 2_000]);
    let content = builder.into_inner().unwrap();
    for (damaged, from) in [(&content[..1_500], 0), (&content[..], 512), (&content[..], 7), (b"no archive at all", 0)] {
        assert!(listed(damaged, from, 10).await.is_err(), "{} bytes from {from}", damaged.len());
    }
    assert_eq!(listed(&content, u64::MAX, 10).await.unwrap(), FolderPage::default());
    assert_eq!(listed(b"", 0, 10).await.unwrap(), FolderPage::default());

    let mut builder = Builder::new(Vec::new());
    for _ in 0..=ENTRIES_PER_PAGE_MAX {
        entry(&mut builder, b"folder", EntryType::Directory, b"");
    }
    entry(&mut builder, b"last", EntryType::Regular, b"x");
    let content = builder.into_inner().unwrap();
    let first = listed(&content, 0, 10).await.unwrap();
    assert!(first.files.is_empty() && first.next.is_some(), "{first:?}");
    assert_eq!(all(&content, 10).await.len(), 1);
}
