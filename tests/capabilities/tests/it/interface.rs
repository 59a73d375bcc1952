//! What programs say of themselves, as the runtime reads it from their binaries.
//! Never runs them.

use host_base::{ArtifactKind, Code, ValueType};

use crate::programs::{COPY_FILE, ECHO, HANDLES, NOOP};

#[test]
fn functions_have_names_parameters_and_outputs() {
    let interface = host_runtime::interface::interface(&tests_kit::guests::program(HANDLES)).unwrap();
    let split = interface.function("split").unwrap();
    assert_eq!(split.parameters[0].name, "input");
    assert_eq!(split.parameters[0].value_type, ValueType::Artifact(ArtifactKind::DataSet));
    assert!(split.fallible);
    let outputs: Vec<String> =
        split.outputs.iter().map(|output| format!("{}: {}", output.name, output.value_type)).collect();
    assert_eq!(outputs, ["left: data-set", "right: data-set", "rows: u64"]);
    let maybe = interface.function("maybe").unwrap();
    assert_eq!(
        (maybe.outputs[0].name.as_str(), maybe.outputs[0].value_type.to_string()),
        ("output", "option<artifact>".to_owned())
    );
    assert!(!interface.command);
    assert!(interface.imports.contains(&"sandmill:data/models@0.1.0".to_owned()), "{:?}", interface.imports);
}

#[test]
fn every_wit_type_is_read() {
    let interface = host_runtime::interface::interface(&tests_kit::guests::program(ECHO)).unwrap();
    let expected = [
        ("echo-char", "char"),
        ("echo-f32", "f32"),
        ("echo-list", "list<list<string>>"),
        ("echo-tuple", "tuple<u8, string>"),
        ("echo-record", "record { x: s32, label: option<string>, inner: tuple<f32, f64> }"),
        (
            "echo-variant",
            "variant { dot, circle(f64), path(list<record { x: s32, label: option<string>, inner: tuple<f32, f64> }>) }",
        ),
        ("echo-enum", "enum { red, dark-green }"),
        ("echo-flags", "flags { read, write, run-it }"),
        ("echo-results", "list<result<u32, string>>"),
    ];
    for (name, text) in expected {
        assert_eq!(interface.function(name).unwrap().parameters[0].value_type.to_string(), text);
    }
}

#[test]
fn a_command_is_known_as_one() {
    let interface = host_runtime::interface::interface(&tests_kit::guests::program(COPY_FILE)).unwrap();
    assert!(interface.command && interface.functions.is_empty());
    assert!(interface.exports[0].starts_with("wasi:cli/run@0.2."));
}

#[test]
fn the_printed_wit_shows_the_functions() {
    let wit = host_runtime::interface::wit(&tests_kit::guests::program(NOOP)).unwrap();
    assert!(wit.contains("export run: func();"), "{wit}");
}

#[test]
fn functions_of_an_exported_interface_carry_its_name() {
    let component = r#"
        (component
            (core module $module (func (export "count")))
            (core instance $instance (instantiate $module))
            (func $count (canon lift (core func $instance "count")))
            (instance $words (export "count" (func $count)))
            (export "acme:text/words@1.2.0" (instance $words)))
    "#;
    let interface = host_runtime::interface::interface(&wat::parse_str(component).unwrap()).unwrap();
    assert_eq!(interface.exports, ["acme:text/words@1.2.0"]);
    assert_eq!(interface.functions[0].name, "acme:text/words@1.2.0#count");
}

#[test]
fn what_is_no_component_is_refused() {
    for bytes in [&b""[..], b"\0asm\x01\0\0\0", b"PK\x03\x04"] {
        let failure = host_runtime::interface::interface(bytes).unwrap_err();
        assert_eq!(failure.code, Code::NotAComponent, "{}", failure.message);
    }
}
