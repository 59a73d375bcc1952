//! What one attempt at a function of Python sees: one file that says what to call, and its artifacts as files.
//! Never puts a value among the words of a command, where there is little room.

use std::collections::BTreeMap;

use host_base::{ArtifactRef, Code, Failure, FunctionSignature, Value};
use serde_json::{Map, Value as Json, json};

use super::outputs::{ARTIFACT_PREFIX, REPORT, REPORT_BYTES_MAX, SINGLE_RESULT};
use super::{PythonCall, RUN_PYTHON_ARGUMENT};
use crate::compile::artifact_in;
use crate::kfp::is_folder;
use crate::layout::{Layout, LayoutContent, LayoutFile, LayoutOutput, OutputShape, Promised};

/// The word by which the component knows that it is to call a function with types.
const COMMAND: &str = "step";
/// What is to be called, and with what.
const CALL_FILE: &str = "/step/call.json";
/// What came of it.
const REPORT_FILE: &str = "/step/report.json";
/// Where the function's artifacts lie, by its parameters.
const INPUTS_FOLDER: &str = "/inputs";
/// Where those that it makes are looked for, by its results.
const OUTPUTS_FOLDER: &str = "/outputs";
/// Where programs expect to be able to write.
const TMP_FOLDER: &str = "/tmp";
/// Until the report says what the file is.
const MEDIA_TYPE: &str = "application/octet-stream";

/// What an attempt at this call sees.
///
/// # Errors
/// Where the arguments are not those of the call's own parameters.
pub fn layout(call: &PythonCall, arguments: &[Value]) -> Result<Layout, Failure> {
    let parameters = &call.signature.parameters;
    let mut files = Vec::new();
    let mut given = Map::new();
    for (parameter, value) in parameters.iter().zip(arguments) {
        let argument = match value {
            Value::Plain(json) => json!({ "value": json }),
            Value::Artifact(artifact) => {
                let guest_path = format!("{INPUTS_FOLDER}/{}", parameter.name);
                let described = described(artifact, &guest_path);
                files.push(LayoutFile { guest_path, content: content(artifact) });
                json!({ "file": described })
            }
            // The plan's type check lets none through.
            Value::List(_) => {
                let message = format!("argument `{}` is a list of artifacts, which no function takes", parameter.name);
                return Err(Failure::new(Code::TypeMismatch, message));
            }
        };
        given.insert(parameter.name.clone(), argument);
    }
    files.push(LayoutFile {
        guest_path: CALL_FILE.to_owned(),
        content: LayoutContent::Text(call_file(call, &given).to_string()),
    });
    Ok(Layout {
        argv: vec![RUN_PYTHON_ARGUMENT.to_owned(), COMMAND.to_owned(), CALL_FILE.to_owned(), REPORT_FILE.to_owned()],
        env: BTreeMap::new(),
        kept_env: BTreeMap::new(),
        files,
        packages: call.function.package_folders(),
        // All of the root, since programs write where they stand; the others are there from the start.
        writable: ["/", TMP_FOLDER, OUTPUTS_FOLDER].map(str::to_owned).into(),
        kept_folders: BTreeMap::new(),
        workspace: None,
        outputs: looked_for(&call.signature),
        promised: Promised::Python(call.signature.clone()),
    })
}

fn call_file(call: &PythonCall, arguments: &Map<String, Json>) -> Json {
    let places: Map<String, Json> = call
        .signature
        .outputs
        .iter()
        .map(|output| (output.name.clone(), format!("{OUTPUTS_FOLDER}/{}", output.name).into()))
        .collect();
    json!({
        "function": call.function.name,
        "source": call.function.source,
        "arguments": arguments,
        "results": places,
        "single": matches!(call.signature.outputs.as_slice(), [only] if only.name == SINGLE_RESULT),
    })
}

fn described(artifact: &ArtifactRef, path: &str) -> Json {
    json!({
        "path": path,
        "kind": artifact.kind,
        "digest": artifact.digest,
        "mediaType": artifact.media_type,
        "sizeBytes": artifact.size_bytes,
        "metadata": artifact.metadata,
    })
}

fn content(artifact: &ArtifactRef) -> LayoutContent {
    if is_folder(artifact) {
        LayoutContent::Folder(artifact.clone())
    } else {
        LayoutContent::Artifact(artifact.clone())
    }
}

fn looked_for(signature: &FunctionSignature) -> BTreeMap<String, LayoutOutput> {
    let report =
        LayoutOutput { guest_path: REPORT_FILE.to_owned(), shape: OutputShape::Text { bytes_max: REPORT_BYTES_MAX } };
    let files = signature.outputs.iter().filter(|output| artifact_in(&output.value_type).is_some());
    let file = |name: &str| LayoutOutput {
        guest_path: format!("{OUTPUTS_FOLDER}/{name}"),
        shape: OutputShape::Artifact { media_type: MEDIA_TYPE },
    };
    let files = files.map(|output| (format!("{ARTIFACT_PREFIX}{}", output.name), file(&output.name)));
    files.chain([(REPORT.to_owned(), report)]).collect()
}
