//! What only a folder can get wrong: tampering, killed processes, full disks, cancelled writes.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::time::Duration;

use super::*;
use crate::{put_bytes, read_all};

async fn open(folder: &tempfile::TempDir) -> FolderBlobs {
    FolderBlobs::open(folder.path()).await.unwrap()
}

fn files_in_incoming(folder: &tempfile::TempDir) -> usize {
    entries(&folder.path().join("incoming"))
        .unwrap()
        .iter()
        .flat_map(|opening| entries(opening).unwrap())
        .filter(|file| !file.ends_with("lock"))
        .count()
}

#[tokio::test]
async fn a_blob_lies_where_its_digest_says_and_survives_reopening() {
    let folder = tempfile::tempdir().unwrap();
    let digest = put_bytes(&open(&folder).await, b"kept").await.unwrap();
    let path = folder.path().join("sha256").join(&digest.hex()[..2]).join(digest.hex());
    assert_eq!(fs::read(path).unwrap(), b"kept");
    assert_eq!(read_all(&open(&folder).await, &digest, 4).await.unwrap(), "kept");
}

#[tokio::test]
async fn a_tampered_blob_is_an_error_and_a_truncated_one_can_be_put_again() {
    let folder = tempfile::tempdir().unwrap();
    let blobs = open(&folder).await;
    let digest = put_bytes(&blobs, b"honest").await.unwrap();
    let path = blobs.folders.path_of(&digest);

    fs::write(&path, b"forged").unwrap();
    let error = read_all(&blobs, &digest, 100).await.unwrap_err();
    assert!(matches!(error, BlobError::DigestMismatch { ref actual, .. } if *actual == Digest::sha256(b"forged")));

    fs::write(&path, b"hon").unwrap();
    assert!(read_all(&blobs, &digest, 100).await.is_err());
    put_bytes(&blobs, b"honest").await.unwrap();
    assert_eq!(read_all(&blobs, &digest, 100).await.unwrap(), "honest");
}

#[tokio::test]
async fn opening_clears_what_was_abandoned_and_spares_what_is_in_use() {
    let folder = tempfile::tempdir().unwrap();
    let living = open(&folder).await;
    let mut writer = living.writer(Algorithm::Sha256).await.unwrap();
    writer.write(&vec![7; 1 << 20]).await.unwrap();

    let abandoned = folder.path().join("incoming/open-killed");
    fs::create_dir(&abandoned).unwrap();
    fs::write(abandoned.join("lock"), b"").unwrap();
    fs::write(abandoned.join(".tmpHalf"), b"half a blob").unwrap();

    let second = open(&folder).await;
    assert!(!abandoned.exists());
    let digest = writer.finish(None).await.unwrap();
    assert_eq!(second.size_bytes(&digest).await.unwrap(), Some(1 << 20));
    drop((living, second));
    assert_eq!(files_in_incoming(&folder), 0);
}

#[tokio::test]
async fn dropping_a_writer_removes_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let blobs = open(&folder).await;
    let mut writer = blobs.writer(Algorithm::Sha256).await.unwrap();
    writer.write(&vec![1; 1 << 20]).await.unwrap();
    drop(writer);
    // What was under way on the blocking pool ends first, and takes the file with it.
    for _ in 0..200 {
        if files_in_incoming(&folder) == 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the file of a dropped writer stayed");
}

#[tokio::test]
async fn a_caller_who_stops_waiting_loses_no_counted_byte() {
    let folder = tempfile::tempdir().unwrap();
    let blobs = open(&folder).await;
    let content: Vec<u8> = (0..5_u32 << 20).map(|position| (position % 249) as u8).collect();
    let mut writer = blobs.writer(Algorithm::Sha256).await.unwrap();
    let mut cut_short = 0;
    while (writer.written_bytes() as usize) < content.len() {
        let rest = &content[writer.written_bytes() as usize..];
        // Polled once and dropped wherever it had to wait.
        let write = std::pin::pin!(writer.write(rest));
        if futures::poll!(write).is_pending() {
            cut_short += 1;
        }
        tokio::task::yield_now().await;
    }
    assert!(cut_short > 0, "the test never cut a write short");
    assert_eq!(writer.finish(None).await.unwrap(), Digest::sha256(&content));
}

#[tokio::test]
async fn strange_files_are_not_listed() {
    let folder = tempfile::tempdir().unwrap();
    let blobs = open(&folder).await;
    let digest = put_bytes(&blobs, b"one").await.unwrap();
    fs::write(folder.path().join("sha256/README"), b"").unwrap();
    fs::write(blobs.folders.path_of(&digest).with_file_name("ab"), b"").unwrap();
    assert_eq!(blobs.list().await.unwrap(), [digest]);
}

#[tokio::test]
async fn a_folder_that_cannot_be_opened_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, b"").unwrap();
    let Err(error) = FolderBlobs::open(&file).await else { panic!("opened a file as a folder") };
    assert!(error.to_string().contains(&file.display().to_string()), "{error}");
    assert!(!error.is_disk_full());
}

#[test]
fn both_kinds_of_full_disk_are_told_apart_from_other_errors() {
    // ENOSPC, EDQUOT and EACCES, as Linux numbers them.
    for (number, full) in [(28, true), (122, true), (13, false)] {
        let error = BlobError::io("writing", io::Error::from_raw_os_error(number));
        assert_eq!(error.is_disk_full(), full, "{error}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_small_blobs_are_written_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let blobs = open(&folder).await;
    let tasks: Vec<_> = (0..300_u32)
        .map(|number| {
            let blobs = blobs.clone();
            tokio::spawn(async move { put_bytes(&blobs, &number.to_le_bytes()).await.unwrap() })
        })
        .collect();
    for (number, task) in (0_u32..).zip(tasks) {
        assert_eq!(task.await.unwrap(), Digest::sha256(&number.to_le_bytes()));
    }
    assert_eq!(blobs.list().await.unwrap().len(), 300);
    assert_eq!(files_in_incoming(&folder), 0);
}
