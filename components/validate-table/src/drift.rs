//! How differently two columns are spread.
//! Never reads a table; profiles hold all it needs.

use std::collections::BTreeMap;

use crate::profile::{Profile, as_f64, quantile};
use crate::report::{Anomaly, AnomalyKind, ColumnDrift, DriftThresholds};

/// Different values that are bins of their own; rarer ones share a bin.
const VALUE_BINS_MAX: usize = 50;

/// Deciles.
const QUANTILE_BINS: u64 = 10;

/// Added to each bin's count, so that an empty bin does not make a measure infinite.
const SMOOTHING: f64 = 0.5;

/// The standard normal quantile of 0.999: chance exceeds it once in a thousand.
const NORMAL_QUANTILE: f64 = 3.09;

/// The same for the two-sample Kolmogorov-Smirnov statistic: the square root of -ln(0.001 / 2) / 2.
const KOLMOGOROV_QUANTILE: f64 = 1.95;

/// Compares a column with the reference's of the same name; none where they cannot be compared.
pub(crate) fn compare(table: &Profile, reference: &Profile, thresholds: &DriftThresholds) -> Option<ColumnDrift> {
    let (kind, reference_kind) = (table.kind?, reference.kind?);
    if table.rows() == 0 || reference.rows() == 0 {
        return None;
    }
    let both_numeric = kind.is_numeric() && reference_kind.is_numeric();
    if !both_numeric && kind != reference_kind {
        return None;
    }
    let bins = if both_numeric { Bins::of_numbers(table, reference) } else { Bins::of_values(table, reference) };
    let kolmogorov_smirnov = both_numeric
        .then(|| kolmogorov_smirnov(&table.numbers.sample.sorted(), &reference.numbers.sample.sorted()))
        .flatten();
    let mut drift = ColumnDrift {
        name: table.name.clone(),
        population_stability_index: bins.population_stability_index(),
        jensen_shannon_distance: bins.jensen_shannon_distance(),
        kolmogorov_smirnov: kolmogorov_smirnov.map(|(statistic, _)| statistic),
        drifted: false,
    };
    let by_bins = drift.population_stability_index > thresholds.population_stability_index_max
        || drift.jensen_shannon_distance > thresholds.jensen_shannon_distance_max;
    let by_distance = kolmogorov_smirnov
        .is_some_and(|(statistic, by_chance)| statistic > thresholds.kolmogorov_smirnov_max.max(by_chance));
    drift.drifted = by_distance || (by_bins && drift.population_stability_index > bins.index_by_chance());
    Some(drift)
}

/// The anomaly of a column that drifted.
pub(crate) fn anomaly(drift: &ColumnDrift, thresholds: &DriftThresholds, rows: u64) -> Anomaly {
    let measures = [
        (
            "population stability index",
            Some(drift.population_stability_index),
            thresholds.population_stability_index_max,
        ),
        ("Jensen-Shannon distance", Some(drift.jensen_shannon_distance), thresholds.jensen_shannon_distance_max),
        ("Kolmogorov-Smirnov distance", drift.kolmogorov_smirnov, thresholds.kolmogorov_smirnov_max),
    ];
    let (mut expected, mut found) = (Vec::new(), Vec::new());
    for (name, value, max) in measures {
        if let Some(value) = value.filter(|value| *value > max) {
            expected.push(format!("{name} at most {max}"));
            found.push(format!("{value:.3}"));
        }
    }
    Anomaly {
        column: Some(drift.name.clone()),
        kind: AnomalyKind::Drift,
        expected: format!("spread as in the reference: {}", expected.join(", ")),
        found: found.join(", "),
        rows,
        first_row: None,
    }
}

/// Two columns' values, as they fall into common bins.
#[derive(Debug)]
struct Bins {
    table: Vec<f64>,
    reference: Vec<f64>,
}

impl Bins {
    /// Bins between the reference's deciles. What lies beyond its greatest value has a bin of its own.
    fn of_numbers(table: &Profile, reference: &Profile) -> Self {
        let sorted = reference.numbers.sample.sorted();
        let mut edges: Vec<f64> =
            (0..=QUANTILE_BINS).map(|at| quantile(&sorted, as_f64(at) / as_f64(QUANTILE_BINS))).collect();
        edges.dedup();
        let counts = |profile: &Profile| {
            let mut counts = vec![0.0; edges.len() + 1];
            let sorted = profile.numbers.sample.sorted();
            for value in &sorted {
                counts[edges.partition_point(|edge| edge < value)] += 1.0;
            }
            let share_missing = profile.missing_fraction();
            if share_missing < 1.0 {
                // In proportion to the sample, which may be smaller than the column.
                counts.push(as_f64(sorted.len() as u64) * share_missing / (1.0 - share_missing));
            } else {
                counts.push(as_f64(profile.missing));
            }
            counts
        };
        Self { table: counts(table), reference: counts(reference) }
    }

    /// A bin for each of the reference's most frequent values, one for all others, one for no value.
    fn of_values(table: &Profile, reference: &Profile) -> Self {
        let mut frequent: Vec<(&String, &u64)> = reference.values.counts.iter().collect();
        frequent.sort_by(|one, other| other.1.cmp(one.1));
        if table.values.capped || reference.values.capped {
            // Names and ids: that they differ says nothing.
            frequent.clear();
        }
        frequent.truncate(VALUE_BINS_MAX);
        let places: BTreeMap<&String, usize> =
            frequent.iter().enumerate().map(|(at, (value, _))| (*value, at)).collect();
        let counts = |profile: &Profile| {
            let mut counts = vec![0.0; places.len() + 2];
            let mut placed = 0;
            for (value, count) in &profile.values.counts {
                if let Some(place) = places.get(value) {
                    counts[*place] += as_f64(*count);
                    placed += count;
                }
            }
            counts[places.len()] = as_f64(profile.count - placed);
            counts[places.len() + 1] = as_f64(profile.missing);
            counts
        };
        Self { table: counts(table), reference: counts(reference) }
    }

    /// Shares of both, smoothed, bin by bin.
    fn shares(&self) -> impl Iterator<Item = (f64, f64)> + '_ {
        let total = |counts: &[f64]| counts.iter().sum::<f64>() + SMOOTHING * as_f64(counts.len() as u64);
        let (table_total, reference_total) = (total(&self.table), total(&self.reference));
        let share = move |(table, reference): (&f64, &f64)| {
            ((table + SMOOTHING) / table_total, (reference + SMOOTHING) / reference_total)
        };
        self.table.iter().zip(&self.reference).map(share)
    }

    fn population_stability_index(&self) -> f64 {
        self.shares().map(|(table, reference)| (table - reference) * (table / reference).ln()).sum()
    }

    fn jensen_shannon_distance(&self) -> f64 {
        let divergence: f64 = self
            .shares()
            .map(|(table, reference)| {
                let middle = f64::midpoint(table, reference);
                0.5 * (table * (table / middle).log2() + reference * (reference / middle).log2())
            })
            .sum();
        divergence.clamp(0.0, 1.0).sqrt()
    }

    /// The index that chance alone exceeds once in a thousand. Without drift, the index times
    /// n m / (n + m) is spread as chi-squared with one degree less than there are bins.
    fn index_by_chance(&self) -> f64 {
        let used = self.table.iter().zip(&self.reference).filter(|(table, reference)| **table + **reference > 0.0);
        let degrees = as_f64(used.count().saturating_sub(1).max(1) as u64);
        let spread = 2.0 / (9.0 * degrees);
        let chi_squared = degrees * (1.0 - spread + NORMAL_QUANTILE * spread.sqrt()).powi(3);
        let (rows, reference_rows): (f64, f64) = (self.table.iter().sum(), self.reference.iter().sum());
        chi_squared * (1.0 / rows + 1.0 / reference_rows)
    }
}

/// The greatest distance between the two cumulative distributions, and what chance exceeds once in
/// a thousand; none where one has no values.
fn kolmogorov_smirnov(table: &[f64], reference: &[f64]) -> Option<(f64, f64)> {
    if table.is_empty() || reference.is_empty() {
        return None;
    }
    let (rows, reference_rows) = (as_f64(table.len() as u64), as_f64(reference.len() as u64));
    let (mut at, mut reference_at, mut greatest) = (0, 0, 0.0_f64);
    while at < table.len() && reference_at < reference.len() {
        let value = table[at].min(reference[reference_at]);
        while table.get(at).is_some_and(|next| *next <= value) {
            at += 1;
        }
        while reference.get(reference_at).is_some_and(|next| *next <= value) {
            reference_at += 1;
        }
        let distance = as_f64(at as u64) / rows - as_f64(reference_at as u64) / reference_rows;
        greatest = greatest.max(distance.abs());
    }
    Some((greatest, KOLMOGOROV_QUANTILE * (1.0 / rows + 1.0 / reference_rows).sqrt()))
}
