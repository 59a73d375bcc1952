//! CPython's module as a component: its code as it came, and a bridge to the component model beside it.
//! Never changes what it does.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use wasi_preview1_component_adapter_provider::{
    WASI_SNAPSHOT_PREVIEW1_ADAPTER_NAME, WASI_SNAPSHOT_PREVIEW1_REACTOR_ADAPTER,
};
use wasm_encoder::RawSection;
use wasmparser::{Parser, Payload};
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};

use super::parts::Contracts;

/// The module's name for the host, whose place the bridge takes.
const HOST: &str = "host";
/// A custom section with the names of all functions, a seventh of the file. Nothing here shows them to anybody.
const NAMES: &str = "name";

/// The component of the world `interpreter-part`.
pub fn component(module: &[u8], folder: &Path, contracts: &Contracts) -> Result<Vec<u8>> {
    let file = folder.join("bridge.wat");
    let text = fs::read_to_string(&file).with_context(|| format!("reading {}", file.display()))?;
    let mut bridge = wat::parse_str(&text).with_context(|| format!("assembling {}", file.display()))?;
    let world = contracts.world("interpreter-part")?;
    embed_component_metadata(&mut bridge, &contracts.resolve, world, StringEncoding::UTF8)?;
    ComponentEncoder::default()
        .module(&without_names(module)?)?
        .adapter(HOST, &bridge)?
        .adapter(WASI_SNAPSHOT_PREVIEW1_ADAPTER_NAME, WASI_SNAPSHOT_PREVIEW1_REACTOR_ADAPTER)?
        .encode()
        .context("making the interpreter a component")
}

fn without_names(module: &[u8]) -> Result<Vec<u8>> {
    let mut kept = wasm_encoder::Module::new();
    for payload in Parser::new(0).parse_all(module) {
        let payload = payload.context("reading the interpreter's module")?;
        let is_names = matches!(&payload, Payload::CustomSection(section) if section.name() == NAMES);
        if let (false, Some((id, range))) = (is_names, payload.as_section()) {
            kept.section(&RawSection { id, data: &module[range] });
        }
    }
    Ok(kept.finish())
}
