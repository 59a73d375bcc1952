//! Files, environment, clock and randomness: nothing by default, what was granted otherwise.
//! Never takes a claim of the guest for it: the host's side of the grant is looked at too.

use host_base::{Code, Value};
use sdk_spec::{FileAccess, FileGrant, Grants};
use serde_json::{Value as Json, json};

use crate::programs::{SENSES, TRY_FILES, USE_SOCKET};
use crate::support::{Call, Ended, WORLD, command, function, prepare};

fn look(folder: &str) -> Call {
    function(SENSES, "look").plain(json!(folder))
}

fn seen(ended: &Ended, name: &str) -> Json {
    match &ended.outputs()[name] {
        Value::Plain(json) => json.clone(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn nothing_is_seen_by_default_and_two_calls_see_the_same() {
    let (first, second) = (look("/").run().await, look("/").run().await);
    assert_eq!(first.outputs(), second.outputs());
    assert_eq!(seen(&first, "environment"), json!([]));
    assert_eq!(seen(&first, "folders"), json!([]));
    // 2000-01-01, give or take the reads that came before.
    let wall = seen(&first, "wall-millis").as_u64().unwrap();
    assert!((946_684_800_000..946_684_801_000).contains(&wall), "{wall}");
    assert_eq!(seen(&first, "monotonic-moves"), json!(true));
}

#[tokio::test]
async fn granted_environment_is_all_there_is() {
    let ended = look("/").granted(|grants| drop(grants.environment.insert("MODE".into(), "fast".into()))).run().await;
    assert_eq!(seen(&ended, "environment"), json!([["MODE", "fast"]]));
}

#[tokio::test]
async fn a_granted_clock_is_the_real_one() {
    let before = host_base::Clock::now_millis(&host_base::SystemClock);
    let wall = seen(&look("/").granted(|grants| grants.clock = true).run().await, "wall-millis").as_u64().unwrap();
    assert!((before..before + 60_000).contains(&wall), "{wall}");
}

#[tokio::test]
async fn granted_randomness_differs_each_time() {
    let draw = || async { seen(&look("/").granted(|grants| grants.randomness = true).run().await, "random") };
    assert_ne!(draw().await, draw().await);
}

fn mount(host: &std::path::Path, access: FileAccess) -> FileGrant {
    FileGrant { host: host.to_string_lossy().into_owned(), guest: "/data".to_owned(), access }
}

async fn try_files(args: &[&str], grant: Option<FileGrant>) -> Vec<String> {
    let ended = command(TRY_FILES, args, &[], &[]).granted(|grants| grants.files.extend(grant)).run().await;
    ended.outputs();
    ended.heard.lines().into_iter().map(|(_, line)| line).collect()
}

#[tokio::test]
async fn a_granted_folder_is_read_and_only_written_if_granted_too() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("table.csv"), "a,b").unwrap();
    let args = ["read", "/data/table.csv", "write", "/data/new"];
    assert_eq!(try_files(&args, None).await, ["read /data/table.csv: NotFound", "write /data/new: PermissionDenied"]);
    let read = try_files(&args, Some(mount(folder.path(), FileAccess::Read))).await;
    assert_eq!(read[0], "read /data/table.csv: ok a,b");
    assert_ne!(read[1], "write /data/new: ok ");
    assert!(!folder.path().join("new").exists());
    let written = try_files(&args, Some(mount(folder.path(), FileAccess::ReadWrite))).await;
    assert_eq!(written[1], "write /data/new: ok ");
    assert_eq!(std::fs::read_to_string(folder.path().join("new")).unwrap(), "written");
}

#[tokio::test]
async fn no_path_leads_out_of_a_granted_folder() {
    let outside = tempfile::tempdir().unwrap();
    std::fs::write(outside.path().join("secret"), "secret").unwrap();
    let folder = outside.path().join("inside");
    std::fs::create_dir(&folder).unwrap();
    std::os::unix::fs::symlink("../secret", folder.join("link")).unwrap();
    let absolute = outside.path().join("secret").to_string_lossy().into_owned();
    let args = ["read", "/data/../secret", "read", "/data/link", "read", &absolute];
    for line in try_files(&args, Some(mount(&folder, FileAccess::ReadWrite))).await {
        assert!(!line.contains("ok"), "{line}");
    }
}

#[tokio::test]
async fn grants_that_cannot_be_opened_are_named() {
    let call = |host: &str, guest: &str| {
        let grant = FileGrant { host: host.to_owned(), guest: guest.to_owned(), access: FileAccess::Read };
        look("/").granted(|grants| grants.files.push(grant)).run()
    };
    let failure = call("/no/such/folder", "/data").await.failure(Code::GrantNotAllowed);
    assert!(failure.message.starts_with("the granted folder /no/such/folder cannot be opened"), "{}", failure.message);
    call("relative", "/data").await.failure(Code::InvalidDocument);
    call("/tmp/../etc", "/data").await.failure(Code::InvalidDocument);
    let grant = FileGrant { host: "/tmp".to_owned(), guest: "/outputs".to_owned(), access: FileAccess::Read };
    let call = command(TRY_FILES, &[], &[], &[]).granted(|grants| grants.files.push(grant));
    call.run().await.failure(Code::InvalidDocument);
}

#[tokio::test]
async fn no_socket_is_ever_opened() {
    // Something listens, so that a refusal is ours and not the network's.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = listener.local_addr().unwrap().to_string();
    for granted in [false, true] {
        let mut call = command(USE_SOCKET, &[&address], &[], &[]);
        if granted {
            // The very address, for requests; a socket is no request.
            call.grants = Grants { http: vec![address.clone()], clock: true, ..Grants::default() };
        }
        let ended = call.run().await;
        ended.outputs();
        let lines: Vec<String> = ended.heard.lines().into_iter().map(|(_, line)| line).collect();
        assert_eq!(lines, ["tcp: PermissionDenied", "udp: PermissionDenied", "name: Uncategorized"]);
    }
    assert_eq!(listener.accept().unwrap_err().kind(), std::io::ErrorKind::WouldBlock);
}

#[tokio::test]
async fn an_unknown_import_names_the_nearest() {
    let component = r#"(component (import "sandmill:step/lag@0.1.0" (instance (export "write" (func)))))"#;
    let failure = prepare(&WORLD.sandbox, &wat::parse_str(component).unwrap()).await.err().unwrap();
    assert_eq!(failure.code, Code::UnknownImport);
    assert!(failure.message.contains("`sandmill:step/lag@0.1.0`"), "{}", failure.message);
    assert!(failure.hint.unwrap().contains("`sandmill:step/log@0.1`"));
}

#[tokio::test]
async fn everything_admitted_is_linked() {
    // A component that imports the interface with nothing in it asks whether the linker has the name.
    let interfaces =
        ["wasi:http/types@0.2.0", "wasi:io/streams@0.2.9", "sandmill:data/models@0.1.0", "wasi:cli/exit@0.2.3"];
    for interface in interfaces {
        let text = format!(r#"(component (import "{interface}" (instance)))"#);
        prepare(&WORLD.sandbox, &wat::parse_str(text).unwrap()).await.unwrap();
    }
}
