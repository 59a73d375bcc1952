//! From a TrainJob document to a plan: the component put in, data and models found, every problem reported at once.
//! Never resolves a reference; what it means comes ready.

use std::collections::BTreeMap;

use host_base::{ArtifactRef, Code, ComponentId, ComponentInterface, Failure, Limits};
use sdk_spec::TrainJob;
use sdk_spec::train_job::{Source, TrainJobSpec};

use crate::{Plan, PlannedSource, SourceAccess};

/// What a component exports to be trained, without the last part of the version.
const TRAINABLE: &str = "sandmill:train/trainable@0.1.";
/// Time between two checkpoints where the document says nothing: a minute.
const CHECKPOINT_MILLIS_DEFAULT: u64 = 60_000;
const MILLIS_PER_TICK: u64 = 10;

/// What whoever submits a job gives beside the document, by name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Given {
    /// Data sets.
    pub data_sets: BTreeMap<String, ArtifactRef>,
    /// Models.
    pub models: BTreeMap<String, ArtifactRef>,
}

/// Digests that the document names, to be looked up before it can be compiled.
#[must_use]
pub fn sources(job: &TrainJob) -> Vec<String> {
    let all = job.spec.data_sets.values().chain(job.spec.models.values());
    all.filter_map(|source| source.digest.clone()).collect()
}

/// Makes the plan of one job. `kept` are the artifacts that the document names by digest, as far as there are any;
/// `defaults` stand in for limits that it leaves out.
///
/// # Errors
/// All problems at once.
pub fn compile(
    job: &TrainJob,
    (id, interface): (&ComponentId, &ComponentInterface),
    given: &Given,
    kept: &BTreeMap<String, ArtifactRef>,
    defaults: &Limits,
) -> Result<Plan, Vec<Failure>> {
    let spec = &job.spec;
    let mut problems = Vec::new();
    if !interface.exports.iter().any(|export| export.starts_with(TRAINABLE)) {
        problems.push(not_trainable(&spec.component, interface));
    }
    let data_sets = find("data set", "data", &spec.data_sets, &given.data_sets, kept, &mut problems);
    let models = find("model", "model", &spec.models, &given.models, kept, &mut problems);
    if !problems.is_empty() {
        return Err(problems);
    }
    let by_time = spec.checkpoint.every.map(|span| span.0);
    let is_left_open = spec.checkpoint.every_steps.is_none() && by_time.is_none();
    Ok(Plan {
        name: job.metadata.name.clone(),
        namespace: job.metadata.namespace.clone(),
        component: id.clone(),
        workers: spec.workers,
        workers_min: spec.workers_min,
        seed: spec.seed,
        settings: spec.settings.clone(),
        accesses: accesses(spec, &data_sets, &models),
        data_sets,
        models,
        grants: spec.grants.clone(),
        limits: limits(spec, defaults),
        steps_max: spec.steps_max,
        evaluate_every_steps: spec.evaluate_every_steps,
        checkpoint_every_steps: spec.checkpoint.every_steps,
        checkpoint_every_millis: if is_left_open { Some(CHECKPOINT_MILLIS_DEFAULT) } else { by_time },
        checkpoints_kept: spec.checkpoint.keep,
        restart: spec.restart.clone(),
        success: spec.success,
        not_a_number: spec.not_a_number,
        early_stop: spec.early_stop.clone(),
        suspend: spec.suspend,
        deadline_millis: spec.deadline.map(|span| span.0),
        keep_for_millis: spec.keep_for.map(|span| span.0),
    })
}

fn not_trainable(component: &str, interface: &ComponentInterface) -> Failure {
    let message = format!("component `{component}` cannot be trained: it does not export `{TRAINABLE}0`");
    let hint = match interface.exports.iter().find(|export| export.starts_with("sandmill:train/")) {
        Some(other) => format!("it exports `{other}`; rebuild it against this release's wit/ packages"),
        None => "write it with `#[trainable]` of sdk-guest, or run it as a step of a pipeline".to_owned(),
    };
    Failure::new(Code::FunctionNotFound, message).with_hint(hint)
}

/// Finds each source: what was given goes before what the document says.
fn find(
    what: &str,
    flag: &str,
    sources: &BTreeMap<String, Source>,
    given: &BTreeMap<String, ArtifactRef>,
    kept: &BTreeMap<String, ArtifactRef>,
    problems: &mut Vec<Failure>,
) -> BTreeMap<String, PlannedSource> {
    for name in given.keys().filter(|name| !sources.contains_key(*name)) {
        let names: Vec<&str> = sources.keys().map(String::as_str).collect();
        let failure = Failure::new(Code::InvalidParameter, format!("the document has no {what} `{name}`"));
        problems.push(match sdk_spec::nearest(name, names.iter().copied()) {
            Some(meant) => failure.with_hint(format!("did you mean `{meant}`?")),
            None => failure.with_hint(format!("it has these: {}", names.join(", "))),
        });
    }
    let mut found = BTreeMap::new();
    for (name, source) in sources {
        let planned = match (given.get(name), source) {
            (Some(artifact), _) => Ok(PlannedSource::Artifact(artifact.clone())),
            (None, Source { uri: Some(uri), .. }) => Ok(PlannedSource::Uri(uri.clone())),
            (None, Source { digest: Some(digest), .. }) => match kept.get(digest) {
                Some(artifact) => Ok(PlannedSource::Artifact(artifact.clone())),
                None => Err(Failure::new(
                    Code::ArtifactNotFound,
                    format!("{what} `{name}` is {digest}, which is not kept here"),
                )
                .with_hint("list what there is with `sandmill artifact list`")),
            },
            (None, Source { uri: None, digest: None, .. }) => {
                Err(Failure::new(Code::InvalidParameter, format!("{what} `{name}` is not given"))
                    .with_hint(format!("give it with --{flag} {name}=@FILE, or name a `digest` or a `uri`")))
            }
        };
        match planned {
            Ok(planned) => drop(found.insert(name.clone(), planned)),
            Err(failure) => problems.push(failure),
        }
    }
    found
}

/// What opens that which is fetched.
fn accesses(
    spec: &TrainJobSpec,
    data_sets: &BTreeMap<String, PlannedSource>,
    models: &BTreeMap<String, PlannedSource>,
) -> BTreeMap<String, SourceAccess> {
    let mut accesses = BTreeMap::new();
    for (sources, planned) in [(&spec.data_sets, data_sets), (&spec.models, models)] {
        for (name, source) in sources {
            let access = SourceAccess { secret: source.secret.clone(), environment: source.environment.clone() };
            if let Some(PlannedSource::Uri(uri)) = planned.get(name)
                && access != SourceAccess::default()
            {
                accesses.insert(uri.clone(), access);
            }
        }
    }
    accesses
}

fn limits(spec: &TrainJobSpec, defaults: &Limits) -> Limits {
    let limits = &spec.limits;
    Limits {
        memory_bytes_max: limits.memory.map_or(defaults.memory_bytes_max, |size| size.0),
        wall_millis_max: spec.step_timeout.map_or(defaults.wall_millis_max, |span| span.0),
        cpu_ticks_max: limits.cpu.map_or(defaults.cpu_ticks_max, |span| span.0.div_ceil(MILLIS_PER_TICK)),
        output_bytes_max: limits.output.map_or(defaults.output_bytes_max, |size| size.0),
        log_bytes_max: limits.log.map_or(defaults.log_bytes_max, |size| size.0),
        ..defaults.clone()
    }
}

#[cfg(test)]
mod tests;
