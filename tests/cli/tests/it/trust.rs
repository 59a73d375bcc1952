//! Keys, signatures and policies from the command line: what is not vouched for does not run.
//! Never trusts what it signed itself without a second look by `verify`.

use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use crate::server::Server;
use crate::tool::{Said, Tool};

const PIPELINE: &str = "\
apiVersion: sandmill.dev/v1
kind: Pipeline
metadata: { name: signed }
spec:
  steps:
    work:
      component: programs/noop:1
      function: run
";

/// The commands of the page about signing, as they stand there.
fn commands_of_the_page() -> String {
    let page = include_str!("../../../../registry/SIGNING.md");
    let blocks = page.split("```sh\n").skip(1).filter_map(|rest| rest.split("```").next());
    blocks.collect::<Vec<_>>().join("\n")
}

#[test]
fn the_commands_of_the_page_about_signing_work() {
    let server = Server::start();
    let tool = &server.tool;
    std::fs::copy(tests_kit::guests::program_path("echo"), tool.path().join("train.wasm")).unwrap();
    std::os::unix::fs::symlink(tests_kit::binary::path(), tool.path().join("sandmill")).unwrap();
    let script = format!("set -eu\nPATH=\"$PWD:$PATH\"\n{}", commands_of_the_page());
    let script = tool.file("commands.sh", script);
    // `command` sets the environment of a tool; the shell inherits it.
    let template = tool.command(&["version"]);
    let mut shell = Command::new("sh");
    shell
        .arg(script)
        .current_dir(tool.path())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped());
    for (name, value) in template.get_envs() {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    let said = Said::of(shell.spawn().unwrap());
    assert_eq!(said.code, Some(0), "{said:#?}");
    assert!(said.stdout.contains("signed by sha256:"), "{said:#?}");
    let mode = std::fs::metadata(tool.path().join("release.key")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "others must not read a private key");
}

#[test]
fn a_key_pair_is_never_overwritten_and_needs_a_password_or_a_word() {
    let tool = Tool::alone();
    let said = tool.run(&["key", "generate"]);
    assert_eq!(said.code, Some(2), "{said:#?}");
    assert!(said.stderr.contains("SANDMILL_KEY_PASSWORD"), "{said:#?}");
    tool.data(&["key", "generate", "--plain"]);
    let key = std::fs::read(tool.path().join("cosign.key")).unwrap();
    let again = tool.run(&["key", "generate", "--plain"]);
    assert_eq!(again.code, Some(2), "{again:#?}");
    assert_eq!(std::fs::read(tool.path().join("cosign.key")).unwrap(), key);
}

#[test]
fn an_unsigned_component_is_refused_and_a_signed_one_runs_with_its_signer_shown() {
    let user = Tool::alone();
    user.data(&["key", "generate", "--plain", "--name", "release"]);
    user.data(&["key", "generate", "--plain", "--name", "stranger"]);
    let public = std::fs::read_to_string(user.path().join("release.pub")).unwrap();
    let key: String = public.lines().map(|line| format!("        {line}\n")).collect();
    let policy = user.file(
        "policy.yaml",
        format!(
            "apiVersion: sandmill.dev/v1\nkind: Policy\nmetadata: {{ name: production }}\nspec:\n  \
             allowedRegistries: [own]\n  requireSignature: true\n  trustedKeys:\n    - name: release\n      \
             publicKey: |\n{key}"
        ),
    );
    let server = Server::start_in(&user.path().join("data"), &["--policy", &policy]);
    let tool = &server.tool;
    server.push(&["noop"]);
    let document = tool.file("pipeline.yaml", PIPELINE);
    let refused = |codes: &[&str]| {
        let said = tool.run(&["pipeline", "run", &document, "--watch"]);
        assert_eq!(said.code, Some(1), "{said:#?}");
        for expected in codes {
            assert!(said.stderr.contains(expected), "{expected}: {said:#?}");
        }
    };
    refused(&["SM0305", "`requireSignature`", "`production`", "policy.yaml", "it has no signature"]);
    let file = |name: &str| user.path().join(name).to_str().unwrap().to_owned();
    tool.data(&["component", "sign", "--key", &file("stranger.key"), "programs/noop:1"]);
    refused(&["SM0305", "made by none of the trusted keys"]);
    let verified = tool.run(&["component", "verify", "--key", &file("release.pub"), "programs/noop:1"]);
    assert_eq!(verified.code, Some(1), "{verified:#?}");

    tool.data(&["component", "sign", "--key", &file("release.key"), "programs/noop:1"]);
    tool.data(&["component", "verify", "--key", &file("release.pub"), "programs/noop:1"]);
    tool.data(&["pipeline", "run", &document, "--watch"]);
    let shown = tool.json(&["run", "show", "latest"]);
    assert_eq!(shown["steps"][0]["signer"]["name"], "release", "{shown}");
    assert!(tool.data(&["run", "show", "latest"]).contains("SIGNED BY"));

    // Another content under the same tag leaves the signature behind.
    let other = tests_kit::guests::program_path("echo");
    tool.data(&["component", "push", other.to_str().unwrap(), "programs/noop:1"]);
    refused(&["SM0305"]);

    // Another registry is refused before it is asked: nothing listens there.
    let elsewhere = PIPELINE.replace("programs/noop:1", "127.0.0.1:9/programs/noop:1");
    let said = tool.run(&["pipeline", "check", &tool.file("elsewhere.yaml", elsewhere)]);
    assert!(said.stderr.contains("SM0304") && said.stderr.contains("`allowedRegistries`"), "{said:#?}");
}

#[test]
fn each_namespace_is_held_to_its_own_policy() {
    let user = Tool::alone();
    let policy = |file: &str, metadata: &str, registry: &str| {
        let text = format!(
            "apiVersion: sandmill.dev/v1\nkind: Policy\nmetadata: {{ {metadata} }}\nspec: {{ allowedRegistries: [{registry}] }}\n"
        );
        user.file(file, text)
    };
    let strict = policy("strict.yaml", "name: strict, namespace: team-a", "ghcr.io");
    let usual = policy("usual.yaml", "name: usual", "own");
    let server = Server::start_in(&user.path().join("data"), &["--policy", &strict, "--policy", &usual]);
    let tool = &server.tool;
    server.push(&["noop"]);
    let run = |namespace: &str| {
        let document = PIPELINE.replace("name: signed", &format!("name: signed{namespace}"));
        tool.run(&["pipeline", "run", &tool.file("pipeline.yaml", document), "--watch"])
    };
    for allowed in ["", ", namespace: team-b"] {
        let said = run(allowed);
        assert_eq!(said.code, Some(0), "{said:#?}");
    }
    let refused = run(", namespace: team-a");
    assert_eq!(refused.code, Some(1), "{refused:#?}");
    assert!(refused.stderr.contains("SM0304") && refused.stderr.contains("strict.yaml"), "{refused:#?}");
    let both = user.run(&["up", "--data", "other", "--policy", &usual, "--policy", &usual]);
    assert_eq!(both.code, Some(1), "{both:#?}");
    assert!(both.stderr.contains("not the only policy document"), "{both:#?}");
}

#[test]
fn what_is_no_longer_trusted_is_not_tried_again() {
    let user = Tool::alone();
    let data = user.path().join("data");
    let server = Server::start_in(&data, &[]);
    server.push(&["trap"]);
    let document = PIPELINE.replace("programs/noop:1", "programs/trap:1");
    let document = server.tool.file("pipeline.yaml", document);
    let said = server.tool.run(&["pipeline", "run", &document, "--watch"]);
    assert_eq!(said.code, Some(1), "{said:#?}");
    server.end_with(rustix::process::Signal::TERM);

    let policy = user.file(
        "policy.yaml",
        "apiVersion: sandmill.dev/v1\nkind: Policy\nmetadata: { name: later }\nspec: { allowedRegistries: [ghcr.io] }\n",
    );
    let server = Server::start_in(&data, &["--policy", &policy]);
    let refused = server.tool.run(&["run", "retry", "latest"]);
    assert_eq!(refused.code, Some(1), "{refused:#?}");
    assert!(refused.stderr.contains("SM0304") && refused.stderr.contains("`later`"), "{refused:#?}");
    assert_eq!(server.tool.json(&["run", "show", "latest"])["status"], "failed");
}

#[test]
fn a_broken_policy_stops_the_node_with_its_place() {
    let tool = Tool::alone();
    let policy = tool.file(
        "policy.yaml",
        "apiVersion: sandmill.dev/v1\nkind: Policy\nmetadata: { name: p }\nspec: { requireSignatur: true }\n",
    );
    let said = tool.run(&["up", "--data", "data", "--policy", &policy]);
    assert_eq!(said.code, Some(2), "{said:#?}");
    assert!(
        said.stderr.contains("policy.yaml:4:") && said.stderr.contains("did you mean `requireSignature`?"),
        "{said:#?}"
    );
}

#[test]
fn a_push_signs_and_attaches_what_it_is_told_to_and_stays_reproducible() {
    let server = Server::start();
    let tool = &server.tool;
    tool.data(&["key", "generate", "--plain"]);
    let component = tests_kit::guests::program_path("noop");
    let sbom = tool.file("sbom.json", r#"{"bomFormat":"CycloneDX","specVersion":"1.5","components":[]}"#);
    let mut arguments = vec!["component", "push", component.to_str().unwrap(), "programs/noop:1"];
    arguments.extend(["--source", "https://example.org/noop", "--revision", "8f1c", "--licenses", "Apache-2.0"]);
    let bare = tool.json(&arguments);
    arguments.extend(["--key", "cosign.key", "--sbom", &sbom, "--provenance"]);
    let pushed = tool.json(&arguments);
    assert_eq!(pushed["manifestDigest"], bare["manifestDigest"], "what is attached changes nothing");
    assert!(pushed["attached"]["sbom"].is_string() && pushed["attached"]["provenance"].is_string(), "{pushed}");
    let verified = tool.json(&["component", "verify", "--key", "cosign.pub", "programs/noop:1"]);
    assert_eq!(verified["key"], pushed["key"]);
    // Signed provenance is a statement about the component, and no signature of it.
    tool.data(&["component", "push", component.to_str().unwrap(), "programs/noop:2", "--annotation", "a=b"]);
    let unsigned = tool.run(&["component", "verify", "--key", "cosign.pub", "programs/noop:2"]);
    assert_eq!(unsigned.code, Some(1), "{unsigned:#?}");

    let no_sbom = tool.file("list.json", "[]");
    let refused = tool.run(&["component", "push", component.to_str().unwrap(), "programs/noop:3", "--sbom", &no_sbom]);
    assert_eq!(refused.code, Some(2), "{refused:#?}");
    assert_eq!(
        tool.json(&["component", "tags", "programs/noop"]).as_array().unwrap().iter().filter(|tag| *tag == "3").count(),
        0
    );
}

#[test]
fn an_artifact_goes_through_a_registry_and_comes_back_the_same() {
    let (here, there) = (Server::start(), Server::start());
    let file = here.tool.file("model.json", "{\"weights\":[1,2,3]}");
    let put = ["artifact", "put", &file, "--kind", "model", "--metadata", "accuracy=0.9"];
    let digest = here.tool.json(&put)["digest"].as_str().unwrap().to_owned();
    let reference = format!("{}/models/digits:1", there.ready["registry"].as_str().unwrap());
    let pushed = here.tool.json(&["artifact", "push", &digest, &reference]);
    assert_eq!(pushed["artifactType"], "application/vnd.sandmill.model.v1");
    assert_eq!(here.tool.json(&["artifact", "push", &digest, &reference])["pinned"], pushed["pinned"], "reproducible");

    let pulled = there.tool.json(&["artifact", "pull", "models/digits:1"]);
    assert_eq!(pulled["digest"], digest.as_str());
    let shown = there.tool.json(&["artifact", "show", &digest]);
    assert_eq!((&shown["kind"], &shown["metadata"]["accuracy"]), (&"model".into(), &"0.9".into()), "{shown}");
    let target = there.tool.path().join("copy.json");
    there.tool.data(&["artifact", "pull", "models/digits:1", "-o", target.to_str().unwrap()]);
    assert_eq!(std::fs::read_to_string(target).unwrap(), "{\"weights\":[1,2,3]}");
    let component = here.tool.run(&["component", "pull", &reference]);
    assert_eq!(component.code, Some(1), "a model is no component: {component:#?}");
}
