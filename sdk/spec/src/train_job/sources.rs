//! Rules of where data and models come from.
//! Never asks whether there is anything at those places.

use std::collections::BTreeMap;

use super::{Source, TrainJobSpec};
use crate::fetching;

/// Tells of every rule that is broken: the keys below `spec`, a message, and what to do.
pub(super) fn check(spec: &TrainJobSpec, refuse: &mut dyn FnMut(&[&str], String, &str)) {
    let mut accesses = BTreeMap::new();
    for (key, sources) in [("dataSets", &spec.data_sets), ("models", &spec.models)] {
        for (name, source) in sources {
            check_one(&[key, name], source, refuse);
            let Some(uri) = &source.uri else { continue };
            let access = (&source.secret, &source.environment);
            // What was fetched is known by its address.
            if *accesses.entry(uri).or_insert(access) != access {
                let message = format!("`{uri}` is fetched twice, with other variables each time");
                refuse(&[key, name], message, "write the same `secret` and `environment` at both places");
            }
        }
    }
}

fn check_one(place: &[&str; 2], source: &Source, refuse: &mut dyn FnMut(&[&str], String, &str)) {
    let [key, name] = *place;
    if source.digest.is_some() && source.uri.is_some() {
        refuse(place, format!("`{name}` has two sources"), "keep `digest` or `uri`");
    }
    if source.uri.is_none() && (source.secret.is_some() || !source.environment.is_empty()) {
        let message = format!("`{name}` says how it is fetched, and not from where");
        refuse(place, message, "write its `uri`, or take out `secret` and `environment`");
    }
    for variable in source.environment.keys() {
        if let Some((message, hint)) = fetching::refusal(variable) {
            refuse(&[key, name, "environment", variable], message, &hint);
        }
    }
}
