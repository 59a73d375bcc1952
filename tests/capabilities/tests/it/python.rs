//! Python steps in the sandbox: the stock SDK's functions run unmodified, and get away with nothing.
//! Never writes Python for this host: every source is what kfp compiles a component to.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use host_base::{ArtifactKind, Code, Value};
use host_runtime::{CommandCall, FileContent, InputFile, LogStream, Mount, OutputFile, OutputKind};
use serde_json::{Value as Json, json};

use crate::support::{Call, Ended, content, laid_out};

/// Built, and compiled in the sandbox that all tests share, once.
static COMPONENT: LazyLock<Option<Vec<u8>>> = LazyLock::new(|| tests_kit::guests::python_component("run-python"));

/// Where kfp's executor leaves what the function returned.
const EXECUTOR_OUTPUT: &str = "/minio/bucket/run/executor_output.json";

/// A function with parameters, one output artifact `out` and one output parameter, as kfp calls it. None,
/// with the reason printed, where the component cannot be built on this machine.
fn step(source: &str, parameters: &Json) -> Option<Call> {
    let Some(component) = COMPONENT.clone() else {
        println!("skipped: run-python is not built here; `cargo xtask components run-python` says why");
        return None;
    };
    let uri = "minio://bucket/run/out";
    let executor_input = json!({
        "inputs": {"parameterValues": parameters},
        "outputs": {
            "parameters": {"Output": {"outputFile": "/tmp/kfp/outputs/Output"}},
            "artifacts": {"out": {"artifacts": [
                {"name": "out", "type": {"schemaTitle": "system.Dataset", "schemaVersion": "0.0.1"}, "uri": uri, "metadata": {}},
            ]}},
            "outputFile": EXECUTOR_OUTPUT,
        },
    });
    let head = "import kfp\nfrom kfp import dsl\nfrom kfp.dsl import *\nfrom typing import *\n\n";
    let argv = ["run-python", "kfp", "--executor_input", &executor_input.to_string(), "--function_to_execute", "step"];
    let text = OutputKind::Text { bytes_max: 1 << 20 };
    let artifact = OutputKind::Artifact { kind: ArtifactKind::DataSet, media_type: "text/plain".to_owned() };
    let output = |guest_path: &str, kind| OutputFile { guest_path: guest_path.to_owned(), kind, required: false };
    Some(laid_out(
        component,
        CommandCall {
            argv: argv.map(str::to_owned).into(),
            files: vec![InputFile {
                guest_path: "/tmp/kfp/source.py".to_owned(),
                content: FileContent::Text(format!("{head}{source}")),
            }],
            writable: vec!["/".to_owned()],
            outputs: BTreeMap::from([
                ("result".to_owned(), output(EXECUTOR_OUTPUT, text)),
                ("out".to_owned(), output("/minio/bucket/run/out", artifact)),
            ]),
            ..CommandCall::default()
        },
    ))
}

/// A function without parameters, whose prints are looked at.
fn script(lines: &[&str]) -> Option<Call> {
    let body: String = lines.iter().map(|line| format!("    {line}\n")).collect();
    step(&format!("def step():\n{body}"), &json!({}))
}

/// What the function itself printed, without the executor's own log.
fn printed(ended: &Ended) -> Vec<String> {
    let lines = ended.heard.lines().into_iter().filter(|(stream, _)| *stream == LogStream::Stdout);
    let own = lines.map(|(_, line)| line).filter_map(|line| line.strip_prefix("> ").map(str::to_owned));
    own.collect()
}

fn result(ended: &Ended) -> Json {
    match &ended.outputs()["result"] {
        Value::Plain(Json::String(text)) => serde_json::from_str(text).unwrap(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_component_function_runs_as_the_sdk_compiled_it() {
    let source = "\
def step(name: str, n: int, out: dsl.Output[dsl.Dataset]) -> str:
    import json, csv, decimal, sqlite3, zipfile, dataclasses, tempfile, hashlib
    print('> rows', n)
    with open(out.path, 'w') as file:
        file.write(name * n)
    out.metadata['rows'] = n
    return name.upper()
";
    let Some(call) = step(source, &json!({"name": "bob", "n": 3})) else { return };
    let ended = call.run().await;
    assert_eq!(printed(&ended), ["rows 3"]);
    assert_eq!(result(&ended)["parameterValues"]["Output"], json!("BOB"));
    assert_eq!(result(&ended)["artifacts"]["out"]["artifacts"][0]["metadata"], json!({"rows": 3}));
    let artifact = ended.artifact("out");
    assert_eq!((artifact.kind, content(&artifact).await), (ArtifactKind::DataSet, b"bobbobbob".to_vec()));
}

#[tokio::test]
async fn a_folder_is_an_artifact_and_comes_back_as_a_folder() {
    let write = "\
def step(out: dsl.Output[dsl.Dataset]):
    import os
    os.makedirs(out.path + '/deep/empty')
    with open(out.path + '/deep/file', 'w') as file:
        file.write('kept')
";
    let Some(call) = step(write, &json!({})) else { return };
    let artifact = call.run().await.artifact("out");
    assert_eq!(artifact.media_type, "application/x-tar");
    let read = ["import os", "print('>', sorted(os.listdir('/given/deep')), open('/given/deep/file').read())"];
    let Some(mut call) = script(&read) else { return };
    let layout = call.layout();
    layout.files.push(InputFile { guest_path: "/given".to_owned(), content: FileContent::of(artifact) });
    assert_eq!(printed(&call.run().await), ["['empty', 'file'] kept"]);
}

#[tokio::test]
async fn an_exception_is_an_exit_status_and_a_traceback_with_source_lines() {
    let Some(call) = script(&["wanted = 'nothing'", "raise KeyError(wanted)"]) else { return };
    let ended = call.run().await;
    assert_eq!(ended.failure(Code::ExitStatus).message, "the command exited with status 1");
    let text = ended.heard.text();
    for line in ["File \"/tmp/kfp/source.py\", line 8, in step", "raise KeyError(wanted)", "KeyError: 'nothing'"] {
        assert!(text.contains(line), "no `{line}` in:\n{text}");
    }
    assert!(!text.contains("sandmill_run_python"), "{text}");
}

#[tokio::test]
async fn exits_mean_what_they_mean_to_a_process() {
    for (status, code) in
        [("None", None), ("0", None), ("3", Some(Code::ExitStatus)), ("'why'", Some(Code::ExitStatus))]
    {
        let Some(call) = script(&["import sys", &format!("sys.exit({status})")]) else { return };
        assert_eq!(call.run().await.outcome.err().map(|failure| failure.code), code, "{status}");
    }
}

#[tokio::test]
async fn python_finds_nothing_that_it_was_not_handed() {
    // Each line prints the type of the exception that it met, or what it got.
    let attempts = [
        "open('/etc/passwd').read()",
        "open('../../../../../../etc/passwd').read()",
        "open('/proc/self/environ').read()",
        "__import__('os').listdir('/../..')",
        "__import__('os').symlink('/etc/passwd', '/link') or open('/link').read()",
        "__import__('socket').create_connection(('127.0.0.1', 80))",
        "__import__('socket').create_connection(('example.org', 80))",
        "__import__('socket').socket(type=__import__('socket').SOCK_DGRAM).sendto(b'x', ('127.0.0.1', 53))",
        "__import__('urllib.request').request.urlopen('http://127.0.0.1/')",
        "__import__('subprocess').run(['sh', '-c', 'id'])",
        "__import__('os').fork()",
        "__import__('os').execv('/bin/sh', ['sh'])",
        "__import__('ctypes').CDLL(None)",
        "__import__('threading').Thread(target=print).start()",
    ];
    let mut lines = vec!["import os".to_owned()];
    for attempt in attempts {
        lines.extend(["try:".to_owned(), format!("    print('> GOT', {attempt})")]);
        lines.extend([
            "except BaseException as error:".to_owned(),
            "    print('> refused', type(error).__name__)".to_owned(),
        ]);
    }
    lines.push("print('> environment', sorted(os.environ))".to_owned());
    lines.push("print('> folders', sorted(os.listdir('/')))".to_owned());
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let Some(call) = script(&lines) else { return };
    let ended = call.run().await;
    ended.outputs();
    let printed = printed(&ended);
    assert_eq!(printed.len(), attempts.len() + 2, "{printed:#?}");
    for (attempt, line) in attempts.iter().zip(&printed) {
        assert!(line.starts_with("refused"), "{attempt}: {line}");
    }
    assert_eq!(printed[attempts.len()], "environment ['_KFP_RUNTIME']");
    assert!(!printed[attempts.len() + 1].contains("etc"), "{printed:#?}");
}

#[tokio::test]
async fn a_step_that_takes_too_much_is_stopped_and_the_next_one_runs() {
    let limits = |call: Option<Call>| {
        call.map(|call| {
            call.limited(|limits| {
                limits.memory_bytes_max = 128 << 20;
                limits.cpu_ticks_max = 500;
                limits.output_bytes_max = 1 << 20;
                limits.log_bytes_max = 64 << 10;
            })
        })
    };
    let bombs: [(&[&str], Option<Code>); 5] = [
        (&["bytearray(1 << 30)"], Some(Code::MemoryLimit)),
        (&["while True: pass"], Some(Code::CpuLimit)),
        (&["def down(): down()", "down()"], Some(Code::ExitStatus)),
        (&["with open('/big', 'wb') as file:", "    while True: file.write(bytes(1 << 16))"], Some(Code::OutputLimit)),
        (&["for _ in range(10_000): print('x' * 100)"], None),
    ];
    for (bomb, code) in bombs {
        let Some(call) = limits(script(bomb)) else { return };
        let ended = call.run().await;
        assert_eq!(ended.outcome.as_ref().err().map(|failure| failure.code), code, "{bomb:?}: {:?}", ended.outcome);
        assert!(ended.usage.log_bytes <= 64 << 10, "{bomb:?}");
        let Some(next) = limits(script(&["print('> fine')"])) else { return };
        assert_eq!(printed(&next.run().await), ["fine"], "after {bomb:?}");
    }
}

#[tokio::test]
async fn mounted_packages_are_imported_and_never_written() {
    let package = tempfile::tempdir().unwrap();
    std::fs::create_dir(package.path().join("greetings")).unwrap();
    std::fs::write(package.path().join("greetings/__init__.py"), "def greet(name): return f'hello {name}'\n").unwrap();
    let lines = [
        "import greetings",
        "print('>', greetings.greet('bob'))",
        "try: open('/packages/0/new', 'w')",
        "except OSError as error: print('> refused')",
    ];
    let Some(mut call) = script(&lines) else { return };
    let mount = Mount { guest_path: "/packages/0".to_owned(), host_path: package.path().to_owned() };
    call.layout().mounts.push(mount);
    let ended = call.run().await;
    assert_eq!(printed(&ended), ["hello bob", "refused"], "{}", ended.heard.text());
    assert_eq!(std::fs::read_dir(package.path()).unwrap().count(), 1);
}

#[tokio::test]
async fn two_guests_draw_the_same_numbers_unless_randomness_is_granted() {
    let draw = || script(&["import random, uuid", "print('>', random.random(), uuid.uuid4())"]);
    let (Some(first), Some(second)) = (draw(), draw()) else { return };
    assert_eq!(printed(&first.run().await), printed(&second.run().await));
    let granted = |call: Call| call.granted(|grants| grants.randomness = true);
    let (Some(first), Some(second)) = (draw().map(granted), draw().map(granted)) else { return };
    assert_ne!(printed(&first.run().await), printed(&second.run().await));
}

#[tokio::test]
async fn markers_and_bundled_packages_are_what_packages_are_resolved_for() {
    let lines = [
        "import json, os, platform, sys, kfp",
        "version = sys.implementation.version",
        "values = {'implementation_name': sys.implementation.name,",
        "    'implementation_version': f'{version.major}.{version.minor}.{version.micro}',",
        "    'os_name': os.name, 'platform_machine': platform.machine(),",
        "    'platform_python_implementation': platform.python_implementation(),",
        "    'platform_release': platform.release(), 'platform_system': platform.system(),",
        "    'platform_version': platform.version(), 'python_full_version': platform.python_version(),",
        "    'python_version': '.'.join(platform.python_version_tuple()[:2]), 'sys_platform': sys.platform}",
        "print('>', json.dumps(values))",
        "print('>', json.dumps({'kfp': kfp.__version__}))",
    ];
    let Some(call) = script(&lines) else { return };
    let lines = printed(&call.run().await);
    let said = |line: usize| -> BTreeMap<String, String> { serde_json::from_str(&lines[line]).unwrap() };
    let known = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    };
    assert_eq!(said(0), known(&host_wheels::MARKERS));
    assert_eq!(said(1), known(&host_wheels::BUNDLED));
}
