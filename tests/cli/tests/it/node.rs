//! `sandmill up`: ports, folders, signals.
//! Never on a fixed port.

use std::net::TcpListener;

use rustix::process::Signal;
use serde_json::Value;

use crate::server::Server;
use crate::tool::Tool;

#[test]
fn up_says_where_it_listens_and_what_it_keeps() {
    let server = Server::start();
    let text = |name: &str| server.ready[name].as_str().unwrap().to_owned();
    assert!(text("server").starts_with("http://127.0.0.1:") && !text("server").ends_with(":0"));
    assert!(text("registry").starts_with("127.0.0.1:") && !text("registry").ends_with(":0"));
    assert!(std::path::Path::new(&text("data")).join("node.lock").is_file());
    let version = server.tool.json(&["version"]);
    assert_eq!(version["server"], env!("CARGO_PKG_VERSION"));
}

#[test]
fn signals_stop_a_node_cleanly() {
    for signal in [Signal::TERM, Signal::INT] {
        assert_eq!(Server::start().end_with(signal), Some(0), "{signal:?}");
    }
}

#[test]
fn a_data_folder_belongs_to_one_node() {
    let server = Server::start();
    let data = server.ready["data"].as_str().unwrap();
    let said =
        Tool::alone().run(&["up", "--data", data, "--listen", "127.0.0.1:0", "--registry-listen", "127.0.0.1:0"]);
    assert_eq!(said.code, Some(1), "{said:#?}");
    assert!(said.stderr.contains(data) && said.stderr.contains("--data"), "{said:#?}");
}

#[test]
fn a_port_in_use_is_named_with_its_flag() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    for (flag, other) in [("--listen", "--registry-listen"), ("--registry-listen", "--listen")] {
        let tool = Tool::alone();
        let said = tool.run(&["up", "--data", "data", flag, &address, other, "127.0.0.1:0"]);
        assert_eq!(said.code, Some(1), "{said:#?}");
        assert!(said.stderr.contains(&address) && said.stderr.contains(flag), "{said:#?}");
    }
}

#[test]
fn a_folder_to_allow_has_to_exist() {
    let said = Tool::alone().run(&["up", "--data", "data", "--allow-files", "/no/such/folder"]);
    assert_eq!(said.code, Some(2), "{said:#?}");
    assert!(said.stderr.contains("--allow-files /no/such/folder"), "{said:#?}");
}

#[test]
fn a_wrong_log_filter_is_refused() {
    let tool = Tool::alone();
    let child = tool.command(&["up", "--data", "data"]).env("SANDMILL_LOG", "loudly=very").spawn().unwrap();
    let said = crate::tool::Said::of(child);
    assert_eq!(said.code, Some(2), "{said:#?}");
    assert!(said.stderr.contains("SANDMILL_LOG") && said.stderr.contains("loudly=very"), "{said:#?}");
}

#[test]
fn a_restarted_node_has_its_history_and_artifacts() {
    let home = Tool::alone();
    let data = home.path().join("data");
    let server = Server::start_in(&data, &[]);
    server.push(&["echo"]);
    let file = home.file("pipeline.yaml", super::runs::ECHO);
    let run = server.tool.json(&["pipeline", "run", &file, "--watch"])["run"].as_str().unwrap().to_owned();
    let digest = server.tool.data(&["artifact", "put", &file]).trim().to_owned();
    assert_eq!(server.end_with(Signal::TERM), Some(0));

    let server = Server::start_in(&data, &[]);
    let shown = server.tool.json(&["run", "show", &run]);
    assert_eq!(shown["status"], "succeeded");
    assert_eq!(server.tool.data(&["artifact", "get", &digest]), super::runs::ECHO);
    let second: Value = server.tool.json(&["pipeline", "run", &file, "--watch", "--param", "value=5"]);
    assert_eq!(second["steps"][0]["cached"], true, "{second}");
}
