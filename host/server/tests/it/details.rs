//! What the console asks beyond lists: a run's plan and document, single steps, logs by text, kept pipelines,
//! components, load.
//! Never reads what was written but over HTTP.

use host_api::run::SubmitRequest;
use serde_json::{Value, json};

use crate::rig::{Rig, one_step};

const TALKING: &str = "apiVersion: sandmill.dev/v1\nkind: Pipeline\nmetadata: { name: talking }\nspec:\n  parameters:\n    \
                       again: { type: boolean, default: false }\n  steps:\n    \
                       talk: { component: 'programs/talk:1', function: run, cache: false }\n    \
                       fail: { component: 'programs/fail:1', function: with-hint, after: [talk], \
                       arguments: { retryable: '${parameters.again}' } }\n";

async fn get(rig: &Rig, path: &str) -> Value {
    let response = reqwest::get(format!("http://{}{path}", rig.address)).await.unwrap();
    assert!(response.status().is_success(), "{path}: {}", response.text().await.unwrap());
    response.json().await.unwrap()
}

async fn finished(rig: &Rig, document: &str) -> String {
    let request =
        SubmitRequest { document: document.to_owned(), name: Some("a title".to_owned()), ..SubmitRequest::default() };
    let run = rig.client.submit(&request).await.unwrap().run;
    let mut events = rig.client.events(&run, false);
    while events.next().await.unwrap().is_some() {}
    run
}

#[tokio::test]
async fn a_step_is_told_with_its_inputs_attempts_and_limits() {
    let rig = Rig::start().await;
    rig.push("talk").await;
    rig.push("fail").await;
    let run = finished(&rig, TALKING).await;

    let shown = get(&rig, &format!("/api/v1/runs/{run}")).await;
    assert_eq!((&shown["name"], &shown["status"]), (&json!("a title"), &json!("failed")));
    assert!(shown["position"].as_str().unwrap().contains('.'), "{shown}");
    let failed = get(&rig, &format!("/api/v1/runs/{run}?status=failed")).await;
    assert_eq!(failed["steps"].as_array().unwrap().len(), 1, "{failed}");

    let step = get(&rig, &format!("/api/v1/runs/{run}/steps/fail")).await;
    assert_eq!(step["inputs"], json!({ "retryable": { "plain": false } }));
    let attempt = &step["attemptList"][0];
    assert_eq!((&attempt["number"], &attempt["status"]), (&json!(1), &json!("failed")));
    assert_eq!(attempt["failure"]["message"], "the table has no rows");
    assert!(attempt["finishedAtMillis"].as_u64() >= attempt["startedAtMillis"].as_u64(), "{attempt}");
    let call = &step["call"];
    assert_eq!(
        (&call["grants"], &call["attemptsMax"], &call["function"]["name"]),
        (&json!({}), &json!(1), &json!("with-hint"))
    );
    assert!(call["limits"]["memoryBytesMax"].as_u64().unwrap() > 0 && call["imports"].is_array(), "{call}");

    let plan = get(&rig, &format!("/api/v1/runs/{run}/plan")).await;
    assert_eq!(plan["tasks"][0]["needs"], json!(["talk"]), "{plan}");
    assert_eq!(get(&rig, &format!("/api/v1/runs/{run}/document")).await["document"], TALKING);
    rig.stop().await;
}

#[tokio::test]
async fn a_log_is_searched_and_read_on_where_it_was_left() {
    let rig = Rig::start().await;
    rig.push("talk").await;
    rig.push("fail").await;
    let run = finished(&rig, TALKING).await;
    let logs = async |query: &str| get(&rig, &format!("/api/v1/runs/{run}/logs?{query}")).await;

    let all = logs("").await;
    assert!(all["items"].as_array().unwrap().len() > 5 && all["next"].is_null(), "{all}");
    let found = logs("contains=A%20MESSAGE&limit=2").await;
    let texts: Vec<&str> =
        found["items"].as_array().unwrap().iter().map(|line| line["text"].as_str().unwrap()).collect();
    assert_eq!(texts, ["a message"; 2]);
    let rest = logs(&format!("contains=a%20message&after={}", found["next"])).await;
    assert_eq!((rest["items"].as_array().unwrap().len(), rest["next"].is_null()), (3, true), "{rest}");
    assert_eq!(logs("contains=nothing%20like%20it").await["items"], json!([]));
    rig.stop().await;
}

#[tokio::test]
async fn pipelines_are_kept_in_versions_and_given_back_as_they_were_sent() {
    let rig = Rig::start().await;
    rig.push("noop").await;
    let document = one_step("noop", "run");
    let made = rig.post("/api/v1/pipelines", &json!({ "document": document, "description": "first" })).await;
    assert_eq!(
        (&made["name"], &made["versionsTotal"], &made["newest"]["name"]),
        (&json!("one"), &json!(1), &json!("v1"))
    );
    let id = made["id"].as_str().unwrap();
    let second = rig.post(&format!("/api/v1/pipelines/{id}/versions"), &json!({ "document": document })).await;
    assert_eq!(second["name"], "v2");
    let path = format!("/api/v1/pipelines/{id}/versions/{}", second["id"].as_str().unwrap());
    assert_eq!(get(&rig, &path).await["document"], document);
    let versions = get(&rig, &format!("/api/v1/pipelines/{id}/versions")).await;
    assert_eq!(versions["items"].as_array().unwrap().len(), 2);

    // Kubeflow's clients see the same pipelines; a document of Sandmill's own is JSON to them.
    let listed = get(&rig, &format!("/apis/v2beta1/pipelines/{id}/versions")).await;
    assert_eq!(listed["pipeline_versions"][0]["pipeline_spec"]["metadata"]["name"], "one", "{listed}");

    let refused = reqwest::Client::new().post(format!("http://{}/api/v1/pipelines", rig.address));
    let refused = refused.json(&json!({ "document": "kind: Nothing" })).send().await.unwrap();
    assert_eq!(refused.status(), 422);
    rig.stop().await;
}

#[tokio::test]
async fn a_checked_document_says_what_it_takes_and_does() {
    let rig = Rig::start().await;
    rig.push("talk").await;
    rig.push("fail").await;
    let checked = rig.post("/api/v1/pipelines:check", &json!({ "document": TALKING })).await;
    let again = &checked["parameters"][0];
    assert_eq!(
        (&again["name"], &again["type"], &again["default"], &again["required"]),
        (&json!("again"), &json!("boolean"), &json!(false), &json!(false))
    );
    let tasks: Vec<&str> =
        checked["tasks"].as_array().unwrap().iter().map(|task| task["name"].as_str().unwrap()).collect();
    assert_eq!(tasks, ["fail", "talk"]);
    rig.stop().await;
}

#[tokio::test]
async fn components_are_listed_and_say_what_they_are() {
    let rig = Rig::start().await;
    rig.push("noop").await;
    assert_eq!(
        get(&rig, "/api/v1/components").await["items"],
        json!([{ "repository": "programs/noop", "tags": ["1"] }])
    );
    let noop = get(&rig, "/api/v1/components/programs%2Fnoop:1").await;
    assert_eq!((&noop["command"], &noop["functions"][0]["name"]), (&json!(false), &json!("run")));
    assert!(noop["wit"].as_str().unwrap().contains("export run: func()"), "{noop}");
    let by_digest = format!("/api/v1/components/programs%2Fnoop@{}", noop["manifest"].as_str().unwrap());
    assert_eq!(get(&rig, &by_digest).await["digest"], noop["digest"]);
    rig.stop().await;
}

#[tokio::test]
async fn a_node_tells_its_load() {
    let rig = Rig::start().await;
    let load = get(&rig, "/api/v1/node/load").await;
    let now = load["samples"].as_array().unwrap().last().unwrap();
    assert!(load["cores"].as_u64().unwrap() >= 1 && now["atMillis"].as_u64().unwrap() > 0, "{load}");
    assert_eq!((&now["attemptsRunning"], &now["attemptsWaiting"], &now["runs"]), (&json!(0), &json!(0), &json!(0)));
    let in_use = (&now["devicesOpen"], &now["deviceMemoryBytes"], &now["deviceMemoryGrantedBytes"]);
    assert_eq!(in_use, (&json!(0), &json!(0), &json!(0)));
    assert_eq!(load["devices"], json!({ "memoryBytesMax": 0, "adapters": [] }), "no driver is asked for nothing");
    rig.stop().await;
}

#[tokio::test]
async fn the_console_is_at_the_root_and_interfaces_keep_their_answers() {
    let rig = Rig::start().await;
    let page = reqwest::get(format!("http://{}/runs/anything", rig.address)).await.unwrap();
    assert_eq!(page.status(), 200);
    assert!(page.headers()["content-security-policy"].to_str().unwrap().contains("script-src 'self'"));
    for path in ["/api/v1/nothing", "/apis/v2beta1/nothing", "/v2/", "/assets/nothing.js"] {
        let answer = reqwest::get(format!("http://{}{path}", rig.address)).await.unwrap();
        assert_eq!(answer.status(), 404, "{path}");
        assert!(answer.headers()["content-type"].to_str().unwrap().starts_with("application/json"), "{path}");
    }
    rig.stop().await;
}
