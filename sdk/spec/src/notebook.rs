//! Documents about notebooks: manifests of Kubeflow's notebook controller (kubeflow.org), whose image names a kernel's
//! component, and Sandmill's own, which may name a notebook and its parameters besides.
//! Never drops a key in silence: what is not read is refused, or said to change nothing here, with its path.

mod own;

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::ByteSize;
use crate::document::{self, DocumentError};
use crate::trainer::Keys;

/// The versions of Kubeflow's manifest; they do not differ in what is read here.
const VERSIONS: [&str; 3] = ["kubeflow.org/v1", "kubeflow.org/v1beta1", "kubeflow.org/v1alpha1"];
/// What graphics processors are called among a container's resources. Whichever it is, the node's own device is lent.
const GRAPHICS_PROCESSORS: [&str; 4] = ["nvidia.com/gpu", "amd.com/gpu", "gpu.intel.com/i915", "gpu.intel.com/xe"];
/// Whose presence means that the notebook is stopped, whatever its value.
const STOPPED: &str = "kubeflow-resource-stopped";

/// A notebook's session, as a document has it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Notebook {
    /// Its name.
    pub name: String,
    /// The notebook to run, relative to the document; Kubeflow's manifests name none.
    pub file: Option<String>,
    /// What is set before its cells run.
    pub parameters: BTreeMap<String, Json>,
    /// The reference of the kernel's component; the node's Python where none is named.
    pub kernel: Option<String>,
    /// What its code may ask of the platform.
    pub platform: Option<String>,
    /// Environment variables of its code.
    pub environment: BTreeMap<String, String>,
    /// The memory that its guest may hold.
    pub memory: Option<ByteSize>,
    /// Whether its code is to have a device for tensors: the manifest asks for a graphics processor.
    pub device: bool,
    /// Whether it is paused from the first.
    pub paused: bool,
}

/// Reads a document of either sort, and tells what of it changes nothing here.
///
/// # Errors
/// Everything in it that is not read here, with its place.
pub fn read(text: &str) -> Result<(Notebook, Vec<String>), DocumentError> {
    let trees = document::parse_all(text)?;
    let documents: Vec<Json> =
        trees.iter().filter(|tree| !tree.value.is_null()).map(|tree| tree.value.to_json()).collect();
    let [document] = documents.as_slice() else {
        let message = format!("the file holds {} documents, and one is read at a time", documents.len());
        return Err(document::whole(message, "keep the one Notebook").into());
    };
    let mut keys = Keys::of(document);
    let version = keys.text("apiVersion").unwrap_or_default();
    let kind = keys.text("kind").unwrap_or_default();
    let is_own = version == own::VERSION;
    if kind != "Notebook" || !(is_own || VERSIONS.contains(&version.as_str())) {
        let message = format!("a `{kind}` of `{version}` is no notebook");
        return Err(document::whole(message, "write a Notebook of sandmill.dev/v1 or of kubeflow.org/v1").into());
    }
    let mut notebook = Notebook::default();
    if is_own {
        own::read(&mut keys, &mut notebook);
    } else {
        manifest(&mut keys, &mut notebook);
    }
    let (ignored, problems) = keys.finish();
    if problems.is_empty() { Ok((notebook, ignored)) } else { Err(DocumentError { problems }) }
}

/// A manifest of Kubeflow's.
fn manifest(keys: &mut Keys<'_>, notebook: &mut Notebook) {
    keys.ignore("status", "it is what another platform said of the notebook");
    keys.inside("metadata", |keys| metadata(keys, notebook));
    keys.inside("spec", |keys| {
        keys.inside("template", |keys| {
            keys.ignore("metadata", "it is a note to Kubernetes");
            keys.inside("spec", |keys| pod(keys, notebook));
        });
    });
    if notebook.kernel.as_ref().is_none_or(String::is_empty) {
        keys.refuse("spec", "no container names an image", "name the kernel's component as the image");
    }
}

fn metadata(keys: &mut Keys<'_>, notebook: &mut Notebook) {
    notebook.name = keys.text("name").unwrap_or_default();
    keys.ignore("namespace", "a node has one namespace for sessions");
    keys.ignore("labels", "they are notes to Kubernetes");
    keys.inside("annotations", |keys| {
        notebook.paused = keys.text(STOPPED).is_some();
        for name in keys.names() {
            keys.ignore(&name, "it is a note to Kubernetes");
        }
    });
}

/// A pod, of which only the container is read.
fn pod(keys: &mut Keys<'_>, notebook: &mut Notebook) {
    keys.each("containers", |index, keys| {
        if index > 0 {
            let name = keys.text("name").unwrap_or_default();
            keys.names().into_iter().for_each(|name| keys.ignore(&name, "the container is refused"));
            return keys.refuse("name", &format!("`{name}` is a second container"), "a session is one guest");
        }
        container(keys, notebook);
    });
    keys.each("volumes", |_, keys| volume(keys));
    for key in ["restartPolicy", "terminationGracePeriodSeconds", "schedulerName", "priorityClassName", "tolerations"] {
        keys.ignore(key, "it is about pods, of which there are none");
    }
    for key in ["serviceAccount", "serviceAccountName", "securityContext", "enableServiceLinks"] {
        keys.ignore(key, "a session has no account, and sees nothing that it was not granted");
    }
    keys.refuse_key("initContainers", "a session is one guest, and nothing runs before it");
}

fn container(keys: &mut Keys<'_>, notebook: &mut Notebook) {
    keys.ignore("name", "the session is named by the manifest's own name");
    notebook.kernel = keys.text("image");
    keys.ignore("imagePullPolicy", "a component is named by its digest once the session has begun");
    keys.ignore("ports", "Jupyter's clients connect to the node");
    keys.ignore("volumeMounts", "a session has files of its own, which stay while it is paused");
    keys.ignore("workingDir", "a session works in its own folder");
    for key in ["livenessProbe", "readinessProbe", "startupProbe"] {
        keys.ignore(key, "the node knows whether its sessions live");
    }
    keys.ignore("securityContext", "a session sees nothing that it was not granted");
    keys.refuse_key("command", "a kernel has no command: it exports `sandmill:kernel/kernel`");
    keys.refuse_key("args", "a kernel takes no arguments");
    keys.refuse_key("envFrom", "write each variable with its value under `env`");
    environment(keys, notebook);
    keys.inside("resources", |keys| resources(keys, notebook));
}

fn environment(keys: &mut Keys<'_>, notebook: &mut Notebook) {
    for (index, variable) in keys.list("env").into_iter().enumerate() {
        let plain = variable["name"].as_str().zip(variable["value"].as_str());
        match (plain, variable.as_object().map(serde_json::Map::len)) {
            (Some((name, value)), Some(2)) => {
                notebook.environment.insert(name.to_owned(), value.to_owned());
            }
            _ => keys.refuse(
                &format!("env[{index}]"),
                "only variables with a `name` and a `value` are read",
                "write the value itself",
            ),
        }
    }
}

/// The limit on memory, or the request where there is no limit.
fn resources(keys: &mut Keys<'_>, notebook: &mut Notebook) {
    for part in ["requests", "limits"] {
        keys.inside(part, |keys| {
            if let Some(memory) = keys.quantity("memory") {
                notebook.memory = Some(ByteSize(memory));
            }
            keys.ignore("cpu", "sessions share the node's cores");
            for name in GRAPHICS_PROCESSORS {
                match keys.quantity(name) {
                    None | Some(0) => {}
                    Some(1) => notebook.device = true,
                    Some(_) => keys.refuse(name, "a session has at most one device", "write 1"),
                }
            }
            for other in keys.names() {
                keys.refuse_key(&other, "a node of this release lends no such device to sessions");
            }
        });
    }
}

fn volume(keys: &mut Keys<'_>) {
    keys.ignore("name", "a session has files of its own");
    keys.ignore("emptyDir", "a session has files of its own");
    for other in keys.names() {
        keys.refuse_key(&other, "a session sees no volumes: keep data as artifacts, and notebooks with the node");
    }
}

#[cfg(test)]
mod tests;
