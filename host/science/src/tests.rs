//! The parts that are made here, around an interpreter of five lines.
//! Never the wheel's: its test opens a session (`tests/notebook/tests/it/science.rs`).

use std::path::PathBuf;

use wasmparser::{Validator, WasmFeatures};

use crate::parts::Contracts;
use crate::{FOLDER, interpreter, library, root};

/// What the wheel's module looks like from outside.
const INTERPRETER: &str = r#"
    (module
        (import "host" "call" (func (param i32 i32 i32 i32) (result i32)))
        (memory (export "memory") 1)
        (func (export "turn") (param i32 i32) (result i32) (i32.const 0))
        (func (export "host_alloc") (param i32) (result i32) (i32.const 1024)))
"#;

fn sources() -> (PathBuf, Contracts) {
    let folder = root().join(FOLDER);
    let contracts = Contracts::read(&folder).expect("the parts' worlds");
    (folder, contracts)
}

/// Imports and exports of a component that is valid.
fn names(component: &[u8]) -> (Vec<String>, Vec<String>) {
    Validator::new_with_features(WasmFeatures::all()).validate_all(component).expect("a valid component");
    let decoded = wit_component::decode(component).expect("a component");
    let wit_component::DecodedWasm::Component(resolve, world) = decoded else { panic!("a package") };
    let world = &resolve.worlds[world];
    let names =
        |items: &mut dyn Iterator<Item = &wit_parser::WorldKey>| items.map(|key| resolve.name_world_key(key)).collect();
    (names(&mut world.imports.keys()), names(&mut world.exports.keys()))
}

#[test]
fn an_interpreter_asks_at_the_door_and_takes_turns() {
    let (folder, contracts) = sources();
    let module = wat::parse_str(INTERPRETER).expect("a module");
    let component = interpreter::component(&module, &folder, &contracts).expect("a component");
    let (imports, exports) = names(&component);
    assert_eq!(imports, ["sandmill:run-science/door"]);
    assert_eq!(exports, ["sandmill:run-science/interpreter"]);
}

#[test]
fn a_library_holds_every_archive_and_asks_for_nothing() {
    let (folder, contracts) = sources();
    let program = library::program(&folder).expect("the archive of own modules");
    let component = library::component(&[b"first".to_vec(), program.clone()], &contracts).expect("a component");
    let (imports, exports) = names(&component);
    assert!(imports.is_empty(), "{imports:?}");
    assert_eq!(exports, ["sandmill:run-science/library"]);
    let held = |archive: &[u8]| component.windows(archive.len()).any(|bytes| bytes == archive);
    assert!(held(b"first") && held(&program));
}

#[test]
fn the_same_sources_make_the_same_archive() {
    let (folder, _) = sources();
    let program = library::program(&folder).expect("the archive of own modules");
    assert_eq!(program, library::program(&folder).expect("the same again"));
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(program)).expect("an archive");
    for name in
        ["sandmill_run_science/__init__.py", "sandmill_kernel/kernel.py", "sandmill/runs.py", "wit_world/__init__.py"]
    {
        archive.by_name(name).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}
