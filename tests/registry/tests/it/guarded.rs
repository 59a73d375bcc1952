//! Our registry with users: what the anonymous, users and holders of tokens may do, over plain HTTP and TLS.
//! Never uses this user's own credentials file.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use registry_cas::Blobs as _;
use registry_client::{ClientConfig, RegistryClient, RegistryError};
use registry_oci::Digest;
use registry_server::{AccessConfig, Challenge, PasswordFile, Rule};
use reqwest::Method;
use serde_json::Value;

use crate::endpoints::{Api, header};
use crate::kit::*;

/// `ann` with `secret:word` and `bob` with `hidden`, as `htpasswd -nbB -C 5` wrote them.
pub const USERS: &str = "\
ann:$2y$05$uC5/NcWJVdVpGKCi81lt6uLnYRxo/f6boMa5lsO/DFZBLB9JlxT8O
bob:$2y$05$2zFQTI24pZPDNNfxp4F1Ce36cfZN6BizSjc1l5RLLrA5Cn5STa.wK
";

/// Everybody pulls from `public/**`; ann does everything there and in `team/**`; bob pulls from `team/**`.
const RULES: &str = r#"[
    {"who": "everybody", "repositories": ["public/**"], "may": ["pull"]},
    {"who": ["ann"], "repositories": ["public/**", "team/**"], "may": ["pull", "push", "delete"]},
    {"who": ["bob"], "repositories": ["team/**"], "may": ["pull"]}
]"#;

async fn guarded(challenge: Challenge) -> Api {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("users");
    std::fs::write(&path, USERS).unwrap();
    let rules: Vec<Rule> = serde_json::from_str(RULES).unwrap();
    let users = Some(PasswordFile::open(path).unwrap());
    let access = AccessConfig { users, rules, challenge, ..AccessConfig::default() };
    Api { registry: OurRegistry::start_in(folder, |config| config.access = Some(access)).await, http: http() }
}

fn basic(pair: &str) -> String {
    format!("Basic {}", STANDARD.encode(pair))
}

async fn token(api: &Api, pair: Option<&str>, scopes: &[&str]) -> String {
    let query: Vec<String> = scopes.iter().map(|scope| format!("scope={scope}")).collect();
    let credentials = pair.map(basic);
    let headers: Vec<(&str, &str)> = credentials.iter().map(|value| ("authorization", value.as_str())).collect();
    let response = api.send(Method::GET, &format!("/token?service=x&{}", query.join("&")), &headers, b"").await;
    assert_eq!(response.status(), 200);
    assert_eq!(header(&response, "cache-control"), "no-store");
    let answer: Value = serde_json::from_slice(&response.bytes().await.unwrap()).unwrap();
    assert_eq!(answer["token"], answer["access_token"]);
    assert_eq!(answer["expires_in"], 300);
    format!("Bearer {}", answer["token"].as_str().unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_caller_gets_what_the_rules_allow() {
    let api = guarded(Challenge::Token).await;
    let digest = Digest::sha256(b"x");
    let (ann, bob) = (basic("ann:secret:word"), basic("bob:hidden"));
    let pull_only = token(&api, Some("ann:secret:word"), &["repository:team/a:pull"]).await;
    let both = token(&api, Some("ann:secret:word"), &["repository:team/a:pull,push", "repository:public/a:pull"]).await;
    let anonymous = token(&api, None, &["repository:team/a:pull,push"]).await;
    let (upload, tags) = (format!("blobs/uploads/?digest={digest}"), "tags/list");
    // Status 404 or 201 where the caller came through.
    let cases: &[(&str, &str, &str, &str, u16)] = &[
        ("", "GET", "public/a", tags, 404),
        ("", "GET", "team/a", tags, 401),
        ("", "POST", "public/a", &upload, 401),
        ("", "DELETE", "public/a", "manifests/v1", 401),
        (&ann, "POST", "team/a", &upload, 201),
        (&ann, "POST", "elsewhere", &upload, 403),
        (&ann, "DELETE", "team/a", "manifests/v1", 404),
        (&bob, "GET", "team/a", "manifests/v1", 404),
        (&bob, "POST", "team/a", &upload, 403),
        (&bob, "DELETE", "team/a", "manifests/v1", 403),
        (&pull_only, "GET", "team/a", "manifests/v1", 404),
        (&pull_only, "POST", "team/a", &upload, 401),
        (&both, "POST", "team/a", &upload, 201),
        (&both, "POST", "team/b", &upload, 401),
        (&both, "DELETE", "team/a", "manifests/v1", 401),
        (&anonymous, "GET", "team/a", tags, 401),
        ("Basic bm9ib2R5", "GET", "public/a", tags, 401),
        ("Bearer forged.token", "GET", "public/a", tags, 401),
        ("Digest x", "GET", "public/a", tags, 401),
    ];
    for (credentials, method, repository, rest, status) in cases {
        let headers: &[(&str, &str)] = if credentials.is_empty() { &[] } else { &[("authorization", credentials)] };
        let path = format!("/v2/{repository}/{rest}");
        let response = api.send(method.parse().unwrap(), &path, headers, b"x").await;
        let what = format!("{credentials} {method} {path}");
        assert_eq!(response.status().as_u16(), *status, "{what}");
        let challenge = header(&response, "www-authenticate").to_owned();
        assert_eq!(challenge.starts_with("Bearer realm=\"http://127.0.0.1:"), *status == 401, "{what}: {challenge}");
        let code = match status {
            401 => "UNAUTHORIZED",
            403 => "DENIED",
            _ => continue,
        };
        let error: Value = serde_json::from_slice(&response.bytes().await.unwrap()).unwrap();
        assert_eq!(error["errors"][0]["code"], code, "{what}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_endpoint_tells_how_to_log_in() {
    let api = guarded(Challenge::Token).await;
    let statuses = async |credentials: &str| {
        let headers: &[(&str, &str)] = if credentials.is_empty() { &[] } else { &[("authorization", credentials)] };
        api.send(Method::GET, "/v2/", headers, b"").await.status().as_u16()
    };
    let anonymous = token(&api, None, &[]).await;
    assert_eq!(statuses("").await, 401);
    assert_eq!(statuses(&basic("ann:wrong")).await, 401);
    assert_eq!(statuses(&basic("ann:secret:word")).await, 200);
    assert_eq!(statuses(&anonymous).await, 200);
    assert_eq!(api.send(Method::POST, "/token", &[], b"").await.status(), 405);
    let open = Api::start().await;
    assert_eq!(open.send(Method::GET, "/token", &[], b"").await.status(), 404, "an open registry has no tokens");
}

/// A mount is a pull from the other repository: it must not be a way around the rules.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_mounted_that_the_caller_may_not_pull() {
    let api = guarded(Challenge::Basic).await;
    let ann = basic("ann:secret:word");
    let digest = Digest::sha256(b"team's own");
    let path = format!("/v2/team/a/blobs/uploads/?digest={digest}");
    assert_eq!(api.send(Method::POST, &path, &[("authorization", &ann)], b"team's own").await.status(), 201);
    let only_public = token(&api, Some("ann:secret:word"), &["repository:public/x:pull,push"]).await;
    for from in ["&from=team/a", ""] {
        let path = format!("/v2/public/x/blobs/uploads/?mount={digest}{from}");
        let refused = api.send(Method::POST, &path, &[("authorization", &only_public)], b"").await;
        assert_eq!(refused.status(), 202, "to be uploaded: {path}");
        let mounted = api.send(Method::POST, &path, &[("authorization", &ann)], b"").await;
        assert_eq!(mounted.status(), 201, "{path}");
        let path = format!("/v2/public/x/blobs/{digest}");
        assert_eq!(api.send(Method::DELETE, &path, &[("authorization", &ann)], b"").await.status(), 202);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn our_client_logs_in_either_way() {
    for challenge in [Challenge::Token, Challenge::Basic] {
        let api = guarded(challenge).await;
        let client = |pair: &str| {
            let file = api.registry.path().join(format!("{}.json", pair.len()));
            let auth = STANDARD.encode(pair);
            std::fs::write(&file, format!(r#"{{"auths":{{"{}":{{"auth":"{auth}"}}}}}}"#, api.registry.address))
                .unwrap();
            RegistryClient::new(ClientConfig {
                credentials_file: Some(file),
                idle_millis_max: 15_000,
                ..config(&api.registry.address)
            })
        };
        let (team, public) = (reference("team/step:1"), reference("public/step:1"));
        let ann = client("ann:secret:word");
        for name in [&team, &public] {
            ann.push_component(name, content(70_000).into(), &description()).await.unwrap();
        }
        let bob = client("bob:hidden");
        let blobs = memory();
        let digest = bob.pull_component(&bob.resolve(&team).await.unwrap(), &blobs).await.unwrap();
        assert_eq!(blobs.size_bytes(&digest).await.unwrap(), Some(70_000));
        let error = bob.push_component(&team, content(10).into(), &description()).await.unwrap_err();
        assert!(matches!(error, RegistryError::Refused { .. }), "{challenge:?}: {error}");
        let anonymous = RegistryClient::new(config(&api.registry.address));
        anonymous.resolve(&public).await.unwrap();
        let error = anonymous.resolve(&team).await.unwrap_err();
        assert!(matches!(error, RegistryError::Refused { .. }), "{challenge:?}: {error}");
    }
}
