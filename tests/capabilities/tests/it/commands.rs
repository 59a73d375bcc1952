//! Commands: argv, `/inputs`, `/outputs`, exit status; and what they must not get away with.
//! Never leaves a folder behind, whatever the command did.

use host_base::{ArtifactKind, Code};
use host_runtime::{CommandCall, FileContent, InputFile, LogStream, SharedFolder};

use crate::programs::{COPY_FILE, EXIT_STATUS, NOOP, TRY_FILES, WRITE_FILES};
use crate::support::{WORLD, command, content, keep, laid_out};

#[tokio::test]
async fn a_file_goes_in_and_comes_out() {
    let input = keep(ArtifactKind::DataSet, b"some text").await;
    let ended = command(COPY_FILE, &[], &[("text", &input)], &["text"]).run().await;
    let output = ended.artifact("text");
    assert_eq!(content(&output).await, b"SOME TEXT");
    assert_eq!((output.kind, output.media_type.as_str()), (ArtifactKind::Artifact, "text/plain"));
    assert_eq!(ended.heard.lines(), [(LogStream::Stdout, "9 bytes".to_owned())]);
    assert_eq!(ended.usage.output_bytes, 9);
}

#[tokio::test]
async fn a_file_is_written_where_the_arguments_say_and_nowhere_else() {
    let ended = command(WRITE_FILES, &["text", "said", "/outputs/text"], &[], &["text"]).run().await;
    assert_eq!(content(&ended.artifact("text")).await, b"said");
    let refused = command(WRITE_FILES, &["text", "said", "/elsewhere/text"], &[], &[]).run().await;
    refused.failure(Code::ExitStatus);
}

#[tokio::test]
async fn an_exit_status_other_than_0_is_a_failure() {
    command(EXIT_STATUS, &["0"], &[], &[]).run().await.outputs();
    let ended = command(EXIT_STATUS, &["1"], &[], &[]).run().await;
    assert_eq!(ended.failure(Code::ExitStatus).message, "the command exited with status 1");
    assert_eq!(ended.heard.text(), "leaving with 1\n");
}

#[tokio::test]
async fn a_missing_output_is_named() {
    let failure = command(EXIT_STATUS, &["0"], &[], &["report"]).run().await.failure(Code::MissingOutput);
    assert_eq!(failure.message, "the command ended without a file /outputs/report, which the step promises");
}

#[tokio::test]
async fn inputs_cannot_be_changed_by_any_way() {
    let input = keep(ArtifactKind::Artifact, b"original").await;
    let args = ["write", "/inputs/text", "write", "/inputs/new", "hard-link", "/inputs/text", "/outputs/alias"];
    let ended = command(TRY_FILES, &args, &[("text", &input)], &[]).run().await;
    ended.outputs();
    for (_, line) in ended.heard.lines() {
        assert!(!line.contains(": ok"), "{line}");
    }
    assert_eq!(content(&input).await, b"original");
}

#[tokio::test]
async fn a_link_is_no_output() {
    let args = ["link", "../../../../../../../../etc/hostname", "report", "link", "../inputs/text", "second"];
    let input = keep(ArtifactKind::Artifact, b"input").await;
    for output in ["report", "second"] {
        let ended = command(TRY_FILES, &args, &[("text", &input)], &[output]).run().await;
        ended.failure(Code::MissingOutput);
    }
}

#[tokio::test]
async fn files_count_as_output() {
    let fill = |bytes: &str| {
        let call = command(TRY_FILES, &["fill", "/outputs/big", bytes], &[], &["big"]);
        call.limited(|limits| limits.output_bytes_max = 1 << 20)
    };
    let ended = fill("1048576").run().await;
    assert_eq!((ended.artifact("big").size_bytes, ended.usage.output_bytes), (1 << 20, 1 << 20));
    fill("1048577").run().await.failure(Code::OutputLimit);
    // A command that would fill the disk is stopped while it does so.
    let ended = fill("1000000000000").run().await;
    ended.failure(Code::OutputLimit);
}

#[tokio::test]
async fn a_name_that_leads_out_of_its_folder_is_refused() {
    let input = keep(ArtifactKind::Artifact, b"x").await;
    for name in ["..", ".", "", "a/", "../../etc/passwd", "a\\b", "a\0b"] {
        command(COPY_FILE, &[], &[(name, &input)], &[]).run().await.failure(Code::InvalidDocument);
        command(COPY_FILE, &[], &[], &[name]).run().await.failure(Code::InvalidDocument);
    }
}

#[tokio::test]
async fn a_component_without_run_is_no_command() {
    let failure = command(NOOP, &[], &[], &[]).run().await.failure(Code::FunctionNotFound);
    assert!(failure.message.contains("does not export wasi:cli/run"), "{}", failure.message);
}

#[tokio::test]
async fn a_cancelled_command_leaves_no_folder() {
    let marker = keep(ArtifactKind::Artifact, b"marker of the cancelled command").await;
    let call = command(TRY_FILES, &["fill", "/outputs/big", "1000000000000"], &[("marker", &marker)], &[]);
    let cancel = call.cancel.clone();
    let running = tokio::spawn(call.run());
    tokio::time::sleep(std::time::Duration::from_millis(60)).await;
    cancel.cancel();
    running.await.unwrap().failure(Code::Cancelled);
    let left = std::fs::read_dir(&WORLD.scratch).unwrap();
    let marked = left.flatten().filter(|entry| entry.path().join("root/inputs/marker").exists()).count();
    assert_eq!(marked, 0);
}

/// A program that sees this folder as `/shared`, where nobody may leave more than 1 MiB.
fn sharing(program: &str, args: &[&str], folder: &std::path::Path) -> crate::support::Call {
    let shared = SharedFolder { guest_path: "/shared".to_owned(), host_path: folder.to_owned(), bytes_max: 1 << 20 };
    let argv = std::iter::once(program).chain(args.iter().copied()).map(str::to_owned).collect();
    let call = CommandCall { argv, shared: vec![shared], writable: vec!["/".to_owned()], ..CommandCall::default() };
    laid_out(tests_kit::guests::program(program), call)
}

#[tokio::test]
async fn calls_share_a_folder_as_large_as_they_may() {
    let folder = tempfile::tempdir().unwrap();
    sharing(WRITE_FILES, &["text", "said", "/shared/deep/note"], folder.path()).run().await.outputs();
    let ended = sharing(WRITE_FILES, &["copy", "/shared/deep/note", "/shared/copy"], folder.path()).run().await;
    ended.outputs();
    assert_eq!(std::fs::read_to_string(folder.path().join("copy")).unwrap(), "said");
    assert_eq!(ended.usage.output_bytes, 0, "what is shared is not the step's own output");
    let room = ((1 << 20) - 8).to_string();
    sharing(TRY_FILES, &["fill", "/shared/big", &room], folder.path()).run().await.outputs();
    let failure = sharing(WRITE_FILES, &["text", "more than fits", "/shared/more"], folder.path()).run().await;
    let failure = failure.failure(Code::OutputLimit);
    assert!(failure.message.contains("1MiB in /shared"), "{}", failure.message);
}

#[tokio::test]
async fn nothing_is_laid_through_a_link_in_a_shared_folder() {
    let (folder, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    std::os::unix::fs::symlink(outside.path(), folder.path().join("inner")).unwrap();
    let mut call = sharing(WRITE_FILES, &["copy", "/shared/inner/given", "/shared/copy"], folder.path());
    let layout = call.layout();
    layout.writable.push("/shared/inner".to_owned());
    layout.files.push(InputFile {
        guest_path: "/shared/inner/given".to_owned(),
        content: FileContent::Bytes(b"given".to_vec()),
    });
    call.run().await.outputs();
    assert_eq!(std::fs::read(folder.path().join("copy")).unwrap(), b"given");
    assert_eq!(std::fs::read_dir(outside.path()).unwrap().count(), 0);
}
