//! Requests over TLS: certificates are checked, and the node can be given further authorities.
//! Never leaves this machine: authority and server are the test's own.

use std::path::PathBuf;

use host_base::Code;
use host_cap_wasi::WasiCapability;
use host_cap_wasi::http::HttpLimits;
use serde_json::json;
use tests_kit::TlsServer;

use crate::http_limits::sandbox;
use crate::programs::HTTP_GET;
use crate::support::{Ended, function};

async fn get(name: &str, host: &str, roots: &[PathBuf]) -> Ended {
    let call = function(HTTP_GET, "run").plain(json!(host)).plain(json!("/")).plain(json!(true));
    let sandbox = sandbox(name, HttpLimits::default(), roots);
    call.granted(|granted| granted.http = vec![host.to_owned()]).run_in(&sandbox).await
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_is_refused_and_a_given_authority_is_believed() {
    let TlsServer { host, authority } = TlsServer::start("200 OK\r\ncontent-length: 6\r\n\r\nsecret");
    let message = get("https-strange", &host, &[]).await.failure(Code::StepFailed).message;
    assert!(message.contains("Tls"), "{message}");

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("authority.pem");
    std::fs::write(&file, authority).unwrap();
    let ended = get("https-trusted", &host, &[file]).await;
    assert_eq!(serde_json::to_value(ended.outputs()).unwrap()["body"]["plain"], json!("secret"));
}

#[tokio::test]
async fn a_file_that_holds_no_certificate_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let (empty, missing) = (folder.path().join("empty.pem"), folder.path().join("missing.pem"));
    std::fs::write(&empty, "nothing of the kind").unwrap();
    for file in [empty, missing] {
        let failure = WasiCapability::new(HttpLimits::default(), std::slice::from_ref(&file)).err().unwrap();
        assert_eq!(failure.code, Code::BadRequest);
        assert!(failure.message.contains(&*file.to_string_lossy()), "{}", failure.message);
    }
}
