//! `--param NAME=VALUE` for pipelines that Kubeflow's SDK compiled.
//! Never says what is missing or too much: the server tells all of that at once.

use std::collections::BTreeMap;

use host_api::artifact::Value;
use host_base::{Code, Failure};
use sdk_spec::kfp::{Package, ParameterType};

use crate::trouble::{Exit, Outcome, Trouble};

/// Text stays text where the pipeline takes text; everything else is read as JSON where it is JSON.
pub fn read(package: &Package, written: &[String]) -> Outcome<BTreeMap<String, Value>> {
    let takes = &package.pipeline.root.input_definitions.parameters;
    let mut values = BTreeMap::new();
    let mut problems = Vec::new();
    for text in written {
        let Some((name, value)) = text.split_once('=') else {
            let failure = Failure::new(Code::InvalidParameter, format!("`{text}` sets no parameter"));
            problems.push(failure.with_hint("write --param NAME=VALUE").into());
            continue;
        };
        let is_text = takes.get(name).is_some_and(|taken| taken.parameter_type == ParameterType::String);
        let json = match serde_json::from_str(value) {
            Ok(json) if !is_text => json,
            _ => serde_json::Value::from(value),
        };
        if values.insert(name.to_owned(), Value::Plain(json)).is_some() {
            let failure = Failure::new(Code::InvalidParameter, format!("parameter `{name}` is set twice"));
            problems.push(failure.with_hint("leave one out").into());
        }
    }
    if problems.is_empty() { Ok(values) } else { Err(Trouble { problems, exit: Exit::Usage }) }
}
