//! Commands that the SDK writes, from `kfp` 2.17, and commands that look like them.

use super::{Shape, shape};
use crate::python::{PackageRequest, PythonFunction};

const PROGRAM: &str = "program_path=$(mktemp -d)\n\nprintf \"%s\" \"$0\" > \"$program_path/ephemeral_component.py\"\n_KFP_RUNTIME=true python3 -m kfp.dsl.executor_main --component_module_path \"$program_path/ephemeral_component.py\" \"$@\"\n";
const KFP: &str = "python3 -m pip install --quiet --no-warn-script-location 'kfp==2.17.0' '--no-deps' 'typing-extensions>=3.7.4,<5; python_version<\"3.9\"' && \"$0\" \"$@\"\n";
const SOURCE: &str = "\nimport kfp\n\ndef add(a: int) -> int:\n    return a\n";

fn texts(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

fn args() -> Vec<String> {
    texts(&["--executor_input", "{{$}}", "--function_to_execute", "add"])
}

fn with_pip(pip: &str) -> Shape {
    shape(&texts(&["sh", "-c", pip, "sh", "-ec", PROGRAM, SOURCE]), &args())
}

fn function(requirements: &[&str]) -> Shape {
    function_from(requirements, &[])
}

fn function_from(requirements: &[&str], indexes: &[&str]) -> Shape {
    let packages = PackageRequest { requirements: texts(requirements), indexes: texts(indexes) };
    Shape::Function(PythonFunction { name: "add".to_owned(), source: SOURCE.to_owned(), packages, wheels: Vec::new() })
}

#[test]
fn a_function_with_and_without_packages_is_recognised() {
    let ensure = "\nif ! [ -x \"$(command -v pip)\" ]; then\n    python3 -m ensurepip || apt-get install python3-pip\nfi\n\nPIP_DISABLE_PIP_VERSION_CHECK=1 ";
    assert_eq!(with_pip(&format!("{ensure}{KFP}")), function(&[]));
    let packages = format!(
        "{ensure}python3 -m pip install --quiet --no-warn-script-location 'six==1.16' 'requests>=2,<3; python_version>\"3.7\"'  &&  {KFP}"
    );
    assert_eq!(with_pip(&packages), function(&["six==1.16", "requests>=2,<3; python_version>\"3.7\""]));
    let venv = format!(
        "{ensure}\ntmp=$(mktemp -d)\npython3 -m venv \"$tmp/venv\" --system-site-packages\n. \"$tmp/venv/bin/activate\"\n {KFP}"
    );
    assert_eq!(with_pip(&venv), function(&[]));
}

#[test]
fn a_function_that_installs_nothing_is_recognised() {
    assert_eq!(shape(&texts(&["sh", "-ec", PROGRAM, SOURCE]), &args()), function(&[]));
}

#[test]
fn packages_that_begin_like_the_sdk_are_not_the_sdk() {
    let pip = "python3 -m pip install --quiet 'kfpx==1' && \"$0\" \"$@\"";
    assert_eq!(with_pip(pip), function(&["kfpx==1"]));
}

#[test]
fn indexes_of_the_authors_own_are_kept_in_their_order() {
    let options = "--index-url https://a.example.org/simple --extra-index-url https://b.example.org/simple \
                   --trusted-host https://b.example.org";
    let kfp = KFP.replace("--quiet", &format!("--quiet {options}"));
    let pip = format!("python3 -m pip install --quiet {options} 'six' 'idna'  &&  {kfp}");
    let indexes = ["https://a.example.org/simple", "https://b.example.org/simple"];
    assert_eq!(with_pip(&pip), function_from(&["six", "idna"], &indexes));
    assert_eq!(with_pip(&kfp), function(&[]), "the SDK is there, wherever it was to come from");
}

#[test]
fn a_command_without_a_function_is_refused() {
    let shape = shape(&texts(&["sh", "-ec", PROGRAM, SOURCE]), &[]);
    assert!(matches!(&shape, Shape::Refused(reason) if reason.contains("no function")), "{shape:?}");
}

#[test]
fn other_commands_are_left_alone() {
    for command in [&["sh", "-c", "echo hello"][..], &["train"], &[], &["sh", "-ec", "echo", SOURCE]] {
        assert_eq!(shape(&texts(command), &args()), Shape::Other, "{command:?}");
    }
}
