//! Initializers: what is fetched before training, as a job and its runtime say.
//! Never says where a secret's values are; the node keeps them.

use std::collections::BTreeMap;

use super::{Keys, TrainJob, variables};
use crate::train_job::Source;

/// Replicated jobs of a runtime that fetch, and the names under which a component finds what they fetched.
const JOBS: [(&str, &str); 2] = [("dataset-initializer", "dataset"), ("model-initializer", "model")];
/// What a runtime calls the place to fetch from.
const STORAGE_URI: &str = "STORAGE_URI";
/// Why the rest of an initializer's pod changes nothing here.
const FETCHED_BY_NODE: &str = "the node fetches data and models itself";

/// Whether a replicated job is an initializer; then it is read, as what a job says less of than is needed.
pub(super) fn of_runtime(keys: &mut Keys<'_>, name: &str, job: &mut TrainJob) -> bool {
    let Some((_, kind)) = JOBS.into_iter().find(|(job, _)| *job == name) else { return false };
    let mut source = Source::default();
    keys.inside("template", |keys| {
        keys.inside("spec", |keys| {
            keys.inside("template", |keys| {
                keys.inside("spec", |keys| {
                    keys.each("containers", |_, keys| container(keys, &mut source));
                    pass_over(keys);
                });
                pass_over(keys);
            });
            pass_over(keys);
        });
        pass_over(keys);
    });
    pass_over(keys);
    sources(job, kind).insert(kind.to_owned(), source);
    true
}

fn container(keys: &mut Keys<'_>, source: &mut Source) {
    source.environment.extend(variables(keys));
    source.uri = source.environment.remove(STORAGE_URI).filter(|uri| !uri.is_empty());
    keys.each("envFrom", |_, keys| secret(keys, source));
    pass_over(keys);
}

/// What a job says of its initializers, over what its runtime says.
pub(super) fn of_job(keys: &mut Keys<'_>, job: &mut TrainJob) {
    let mut named = Vec::new();
    keys.inside("initializer", |keys| {
        for (_, kind) in JOBS {
            keys.inside(kind, |keys| {
                named.push(kind);
                let source = sources(job, kind).entry(kind.to_owned()).or_default();
                source.uri = keys.text("storageUri").or_else(|| source.uri.take());
                source.environment.extend(variables(keys));
                secret(keys, source);
            });
        }
    });
    // A runtime that only prepares for what a job may name fetches nothing by itself.
    for (_, kind) in JOBS {
        sources(job, kind).retain(|name, source| named.contains(&name.as_str()) || source.uri.is_some());
    }
}

fn secret(keys: &mut Keys<'_>, source: &mut Source) {
    keys.inside("secretRef", |keys| {
        if let Some(name) = keys.text("name") {
            source.secret = Some(name);
        }
    });
}

fn sources<'job>(job: &'job mut TrainJob, kind: &str) -> &'job mut BTreeMap<String, Source> {
    if kind == "model" { &mut job.spec.models } else { &mut job.spec.data_sets }
}

fn pass_over(keys: &mut Keys<'_>) {
    keys.names().into_iter().for_each(|name| keys.ignore(&name, FETCHED_BY_NODE));
}
