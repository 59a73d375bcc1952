//! Requests: refused by default, to granted hosts only, never to an address that a name hides.
//! Never leaves this machine: the server is a socket of the test.

use host_base::Code;
use sdk_spec::Grants;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::programs::HTTP_GET;
use crate::support::{Ended, WORLD, function};

/// Answers every request with `answer`; returns the address.
async fn serve(answer: String) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = [0; 4096];
            let _ = stream.read(&mut request).await;
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
    address
}

async fn get(authority: &str, grants: &[&str]) -> Ended {
    let call = function(HTTP_GET, "run").plain(json!(authority)).plain(json!("/table.csv?day=1")).plain(json!(false));
    call.granted(|granted| granted.http = grants.iter().map(|grant| (*grant).to_owned()).collect()).run().await
}

fn ok(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len())
}

#[tokio::test]
async fn without_a_grant_the_component_is_not_admitted() {
    let failure = get("127.0.0.1:1", &[]).await.failure(Code::ImportNotGranted);
    assert!(failure.message.contains("`wasi:http/outgoing-handler@0.2."), "{}", failure.message);
    assert!(failure.message.ends_with("but the step is not granted `http`"), "{}", failure.message);
    let interface = host_runtime::interface::interface(&tests_kit::guests::program(HTTP_GET)).unwrap();
    WORLD.sandbox.admit(&interface.imports, &Grants::default()).unwrap_err();
    let granted = Grants { http: vec!["example.org".to_owned()], ..Grants::default() };
    WORLD.sandbox.admit(&interface.imports, &granted).unwrap();
}

#[tokio::test]
async fn a_granted_address_answers() {
    let address = serve(ok("a,b\n1,2\n")).await;
    let ended = get(&address, &[&address]).await;
    let outputs = serde_json::to_value(ended.outputs()).unwrap();
    assert_eq!(outputs["status"]["plain"], json!(200));
    assert_eq!(outputs["body"]["plain"], json!("a,b\n1,2\n"));
}

#[tokio::test]
async fn localhost_by_name_needs_a_grant_by_name() {
    let port = serve(ok("here")).await.rsplit_once(':').unwrap().1.to_owned();
    let host = format!("localhost:{port}");
    get(&host, &[&host]).await.outputs();
    get(&host, &[&format!("127.0.0.1:{port}")]).await.failure(Code::StepFailed);
}

#[tokio::test]
async fn other_hosts_and_ports_are_refused_and_the_log_says_what_to_grant() {
    let address = serve(ok("secret")).await;
    for grants in [&["example.org"][..], &["127.0.0.1:1"], &["127.0.0.1"], &["*.0.0.1"]] {
        let ended = get(&address, grants).await;
        let message = ended.failure(Code::StepFailed).message;
        assert!(message.contains("HttpRequestDenied"), "{grants:?}: {message}");
        assert!(ended.heard.text().contains(&format!("add `{address}` to `grants.http`")), "{}", ended.heard.text());
    }
}

#[tokio::test]
async fn a_granted_name_that_leads_to_a_private_address_is_refused() {
    // The resolver takes this name for 127.0.0.1, as a name under somebody else's control could do.
    let port = serve(ok("secret")).await.rsplit_once(':').unwrap().1.to_owned();
    let host = format!("127.1:{port}");
    let ended = get(&host, &[&host]).await;
    let message = ended.failure(Code::StepFailed).message;
    assert!(message.contains("DestinationIpProhibited"), "{message}");
    let told = format!("the name leads to 127.0.0.1, which is no public address; grant `127.0.0.1:{port}` itself");
    assert!(ended.heard.text().contains(&told), "{}", ended.heard.text());
}

#[tokio::test]
async fn a_grant_that_is_no_host_is_refused() {
    for grant in ["", "http://example.org", "example.org:port", "*", "*example.org", "exa mple.org", "a..b"] {
        let failure = get("example.org", &[grant]).await.failure(Code::InvalidDocument);
        assert!(failure.message.contains("names no host"), "{grant}: {}", failure.message);
    }
}

#[tokio::test]
async fn a_server_that_lies_about_its_length_is_an_error() {
    let address = serve("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nshort".to_owned()).await;
    let message = get(&address, &[&address]).await.failure(Code::StepFailed).message;
    assert!(!message.is_empty());
    let address = serve("nonsense\r\n\r\n".to_owned()).await;
    get(&address, &[&address]).await.failure(Code::StepFailed);
}
