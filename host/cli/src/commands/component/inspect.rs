//! `sandmill component inspect`: what a component says of itself, read from its bytes.
//! Never believes what a registry says of it.

use std::collections::BTreeMap;
use std::path::Path;

use bytes::Bytes;
use host_base::{ComponentInterface, FunctionSignature, NamedType};
use registry_oci::Digest;
use serde_json::json;

use crate::format;
use crate::printer::{Printer, Style, clean};
use crate::registry;
use crate::settings::Settings;
use crate::trouble::{Outcome, Trouble};

/// Imports that a step must be granted, by the beginning of their names, each with the key under `grants`.
const GRANTED_IMPORTS: [(&str, &str); 1] = [("wasi:http/", "http")];
/// Imports that are there and refuse every use.
const REFUSED_IMPORTS: &str = "wasi:sockets/";

/// Prints the interface, or the WIT.
pub async fn inspect(component: &str, wit: bool, settings: &Settings, printer: &Printer) -> Outcome {
    let bytes = read(component, settings).await?;
    if wit {
        let text = host_runtime::interface::wit(&bytes)?;
        return printer.either(&json!({ "wit": text }), || clean(text.trim_end()));
    }
    let interface = host_runtime::interface::interface(&bytes)?;
    let words = host_runtime::interface::documentation(&bytes)?;
    let digest = Digest::sha256(&bytes);
    let needs = needs(&interface.imports);
    let object = json!({
        "component": component,
        "digest": digest,
        "sizeBytes": bytes.len(),
        "command": interface.command,
        "functions": interface.functions.iter().map(|function| function_json(function, &words)).collect::<Vec<_>>(),
        "imports": interface.imports,
        "exports": interface.exports,
        "grants": needs,
    });
    printer.either(&object, || {
        let size = format::bytes(bytes.len() as u64);
        format!("{component}\ndigest  {digest}\nsize    {size}\n{}", text(&interface, &words, &needs, printer.colours))
    })
}

/// A file where there is one of this name, else a reference.
async fn read(component: &str, settings: &Settings) -> Outcome<Bytes> {
    let path = Path::new(component);
    if path.is_file() || path.extension().is_some_and(|extension| extension == "wasm") {
        return std::fs::read(path).map(Bytes::from).map_err(|error| Trouble::unreadable(path, &error));
    }
    let reference = registry::reference(component)?;
    let client = registry::client_for(settings, &reference).await?;
    Ok(registry::fetch(&client, &reference).await?.1)
}

/// Keys under `grants` without which the component is refused.
fn needs(imports: &[String]) -> Vec<&'static str> {
    let needed = |(beginning, _): &&(&str, &str)| imports.iter().any(|import| import.starts_with(beginning));
    GRANTED_IMPORTS.iter().filter(needed).map(|(_, key)| *key).collect()
}

fn function_json(function: &FunctionSignature, words: &BTreeMap<String, String>) -> serde_json::Value {
    let typed = |named: &NamedType| json!({ "name": named.name, "type": named.value_type.to_string() });
    json!({
        "name": function.name,
        "parameters": function.parameters.iter().map(typed).collect::<Vec<_>>(),
        "outputs": function.outputs.iter().map(typed).collect::<Vec<_>>(),
        "fallible": function.fallible,
        "documentation": words.get(&function.name),
    })
}

fn text(interface: &ComponentInterface, words: &BTreeMap<String, String>, needs: &[&str], colours: bool) -> String {
    let mut lines = Vec::new();
    let mut section = |title: &str, entries: Vec<String>| {
        if !entries.is_empty() {
            lines.push(format!("\n{}", Style::Bold.paint(title, colours)));
            lines.extend(entries.iter().map(|entry| format!("  {}", clean(entry))));
        }
    };
    section("functions", interface.functions.iter().flat_map(|function| function_lines(function, words)).collect());
    if interface.command {
        section("command", vec!["runs with arguments and files (wasi:cli/run)".to_owned()]);
    }
    section("imports", interface.imports.clone());
    section("exports", interface.exports.clone());
    let grants = needs.iter().map(|key| format!("{key}: name what the step may reach under grants.{key}"));
    let has_sockets = interface.imports.iter().any(|import| import.starts_with(REFUSED_IMPORTS));
    let sockets = has_sockets.then(|| "no grant opens sockets: what it does with them is refused".to_owned());
    let grants: Vec<String> = grants.chain(sockets).collect();
    section("grants it needs", if grants.is_empty() { vec!["none".to_owned()] } else { grants });
    lines.join("\n")
}

/// The signature, and below it what its author says of it.
fn function_lines(function: &FunctionSignature, words: &BTreeMap<String, String>) -> Vec<String> {
    let words = words.get(&function.name).map(String::as_str).unwrap_or_default();
    std::iter::once(function_text(function)).chain(words.lines().map(|line| format!("    {line}"))).collect()
}

fn function_text(function: &FunctionSignature) -> String {
    let typed = |named: &NamedType| format!("{}: {}", named.name, named.value_type);
    let list = |names: &[NamedType]| names.iter().map(typed).collect::<Vec<_>>().join(", ");
    let (parameters, outputs) = (list(&function.parameters), list(&function.outputs));
    let arrow = if outputs.is_empty() { String::new() } else { format!(" -> ({outputs})") };
    format!("{}({parameters}){arrow}", function.name)
}

#[cfg(test)]
mod tests {
    use host_base::{ArtifactKind, ValueType};

    use super::*;

    #[test]
    fn needs_follow_from_imports() {
        let imports = ["wasi:http/types@0.2.6".to_owned(), "wasi:io/streams@0.2.6".to_owned()];
        assert_eq!(needs(&imports), ["http"]);
        assert!(needs(&imports[1..]).is_empty());
    }

    #[test]
    fn functions_read_like_signatures() {
        let named = |name: &str, value_type| NamedType { name: name.to_owned(), value_type };
        let function = FunctionSignature {
            name: "split-rows".to_owned(),
            parameters: vec![named("table", ValueType::Artifact(ArtifactKind::DataSet)), named("seed", ValueType::U64)],
            outputs: vec![named("train", ValueType::Artifact(ArtifactKind::DataSet))],
            fallible: true,
        };
        assert_eq!(function_text(&function), "split-rows(table: data-set, seed: u64) -> (train: data-set)");
    }
}
