//! The parts of the science kernel, put together to one component.
//! Never looks into a part: what each is for stands in `components/run-science/wit/parts.wit`.

use std::path::Path;

use anyhow::{Context, Result};
use wasm_compose::graph::{Component, CompositionGraph, EncodeOptions, InstanceId};
use wasmparser::{Validator, WasmFeatures};
use wit_parser::{PackageId, Resolve, WorldId};

/// The interfaces by which the parts know each other.
const INTERPRETER: &str = "sandmill:run-science/interpreter";
const DOOR: &str = "sandmill:run-science/door";
const MAILBOX: &str = "sandmill:run-science/mailbox";
const LIBRARY: &str = "sandmill:run-science/library";
/// Contracts of this project that the parts' worlds name.
const CONTRACTS: [&str; 2] = ["kernel@0.1.0", "platform@0.1.0"];

/// The parts' worlds.
pub struct Contracts {
    /// All that was read.
    pub resolve: Resolve,
    package: PackageId,
}

impl Contracts {
    /// Reads them.
    pub fn read(folder: &Path) -> Result<Self> {
        let mut resolve = Resolve::default();
        for package in CONTRACTS {
            let path = crate::root().join("wit").join(package);
            resolve.push_dir(&path).with_context(|| format!("reading {}", path.display()))?;
        }
        let path = folder.join("wit");
        let (package, _) = resolve.push_dir(&path).with_context(|| format!("reading {}", path.display()))?;
        Ok(Self { resolve, package })
    }

    /// One of them.
    pub fn world(&self, name: &str) -> Result<WorldId> {
        self.resolve.select_world(&[self.package], Some(name)).with_context(|| format!("the world `{name}`"))
    }
}

/// Components, each in its bytes.
pub struct Parts {
    /// CPython and the packages' native code.
    pub interpreter: Vec<u8>,
    /// The archives of Python modules.
    pub library: Vec<u8>,
    /// What the interpreter asks.
    pub door: Vec<u8>,
    /// What the host calls.
    pub kernel: Vec<u8>,
}

/// The component whose exports are the kernel's, and whose imports are those that no part meets for another.
pub fn put_together(parts: &Parts) -> Result<Vec<u8>> {
    let mut graph = CompositionGraph::new();
    let mut validator = Validator::new_with_features(WasmFeatures::all());
    let mut add = |name: &'static str, bytes: &[u8]| -> Result<InstanceId> {
        let component = Component::from_bytes(&mut validator, name, bytes.to_vec())
            .with_context(|| format!("the part `{name}`"))?;
        let id = graph.add_component(component)?;
        graph.instantiate(id)
    };
    let library = add("library", &parts.library)?;
    let door = add("door", &parts.door)?;
    let interpreter = add("interpreter", &parts.interpreter)?;
    let kernel = add("kernel", &parts.kernel)?;
    for (from, to, interface) in [
        (library, door, LIBRARY),
        (door, interpreter, DOOR),
        (door, kernel, MAILBOX),
        (interpreter, kernel, INTERPRETER),
    ] {
        connect(&mut graph, from, to, interface).with_context(|| format!("connecting `{interface}`"))?;
    }
    // The whole is validated by whoever compiles it.
    graph.encode(EncodeOptions { define_components: true, export: Some(kernel), validate: false })
}

fn connect(graph: &mut CompositionGraph<'_>, from: InstanceId, to: InstanceId, interface: &str) -> Result<()> {
    let of = |id| graph.get_component_of_instance(id).map(|(_, component)| component).context("an instance is gone");
    let (export, ..) = of(from)?.export_by_name(interface).context("it is not exported")?;
    let (import, _) = of(to)?.import_by_name(interface).context("it is not imported")?;
    graph.connect(from, Some(export), to, import)
}
