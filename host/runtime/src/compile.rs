//! Components compiled to this machine's code, and the code kept.
//! Never compiles what is not what its digest says.

use std::time::Instant;

use host_base::{Code, Failure};
use registry_oci::Digest;
use wasmtime::Engine;
use wasmtime::component::Component;

use crate::code_cache::CodeCache;

/// Components from this size on take long enough for whoever waits to wonder, and enough memory to count.
const LARGE_BYTES_MIN: usize = 64 << 20;

/// Compiles a component and keeps its code.
///
/// # Errors
/// When the bytes are not those of the digest, or no component.
pub(crate) fn compile(engine: &Engine, code: &CodeCache, digest: &Digest, bytes: &[u8]) -> Result<Component, Failure> {
    let mut hasher = registry_oci::Hasher::new(digest.algorithm());
    hasher.update(bytes);
    let actual = hasher.finish();
    if actual != *digest {
        let message = format!("the bytes of component {digest} hash to {actual}");
        return Err(Failure::new(Code::DigestMismatch, message).with_hint("fetch the component again"));
    }
    let began = Instant::now();
    if bytes.len() >= LARGE_BYTES_MIN {
        let mebibytes = bytes.len() >> 20;
        tracing::info!(component = %digest, mebibytes, "compiling a large component, once; this can take minutes");
    }
    let component = Component::new(engine, bytes).map_err(|error| {
        Failure::new(Code::NotAComponent, format!("component {digest} cannot be compiled: {error:#}"))
            .with_hint("build it with `cargo build --target wasm32-wasip2` or `sandmill component build`")
    })?;
    match component.serialize() {
        Ok(compiled) => code.keep(engine, digest, &compiled),
        Err(error) => tracing::warn!(component = %digest, %error, "compiled code could not be kept"),
    }
    if bytes.len() < LARGE_BYTES_MIN {
        return Ok(component);
    }
    tracing::info!(component = %digest, seconds = began.elapsed().as_secs(), "compiled a large component");
    // What comes from the file is mapped, and lies in memory as far as it is used; what was just made lies there whole.
    Ok(code.load(engine, digest).unwrap_or(component))
}
