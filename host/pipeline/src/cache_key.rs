//! The key under which a step's result can be found again: equal keys mean equal results.
//! Never depends on a name that an author gave, on a limit, or on when and where the step ran.

use host_base::Value;
use registry_oci::{Digest, canonical_json};
use sdk_spec::Grants;
use serde_json::json;

use crate::{Call, ResolvedInputs, kfp};

/// Changes whenever the key's meaning does, so that no result of another meaning is found.
const VERSION: &str = "sandmill-cache/1";

/// The key of calling this component with these inputs under these grants.
///
/// An artifact counts with its digest, kind and media type. Its metadata is commentary: it does not
/// count, and a component must not compute from it.
/// `kept` stands for what the node keeps and the step is shown, by a hash that says nothing of it; none where it is
/// shown nothing.
#[must_use]
pub fn cache_key(
    component: &Digest,
    call: &Call,
    inputs: &ResolvedInputs,
    grants: &Grants,
    kept: Option<&str>,
) -> Digest {
    let target = match call {
        Call::Function { signature, .. } => json!({ "function": signature.name }),
        Call::Command { outputs, .. } => json!({ "command": { "outputs": outputs } }),
        // The types count as well: they say what is made of what the function returns.
        Call::Python(call) => json!({ "python": call.function.identity(), "signature": call.signature }),
        Call::Kfp(call) => kfp::call_identity(call),
        Call::Import(import) => json!({ "import": import }),
    };
    let inputs = match inputs {
        ResolvedInputs::Function { arguments } => json!(arguments.iter().map(identity).collect::<Vec<_>>()),
        ResolvedInputs::Command { args, inputs } => {
            let inputs: serde_json::Map<_, _> =
                inputs.iter().map(|(name, value)| (name.clone(), identity(value))).collect();
            json!({ "args": args, "inputs": inputs })
        }
        ResolvedInputs::Kfp { inputs } => kfp::inputs_identity(inputs),
    };
    let mut whole = json!({
        "version": VERSION,
        "component": component,
        "target": target,
        "inputs": inputs,
        "grants": grants,
    });
    if let Some(kept) = kept {
        whole["kept"] = json!(kept);
    }
    Digest::sha256(&canonical_json(&whole))
}

/// The key that an author gave in place of all that the result depends on. It counts within one pipeline.
#[must_use]
pub fn own_cache_key(pipeline: &str, own: &str) -> Digest {
    Digest::sha256(&canonical_json(&json!({ "version": VERSION, "pipeline": pipeline, "own": own })))
}

fn identity(value: &Value) -> serde_json::Value {
    match value {
        Value::Plain(json) => json!({ "plain": json }),
        Value::Artifact(artifact) => json!({
            "artifact": { "digest": artifact.digest, "kind": artifact.kind, "mediaType": artifact.media_type },
        }),
        Value::List(items) => json!({ "list": items.iter().map(identity).collect::<Vec<_>>() }),
    }
}

#[cfg(test)]
mod tests;
