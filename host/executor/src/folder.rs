//! Folders that were made artifacts: which files are in one, and where in its archive each lies.
//! Never unpacks one, and never believes a name: it is told as it stands there, and nothing is opened by it.

use std::io::{self, Read, Seek, SeekFrom};

use bytes::Bytes;
use host_artifacts::Artifacts;
use host_base::{ArtifactRef, Code, Failure};
use host_runtime::layout::FOLDER_MEDIA_TYPE;
use registry_oci::Digest;
use tar::{Archive, EntryType};
use tokio::runtime::Handle;

use crate::Executor;

/// Files on one page of a list.
pub const FILES_PER_PAGE_MAX: usize = 200;
/// Entries of an archive that are looked at for one page; folders are passed over.
const ENTRIES_PER_PAGE_MAX: usize = 2_000;
/// Bytes of headers that are read for one answer: names may be as long as their writer liked.
const HEADER_BYTES_MAX: u64 = 8 << 20;
/// A longer name is cut off: it is for people.
const NAME_BYTES_MAX: usize = 4_096;
/// Headers and all contents begin at multiples of this.
const BLOCK_BYTES: u64 = 512;
/// Bytes fetched at a time: a header, what goes before it, and often some of the next.
const FETCHED_BYTES: usize = 8 << 10;

/// A page of the files in a folder, in their order in the archive.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FolderPage {
    /// The files. May be fewer than asked for before the end.
    pub files: Vec<FolderFile>,
    /// Where the next page begins; none at the end.
    pub next: Option<u64>,
}

/// A file in a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FolderFile {
    /// Where its entry begins in the archive; it is asked for by this.
    pub position: u64,
    /// Its path as the archive has it. Two files may have one name, and a name may be anything.
    pub name: String,
    /// Where its content begins in the archive.
    pub content_position: u64,
    /// Length of its content.
    pub size_bytes: u64,
    /// Whether it has a content here; links and devices have none.
    pub readable: bool,
}

impl Executor {
    /// The files of a folder from a position on (0, or the `next` of the page before), at most `limit`.
    pub async fn folder_files(&self, digest: &Digest, from: u64, limit: usize) -> Result<FolderPage, Failure> {
        let limit = limit.clamp(1, FILES_PER_PAGE_MAX);
        self.in_archive(digest, from, move |archive| page(archive, from, limit)).await
    }

    /// The file whose entry begins at a position that a list gave.
    pub async fn folder_file(&self, digest: &Digest, position: u64) -> Result<FolderFile, Failure> {
        let page = self.in_archive(digest, position, move |archive| page(archive, position, 1)).await?;
        let found = page.files.into_iter().next().filter(|file| file.position == position);
        let found = found.ok_or_else(|| {
            Failure::new(Code::BadRequest, format!("no file begins at {position} in the folder {digest}"))
                .with_hint("take a `position` from the list of the folder's files")
        })?;
        if found.readable {
            return Ok(found);
        }
        Err(Failure::new(Code::BadRequest, format!("`{}` is a link or a device, which has no content", found.name)))
    }

    /// Reads headers where reading may wait, as far as the limits allow.
    async fn in_archive<T: Send + 'static>(
        &self,
        digest: &Digest,
        from: u64,
        read: impl FnOnce(ArchivePart) -> io::Result<T> + Send + 'static,
    ) -> Result<T, Failure> {
        let artifact = self.artifact(digest).await?.artifact;
        if artifact.media_type != FOLDER_MEDIA_TYPE {
            let message = format!("artifact {digest} is no folder: it is {}", artifact.media_type);
            return Err(Failure::new(Code::BadRequest, message).with_hint("read its content"));
        }
        let part = ArchivePart::of(self.shared.artifacts.clone(), &artifact, from);
        let done = tokio::task::spawn_blocking(move || read(part)).await;
        let done =
            done.map_err(|error| Failure::new(Code::Internal, format!("reading a folder broke off: {error}")))?;
        done.map_err(|error| {
            let message = format!("the folder {digest} cannot be read from {from} on: {error}");
            Failure::new(Code::BadRequest, message).with_hint("begin at its first page, or download the archive")
        })
    }
}

fn page(part: ArchivePart, from: u64, limit: usize) -> io::Result<FolderPage> {
    let end = part.end;
    let mut archive = Archive::new(part);
    let mut page = FolderPage::default();
    let mut position = from;
    for (seen, entry) in archive.entries_with_seek()?.enumerate() {
        if page.files.len() == limit || seen == ENTRIES_PER_PAGE_MAX {
            page.next = Some(position);
            break;
        }
        let entry = entry?;
        let kind = entry.header().entry_type();
        if kind.is_gnu_sparse() {
            return Err(io::Error::new(
                io::ErrorKind::Unsupported,
                "it holds a file with holes, which is not read here",
            ));
        }
        let content_position = from + entry.raw_file_position();
        let size_bytes = entry.size();
        if content_position.checked_add(size_bytes).is_none_or(|last| last > end) {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "a file's content is not all there"));
        }
        if !kind.is_dir() {
            let readable = matches!(kind, EntryType::Regular | EntryType::Continuous);
            let name = shown(&entry.path_bytes());
            page.files.push(FolderFile { position, name, content_position, size_bytes, readable });
        }
        position = content_position + size_bytes.next_multiple_of(BLOCK_BYTES);
    }
    Ok(page)
}

/// A name for people. What is no text in it is shown as such.
fn shown(name: &[u8]) -> String {
    let cut = &name[..name.len().min(NAME_BYTES_MAX)];
    String::from_utf8_lossy(cut).into_owned()
}

/// An archive from one of its entries on, read a little at a time.
struct ArchivePart {
    artifacts: Artifacts,
    digest: Digest,
    runtime: Handle,
    /// Where this part begins in the archive.
    begin: u64,
    /// Where the archive ends.
    end: u64,
    /// Where in the archive reading goes on.
    position: u64,
    /// Bytes at hand, and where they are from.
    fetched: (u64, Bytes),
    /// Bytes that may still be read.
    left: u64,
}

impl ArchivePart {
    fn of(artifacts: Artifacts, artifact: &ArtifactRef, from: u64) -> Self {
        let (digest, end) = (artifact.digest.clone(), artifact.size_bytes);
        let begin = from.min(end);
        let fetched = (0, Bytes::new());
        let runtime = Handle::current();
        Self { artifacts, digest, runtime, begin, end, position: begin, fetched, left: HEADER_BYTES_MAX }
    }
}

impl Read for ArchivePart {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.position >= self.end || buffer.is_empty() {
            return Ok(0);
        }
        let (at, fetched) = &self.fetched;
        let inside = self.position.checked_sub(*at).and_then(|inside| usize::try_from(inside).ok());
        let at_hand = inside.and_then(|inside| fetched.get(inside..)).filter(|bytes| !bytes.is_empty());
        let at_hand = if let Some(bytes) = at_hand {
            bytes
        } else {
            let reading = self.artifacts.read(&self.digest, self.position, FETCHED_BYTES);
            let bytes = self.runtime.block_on(reading).map_err(io::Error::other)?;
            self.fetched = (self.position, bytes);
            &self.fetched.1
        };
        let length = at_hand.len().min(buffer.len());
        buffer[..length].copy_from_slice(&at_hand[..length]);
        self.position += length as u64;
        self.left = self.left.checked_sub(length as u64).ok_or_else(|| {
            io::Error::new(io::ErrorKind::InvalidData, format!("its headers are longer than {HEADER_BYTES_MAX} bytes"))
        })?;
        Ok(length)
    }
}

impl Seek for ArchivePart {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(offset) => self.begin.checked_add(offset),
            SeekFrom::Current(offset) => self.position.checked_add_signed(offset),
            SeekFrom::End(offset) => self.end.checked_add_signed(offset),
        };
        let target = target.filter(|target| *target >= self.begin);
        self.position =
            target.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "a place before the archive"))?;
        Ok(self.position - self.begin)
    }
}

#[cfg(test)]
mod tests;
