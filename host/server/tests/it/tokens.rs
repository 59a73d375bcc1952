//! A node with tokens: nobody is answered without one, on any interface, and everybody's clients can bring one.
//! Never by calling the guard; every request goes over HTTP.

use std::sync::Arc;

use host_client::Client;
use host_server::Tokens;
use reqwest::header::{AUTHORIZATION, SET_COOKIE, WWW_AUTHENTICATE};
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};

use crate::channels::Channels;
use crate::rig::Rig;

pub const TOKEN: &str = "6f1c2b9e5d8a4730";

async fn rig() -> Rig {
    let tokens = Tokens::parse(&format!("ada {TOKEN}\nbob 0000000000000000\n")).unwrap();
    let rig = Rig::start_with_tokens(Some(Arc::new(tokens))).await;
    rig.push("kernel-words").await;
    rig
}

pub async fn get(rig: &Rig, path: &str, header: Option<(&str, &str)>) -> Response {
    let request = reqwest::Client::new().get(format!("http://{}{path}", rig.address));
    let request = match header {
        Some((name, value)) => request.header(name, value),
        None => request,
    };
    request.send().await.unwrap()
}

#[tokio::test]
async fn nobody_is_answered_without_a_token_on_any_interface() {
    let rig = rig().await;
    for path in ["/api/v1/runs", "/api/v1/node", "/apis/v2beta1/runs", "/api", "/api/kernels", "/api/contents/x.ipynb"]
    {
        for header in [None, Some((AUTHORIZATION.as_str(), "Bearer 6f1c2b9e5d8a4731"))] {
            let answer = get(&rig, path, header).await;
            assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{path}");
            assert_eq!(answer.headers()[WWW_AUTHENTICATE], "Bearer");
            let body: Value = answer.json().await.unwrap();
            let is_jupyters = path.starts_with("/api") && !path.contains("v1") && !path.contains("v2");
            let code = if is_jupyters { &body["code"] } else { &body["errors"][0]["code"] };
            assert_eq!(code, "SM0706", "{path}: {body}");
            assert_eq!(is_jupyters, body["message"].as_str().is_some_and(|text| text.contains("token")), "{body}");
        }
    }
    for path in ["/healthz", "/readyz", "/openapi.json"] {
        assert_eq!(get(&rig, path, None).await.status(), StatusCode::OK, "{path}");
    }
    let answer = reqwest::Client::new().post(format!("http://{}/api/v1/sessions", rig.address)).json(&json!({}));
    assert_eq!(answer.send().await.unwrap().status(), StatusCode::UNAUTHORIZED);
    rig.stop().await;
}

#[tokio::test]
async fn a_token_is_taken_as_jupyter_and_as_bearer_and_from_a_browsers_address() {
    let rig = rig().await;
    let (bearer, own) = (format!("Bearer {TOKEN}"), format!("token {TOKEN}"));
    for value in [&bearer, &own] {
        let answer = get(&rig, "/api/kernels", Some((AUTHORIZATION.as_str(), value))).await;
        assert_eq!(answer.status(), StatusCode::OK, "{value}");
    }
    let me: Value = get(&rig, &format!("/api/me?token={TOKEN}"), None).await.json().await.unwrap();
    assert_eq!(me["identity"]["username"], "ada");
    // Handlers that know their queries do not stumble over it, and no interface makes a login of it.
    let answer = get(&rig, &format!("/api/v1/runs?limit=1&token={TOKEN}"), None).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert!(answer.headers().get(SET_COOKIE).is_none());
    let client = Client::with_token(rig.address.parse().unwrap(), Some(TOKEN)).unwrap();
    assert!(client.sessions().await.unwrap().items.is_empty());
    assert!(rig.client.sessions().await.is_err());
    rig.stop().await;
}

#[tokio::test]
async fn a_kernels_channels_want_a_token_too_and_a_session_is_its_users() {
    let rig = rig().await;
    let client = Client::with_token(rig.address.parse().unwrap(), Some(TOKEN)).unwrap();
    let asked = host_api_session("programs/kernel-words:1");
    let session = client.create_session(&asked).await.unwrap();
    assert_eq!((session.user.as_str(), session.state.as_str()), ("ada", "starting"));
    assert!(Channels::try_open(&rig, &session.id, None, None).await.is_err());
    assert!(
        Channels::try_open(&rig, &format!("{}/channels?token={TOKEN}&ignored=", session.id), None, None).await.is_ok()
    );
    rig.stop().await;
}

pub fn host_api_session(kernel: &str) -> host_api::notebook::CreateSession {
    host_api::notebook::CreateSession { kernel: Some(kernel.to_owned()), ..Default::default() }
}
