//! Calls an exported function: values in, values out.
//! Never trusts a signature over the component: what the binary says of its types decides.

use std::collections::BTreeMap;

use host_base::{Code, Failure, FunctionSignature, Value};
use wasmtime::Store;
use wasmtime::component::{Type, Val};

use crate::GuestState;
use crate::failure::Ended;
use crate::prepared::PreparedComponent;
use crate::values::{lift, lower, step_failure};

/// Outputs by name.
pub(crate) type Outputs = BTreeMap<String, Value>;

/// The name of an output that has none of its own.
const ONLY_OUTPUT: &str = "output";

pub(crate) async fn call(
    mut store: Store<GuestState>,
    component: &PreparedComponent,
    signature: &FunctionSignature,
    arguments: &[Value],
) -> Result<Outputs, Ended> {
    let name = &signature.name;
    let export = component.function(name).ok_or_else(|| {
        Failure::new(Code::FunctionNotFound, format!("the component exports no function `{name}`"))
            .with_hint("`sandmill component inspect` lists what it exports")
    })?;
    let instance = component.instance.instantiate_async(&mut store).await?;
    let function = instance
        .get_func(&mut store, export)
        .ok_or_else(|| Failure::new(Code::FunctionNotFound, format!("the export `{name}` is no function")))?;
    let function_type = function.ty(&store);
    let parameters: Vec<(String, Type)> =
        function_type.params().map(|(name, parameter)| (name.to_owned(), parameter)).collect();
    if parameters.len() != arguments.len() {
        let (expected, given) = (parameters.len(), arguments.len());
        let message = format!("function `{name}` takes {expected} arguments, but {given} were given");
        return Err(Failure::new(Code::TypeMismatch, message).into());
    }
    let mut lowered = Vec::with_capacity(arguments.len());
    for ((parameter, wanted), value) in parameters.iter().zip(arguments) {
        lowered.push(lower::argument(&mut store, parameter, wanted, value).await?);
    }
    let results_count = function_type.results().len();
    let mut results = vec![Val::Bool(false); results_count];
    function.call_async(&mut store, &lowered, &mut results).await?;
    match results.pop() {
        None => Ok(Outputs::new()),
        Some(result) => outputs(&mut store, result).await,
    }
}

/// A record has one output per field, anything else is one output; the error side of a result is a failure.
async fn outputs(store: &mut Store<GuestState>, result: Val) -> Result<Outputs, Ended> {
    let value = match result {
        Val::Result(Err(error)) => return Err(step_failure(error.as_deref()).into()),
        Val::Result(Ok(None)) => return Ok(Outputs::new()),
        Val::Result(Ok(Some(value))) => *value,
        value => value,
    };
    let fields = match value {
        Val::Record(fields) => fields,
        value => vec![(ONLY_OUTPUT.to_owned(), value)],
    };
    let mut outputs = Outputs::new();
    for (name, value) in fields {
        let value = lift::output(store, &name, value).await?;
        outputs.insert(name, value);
    }
    Ok(outputs)
}
