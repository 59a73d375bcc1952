//! What is asked of Kubernetes, in the second document: what a sandbox can do of it, ignores, or refuses.
//! Never drops what would change a result without a word.

use std::collections::BTreeMap;

use sdk_spec::kfp::{Package, Platform};
use serde_json::Value as Json;

use super::arguments::Arguments;
use super::{Place, Walk, invalid};
use crate::compile::problems::Problems;
use crate::kfp::call::{KeptFolder, KeptSource, VariableSource};
use crate::kfp::quantity;

/// Settings about where and as whom a pod runs; a sandbox is no pod.
const WITHOUT_MEANING: [(&str, &str); 10] = [
    ("nodeSelector", "a step runs on the node that the run was submitted to"),
    ("tolerations", "a step runs on the node that the run was submitted to"),
    ("nodeAffinity", "a step runs on the node that the run was submitted to"),
    ("podAffinity", "a step runs on the node that the run was submitted to"),
    ("podMetadata", "there is no pod to label"),
    ("imagePullPolicy", "components are fetched by digest and kept"),
    ("imagePullSecret", "components are fetched with the node's own access"),
    ("enabledSharedMemory", "a guest has one memory of its own"),
    ("securityContext", "a guest has no user, and may do only what it was granted"),
    ("pvcSpecPatch", "the workspace is a folder of the node"),
];

/// A setting that has no meaning in a sandbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IgnoredSetting {
    /// The executor that it was asked for; none for the pipeline as a whole.
    pub executor: Option<String>,
    /// Its name in the document.
    pub setting: String,
    /// Why it changes nothing here.
    pub reason: String,
}

/// What the platform document comes to for one task.
#[derive(Default)]
pub(super) struct TaskPlatform {
    /// Inputs of the graph around the task: what the document names where it names an input.
    known: BTreeMap<String, Json>,
    pub(super) variables: BTreeMap<String, String>,
    pub(super) kept_variables: BTreeMap<String, VariableSource>,
    pub(super) kept_folders: BTreeMap<String, KeptFolder>,
    pub(super) scratch: Vec<String>,
    pub(super) timeout_millis: Option<u64>,
}

pub(super) fn ignored(package: &Package) -> Vec<IgnoredSetting> {
    let mut ignored = Vec::new();
    let Some(platform) = kubernetes(package) else { return ignored };
    for (executor, settings) in &platform.deployment_spec.executors {
        for setting in settings.keys() {
            if let Some(reason) = without_meaning(setting) {
                let (executor, reason) = (Some(executor.clone()), reason.to_owned());
                ignored.push(IgnoredSetting { executor, setting: setting.clone(), reason });
            }
        }
    }
    let config = &platform.pipeline_config;
    let lifetimes = [config.resource_ttl_on_completion, config.resource_ttl_on_success, config.resource_ttl_on_failure];
    if lifetimes.iter().any(|seconds| *seconds != 0) {
        let reason = "a run leaves no pods behind, and its history is kept".to_owned();
        ignored.push(IgnoredSetting { executor: None, setting: "resourceTtl".to_owned(), reason });
    }
    if config.workspace.as_ref().is_some_and(|workspace| workspace.kubernetes.is_some()) {
        let reason = without_meaning("pvcSpecPatch").unwrap_or_default().to_owned();
        ignored.push(IgnoredSetting { executor: None, setting: "workspace.kubernetes".to_owned(), reason });
    }
    ignored
}

fn without_meaning(setting: &str) -> Option<&'static str> {
    WITHOUT_MEANING.iter().find(|(name, _)| *name == setting).map(|(_, reason)| *reason)
}

fn kubernetes(package: &Package) -> Option<&Platform> {
    package.platform.as_ref()?.platforms.get("kubernetes")
}

/// How long the whole run may take.
pub(super) fn deadline_millis(package: &Package, problems: &mut Problems) -> Option<u64> {
    const MILLIS_PER_SECOND: u64 = 1000;
    if let Some(other) = package.platform.iter().flat_map(|all| all.platforms.keys()).find(|name| *name != "kubernetes")
    {
        problems.push(invalid(
            format!("the pipeline asks something of the platform `{other}`"),
            "compile it for kubernetes",
        ));
    }
    let seconds = kubernetes(package)?.pipeline_config.active_deadline_seconds;
    u64::try_from(seconds).ok().filter(|seconds| *seconds > 0).map(|seconds| seconds.saturating_mul(MILLIS_PER_SECOND))
}

/// How large the run's shared folder may become; none where the run has none.
pub(super) fn workspace_bytes_max(package: &Package, problems: &mut Problems) -> Option<u64> {
    let size = &kubernetes(package)?.pipeline_config.workspace.as_ref()?.size;
    let bytes = quantity::bytes(size);
    if bytes.is_none() {
        let message = format!("the workspace has the size `{size}`, which is no amount");
        problems.push(invalid(message, "write an amount: dsl.WorkspaceConfig(size='1Gi')"));
    }
    // Told above; with a size, nothing else is found missing because of it.
    bytes.or(Some(u64::MAX))
}

impl Walk<'_> {
    /// What the platform document asks for one task's executor.
    pub(super) fn task_platform(
        &mut self,
        place: &Place<'_>,
        path: &str,
        label: &str,
        arguments: &Arguments,
    ) -> TaskPlatform {
        let mut platform = TaskPlatform { known: place.known.clone(), ..TaskPlatform::default() };
        let asked = kubernetes(self.submission.package).and_then(|all| all.deployment_spec.executors.get(label));
        for (setting, json) in asked.into_iter().flatten() {
            match setting.as_str() {
                "secretAsEnv" => self.kept(path, json, arguments, &SECRET, &mut platform),
                "configMapAsEnv" => self.kept(path, json, arguments, &CONFIG_MAP, &mut platform),
                "activeDeadlineSeconds" => self.timeout(path, json, &mut platform),
                "emptyDirMounts" | "genericEphemeralVolume" => self.scratch(path, setting, json, &mut platform),
                "fieldPathAsEnv" => self.fields(path, json, &mut platform),
                "pvcMount" => {
                    self.refuse(path, "mounts a volume", "hand files on as artifacts, or use the pipeline's workspace");
                }
                "secretAsVolume" => self.kept_folder(path, json, arguments, &SECRET, &mut platform),
                "configMapAsVolume" => self.kept_folder(path, json, arguments, &CONFIG_MAP, &mut platform),
                other if without_meaning(other).is_some() => {}
                other => {
                    self.refuse(
                        path,
                        &format!("asks for `{other}`"),
                        "take the setting out, or run the pipeline elsewhere",
                    );
                }
            }
        }
        platform
    }

    fn refuse(&mut self, path: &str, what: &str, hint: &str) {
        self.problems.push(invalid(format!("task `{path}` {what}, which a sandbox does not have"), hint));
    }

    /// Variables whose values the node keeps.
    fn kept(&mut self, path: &str, json: &Json, arguments: &Arguments, kind: &Kept, platform: &mut TaskPlatform) {
        for source in json.as_array().into_iter().flatten() {
            let Some(name) = self.kept_name(path, source, arguments, kind, &platform.known) else { continue };
            let optional = source.get("optional").and_then(Json::as_bool).unwrap_or(false);
            for pair in source.get("keyToEnv").and_then(Json::as_array).into_iter().flatten() {
                let text = |key: &str| pair.get(key).and_then(Json::as_str).map(str::to_owned);
                if let (Some(key), Some(variable)) = (text(kind.key_key), text("envVar")) {
                    platform.kept_variables.insert(variable, (kind.make)(name.clone(), key, optional));
                }
            }
        }
    }

    /// The name of what is kept; none where it is not known, which is told where it matters.
    fn kept_name(
        &mut self,
        path: &str,
        source: &Json,
        arguments: &Arguments,
        kind: &Kept,
        known: &BTreeMap<String, Json>,
    ) -> Option<String> {
        let parameter = source.get(kind.parameter_key);
        let named = parameter.and_then(|parameter| parameter.pointer("/runtimeValue/constant"));
        let name = named.or_else(|| source.get(kind.name_key)).and_then(Json::as_str).unwrap_or_default();
        let input = parameter.and_then(|parameter| parameter.get("componentInputParameter"));
        let name = match input.and_then(Json::as_str) {
            Some(input) if known.contains_key(input) => Some(crate::text::text_of_json(&known[input])),
            Some(input) => {
                self.known_text(path, kind.what, &format!("{{{{$.inputs.parameters['{input}']}}}}"), arguments)
            }
            None => self.known_text(path, kind.what, name, arguments),
        };
        name.filter(|name| !name.is_empty())
    }

    /// Folders whose files the node keeps.
    fn kept_folder(
        &mut self,
        path: &str,
        json: &Json,
        arguments: &Arguments,
        kind: &Kept,
        platform: &mut TaskPlatform,
    ) {
        for source in json.as_array().into_iter().flatten() {
            let Some(name) = self.kept_name(path, source, arguments, kind, &platform.known) else { continue };
            let mut items = BTreeMap::new();
            for item in source.get("items").and_then(Json::as_array).into_iter().flatten() {
                let text = |key: &str| item.get(key).and_then(Json::as_str).map(str::to_owned);
                if let (Some(key), Some(file)) = (text("key"), text("path")) {
                    if climbs(&file) || file.starts_with('/') {
                        self.refuse(
                            path,
                            &format!("asks for the file `{file}` of a volume"),
                            "name a path below the volume",
                        );
                    }
                    items.insert(key, file);
                }
            }
            let optional = source.get("optional").and_then(Json::as_bool).unwrap_or(false);
            match source.get("mountPath").and_then(Json::as_str) {
                Some(place) if place.starts_with('/') && !climbs(place) => {
                    let folder = KeptFolder { source: (kind.keep)(name), items, optional };
                    platform.scratch.push(place.to_owned());
                    platform.kept_folders.insert(place.to_owned(), folder);
                }
                _ => self.refuse(path, "mounts a volume at no absolute path", "name a path from the root on"),
            }
        }
    }

    fn timeout(&mut self, path: &str, json: &Json, platform: &mut TaskPlatform) {
        const MILLIS_PER_SECOND: u64 = 1000;
        let seconds = json.as_u64().or_else(|| json.as_str()?.parse().ok()).filter(|seconds| *seconds > 0);
        platform.timeout_millis = seconds.map(|seconds| seconds.saturating_mul(MILLIS_PER_SECOND));
        if seconds.is_none() {
            self.problems
                .push(invalid(format!("the timeout of task `{path}` is {json}"), "give it a number of seconds"));
        }
    }

    /// Folders that are empty at the start: those a sandbox has.
    fn scratch(&mut self, path: &str, setting: &str, json: &Json, platform: &mut TaskPlatform) {
        for mount in json.as_array().into_iter().flatten() {
            match mount.get("mountPath").and_then(Json::as_str) {
                Some(place) if place.starts_with('/') && !climbs(place) => {
                    platform.scratch.push(place.to_owned());
                }
                _ => self.refuse(
                    path,
                    &format!("asks for `{setting}` at no absolute path"),
                    "name a path from the root on",
                ),
            }
        }
    }

    /// What a pod knows of itself. The few fields that a step has as well.
    fn fields(&mut self, path: &str, json: &Json, platform: &mut TaskPlatform) {
        for field in json.as_array().into_iter().flatten() {
            let text = |key: &str| field.get(key).and_then(Json::as_str).unwrap_or_default();
            let value = match text("fieldPath") {
                "metadata.name" => "{{$.pipeline_task_name}}",
                "metadata.uid" => "{{$.pipeline_task_uuid}}",
                "metadata.namespace" => "default",
                "metadata.annotations['pipelines.kubeflow.org/run_name']" => "{{$.pipeline_job_name}}",
                "metadata.labels['pipeline/runid']" => "{{$.pipeline_job_uuid}}",
                other => {
                    self.refuse(
                        path,
                        &format!("asks for its pod's `{other}`"),
                        "there are metadata.name, metadata.uid, metadata.namespace",
                    );
                    continue;
                }
            };
            platform.variables.insert(text("name").to_owned(), value.to_owned());
        }
    }
}

/// The two kinds of values that a node keeps, which the document writes alike.
struct Kept {
    what: &'static str,
    name_key: &'static str,
    parameter_key: &'static str,
    key_key: &'static str,
    make: fn(String, String, bool) -> VariableSource,
    keep: fn(String) -> KeptSource,
}

/// Whether a path leads upwards somewhere.
fn climbs(path: &str) -> bool {
    path.split('/').any(|part| part == "..")
}

const SECRET: Kept = Kept {
    what: "secret",
    name_key: "secretName",
    parameter_key: "secretNameParameter",
    key_key: "secretKey",
    make: |name, key, optional| VariableSource::Secret { name, key, optional },
    keep: KeptSource::Secret,
};

const CONFIG_MAP: Kept = Kept {
    what: "config map",
    name_key: "configMapName",
    parameter_key: "configMapNameParameter",
    key_key: "configMapKey",
    make: |name, key, optional| VariableSource::ConfigMap { name, key, optional },
    keep: KeptSource::ConfigMap,
};
