//! Users of one node: signing in and out, roles, and what each keeps from the others.
//! Never by calling a handler; every request goes over HTTP.

use std::sync::Arc;
use std::time::Duration;

use host_client::Client;
use host_server::Tokens;
use reqwest::header::{AUTHORIZATION, COOKIE, LOCATION, ORIGIN, SET_COOKIE};
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};

use crate::channels::Channels;
use crate::rig::{Rig, one_step};
use crate::tokens::{TOKEN, get, host_api_session};

const ROOT: &str = "1111111111111111";
const BOB: &str = "2222222222222222";
const EYE: &str = "3333333333333333";

async fn rig(life: Duration) -> Rig {
    let lines = format!("ada {TOKEN}\nbob {BOB} member\nroot {ROOT} admin\neye {EYE} viewer\n");
    let tokens = Tokens::parse(&lines).unwrap().with_login_life(life);
    Rig::start_with_tokens(Some(Arc::new(tokens))).await
}

async fn ask(rig: &Rig, method: Method, path: &str, token: &str, body: Option<&Value>) -> Response {
    let request = reqwest::Client::new().request(method, format!("http://{}{path}", rig.address));
    let request = request.header(AUTHORIZATION, format!("Bearer {token}"));
    body.map_or(request.try_clone().unwrap(), |body| request.json(body)).send().await.unwrap()
}

async fn sign_in(rig: &Rig, token: &str, origin: Option<&str>) -> Response {
    let request = reqwest::Client::new().post(format!("http://{}/api/v1/login", rig.address));
    let request = request.json(&json!({ "token": token }));
    let request = origin.map_or(request.try_clone().unwrap(), |origin| request.header(ORIGIN, origin));
    request.send().await.unwrap()
}

/// What a browser would keep.
fn kept(answer: &Response) -> String {
    let cookie = answer.headers()[SET_COOKIE].to_str().unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    assert!(!cookie.contains(TOKEN), "{cookie}");
    cookie.split(';').next().unwrap().to_owned()
}

async fn status(rig: &Rig, path: &str, cookie: &str) -> StatusCode {
    get(rig, path, Some((COOKIE.as_str(), cookie))).await.status()
}

#[tokio::test]
async fn a_login_is_made_used_left_and_over_and_is_no_token() {
    let rig = rig(Duration::from_secs(60)).await;
    let answer = sign_in(&rig, TOKEN, None).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let cookie = kept(&answer);
    let told: Value = answer.json().await.unwrap();
    assert_eq!((told["user"].as_str(), told["role"].as_str()), (Some("ada"), Some("member")));
    assert!(told["expiresAtMillis"].as_u64().is_some());
    assert_eq!(status(&rig, "/api/v1/runs", &cookie).await, StatusCode::OK);
    assert_eq!(status(&rig, "/api/kernels", &cookie).await, StatusCode::OK);
    let bare = cookie.split_once('=').unwrap().1;
    let as_token = get(&rig, "/api/v1/runs", Some((AUTHORIZATION.as_str(), &format!("Bearer {bare}")))).await;
    assert_eq!(as_token.status(), StatusCode::UNAUTHORIZED);
    // A token is no login either, as it was in earlier releases.
    let earlier = format!("sandmill-token={TOKEN}; sandmill-login={TOKEN}");
    assert_eq!(status(&rig, "/api/v1/runs", &earlier).await, StatusCode::UNAUTHORIZED);
    let out = reqwest::Client::new().delete(format!("http://{}/api/v1/login", rig.address)).header(COOKIE, &cookie);
    assert_eq!(out.send().await.unwrap().status(), StatusCode::NO_CONTENT);
    assert_eq!(status(&rig, "/api/v1/runs", &cookie).await, StatusCode::UNAUTHORIZED);
    rig.stop().await;
}

#[tokio::test]
async fn pages_of_others_sign_nobody_in() {
    let rig = rig(Duration::from_secs(60)).await;
    assert_eq!(sign_in(&rig, TOKEN, Some("https://example.org")).await.status(), StatusCode::BAD_REQUEST);
    let own = format!("http://{}", rig.address);
    assert_eq!(sign_in(&rig, TOKEN, Some(&own)).await.status(), StatusCode::OK);
    let browser = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let open = |site: &'static str| {
        let address = format!("{own}/runs?status=failed&token={TOKEN}");
        browser.get(address).header("sec-fetch-site", site).send()
    };
    let answer = open("none").await.unwrap();
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    assert_eq!(answer.headers()[LOCATION], "/runs?status=failed");
    assert_eq!(status(&rig, "/api/v1/runs", &kept(&answer)).await, StatusCode::OK);
    let linked = open("cross-site").await.unwrap();
    assert!(linked.status().is_success() && linked.headers().get(SET_COOKIE).is_none());
    rig.stop().await;
}

#[tokio::test]
async fn guessing_is_slowed_down_and_tokens_go_on_working() {
    let rig = rig(Duration::from_secs(60)).await;
    for _ in 0..10 {
        assert_eq!(sign_in(&rig, "no such token", None).await.status(), StatusCode::UNAUTHORIZED);
    }
    let refused = sign_in(&rig, TOKEN, None).await;
    assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(refused.json::<Value>().await.unwrap()["errors"][0]["code"], "SM0708");
    assert_eq!(ask(&rig, Method::GET, "/api/v1/runs", TOKEN, None).await.status(), StatusCode::OK);
    rig.stop().await;
}

#[tokio::test]
async fn a_stream_ends_with_the_login_that_it_was_opened_by() {
    let rig = rig(Duration::from_millis(1_500)).await;
    rig.push("sleep").await;
    let cookie = kept(&sign_in(&rig, TOKEN, None).await);
    let document = one_step("sleep", "run").replace("cache: false", "arguments: { millis: 20000 }, cache: false");
    let made = ask(&rig, Method::POST, "/api/v1/runs", TOKEN, Some(&json!({ "document": document }))).await;
    let run = made.json::<Value>().await.unwrap()["run"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/runs/{run}/events");
    let stream = get(&rig, &path, Some((COOKIE.as_str(), &cookie))).await;
    assert_eq!(stream.status(), StatusCode::OK);
    let read = tokio::time::timeout(Duration::from_secs(10), stream.bytes()).await.unwrap();
    assert!(!read.unwrap().is_empty());
    assert_eq!(status(&rig, &path, &cookie).await, StatusCode::UNAUTHORIZED);
    // The run knows nothing of it, and is ended by nobody but its submitter or an admin.
    let cancel = format!("/api/v1/runs/{run}/cancel");
    for (token, expected) in [(EYE, 403), (BOB, 403), (ROOT, 202)] {
        let answer = ask(&rig, Method::POST, &cancel, token, None).await;
        assert_eq!(answer.status().as_u16(), expected, "{token}");
    }
    rig.stop().await;
}

#[tokio::test]
async fn runs_are_changed_by_their_submitter_and_by_admins_over_every_interface() {
    let rig = rig(Duration::from_secs(60)).await;
    rig.push("noop").await;
    let body = json!({ "document": one_step("noop", "run") });
    assert_eq!(ask(&rig, Method::POST, "/api/v1/runs", EYE, Some(&body)).await.status(), StatusCode::FORBIDDEN);
    let made = ask(&rig, Method::POST, "/api/v1/runs", TOKEN, Some(&body)).await;
    let run = made.json::<Value>().await.unwrap()["run"].as_str().unwrap().to_owned();
    // Everybody reads.
    for token in [BOB, EYE, ROOT] {
        let read = ask(&rig, Method::GET, &format!("/api/v1/runs/{run}"), token, None).await;
        assert_eq!(read.status(), StatusCode::OK);
    }
    for (method, path) in [
        (Method::POST, format!("/api/v1/runs/{run}/cancel")),
        (Method::POST, format!("/api/v1/runs/{run}/retry")),
        (Method::POST, format!("/apis/v2beta1/runs/{run}:archive")),
        (Method::POST, format!("/apis/v2beta1/runs/{run}:terminate")),
        (Method::DELETE, format!("/apis/v2beta1/runs/{run}")),
    ] {
        let refused = ask(&rig, method.clone(), &path, BOB, None).await;
        let (status, said) = (refused.status(), refused.text().await.unwrap());
        assert!(status.is_client_error() && said.contains("SM0707") && said.contains("ada"), "{path}: {status} {said}");
    }
    let archived = ask(&rig, Method::POST, &format!("/apis/v2beta1/runs/{run}:archive"), TOKEN, None).await;
    assert_eq!(archived.status(), StatusCode::OK);
    rig.stop().await;
}

#[tokio::test]
async fn a_session_is_used_by_nobody_but_its_user_and_admins() {
    let rig = rig(Duration::from_secs(60)).await;
    rig.push("kernel-words").await;
    let ada = Client::with_token(rig.address.parse().unwrap(), Some(TOKEN)).unwrap();
    let id = ada.create_session(&host_api_session("programs/kernel-words:1")).await.unwrap().id;
    for (method, path) in [
        (Method::GET, format!("/api/v1/sessions/{id}")),
        (Method::POST, format!("/api/v1/sessions/{id}/pause")),
        (Method::POST, format!("/api/v1/sessions/{id}/resume")),
        (Method::DELETE, format!("/api/v1/sessions/{id}")),
        (Method::GET, format!("/api/kernels/{id}")),
        (Method::GET, format!("/api/kernels/{id}/variables")),
        (Method::POST, format!("/api/kernels/{id}/interrupt")),
        (Method::POST, format!("/api/kernels/{id}/restart")),
        (Method::DELETE, format!("/api/kernels/{id}")),
        (Method::GET, format!("/api/sessions/{id}")),
        (Method::DELETE, format!("/api/sessions/{id}")),
    ] {
        for token in [BOB, EYE] {
            let refused = ask(&rig, method.clone(), &path, token, None).await;
            assert_eq!(refused.status(), StatusCode::FORBIDDEN, "{method} {path}");
            assert!(refused.text().await.unwrap().contains("SM0707"), "{method} {path}");
        }
    }
    // A notebook of one's own does not open with another's kernel.
    let body = json!({ "path": "mine.ipynb", "type": "notebook", "kernel": { "id": id } });
    assert_eq!(ask(&rig, Method::POST, "/api/sessions", BOB, Some(&body)).await.status(), StatusCode::FORBIDDEN);
    for (token, seen) in [(BOB, 0), (EYE, 0), (TOKEN, 1), (ROOT, 1)] {
        let kernels = ask(&rig, Method::GET, "/api/kernels", token, None).await.json::<Value>().await.unwrap();
        assert_eq!(kernels.as_array().unwrap().len(), seen, "{token}");
        let sessions = ask(&rig, Method::GET, "/api/v1/sessions", token, None).await.json::<Value>().await.unwrap();
        assert_eq!(sessions["items"].as_array().unwrap().len(), seen, "{token}");
        let socket = Channels::try_open(&rig, &format!("{id}/channels?token={token}&ignored="), None, None).await;
        assert_eq!(socket.is_ok(), seen == 1, "{token}");
    }
    rig.stop().await;
}
