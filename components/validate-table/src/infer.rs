//! A schema from what a table turned out to be.
//! Never claims more than the rows show.

use serde_json::Value;

use crate::cell::Kind;
use crate::profile::Profile;
use crate::report::DriftThresholds;
use crate::schema::{ColumnSchema, Schema};

/// A text column with no more different values than this is taken for a set of labels.
const LABELS_MAX: usize = 20;

/// How many rows each label must have on average before the set is believed to be complete.
const ROWS_PER_LABEL_MIN: u64 = 10;

/// How closely the schema follows the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Closeness {
    /// With the ranges seen: a description of this very table.
    Exact,
    /// Without ranges: what another table of the same source should satisfy too.
    SameSource,
}

/// The schema of a table with these columns.
pub(crate) fn infer(profiles: &[Profile], closeness: Closeness) -> Schema {
    let columns = profiles.iter().map(|profile| (profile.name.clone(), column(profile, closeness))).collect();
    Schema { columns, additional_columns: true, min_rows: None, max_rows: None, drift: DriftThresholds::default() }
}

fn column(profile: &Profile, closeness: Closeness) -> ColumnSchema {
    let exact_range = closeness == Closeness::Exact && profile.numbers.count > 0;
    let max_missing_fraction = match closeness {
        // Rounded up to whole percents.
        Closeness::Exact => (profile.missing_fraction() * 100.0).ceil() / 100.0,
        Closeness::SameSource if profile.missing > 0 => 1.0,
        Closeness::SameSource => 0.0,
    };
    ColumnSchema {
        kind: profile.kind,
        required: true,
        min: exact_range.then_some(profile.numbers.min),
        max: exact_range.then_some(profile.numbers.max),
        allowed: labels(profile),
        max_missing_fraction,
        pattern: None,
    }
}

fn labels(profile: &Profile) -> Option<Vec<Value>> {
    let counts = &profile.values.counts;
    let few = profile.kind == Some(Kind::String) && !profile.values.capped && counts.len() <= LABELS_MAX;
    let believable = few && profile.count >= ROWS_PER_LABEL_MIN * counts.len() as u64 && !counts.is_empty();
    believable.then(|| counts.keys().map(|label| Value::String(label.clone())).collect())
}
