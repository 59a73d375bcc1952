//! Kernels that have a name: the node's own Python, and the science kernel where its component was pushed.
//! Never a list of all kernels: whoever brings one names it by its component's reference.

use axum::Json;
use axum::extract::{Path, State};
use host_base::{Code, Failure};
use serde_json::{Map, Value, json};

use super::Answer;
use crate::router::Shared;

/// A kernel that has a name.
struct Named {
    name: &'static str,
    display_name: &'static str,
    /// Where its component lies in the node's registry, and which tag of it is meant.
    repository: &'static str,
    component: &'static str,
}

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The kernel that is there from the first.
const PYTHON: Named = Named {
    name: "python3",
    display_name: "Python (sandbox)",
    repository: "sandmill/run-python",
    component: concat!("sandmill/run-python:", env!("CARGO_PKG_VERSION")),
};
/// The one with numpy and others, which a node has only once somebody has pushed it.
const SCIENCE: Named = Named {
    name: "science",
    display_name: "Python with numpy, pandas, scipy and scikit-learn (sandbox)",
    repository: "sandmill/run-science",
    component: concat!("sandmill/run-science:", env!("CARGO_PKG_VERSION")),
};
const NAMED: [&Named; 2] = [&PYTHON, &SCIENCE];

impl Named {
    fn spec(&self) -> Value {
        json!({
            "name": self.name,
            "spec": {
                "argv": [], "display_name": self.display_name, "language": "python", "interrupt_mode": "message",
                "env": {}, "metadata": { "component": self.component },
            },
            "resources": {},
        })
    }
}

/// The reference of the component that a name stands for. Whoever brings a kernel names it by its own reference.
pub(crate) fn component_of(name: Option<&str>) -> Result<String, Failure> {
    let name = name.filter(|name| !name.is_empty()).unwrap_or(PYTHON.name);
    if let Some(named) = NAMED.iter().find(|named| named.name == name) {
        return Ok(named.component.to_owned());
    }
    if name.contains('/') {
        return Ok(name.to_owned());
    }
    Err(Failure::new(Code::NotFound, format!("there is no kernel `{name}`")).with_hint(format!(
        "take `{}`, or name a component that is a kernel by its reference, such as {}",
        PYTHON.name, PYTHON.component
    )))
}

/// The name under which a component is known.
pub(super) fn name_of(component: &str) -> &str {
    NAMED.iter().find(|named| named.component == component).map_or(component, |named| named.name)
}

/// The kernels that can be begun by name.
pub(super) async fn specs(State(shared): State<Shared>) -> Answer<Json<Value>> {
    let there = there(&shared).await?;
    let specs: Map<String, Value> = there.map(|named| (named.name.to_owned(), named.spec())).collect();
    Ok(Json(json!({ "default": PYTHON.name, "kernelspecs": specs })))
}

/// One of them.
pub(super) async fn spec(State(shared): State<Shared>, Path(name): Path<String>) -> Answer<Json<Value>> {
    if let Some(named) = there(&shared).await?.find(|named| named.name == name) {
        return Ok(Json(named.spec()));
    }
    let failure = match NAMED.iter().find(|named| named.name == name) {
        Some(missing) => Failure::new(Code::NotFound, format!("`{}` was not pushed here", missing.component))
            .with_hint("`cargo xtask science-kernel` makes it, `sandmill component push` brings it to this node"),
        None => {
            component_of(Some(&name))?;
            Failure::new(Code::NotFound, format!("`{name}` is begun by its reference and has no entry here"))
        }
    };
    Err(failure.into())
}

/// The node's own Python whatever happens, and of the others those whose component is in the node's registry.
async fn there(shared: &Shared) -> Result<impl Iterator<Item = &'static Named> + use<>, Failure> {
    let pushed = shared.info.distribution.repositories().await.map_err(|error| {
        Failure::new(Code::StorageFailed, format!("the registry's names cannot be read: {error}"))
            .with_hint("check the data folder's permissions")
    })?;
    let is_pushed = move |named: &Named| {
        let mut tags =
            pushed.iter().filter(|(repository, _)| repository == named.repository).flat_map(|(_, tags)| tags);
        tags.any(|tag| tag == VERSION)
    };
    Ok(NAMED.into_iter().filter(move |named| named.name == PYTHON.name || is_pushed(named)))
}
