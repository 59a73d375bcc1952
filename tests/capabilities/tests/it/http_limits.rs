//! What one response may take: its size and its pauses, at their edges.
//! Never leaves this machine: the server is a socket of the test.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use host_artifacts::Artifacts;
use host_base::Code;
use host_cap_wasi::WasiCapability;
use host_cap_wasi::http::HttpLimits;
use host_runtime::{Sandbox, SandboxConfig};
use registry_cas::MemoryBlobs;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::programs::HTTP_GET;
use crate::support::{Ended, function, sandbox_with};

/// Long enough for a busy machine, short enough to wait for.
const PATIENCE: Duration = Duration::from_millis(1500);

/// A sandbox whose requests are held to `limits`, with compiled code and scratch folder of its own.
pub(crate) fn sandbox(name: &str, limits: HttpLimits, roots: &[PathBuf]) -> Arc<Sandbox> {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let config = SandboxConfig { pool_instances_max: 10, ..SandboxConfig::under(folder) };
    let artifacts = Artifacts::new(Arc::new(MemoryBlobs::new(1 << 30)));
    sandbox_with(config, &artifacts, WasiCapability::new(limits, roots).unwrap())
}

/// Answers with `pieces`, waiting before each one after the first; then holds the connection open.
async fn serve(pieces: Vec<Vec<u8>>, pause: Duration) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        let mut held = Vec::new();
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = [0; 4096];
            let _ = stream.read(&mut request).await;
            for (index, piece) in pieces.iter().enumerate() {
                if index > 0 {
                    tokio::time::sleep(pause).await;
                }
                let _ = stream.write_all(piece).await;
            }
            held.push(stream);
        }
    });
    address
}

async fn get(sandbox: &Sandbox, address: &str) -> Ended {
    let call = function(HTTP_GET, "run").plain(json!(address)).plain(json!("/")).plain(json!(false));
    call.granted(|granted| granted.http = vec![address.to_owned()]).run_in(sandbox).await
}

fn head(length_bytes: usize) -> Vec<u8> {
    format!("HTTP/1.1 200 OK\r\ncontent-length: {length_bytes}\r\n\r\n").into_bytes()
}

#[tokio::test]
async fn a_body_of_the_largest_size_is_read_and_one_byte_more_is_refused() {
    let sandbox = sandbox("http-size", HttpLimits { response_bytes_max: 1000, ..HttpLimits::default() }, &[]);
    let fits = serve(vec![head(1000), vec![b'x'; 1000]], Duration::ZERO).await;
    let ended = get(&sandbox, &fits).await;
    assert_eq!(serde_json::to_value(ended.outputs()).unwrap()["length-bytes"]["plain"], json!(1000));
    let larger = serve(vec![head(1001), vec![b'x'; 1001]], Duration::ZERO).await;
    let message = get(&sandbox, &larger).await.failure(Code::StepFailed).message;
    assert!(message.contains("exceeds limit: 1000 bytes"), "{message}");
}

#[tokio::test]
async fn a_server_that_never_answers_is_given_up() {
    let limits = HttpLimits { first_byte_time_max: PATIENCE, ..HttpLimits::default() };
    let silent = serve(Vec::new(), Duration::ZERO).await;
    let message = get(&sandbox("http-silent", limits, &[]), &silent).await.failure(Code::StepFailed).message;
    assert!(message.contains("ConnectionReadTimeout"), "{message}");
}

#[tokio::test]
async fn a_body_may_take_its_time_but_not_pause() {
    let limits = HttpLimits { between_bytes_time_max: PATIENCE, ..HttpLimits::default() };
    let sandbox = sandbox("http-pause", limits, &[]);
    // Longer in all than the pause that is allowed, and read whole all the same.
    let mut pieces = vec![head(6)];
    pieces.extend([b"ab".to_vec(), b"cd".to_vec(), b"ef".to_vec()]);
    let slow = serve(pieces, PATIENCE * 6 / 10).await;
    let ended = get(&sandbox, &slow).await;
    assert_eq!(serde_json::to_value(ended.outputs()).unwrap()["body"]["plain"], json!("abcdef"));
    let stuck = serve(vec![head(6), b"ab".to_vec()], Duration::ZERO).await;
    let message = get(&sandbox, &stuck).await.failure(Code::StepFailed).message;
    assert!(message.contains("connection read timeout"), "{message}");
}
