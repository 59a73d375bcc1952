//! Sandmill's own `Notebook` document: a notebook to run, or a session to begin, with all that is chosen about it.
//! Never opens the notebook: its path is kept as it stands there.

use serde_json::Value as Json;

use super::Notebook;
use crate::ByteSize;
use crate::trainer::Keys;

/// The document's version, as all of Sandmill's own have it.
pub(super) const VERSION: &str = "sandmill.dev/v1";

/// Reads all but version and kind.
pub(super) fn read(keys: &mut Keys<'_>, notebook: &mut Notebook) {
    keys.inside("metadata", |keys| {
        notebook.name = keys.text("name").unwrap_or_default();
        keys.ignore("description", "nothing shows it yet");
    });
    keys.inside("spec", |keys| {
        notebook.file = keys.text("notebook");
        keys.inside("parameters", |keys| {
            for name in keys.names() {
                let value = keys.value(&name).unwrap_or(Json::Null);
                notebook.parameters.insert(name, value);
            }
        });
        notebook.kernel = keys.text("kernel");
        notebook.platform = keys.text("platform");
        keys.inside("environment", |keys| {
            for name in keys.names() {
                if let Some(value) = keys.text(&name) {
                    notebook.environment.insert(name, value);
                }
            }
        });
        notebook.memory = keys.quantity("memory").map(ByteSize);
    });
}
