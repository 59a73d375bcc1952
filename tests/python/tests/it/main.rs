//! Pipelines written with the Python SDK, on a real node; and the SDK's own tests.
//! Never a double on either side.
#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up has to stop")]
#![expect(clippy::print_stderr, reason = "a test that is skipped says why")]

mod faults;
mod mixed;
mod node;
mod notebook;
mod packages;
mod words;

#[test]
fn the_sdks_own_tests_pass() {
    let python = match tests_python::python() {
        Ok(python) => python,
        Err(reason) => return eprintln!("skipped: {reason}"),
    };
    let made = tests_python::run(&python, "sdk/python", &["-m", "unittest", "discover", "--start-directory", "tests"]);
    let told = String::from_utf8_lossy(&made.stderr);
    assert!(made.status.success() && told.contains("\nOK"), "{told}");
}

#[test]
fn the_sdk_names_the_component_of_this_release() {
    let python = match tests_python::python() {
        Ok(python) => python,
        Err(reason) => return eprintln!("skipped: {reason}"),
    };
    let made = tests_python::run(&python, ".", &["-c", "import sandmill_sdk; print(sandmill_sdk.RUN_PYTHON)"]);
    assert_eq!(String::from_utf8_lossy(&made.stdout).trim(), host_pipeline::python::RUN_PYTHON_COMPONENT);
}
