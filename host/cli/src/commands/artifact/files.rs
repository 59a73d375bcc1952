//! `sandmill artifact files`: what is in an artifact that is a folder.
//! Never takes a file's name for more than text: two may have the same, and a terminal is shown none that moves it.

use host_api::folder::{ArtifactFile, ArtifactFileQuery, ArtifactFiles};
use host_base::{Code, Failure};
use host_client::Client;
use registry_oci::Digest;

use crate::args::PageArguments;
use crate::format;
use crate::printer::Printer;
use crate::table::{Table, cell, number};
use crate::trouble::{Outcome, Trouble};

/// Files asked for at a time where one is looked for.
const FILES_PER_READ: usize = 200;

/// Which file of a folder.
#[derive(Clone, Copy, Debug)]
pub enum Wanted<'text> {
    /// The one of this name.
    Named(&'text str),
    /// The one that stands here in the archive.
    At(u64),
}

/// Prints a page.
pub async fn files(client: &Client, digest: &Digest, page: PageArguments, printer: &Printer) -> Outcome {
    let query = ArtifactFileQuery { page: page.page, limit: Some(usize::from(page.limit)) };
    let files = client.artifact_files(&digest.to_string(), &query).await?;
    printer.either(&files, || table(&files).render(printer.colours))?;
    if let (Some(next), false) = (&files.next, printer.json) {
        printer.note(&format!("more with --page {next}"));
    }
    Ok(())
}

fn table(files: &ArtifactFiles) -> Table {
    let mut table = Table::new(&["POSITION", "FILE", "MEDIA TYPE", "SIZE"]);
    for file in &files.items {
        let size = if file.readable { format::bytes(file.size_bytes) } else { "no content".to_owned() };
        table.row(vec![number(file.position.to_string()), cell(&file.name), cell(&file.media_type), number(size)]);
    }
    table
}

/// Looks for one file.
pub async fn find(client: &Client, digest: &Digest, wanted: Wanted<'_>) -> Outcome<ArtifactFile> {
    let mut found: Option<ArtifactFile> = None;
    let mut query = ArtifactFileQuery { page: None, limit: Some(FILES_PER_READ) };
    loop {
        let files = client.artifact_files(&digest.to_string(), &query).await?;
        for file in files.items {
            match wanted {
                Wanted::At(position) if file.position == position => return readable(file),
                Wanted::Named(name) if file.name == name => {
                    if let Some(other) = &found {
                        return Err(Trouble::usage(
                            format!("two files of {digest} have the name `{}`", name.escape_debug()),
                            format!("choose one: --position {} or --position {}", other.position, file.position),
                        ));
                    }
                    found = Some(file);
                }
                _ => {}
            }
        }
        query.page = files.next;
        if query.page.is_none() {
            break;
        }
    }
    found.ok_or_else(|| none(digest, wanted)).and_then(readable)
}

fn none(digest: &Digest, wanted: Wanted<'_>) -> Trouble {
    let what = match wanted {
        Wanted::Named(name) => format!("no file `{}`", name.escape_debug()),
        Wanted::At(position) => format!("no file at {position}"),
    };
    Failure::new(Code::ArtifactNotFound, format!("{digest} holds {what}"))
        .with_hint(format!("list its files with `sandmill artifact files {digest}`"))
        .into()
}

fn readable(file: ArtifactFile) -> Outcome<ArtifactFile> {
    if file.readable {
        return Ok(file);
    }
    let message = format!("`{}` is a link or the like, and has no content", file.name.escape_debug());
    Err(Trouble::usage(message, "fetch the file that it leads to, or the whole folder without --file"))
}
