//! `sandmill wit`: packages published, fetched with what they need, pinned, and found where wkg's configuration says.
//! Never reaches beyond this machine.

use crate::registry::Registry;
use crate::server::Server;
use crate::tool::Tool;

const TIME: &str = "package team:time@2.0.0;\ninterface clock { type moment = u64; }\n";
const LOG: &str = "package team:log@0.3.1;\n/// Says things.\ninterface log { use team:time/clock@2.0.0.{moment}; say: func(at: moment); }\n";
const USER: &str = "package team:user@0.1.0;\nworld user { import team:log/log@0.3.1; }\n";

fn write(tool: &Tool, path: &str, text: &str) -> String {
    let file = tool.path().join(path);
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(&file, text).unwrap();
    file.parent().unwrap().to_str().unwrap().to_owned()
}

fn publish_all(tool: &Tool, more: &[&str]) {
    let time = write(tool, "time/wit/time.wit", TIME);
    tool.data(&[&["wit", "publish", &time], more].concat());
    let log = write(tool, "log/wit/log.wit", LOG);
    let alone = tool.run(&[&["wit", "publish", &log], more].concat());
    assert_eq!(alone.code, Some(1), "{alone:#?}");
    assert!(alone.stderr.contains("team:time") && alone.stderr.contains("sandmill wit fetch"), "{alone:#?}");
    tool.data(&[&["wit", "fetch", &log], more].concat());
    tool.data(&[&["wit", "publish", &log], more].concat());
}

#[test]
fn packages_come_with_what_they_need_and_are_pinned() {
    let server = Server::start();
    let tool = &server.tool;
    publish_all(tool, &[]);
    let user = write(tool, "user/wit/user.wit", USER);
    let fetched = tool.json(&["wit", "fetch", &user]);
    let names: Vec<&str> =
        fetched["packages"].as_array().unwrap().iter().map(|one| one["package"].as_str().unwrap()).collect();
    assert_eq!(names, ["team:log@0.3.1", "team:time@2.0.0"]);
    let log = tool.path().join("user/wit/deps/team-log-0.3.1/package.wit");
    assert!(std::fs::read_to_string(&log).unwrap().contains("/// Says things."));
    let lock = std::fs::read_to_string(tool.path().join("user/wkg.lock")).unwrap();
    assert!(lock.contains("name = \"team:log\"") && lock.contains("requirement = \"=2.0.0\""), "{lock}");
    assert_eq!(tool.data(&["wit", "fetch", &user]).trim(), "nothing is missing");

    // Somebody publishes other content under the same version.
    let changed = TIME.replace("u64", "s64");
    let time = write(tool, "time/wit/time.wit", &changed);
    tool.data(&["wit", "publish", &time]);
    std::fs::remove_dir_all(tool.path().join("user/wit/deps")).unwrap();
    let refused = tool.run(&["wit", "fetch", &user]);
    assert_eq!(refused.code, Some(1), "{refused:#?}");
    assert!(refused.stderr.contains("team:time@2.0.0") && refused.stderr.contains("wkg.lock"), "{refused:#?}");

    let unversioned = write(tool, "vague/wit/vague.wit", "package a:b;\nworld w { import team:log/log; }\n");
    let refused = tool.run(&["wit", "fetch", &unversioned]);
    assert_eq!(refused.code, Some(2), "{refused:#?}");
    assert!(refused.stderr.contains("without a version"), "{refused:#?}");
    let component = write(tool, "other/wit/x.wit", "package a:b;\nworld w { import programs:noop/x@1.0.0; }\n");
    let missing = tool.run(&["wit", "fetch", &component]);
    assert_eq!(missing.code, Some(4), "{missing:#?}");
}

#[test]
fn packages_are_found_where_the_configuration_says() {
    let tool = Tool::alone();
    let registry = Registry::start(&tool, &[]);
    let config = tool.file(
        "wkg.toml",
        format!(
            "[namespace_registries]\nteam = {{ registry = \"team\", metadata = {{ preferredProtocol = \"oci\", \
             oci = {{ registry = \"{}\", namespacePrefix = \"wit/\" }} }} }}\n",
            registry.address
        ),
    );
    publish_all(&tool, &["--config", &config]);
    let user = write(&tool, "user/wit/user.wit", USER);
    let fetched = tool.json(&["wit", "fetch", &user, "--config", &config]);
    assert_eq!(fetched["packages"][0]["reference"], format!("{}/wit/team/log:0.3.1", registry.address));
    let lock = std::fs::read_to_string(tool.path().join("user/wkg.lock")).unwrap();
    assert!(lock.contains("registry = \"team\""), "{lock}");

    // The usual place of the configuration, and a registry that says nothing of itself.
    let folder = tool.path().join(".config/wasm-pkg");
    std::fs::create_dir_all(&folder).unwrap();
    let plain = format!("default_registry = \"{}\"\n", registry.address);
    std::fs::write(folder.join("config.toml"), plain).unwrap();
    let time = write(&tool, "time/wit/time.wit", TIME);
    let published = tool.json(&["wit", "publish", &time]);
    assert_eq!(published["reference"], format!("{}/team/time:2.0.0", registry.address));
}
