//! What a component says of itself, read from its binary without running or compiling it.
//! Never needs an engine, so that tools can inspect what they cannot run.

mod docs;

use std::collections::BTreeMap;

use host_base::signature::Case;
use host_base::{ArtifactKind, Code, ComponentInterface, Failure, FunctionSignature, NamedType, ValueType};
use wit_component::{DecodedWasm, WitPrinter};
use wit_parser::{
    Function, FunctionKind, Handle, Resolve, Type, TypeDefKind, TypeId, TypeOwner, WorldId, WorldItem, WorldKey,
};

use crate::admission::compatible_name;

/// The interface whose `run` makes a component a command.
const COMMAND_INTERFACE: &str = "wasi:cli/run@0.2";
/// The output of a function whose result is no record.
const ONLY_OUTPUT: &str = "output";

/// How a component's binary begins: the magic number, the version, and layer 1.
const COMPONENT_HEADER: &[u8] = b"\0asm\x0d\0\x01\0";
/// How a core module's binary begins, which is layer 0.
const MODULE_HEADER: &[u8] = b"\0asm\x01\0\0\0";

/// Imports, exports and functions of a component.
///
/// # Errors
/// When the bytes are no component.
pub fn interface(bytes: &[u8]) -> Result<ComponentInterface, Failure> {
    let (resolve, world) = decode(bytes)?;
    let world = &resolve.worlds[world];
    let mut found = ComponentInterface::default();
    for (key, item) in &world.imports {
        if !matches!(item, WorldItem::Type { .. }) {
            found.imports.push(resolve.name_world_key(key));
        }
    }
    for (key, item) in &world.exports {
        match item {
            WorldItem::Interface { id, .. } => {
                let name = resolve.name_world_key(key);
                if compatible_name(&name) == COMMAND_INTERFACE {
                    found.command = true;
                } else {
                    let functions = resolve.interfaces[*id].functions.values();
                    let steps = functions.filter(|function| is_step(function));
                    found
                        .functions
                        .extend(steps.map(|step| signature(&resolve, step, &format!("{name}#{}", step.name))));
                }
                found.exports.push(name);
            }
            WorldItem::Function(function) => {
                if is_step(function) {
                    found.functions.push(signature(&resolve, function, &function.name));
                }
            }
            WorldItem::Type { .. } => {}
        }
    }
    found.imports.sort();
    found.exports.sort();
    found.functions.sort_by(|left, right| left.name.cmp(&right.name));
    Ok(found)
}

/// The component's world as WIT text, with documentation where the binary carries it.
///
/// # Errors
/// When the bytes are no component.
pub fn wit(bytes: &[u8]) -> Result<String, Failure> {
    let (mut resolve, world) = decode(bytes)?;
    docs::inject(bytes, &mut resolve, world);
    let Some(package) = resolve.worlds[world].package else {
        return Err(not_a_component("its world belongs to no package"));
    };
    let mut printer = WitPrinter::default();
    printer.emit_docs(true);
    printer.print(&resolve, package, &[]).map_err(|error| not_a_component(&format!("{error:#}")))?;
    Ok(printer.output.to_string())
}

/// What the authors say of each function of [`interface`], by its name; of some nothing.
///
/// # Errors
/// When the bytes are no component.
pub fn documentation(bytes: &[u8]) -> Result<BTreeMap<String, String>, Failure> {
    let (mut resolve, world) = decode(bytes)?;
    docs::inject(bytes, &mut resolve, world);
    let mut found = BTreeMap::new();
    for (key, item) in &resolve.worlds[world].exports {
        let (prefix, functions): (String, Vec<&Function>) = match item {
            WorldItem::Interface { id, .. } => {
                let prefix = format!("{}#", resolve.name_world_key(key));
                (prefix, resolve.interfaces[*id].functions.values().collect())
            }
            WorldItem::Function(function) => (String::new(), vec![function]),
            WorldItem::Type { .. } => continue,
        };
        let documented = functions.into_iter().filter_map(|one| Some((one, one.docs.contents.clone()?)));
        found.extend(documented.map(|(one, words)| (format!("{prefix}{}", one.name), words)));
    }
    Ok(found)
}

fn decode(bytes: &[u8]) -> Result<(Resolve, WorldId), Failure> {
    if !bytes.starts_with(COMPONENT_HEADER) {
        return Err(not_a_component(if bytes.starts_with(MODULE_HEADER) {
            "it is a core module, without types of its own"
        } else {
            "it does not begin as one"
        }));
    }
    match wit_component::decode(bytes) {
        Ok(DecodedWasm::Component(resolve, world)) => Ok((resolve, world)),
        Ok(DecodedWasm::WitPackage(..)) => Err(not_a_component("it is a WIT package, which has types but no code")),
        Err(error) => Err(not_a_component(&format!("{error:#}"))),
    }
}

fn not_a_component(why: &str) -> Failure {
    Failure::new(Code::NotAComponent, format!("the file is not a WebAssembly component: {why}"))
        .with_hint("build one with `sandmill component build` or `cargo build --target wasm32-wasip2`")
}

/// Methods need a handle to a resource of the component, which no step can have.
fn is_step(function: &Function) -> bool {
    matches!(function.kind, FunctionKind::Freestanding)
}

fn signature(resolve: &Resolve, function: &Function, name: &str) -> FunctionSignature {
    let parameter =
        |name: &str, parameter: &Type| NamedType { name: name.to_owned(), value_type: value_type(resolve, parameter) };
    let result = function.result.as_ref().map(|result| value_type(resolve, result));
    let (output, fallible) = match result {
        Some(ValueType::Result { ok, .. }) => (ok.map(|ok| *ok), true),
        other => (other, false),
    };
    let outputs = match output {
        None => Vec::new(),
        Some(ValueType::Record(fields)) => fields,
        Some(value_type) => vec![NamedType { name: ONLY_OUTPUT.to_owned(), value_type }],
    };
    FunctionSignature {
        name: name.to_owned(),
        parameters: function.params.iter().map(|param| parameter(&param.name, &param.ty)).collect(),
        outputs,
        fallible,
    }
}

fn value_type(resolve: &Resolve, found: &Type) -> ValueType {
    match found {
        Type::Bool => ValueType::Bool,
        Type::U8 => ValueType::U8,
        Type::U16 => ValueType::U16,
        Type::U32 => ValueType::U32,
        Type::U64 => ValueType::U64,
        Type::S8 => ValueType::S8,
        Type::S16 => ValueType::S16,
        Type::S32 => ValueType::S32,
        Type::S64 => ValueType::S64,
        Type::F32 => ValueType::F32,
        Type::F64 => ValueType::F64,
        Type::Char => ValueType::Char,
        Type::String => ValueType::String,
        Type::ErrorContext => ValueType::Unsupported("error-context".to_owned()),
        Type::Id(id) => defined_type(resolve, *id),
    }
}

fn defined_type(resolve: &Resolve, id: TypeId) -> ValueType {
    let boxed = |inner: &Type| Box::new(value_type(resolve, inner));
    let names = |names: &mut dyn Iterator<Item = &String>| names.cloned().collect::<Vec<_>>();
    match &resolve.types[id].kind {
        TypeDefKind::Type(aliased) => value_type(resolve, aliased),
        TypeDefKind::Record(record) => {
            let field = |field: &wit_parser::Field| NamedType {
                name: field.name.clone(),
                value_type: value_type(resolve, &field.ty),
            };
            ValueType::Record(record.fields.iter().map(field).collect())
        }
        TypeDefKind::Variant(variant) => {
            let case = |case: &wit_parser::Case| Case {
                name: case.name.clone(),
                payload: case.ty.as_ref().map(|payload| value_type(resolve, payload)),
            };
            ValueType::Variant(variant.cases.iter().map(case).collect())
        }
        TypeDefKind::Enum(cases) => ValueType::Enum(names(&mut cases.cases.iter().map(|case| &case.name))),
        TypeDefKind::Flags(flags) => ValueType::Flags(names(&mut flags.flags.iter().map(|flag| &flag.name))),
        TypeDefKind::Tuple(tuple) => {
            ValueType::Tuple(tuple.types.iter().map(|item| value_type(resolve, item)).collect())
        }
        TypeDefKind::Option(inner) => ValueType::Option(boxed(inner)),
        TypeDefKind::List(inner) => ValueType::List(boxed(inner)),
        TypeDefKind::Result(result) => {
            ValueType::Result { ok: result.ok.as_ref().map(boxed), err: result.err.as_ref().map(boxed) }
        }
        TypeDefKind::Handle(Handle::Own(resource) | Handle::Borrow(resource)) => resource_type(resolve, *resource),
        other => ValueType::Unsupported(match &resolve.types[id].name {
            Some(name) => name.clone(),
            None => other.as_str().to_owned(),
        }),
    }
}

/// An artifact where the resource is one of the four of `sandmill:data`.
fn resource_type(resolve: &Resolve, mut id: TypeId) -> ValueType {
    // A resource used from another interface is an alias of the one defined there.
    while let TypeDefKind::Type(Type::Id(aliased)) = &resolve.types[id].kind {
        id = *aliased;
    }
    let resource = &resolve.types[id];
    let name = resource.name.clone().unwrap_or_else(|| "resource".to_owned());
    let TypeOwner::Interface(owner) = resource.owner else {
        return ValueType::Unsupported(name);
    };
    let owner = resolve.name_world_key(&WorldKey::Interface(owner));
    let kind = ArtifactKind::ALL
        .into_iter()
        .find(|kind| name == kind.name() && compatible_name(&owner) == data_interface(*kind));
    kind.map_or_else(|| ValueType::Unsupported(format!("{owner}.{name}")), ValueType::Artifact)
}

const fn data_interface(kind: ArtifactKind) -> &'static str {
    match kind {
        ArtifactKind::Artifact => "sandmill:data/artifacts@0.1",
        ArtifactKind::DataSet => "sandmill:data/data-sets@0.1",
        ArtifactKind::Model => "sandmill:data/models@0.1",
        ArtifactKind::Metrics => "sandmill:data/metrics@0.1",
    }
}
