//! Registries that want credentials: basic, and a token from another endpoint.
//! Never uses this user's own credentials file.

use std::path::PathBuf;

use axum::Router;
use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use registry_cas::Blobs as _;
use registry_client::{ClientConfig, RegistryClient, RegistryError};
use tokio::net::TcpListener;

use crate::kit::*;

const TOKEN: &str = "token-of-the-day";

/// Our registry behind a guard that wants this header, and says so with this challenge.
async fn guarded(challenge: impl Fn(&str) -> String, wanted: String) -> (String, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let blobs = std::sync::Arc::new(memory());
    let config = registry_server::RegistryConfig::new(folder.path());
    let server = registry_server::RegistryServer::open(config, blobs).await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let challenge = challenge(&address);
    let guard = middleware::from_fn(move |request: Request, next: Next| {
        let allowed = request.headers().get(header::AUTHORIZATION).is_some_and(|value| value == wanted.as_str());
        let challenge = challenge.clone();
        async move {
            if allowed {
                return next.run(request).await;
            }
            (StatusCode::UNAUTHORIZED, [(header::WWW_AUTHENTICATE, challenge)]).into_response()
        }
    });
    let token = get(|request: Request| async move { token(&request) });
    let router = Router::new().merge(server.router().layer(guard)).route("/token", token);
    tokio::spawn(async move { axum::serve(listener, router).await });
    (address, folder)
}

fn token(request: &Request) -> Response {
    let is_user = request.headers().get(header::AUTHORIZATION).is_some_and(|value| value == basic().as_str());
    let has_scope = request.uri().query().is_some_and(|query| query.contains("repository%3Aa%2Fb%3Apull"));
    if is_user && has_scope {
        format!(r#"{{"token":"{TOKEN}"}}"#).into_response()
    } else {
        (StatusCode::UNAUTHORIZED, "who are you?").into_response()
    }
}

fn basic() -> String {
    format!("Basic {}", STANDARD.encode("user:pass:word"))
}

fn client_with(address: &str, folder: &tempfile::TempDir, pair: &str) -> RegistryClient {
    let file: PathBuf = folder.path().join("config.json");
    let text = format!(r#"{{"auths":{{"{address}":{{"auth":"{}"}}}}}}"#, STANDARD.encode(pair));
    std::fs::write(&file, text).unwrap();
    RegistryClient::new(ClientConfig { credentials_file: Some(file), idle_millis_max: 15_000, ..config(address) })
}

async fn works_with_credentials_only(address: &str, folder: &tempfile::TempDir) {
    let name = reference("a/b:1");
    let good = client_with(address, folder, "user:pass:word");
    good.push_component(&name, content(70_000).into(), &description()).await.unwrap();
    let resolved = good.resolve(&name).await.unwrap();
    let blobs = memory();
    let digest = good.pull_component(&resolved, &blobs).await.unwrap();
    assert_eq!(blobs.size_bytes(&digest).await.unwrap(), Some(70_000));
    assert_eq!(good.list_tags(&name).await.unwrap(), ["1"]);

    let anonymous = RegistryClient::new(config(address));
    let wrong = client_with(address, folder, "user:guess");
    for client in [anonymous, wrong] {
        let resolved = client.resolve(&name).await.unwrap_err();
        let pushed = client.push_component(&name, content(10).into(), &description()).await.unwrap_err();
        for error in [resolved, pushed] {
            assert!(matches!(error, RegistryError::Refused { .. }), "{error}");
            assert!(!error.to_string().contains("guess"), "a password must not be told: {error}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn basic_credentials_come_from_the_file() {
    let (address, folder) = guarded(|_| "Basic realm=\"registry\"".to_owned(), basic()).await;
    works_with_credentials_only(&address, &folder).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_is_fetched_with_the_credentials() {
    let challenge = |address: &str| format!("Bearer realm=\"http://{address}/token\",service=\"registry\"");
    let (address, folder) = guarded(challenge, format!("Bearer {TOKEN}")).await;
    works_with_credentials_only(&address, &folder).await;
}
