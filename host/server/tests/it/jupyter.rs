//! Jupyter's interface over HTTP and WebSockets, with a kernel that is no Python.
//! Never one of Jupyter's own clients; `tests/notebook` has them.

use std::time::Duration;

use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use crate::channels::{Channels, V1, kinds};
use crate::rig::Rig;

const KERNEL: &str = "programs/kernel-words:1";
/// What one cell may say, and a little more for what is said of it.
const CELL_BYTES_MAX: usize = (16 << 20) + 1_024;
/// Larger than any frame that is read.
const FRAME_BYTES_TOO_MANY: usize = (16 << 20) + 1;

/// A node with one kernel at work.
async fn rig() -> (Rig, String) {
    let rig = Rig::start().await;
    rig.push("kernel-words").await;
    let kernel = rig.post("/api/kernels", &json!({ "name": KERNEL })).await;
    let id = kernel["id"].as_str().unwrap().to_owned();
    (rig, id)
}

async fn ask(rig: &Rig, method: &str, path: &str, body: Option<Value>) -> (StatusCode, Value) {
    let url = format!("http://{}{path}", rig.address);
    let request = reqwest::Client::new().request(method.parse().unwrap(), url);
    let request = match body {
        Some(body) => request.json(&body),
        None => request,
    };
    let response = request.send().await.unwrap();
    let status = response.status();
    (status, response.json().await.unwrap_or(Value::Null))
}

fn text(messages: &[Value]) -> String {
    messages.iter().filter_map(|message| message["content"]["text"].as_str()).collect()
}

fn value(messages: &[Value]) -> &str {
    let mut values = messages.iter().filter_map(|message| message["content"]["data"]["text/plain"].as_str());
    values.next().unwrap()
}

/// A kernel that takes longer to start has hung.
const START_SECONDS_MAX: u64 = 60;

#[tokio::test]
async fn kernels_are_begun_listed_and_ended() {
    let (rig, kernel) = rig().await;
    assert_eq!(kernel.split('-').map(str::len).collect::<Vec<_>>(), [8, 4, 4, 4, 12]);
    let (_, all) = ask(&rig, "GET", "/api/kernels", None).await;
    assert_eq!((&all[0]["id"], &all[0]["name"]), (&json!(kernel), &json!(KERNEL)));
    assert_eq!(settled(&rig, &kernel).await["execution_state"], "idle");
    let (_, specs) = ask(&rig, "GET", "/api/kernelspecs", None).await;
    assert_eq!(specs["kernelspecs"]["python3"]["spec"]["language"], "python");
    let (status, refused) = ask(&rig, "POST", "/api/kernels", Some(json!({ "name": "ruby" }))).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert!(refused["message"].as_str().unwrap().contains("`ruby`"), "{refused}");
    let path = format!("/api/kernels/{kernel}");
    assert_eq!(ask(&rig, "DELETE", &path, None).await.0, StatusCode::NO_CONTENT);
    assert_eq!(ask(&rig, "GET", &path, None).await.0, StatusCode::NOT_FOUND);
    assert_eq!(ask(&rig, "POST", &format!("{path}/interrupt"), None).await.0, StatusCode::NOT_FOUND);
    rig.stop().await;
}

#[tokio::test]
async fn a_component_that_is_no_kernel_is_dead_and_says_why() {
    let (rig, _) = rig().await;
    rig.push("noop").await;
    let (status, begun) = ask(&rig, "POST", "/api/kernels", Some(json!({ "name": "programs/noop:1" }))).await;
    assert_eq!((status, &begun["execution_state"]), (StatusCode::CREATED, &json!("starting")), "{begun}");
    let dead = settled(&rig, begun["id"].as_str().unwrap()).await;
    assert_eq!(dead["execution_state"], "dead", "{dead}");
    assert!(dead["reason"].as_str().unwrap().contains("sandmill:kernel/kernel"), "{dead}");
    rig.stop().await;
}

/// A kernel once it has started, or has not.
async fn settled(rig: &Rig, kernel: &str) -> Value {
    let began = std::time::Instant::now();
    loop {
        let (_, model) = ask(rig, "GET", &format!("/api/kernels/{kernel}"), None).await;
        if model["execution_state"] != "starting" {
            return model;
        }
        assert!(began.elapsed().as_secs() < START_SECONDS_MAX, "still starting: {model}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn messages_come_in_the_order_that_clients_rely_on_in_both_forms() {
    let (rig, kernel) = rig().await;
    for (number, protocol) in [(1, None), (2, Some(V1))] {
        let mut channels = Channels::open(&rig, &kernel, protocol).await;
        let asked = channels.send("shell", "kernel_info_request", json!({})).await;
        let (heard, reply) = channels.answers(&asked).await;
        assert_eq!((kinds(&heard), &reply["language_info"]["name"]), (vec!["busy", "idle"], &json!("words")));
        let (heard, reply) = channels.run("keep one").await;
        assert_eq!(kinds(&heard), ["busy", "execute_input", "execute_result", "idle"]);
        assert_eq!((&reply["status"], &reply["execution_count"]), (&json!("ok"), &json!(number)));
        let (heard, reply) = channels.run("fail politely").await;
        assert_eq!(kinds(&heard), ["busy", "execute_input", "error", "idle"]);
        assert_eq!((&reply["ename"], &reply["evalue"]), (&json!("Failed"), &json!("politely")));
        rig.post(&format!("/api/kernels/{kernel}/restart"), &json!({})).await;
        if number == 1 {
            channels.run("keep zero").await;
        }
    }
    rig.stop().await;
}

#[tokio::test]
async fn a_body_that_is_missing_is_nothing_and_one_that_is_no_json_is_refused_in_jupyters_form() {
    let (rig, _) = rig().await;
    let url = format!("http://{}/api/kernels", rig.address);
    let ask = |body: &'static str| {
        reqwest::Client::new().post(&url).header("Content-Type", "text/plain;charset=UTF-8").body(body).send()
    };
    // The page of another site could send this type, but for its origin.
    let foreign = reqwest::Client::new().post(&url).header("Origin", "https://example.org").body("{}").send();
    assert_eq!(foreign.await.unwrap().status(), StatusCode::BAD_REQUEST);
    // Nothing asks for the node's own Python, which this node does not have.
    assert_ne!(ask("").await.unwrap().status(), StatusCode::BAD_REQUEST);
    let refused = ask("{").await.unwrap();
    assert_eq!(refused.status(), StatusCode::BAD_REQUEST);
    assert!(refused.json::<Value>().await.unwrap()["message"].is_string());
    rig.stop().await;
}

#[tokio::test]
async fn messages_as_text_name_their_id_and_kind_beside_the_header() {
    let (rig, kernel) = rig().await;
    let mut channels = Channels::open(&rig, &kernel, None).await;
    let (heard, _) = channels.run("keep one").await;
    for message in &heard {
        assert_eq!(
            (&message["msg_id"], &message["msg_type"]),
            (&message["header"]["msg_id"], &message["header"]["msg_type"])
        );
    }
    rig.stop().await;
}

#[tokio::test]
async fn code_is_completed_inspected_and_judged() {
    let (rig, kernel) = rig().await;
    let mut channels = Channels::open(&rig, &kernel, None).await;
    let asked = channels.send("shell", "complete_request", json!({ "code": "f", "cursor_pos": 1 })).await;
    let (_, reply) = channels.answers(&asked).await;
    assert_eq!((&reply["matches"], &reply["cursor_end"]), (&json!(["fail", "flood"]), &json!(1)));
    for (code, found) in [("keep", true), ("nothing", false)] {
        let asked = channels.send("shell", "inspect_request", json!({ "code": code, "cursor_pos": 1 })).await;
        assert_eq!(channels.answers(&asked).await.1["found"], found);
    }
    for (code, status) in [("", "incomplete"), ("keep", "complete")] {
        let asked = channels.send("shell", "is_complete_request", json!({ "code": code })).await;
        assert_eq!(channels.answers(&asked).await.1["status"], status);
    }
    rig.stop().await;
}

#[tokio::test]
async fn what_is_no_message_is_passed_over() {
    let (rig, kernel) = rig().await;
    let mut channels = Channels::open(&rig, &kernel, Some(V1)).await;
    for text in ["", "{", "[]", "null", r#"{"header": 1}"#, r#"{"channel": 7, "header": {}}"#] {
        channels.send_frame(Message::text(text)).await.unwrap();
    }
    let word = |number: u64| number.to_le_bytes();
    let lengths = [word(6), word(u64::MAX), word(0), word(1), word(2), word(3), word(4)].concat();
    for bytes in [vec![], vec![0xff; 64], word(u64::MAX).to_vec(), lengths, vec![0, 0, 0, 2, 0xff, 0xff, 0xff, 0xff]] {
        channels.send_frame(Message::binary(bytes)).await.unwrap();
    }
    channels.send("nowhere", "nothing_request", json!([])).await;
    assert_eq!(value(&channels.run("keep on").await.0), "1: on");
    rig.stop().await;
}

#[tokio::test]
async fn a_frame_without_a_channel_is_for_the_shell() {
    let (rig, kernel) = rig().await;
    let mut channels = Channels::open(&rig, &kernel, None).await;
    let header = json!({ "msg_id": "mine", "msg_type": "execute_request" });
    let message = json!({ "header": header, "content": { "code": "keep one" } });
    channels.send_frame(Message::text(message.to_string())).await.unwrap();
    assert_eq!(value(&channels.answers("mine").await.0), "1: one");
    rig.stop().await;
}

#[tokio::test]
async fn a_frame_that_is_too_large_ends_its_connection_and_nothing_else() {
    let (rig, kernel) = rig().await;
    let mut neighbour = Channels::open(&rig, &kernel, None).await;
    let mut channels = Channels::open(&rig, &kernel, None).await;
    // The server closes as soon as it has read the length, so that the rest may not be sent any more.
    channels.send_frame(Message::text("x".repeat(FRAME_BYTES_TOO_MANY))).await.ok();
    while channels.receive().await.is_some() {}
    assert_eq!(value(&neighbour.run("keep on").await.0), "1: on");
    rig.stop().await;
}

#[tokio::test]
async fn an_interrupt_overtakes_what_waits_and_keeps_the_state() {
    let (rig, kernel) = rig().await;
    let mut channels = Channels::open(&rig, &kernel, None).await;
    channels.run("keep it").await;
    for on_the_channel in [false, true] {
        let spinning = channels.execute("spin").await;
        channels.receive_kind("execute_input").await;
        if on_the_channel {
            channels.send("control", "interrupt_request", json!({})).await;
        } else {
            let path = format!("/api/kernels/{kernel}/interrupt");
            assert_eq!(ask(&rig, "POST", &path, None).await.0, StatusCode::NO_CONTENT);
        }
        assert_eq!(channels.answers(&spinning).await.1["ename"], "Interrupted");
    }
    assert_eq!(value(&channels.run("keep more").await.0), "4: it, more");
    rig.stop().await;
}

#[tokio::test]
async fn a_question_goes_to_who_ran_the_cell() {
    let (rig, kernel) = rig().await;
    let mut asker = Channels::open(&rig, &kernel, Some(V1)).await;
    let mut other = Channels::open(&rig, &kernel, None).await;
    let asked = asker.execute("ask name?").await;
    let question = asker.receive_kind("input_request").await;
    assert_eq!((&question["channel"], &question["content"]["prompt"]), (&json!("stdin"), &json!("name?")));
    asker.send("stdin", "input_reply", json!({ "status": "ok", "value": "Ada" })).await;
    let (heard, reply) = asker.answers(&asked).await;
    assert_eq!((text(&heard).as_str(), &reply["status"]), ("Ada", &json!("ok")));
    // The other one hears what everybody hears, and was asked nothing.
    let mut seen = Vec::new();
    while seen.last().is_none_or(|message: &Value| message["content"]["execution_state"] != "idle") {
        seen.push(other.receive().await.unwrap());
    }
    assert_eq!(kinds(&seen), ["busy", "execute_input", "stream", "execute_result", "idle"]);
    let content = json!({ "code": "ask again?", "silent": false, "allow_stdin": false });
    let asked = other.send("shell", "execute_request", content).await;
    assert_eq!(other.answers(&asked).await.1["ename"], "NobodyThere");
    rig.stop().await;
}

#[tokio::test]
async fn a_cell_that_waits_for_an_answer_can_be_stopped() {
    let (rig, kernel) = rig().await;
    let mut channels = Channels::open(&rig, &kernel, None).await;
    let asked = channels.execute("ask name?").await;
    channels.receive_kind("input_request").await;
    ask(&rig, "POST", &format!("/api/kernels/{kernel}/interrupt"), None).await;
    assert_eq!(channels.answers(&asked).await.1["ename"], "NobodyThere");
    assert_eq!(value(&channels.run("keep on").await.0), "2: on");
    rig.stop().await;
}

#[tokio::test]
async fn a_kernel_that_traps_is_replaced_and_everybody_is_told() {
    let (rig, kernel) = rig().await;
    let mut channels = Channels::open(&rig, &kernel, None).await;
    channels.run("keep it").await;
    let (_, reply) = channels.run("trap").await;
    assert_eq!(reply["ename"], "KernelEnded");
    assert!(reply["evalue"].as_str().unwrap().contains("as told"), "{reply}");
    while channels.others.len() < 3 {
        let told = channels.receive().await.unwrap();
        channels.others.push(told);
    }
    assert_eq!(kinds(&channels.others), ["restarting", "starting", "idle"]);
    assert_eq!(value(&channels.run("keep new").await.0), "1: new");
    assert_eq!(ask(&rig, "GET", &format!("/api/kernels/{kernel}"), None).await.0, StatusCode::OK);
    rig.stop().await;
}

#[tokio::test]
async fn a_restart_ends_what_runs() {
    let (rig, kernel) = rig().await;
    let mut channels = Channels::open(&rig, &kernel, None).await;
    channels.run("keep it").await;
    let spinning = channels.execute("spin").await;
    channels.receive_kind("execute_input").await;
    let (status, model) = ask(&rig, "POST", &format!("/api/kernels/{kernel}/restart"), None).await;
    assert_eq!((status, &model["id"]), (StatusCode::OK, &json!(kernel)));
    assert_eq!(channels.answers(&spinning).await.1["ename"], "KernelEnded");
    assert_eq!(value(&channels.run("keep new").await.0), "1: new");
    rig.stop().await;
}

#[tokio::test]
async fn a_client_that_leaves_in_the_middle_of_a_cell_harms_nobody() {
    let (rig, kernel) = rig().await;
    let mut leaving = Channels::open(&rig, &kernel, None).await;
    leaving.execute("spin").await;
    leaving.receive_kind("execute_input").await;
    drop(leaving);
    let mut channels = Channels::open(&rig, &kernel, None).await;
    let asked = channels.execute("keep on").await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(ask(&rig, "GET", &format!("/api/kernels/{kernel}"), None).await.1["execution_state"], "busy");
    ask(&rig, "POST", &format!("/api/kernels/{kernel}/interrupt"), None).await;
    assert_eq!(value(&channels.answers(&asked).await.0), "2: on");
    rig.stop().await;
}

#[tokio::test]
async fn a_flood_is_cut_off_and_its_listener_is_not() {
    let (rig, kernel) = rig().await;
    let mut channels = Channels::open(&rig, &kernel, None).await;
    let (heard, reply) = channels.run("flood").await;
    let said = text(&heard);
    assert!(said.len() <= CELL_BYTES_MAX && said.contains("dropped"), "{}", said.len());
    assert_eq!(reply["status"], "ok");
    assert_eq!(value(&channels.run("keep on").await.0), "2: on");
    rig.stop().await;
}

#[tokio::test]
async fn a_page_of_another_site_is_refused() {
    let (rig, kernel) = rig().await;
    assert!(Channels::try_open(&rig, &kernel, None, Some("http://elsewhere.example")).await.is_err());
    assert!(Channels::try_open(&rig, &kernel, None, Some("null")).await.is_err());
    let own = format!("http://{}", rig.address);
    assert!(Channels::try_open(&rig, &kernel, None, Some(&own)).await.is_ok());
    rig.stop().await;
}

#[tokio::test]
async fn a_notebook_keeps_its_session() {
    let (rig, kernel) = rig().await;
    let wanted = json!({ "path": "a.ipynb", "name": "a", "type": "notebook", "kernel": { "name": KERNEL } });
    let begun = rig.post("/api/sessions", &wanted).await;
    let again = rig.post("/api/sessions", &wanted).await;
    assert_eq!((&begun["id"], &begun["kernel"]["id"]), (&again["id"], &again["kernel"]["id"]));
    assert_ne!(begun["kernel"]["id"], kernel);
    let path = format!("/api/sessions/{}", begun["id"].as_str().unwrap());
    let (_, renamed) = ask(&rig, "PATCH", &path, Some(json!({ "path": "b.ipynb" }))).await;
    assert_eq!((&renamed["path"], &renamed["kernel"]["id"]), (&json!("b.ipynb"), &begun["kernel"]["id"]));
    assert_eq!(ask(&rig, "DELETE", &path, None).await.0, StatusCode::NO_CONTENT);
    assert_eq!(ask(&rig, "GET", &path, None).await.0, StatusCode::NOT_FOUND);
    let (_, left) = ask(&rig, "GET", "/api/kernels", None).await;
    assert_eq!(left.as_array().unwrap().len(), 1);
    rig.stop().await;
}

#[tokio::test]
async fn a_notebook_that_breaks_off_comes_back_with_what_it_gave() {
    let (rig, _) = rig().await;
    let cell = |source: &str| json!({ "cell_type": "code", "id": source.replace(' ', "-"), "metadata": {}, "source": source, "outputs": [], "execution_count": null });
    let notebook = json!({
        "nbformat": 4, "nbformat_minor": 5, "metadata": {},
        "cells": [cell("keep one"), cell("fail here"), cell("keep two")],
    });
    let ran = rig.post("/api/v1/notebooks:run", &json!({ "notebook": notebook, "kernel": KERNEL })).await;
    assert_eq!(
        (&ran["cellsRun"], &ran["error"]["cell"], &ran["error"]["name"]),
        (&json!(2), &json!(2), &json!("Failed"))
    );
    let cells = &ran["notebook"]["cells"];
    assert_eq!(cells[0]["outputs"][0]["data"]["text/plain"], "1: one");
    assert_eq!(cells[1]["outputs"][0]["evalue"], "here");
    assert_eq!((&cells[2]["outputs"], &cells[2]["execution_count"]), (&json!([]), &Value::Null));
    // Its session was its own, and is over.
    assert_eq!(ask(&rig, "GET", "/api/v1/sessions", None).await.1["items"].as_array().unwrap().len(), 1);
    rig.stop().await;
}

#[tokio::test]
async fn a_paused_kernel_is_listed_and_resumed_by_whoever_connects() {
    let (rig, kernel) = rig().await;
    let mut channels = Channels::open(&rig, &kernel, None).await;
    channels.run("keep one").await;
    channels.run("keep x").await;
    let path = format!("/api/v1/sessions/{kernel}");
    let (status, paused) = ask(&rig, "POST", &format!("{path}/pause"), None).await;
    assert_eq!((status, &paused["state"]), (StatusCode::OK, &json!("paused")), "{paused}");
    assert_eq!(paused["paused"]["lost"], json!([{ "name": "x", "kind": "letter", "reason": "too short" }]));
    assert_eq!(ask(&rig, "GET", &path, None).await.1["state"], "paused");
    let (_, known) = ask(&rig, "GET", &format!("/api/kernels/{kernel}"), None).await;
    assert_eq!((&known["name"], &known["execution_state"]), (&json!(KERNEL), &json!("unknown")));
    // Two who connect at once get the same kernel.
    let (mut one, mut two) = tokio::join!(Channels::open(&rig, &kernel, None), Channels::open(&rig, &kernel, Some(V1)));
    one.run("keep two").await;
    let (heard, reply) = two.run("keep three").await;
    assert_eq!((value(&heard), &reply["execution_count"]), ("4: one, two, three", &json!(4)));
    // What the kernel cannot write down leaves the session as it was.
    one.run("keep !").await;
    let (status, refused) = ask(&rig, "POST", &format!("{path}/pause"), None).await;
    assert_eq!((status, &refused["errors"][0]["code"]), (StatusCode::CONFLICT, &json!("SM0703")), "{refused}");
    let (heard, _) = one.run("keep four").await;
    assert_eq!(value(&heard), "6: one, two, three, !, four");
    rig.stop().await;
}

#[tokio::test]
async fn a_kernel_that_cannot_write_down_its_state_is_not_paused() {
    let (rig, _) = rig().await;
    rig.push("kernel-fleeting").await;
    let kernel = rig.post("/api/kernels", &json!({ "name": "programs/kernel-fleeting:1" })).await;
    let path = format!("/api/v1/sessions/{}", kernel["id"].as_str().unwrap());
    let (status, refused) = ask(&rig, "POST", &format!("{path}/pause"), None).await;
    assert!(status.is_client_error(), "{status} {refused}");
    assert!(refused["errors"][0]["message"].as_str().unwrap().contains("sandmill:kernel/state"), "{refused}");
    assert_eq!(ask(&rig, "GET", &path, None).await.1["state"], "idle");
    rig.stop().await;
}
