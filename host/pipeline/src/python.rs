//! Functions of Python as steps: what the plan keeps of one, what an attempt at it sees, and what it gives.
//! Never runs any Python, and never looks a package up.

mod layout;
mod outputs;
mod packages;

use std::collections::BTreeMap;

use host_base::{FunctionSignature, Wheel};
use registry_oci::Digest;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use crate::Argument;

pub use layout::layout;
pub(crate) use outputs::{SINGLE_RESULT, outputs};
pub use packages::{pin_packages, wanted_packages};

/// The component that runs Python.
pub const RUN_PYTHON_COMPONENT: &str = concat!("sandmill/run-python:", env!("CARGO_PKG_VERSION"));
/// The first word of the arguments of such a component.
pub const RUN_PYTHON_ARGUMENT: &str = "run-python";
/// Where it finds packages: in folders below this one, named by numbers.
pub const PACKAGES_FOLDER: &str = "/packages";

/// A call of a function whose types the document says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PythonCall {
    /// Its name and types.
    pub signature: FunctionSignature,
    /// One argument per parameter, in the order of the parameters.
    pub arguments: Vec<Argument>,
    /// Its text.
    pub function: PythonFunction,
}

/// A function of Python, with what it needs to be called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PythonFunction {
    /// Its name.
    pub name: String,
    /// The module that holds it.
    pub source: String,
    /// What it asks for beyond what the component has.
    #[serde(default, skip_serializing_if = "PackageRequest::is_empty")]
    pub packages: PackageRequest,
    /// What that came to when the run was submitted, with all that those packages need.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub wheels: Vec<Wheel>,
}

/// Packages that a function is to find, and where its author has them looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PackageRequest {
    /// As pip reads them.
    pub requirements: Vec<String>,
    /// Indexes, the first one first; none for the node's own.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub indexes: Vec<String>,
}

impl PackageRequest {
    /// Whether nothing is asked for.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.requirements.is_empty()
    }
}

impl PythonFunction {
    /// What its result depends on besides its inputs. Packages count by their content, wherever they were found and
    /// however they were asked for.
    pub(crate) fn identity(&self) -> Json {
        let mut identity = json!({ "name": self.name, "source": self.source });
        if !self.wheels.is_empty() {
            let digests: Vec<&Digest> = self.wheels.iter().map(|wheel| &wheel.digest).collect();
            identity["wheels"] = json!(digests);
        }
        identity
    }

    /// Each package in a folder of its own, in the order in which they are looked through.
    pub(crate) fn package_folders(&self) -> BTreeMap<String, Wheel> {
        let folder = |(number, wheel): (usize, &Wheel)| (format!("{PACKAGES_FOLDER}/{number}"), wheel.clone());
        self.wheels.iter().enumerate().map(folder).collect()
    }
}

#[cfg(test)]
mod tests;
