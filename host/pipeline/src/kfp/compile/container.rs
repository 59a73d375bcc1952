//! Tasks that are executed: programs in images, functions of Python, importers.
//! Never decides what an image is by its name: whoever resolves the reference looks at the manifest.

use std::collections::BTreeMap;

use host_base::{Failure, Limits};
use sdk_spec::kfp::{ComponentSpec, ContainerSpec, ImporterSpec, TaskSpec};
use sdk_spec::{Grants, RetryPolicy as OurRetryPolicy};
use serde_json::Value as Json;

use super::arguments::Arguments;
use super::platform::TaskPlatform;
use super::settings;
use super::{Place, Walk, invalid};
use crate::kfp::call::{ContainerCall, Import, ImportUri, import_place};
use crate::kfp::placeholder::{ArtifactPart, Piece, Placeholder, pieces, structure};
use crate::kfp::python::{self, Shape};
use crate::python::{PythonFunction, RUN_PYTHON_COMPONENT};
use crate::{Call, ComponentId, PlannedStep, Work};

impl<'run> Walk<'run> {
    /// A task whose component is no graph.
    pub(super) fn executed(
        &mut self,
        place: &Place<'run>,
        name: &'run str,
        spec: &'run TaskSpec,
        component: &'run ComponentSpec,
        arguments: Arguments,
    ) -> Option<Work> {
        let path = place.task(name);
        let label = component.executor_label.as_deref().unwrap_or_default();
        let executor = self.submission.package.pipeline.deployment_spec.executors.get(label)?;
        if let Some(importer) = &executor.importer {
            let platform = self.task_platform(place, &path, label, &arguments);
            return self.importer(&path, component, importer, arguments, platform);
        }
        let Some(container) = &executor.container else {
            let what = if executor.resolver.is_some() { "a resolver" } else { "a custom job of one vendor's platform" };
            let message = format!("task `{path}` is {what}, which is not run here");
            self.problems.push(invalid(message, "use dsl.importer, or a component"));
            return None;
        };
        let platform = self.task_platform(place, &path, label, &arguments);
        self.container(place, name, spec, component, container, arguments, platform)
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one task, each from another place of the document")]
    fn container(
        &mut self,
        place: &Place<'run>,
        name: &'run str,
        spec: &'run TaskSpec,
        component: &'run ComponentSpec,
        container: &'run ContainerSpec,
        arguments: Arguments,
        platform: TaskPlatform,
    ) -> Option<Work> {
        let path = place.task(name);
        let shape = python::shape(&container.command, &container.args);
        let (python, image) = match shape {
            Shape::Function(function) => (Some(function), RUN_PYTHON_COMPONENT.to_owned()),
            Shape::Refused(reason) => {
                let message = format!("task `{path}` is a Python function that cannot be run here: {reason}");
                self.problems.push(invalid(message, "change the component and compile the pipeline again"));
                return None;
            }
            Shape::Other => (None, self.image(&path, &container.image, &arguments)?),
        };
        let workspace = self.check_words(&path, component, container, python.is_some()) || arguments.workspace;
        if workspace && self.workspace_bytes_max.is_none() {
            let message = format!("task `{path}` uses the workspace, and the pipeline has none");
            let hint = "give the pipeline one: dsl.PipelineConfig(workspace=dsl.WorkspaceConfig(size='1Gi'))";
            self.problems.push(invalid(message, hint));
        }
        let limits = self.limits(&path, container, &arguments, platform.timeout_millis);
        let id = self.component(&path, &image, &container.image)?;
        let python = match python {
            Some(function) => Some(self.with_wheels(&path, function)?),
            None => None,
        };
        let words = |words: &[String]| if python.is_some() { Vec::new() } else { words.to_vec() };
        let variables = container.env.iter().map(|variable| (variable.name.clone(), variable.value.clone()));
        let call = ContainerCall {
            task: name.to_owned(),
            inputs: arguments.all,
            late: arguments.late,
            takes: component.input_definitions.clone(),
            gives: component.output_definitions.clone(),
            command: words(&container.command),
            args: words(&container.args),
            variables: variables.chain(platform.variables).collect(),
            kept_variables: platform.kept_variables,
            python,
            scratch: platform.scratch,
            // Any step of a run with a workspace may be told of a place in it by another.
            workspace_bytes_max: self.workspace_bytes_max,
            kept_folders: platform.kept_folders,
        };
        let caching = self.submission.caching.unwrap_or(spec.caching_options.enable_cache);
        let key = Some(spec.caching_options.cache_key.clone()).filter(|key| !key.is_empty());
        Some(Work::Step(Box::new(PlannedStep {
            component: id,
            // What a shared folder holds is no part of a key.
            cache: caching && call.workspace_bytes_max.is_none(),
            call: Call::Kfp(Box::new(call)),
            grants: grants(),
            limits,
            retry: settings::retry(&path, spec.retry_policy.as_ref().or(place.retry), &mut self.problems),
            cache_key: key.map(|key| format!("{}\n{key}", spec.component_ref.name)),
        })))
    }

    /// The image's reference. It may be a parameter, if its value is known by now.
    fn image(&mut self, path: &str, text: &str, arguments: &Arguments) -> Option<String> {
        let image = self.known_text(path, "image", text, arguments)?;
        let image = image.strip_prefix("oci://").unwrap_or(&image);
        if image.is_empty() {
            self.problems.push(invalid(format!("task `{path}` names no image"), "name a component's reference"));
            return None;
        }
        Some(image.to_owned())
    }

    /// A setting's text with known parameters filled in.
    pub(super) fn known_text(&mut self, path: &str, what: &str, text: &str, arguments: &Arguments) -> Option<String> {
        let mut filled = String::new();
        for piece in pieces(text) {
            match piece {
                Piece::Literal(literal) => filled.push_str(literal),
                Piece::Placeholder(Placeholder::InputParameter(name)) if arguments.known.contains_key(&name) => {
                    filled.push_str(&crate::text::text_of_json(&arguments.known[&name]));
                }
                // While a pipeline is only looked at, parameters have no values.
                Piece::Placeholder(Placeholder::InputParameter(_)) if self.submission.parameters.is_none() => {
                    return None;
                }
                _ => {
                    let message =
                        format!("the {what} of task `{path}` is known only while the run is under way: `{text}`");
                    self.problems.push(invalid(message, "make it a constant or a parameter of the pipeline"));
                    return None;
                }
            }
        }
        Some(filled)
    }

    /// The function with its packages, once they are looked up.
    fn with_wheels(&mut self, path: &str, mut function: PythonFunction) -> Option<PythonFunction> {
        if function.packages.is_empty() {
            return Some(function);
        }
        match self.resolved {
            Some(resolved) => function.wheels.clone_from(resolved.packages.get(&function.packages)?),
            None => _ = self.wanted.packages.entry(function.packages.clone()).or_insert_with(|| path.to_owned()),
        }
        Some(function)
    }

    /// The resolved component; while references are gathered, one that only stands for it.
    fn component(&mut self, path: &str, reference: &str, image: &str) -> Option<ComponentId> {
        let Some(resolved) = self.resolved else {
            self.wanted.components.insert(reference.to_owned());
            let nothing = registry_oci::Digest::sha256(b"");
            return Some(ComponentId {
                reference: reference.to_owned(),
                manifest: nothing.clone(),
                digest: nothing,
                signer: None,
            });
        };
        let found = resolved.components.get(reference)?;
        if !found.interface.command {
            let message = format!(
                "task `{path}` runs image `{image}`, whose component is no program: it does not export wasi:cli/run"
            );
            self.problems
                .push(invalid(message, "build it as a command, or call its functions from a Sandmill pipeline"));
        }
        Some(found.id.clone())
    }

    fn limits(&mut self, path: &str, container: &ContainerSpec, arguments: &Arguments, timeout: Option<u64>) -> Limits {
        let defaults = self.submission.limits;
        let memory =
            settings::memory(container).map(|text| (text.clone(), self.known_text(path, "memory", &text, arguments)));
        let cores =
            settings::cores(container).map(|text| (text.clone(), self.known_text(path, "cpu", &text, arguments)));
        let accelerator = container.resources.as_ref().and_then(|resources| resources.accelerator.as_ref());
        if let Some(accelerator) = accelerator.filter(|accelerator| !settings::asks_for_none(accelerator)) {
            self.problems.push(settings::no_accelerator(path, accelerator));
        }
        Limits {
            memory_bytes_max: settings::memory_bytes(path, memory, &mut self.problems)
                .unwrap_or(defaults.memory_bytes_max),
            cpu_ticks_max: {
                settings::check_cores(path, cores, &mut self.problems);
                defaults.cpu_ticks_max
            },
            wall_millis_max: timeout.unwrap_or(defaults.wall_millis_max),
            ..defaults.clone()
        }
    }

    /// Looks for placeholders that nothing will fill, and tells whether the workspace is among the others.
    fn check_words(
        &mut self,
        path: &str,
        component: &ComponentSpec,
        container: &ContainerSpec,
        is_python: bool,
    ) -> bool {
        let values = container.env.iter().map(|variable| &variable.value);
        let words = container.command.iter().chain(&container.args);
        let words: Vec<&String> = if is_python { Vec::new() } else { words.collect() };
        let mut workspace = false;
        for text in words.into_iter().chain(values) {
            let mut texts = Vec::new();
            match structure(text) {
                Some(json) => gather(&json, &mut texts),
                None => texts.push(text.clone()),
            }
            for text in &texts {
                for piece in pieces(text) {
                    workspace |= piece == Piece::Placeholder(Placeholder::Workspace);
                    if let Some(reason) = unfillable(component, &piece) {
                        let message = format!("task `{path}` has the word `{text}`: {reason}");
                        self.problems.push(invalid(message, "look at the placeholders of the component's command"));
                    }
                }
            }
        }
        workspace
    }

    fn importer(
        &mut self,
        path: &str,
        component: &ComponentSpec,
        importer: &ImporterSpec,
        arguments: Arguments,
        platform: TaskPlatform,
    ) -> Option<Work> {
        let Some(output) = component.output_definitions.artifacts.keys().next() else {
            self.problems.push(invalid(format!("importer `{path}` has no output"), "compile the pipeline again"));
            return None;
        };
        let uri = match (&importer.artifact_uri.runtime_parameter, &importer.artifact_uri.constant) {
            (Some(name), _) => ImportUri::Input(name.clone()),
            (None, Json::String(text)) => ImportUri::Text(text.clone()),
            (None, _) => {
                self.problems
                    .push(invalid(format!("importer `{path}` has no URI"), "give it one, such as gs://bucket/file"));
                return None;
            }
        };
        let known_uri = match &uri {
            ImportUri::Text(text) => is_literal(text).then(|| text.clone()),
            ImportUri::Input(name) => arguments.known.get(name).and_then(Json::as_str).map(str::to_owned),
        };
        if let Some(Err(failure)) = known_uri.as_deref().map(import_place) {
            self.problems.push(Failure { message: format!("task `{path}`: {}", failure.message), ..failure });
        }
        let older = importer.properties.iter().chain(&importer.custom_properties);
        let metadata = older.chain(&importer.metadata).map(|(key, json)| (key.clone(), json.clone()));
        let import = Import {
            inputs: arguments.all,
            output: output.clone(),
            uri,
            artifact_type: importer.type_schema.clone(),
            metadata: metadata.collect::<BTreeMap<_, _>>(),
            to_workspace: importer.download_to_workspace,
            known_uri,
            kept_variables: platform.kept_variables,
        };
        if import.to_workspace && self.workspace_bytes_max.is_none() {
            let message = format!("importer `{path}` brings content to the workspace, and the pipeline has none");
            let hint = "give the pipeline one: dsl.PipelineConfig(workspace=dsl.WorkspaceConfig(size='1Gi'))";
            self.problems.push(invalid(message, hint));
        }
        let cache = !importer.reimport && self.submission.caching.unwrap_or(true) && is_the_same_for_all_runs(&import);
        let nothing = registry_oci::Digest::sha256(b"");
        Some(Work::Step(Box::new(PlannedStep {
            component: ComponentId {
                reference: String::new(),
                manifest: nothing.clone(),
                digest: nothing,
                signer: None,
            },
            call: Call::Import(Box::new(import)),
            grants: Grants::default(),
            limits: Limits {
                wall_millis_max: platform.timeout_millis.unwrap_or(self.submission.limits.wall_millis_max),
                ..self.submission.limits.clone()
            },
            retry: OurRetryPolicy::default(),
            // What was imported once is taken again, unless the author has it fetched anew.
            cache,
            cache_key: None,
        })))
    }
}

fn is_literal(text: &str) -> bool {
    pieces(text).iter().all(|piece| matches!(piece, Piece::Literal(_)))
}

/// Whether an import names nothing of its run: names of runs are no part of a result's key.
fn is_the_same_for_all_runs(import: &Import) -> bool {
    let mut texts = Vec::new();
    for (key, json) in &import.metadata {
        texts.push(key.clone());
        gather(json, &mut texts);
    }
    if let ImportUri::Text(text) = &import.uri {
        texts.push(text.clone());
    }
    let is_of_inputs =
        |piece: &Piece<'_>| matches!(piece, Piece::Literal(_) | Piece::Placeholder(Placeholder::InputParameter(_)));
    texts.iter().all(|text| pieces(text).iter().all(is_of_inputs))
}

/// A program in a container knows the time and has random numbers; one that was moved here expects both.
fn grants() -> Grants {
    Grants { clock: true, randomness: true, ..Grants::default() }
}

/// All texts inside a Concat or IfPresent structure.
fn gather(json: &Json, texts: &mut Vec<String>) {
    match json {
        Json::String(text) => texts.push(text.clone()),
        Json::Array(items) => items.iter().for_each(|item| gather(item, texts)),
        Json::Object(fields) => fields.values().for_each(|field| gather(field, texts)),
        _ => {}
    }
}

fn unfillable(component: &ComponentSpec, piece: &Piece<'_>) -> Option<String> {
    let (takes, gives) = (&component.input_definitions, &component.output_definitions);
    let placeholder = match piece {
        Piece::Literal(_) => return None,
        Piece::Unknown(text) => return Some(format!("`{text}` is no placeholder that there is")),
        Piece::Placeholder(placeholder) => placeholder,
    };
    match placeholder {
        // Inputs beside the component's own hold what texts are made of, and values of settings.
        Placeholder::InputParameter(name) if takes.artifacts.contains_key(name) => {
            Some(format!("`{name}` is an artifact and no parameter"))
        }
        Placeholder::OutputParameter(name) if !gives.parameters.contains_key(name) => {
            Some(format!("the component has no output parameter `{name}`"))
        }
        Placeholder::Artifact { output: false, name, .. } if !takes.artifacts.contains_key(name) => {
            Some(format!("the component has no input artifact `{name}`"))
        }
        Placeholder::Artifact { output: true, name, part } => {
            if gives.artifacts.contains_key(name) && !matches!(part, ArtifactPart::Metadata(_)) {
                return None;
            }
            Some(format!("the component has no such part of an output artifact `{name}`"))
        }
        _ => None,
    }
}
