//! Statistics of one column, gathered value by value.
//! Never keeps more than a bounded part of the column, however long it is.

use std::collections::BTreeMap;

use crate::cell::{Cell, Kind};
use crate::report::{ColumnReport, Histogram, NumberReport, ValueCount};
use crate::sample::Sample;

/// Different values that are counted before counting is given up.
pub(crate) const DISTINCT_VALUES_MAX: usize = 4_096;

/// Most frequent values in a report.
const TOP_VALUES_MAX: usize = 10;

/// Bytes of a text that is counted by its beginning only.
const COUNTED_TEXT_BYTES_MAX: usize = 256;

/// Probabilities of the quantiles in a report.
const QUANTILES: [(&str, f64); 5] = [("0.05", 0.05), ("0.25", 0.25), ("0.5", 0.5), ("0.75", 0.75), ("0.95", 0.95)];

/// What is known of a column.
#[derive(Clone, Debug)]
pub(crate) struct Profile {
    /// Its name.
    pub(crate) name: String,
    /// What it holds; none for types that are only counted.
    pub(crate) kind: Option<Kind>,
    /// Rows with a value.
    pub(crate) count: u64,
    /// Rows without one.
    pub(crate) missing: u64,
    /// How often each value occurs.
    pub(crate) values: Values,
    /// For integers and numbers.
    pub(crate) numbers: Numbers,
}

/// How often each value occurs, until there are too many different ones.
#[derive(Clone, Debug, Default)]
pub(crate) struct Values {
    /// Counts by text.
    pub(crate) counts: BTreeMap<String, u64>,
    /// Whether counting was given up.
    pub(crate) capped: bool,
}

/// Statistics over finite numbers.
#[derive(Clone, Debug, Default)]
pub(crate) struct Numbers {
    /// How many there are.
    pub(crate) count: u64,
    /// How many others were NaN or an infinity.
    pub(crate) not_finite: u64,
    /// The least; meaningless while there are none.
    pub(crate) min: f64,
    /// The greatest; meaningless while there are none.
    pub(crate) max: f64,
    mean: f64,
    /// Sum of squared distances from the mean so far (Welford's method, which does not cancel).
    squares: f64,
    /// Values for quantiles and comparisons.
    pub(crate) sample: Sample,
}

impl Profile {
    /// Of a column of which nothing was seen yet.
    pub(crate) fn new(name: &str, kind: Option<Kind>) -> Self {
        Self {
            name: name.to_owned(),
            kind,
            count: 0,
            missing: 0,
            values: Values::default(),
            numbers: Numbers::default(),
        }
    }

    /// Takes in one value.
    pub(crate) fn add(&mut self, cell: Cell<'_>) {
        if cell == Cell::Missing {
            self.missing += 1;
            return;
        }
        self.count += 1;
        self.values.add(cell);
        if let Some(number) = cell.number() {
            self.numbers.add(number);
        }
    }

    /// Takes in rows of a type that is only counted.
    pub(crate) const fn add_uncounted(&mut self, count: u64, missing: u64) {
        self.count += count;
        self.missing += missing;
    }

    /// Rows of the table.
    pub(crate) const fn rows(&self) -> u64 {
        self.count + self.missing
    }

    /// The share of rows without a value; 0 where there are no rows.
    pub(crate) fn missing_fraction(&self) -> f64 {
        if self.rows() == 0 { 0.0 } else { as_f64(self.missing) / as_f64(self.rows()) }
    }

    /// The statistics as they stand in the report.
    pub(crate) fn report(&self, histogram: Option<Histogram>) -> ColumnReport {
        ColumnReport {
            name: self.name.clone(),
            kind: self.kind.map_or("other", Kind::name).to_owned(),
            count: self.count,
            missing: self.missing,
            distinct: self.values.counts.len() as u64,
            distinct_capped: self.values.capped,
            top_values: self.values.top(),
            numbers: histogram.map(|histogram| self.numbers.report(histogram)),
        }
    }
}

impl Values {
    fn add(&mut self, cell: Cell<'_>) {
        match cell {
            Cell::Text(text) => self.add_text(beginning(text)),
            other => self.add_text(&other.text()),
        }
    }

    fn add_text(&mut self, text: &str) {
        if let Some(count) = self.counts.get_mut(text) {
            *count += 1;
        } else if self.counts.len() < DISTINCT_VALUES_MAX {
            self.counts.insert(text.to_owned(), 1);
        } else {
            self.capped = true;
        }
    }

    fn top(&self) -> Vec<ValueCount> {
        if self.capped {
            return Vec::new();
        }
        let mut top: Vec<(&String, &u64)> = self.counts.iter().collect();
        // The sort is stable, so equal counts stay in the order of their texts.
        top.sort_by(|one, other| other.1.cmp(one.1));
        let value_count = |(value, count): (&String, &u64)| ValueCount { value: value.clone(), count: *count };
        top.into_iter().take(TOP_VALUES_MAX).map(value_count).collect()
    }
}

/// The text, or as much of it as is counted.
fn beginning(text: &str) -> &str {
    let mut end = text.len().min(COUNTED_TEXT_BYTES_MAX);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

impl Numbers {
    fn add(&mut self, value: f64) {
        if !value.is_finite() {
            self.not_finite += 1;
            return;
        }
        if self.count == 0 {
            (self.min, self.max) = (value, value);
        }
        self.count += 1;
        self.min = self.min.min(value);
        self.max = self.max.max(value);
        let distance = value - self.mean;
        self.mean += distance / as_f64(self.count);
        self.squares += distance * (value - self.mean);
        self.sample.add(value);
    }

    fn report(&self, histogram: Histogram) -> NumberReport {
        let sorted = self.sample.sorted();
        let variance = if self.count < 2 { 0.0 } else { self.squares / as_f64(self.count - 1) };
        NumberReport {
            min: self.min,
            max: self.max,
            mean: finite(self.mean),
            standard_deviation: finite(variance.max(0.0).sqrt()),
            not_finite: self.not_finite,
            quantiles: QUANTILES.iter().map(|(name, at)| ((*name).to_owned(), quantile(&sorted, *at))).collect(),
            quantiles_sampled: !self.sample.is_complete(),
            histogram,
        }
    }
}

/// JSON has no infinities; a sum over numbers near the largest there is can become one.
fn finite(value: f64) -> f64 {
    if value.is_finite() { value } else { f64::MAX }
}

/// The value below which this share of the sorted values lies, interpolated; 0 of none.
pub(crate) fn quantile(sorted: &[f64], share: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else {
        return 0.0;
    };
    let position = share * as_f64(last as u64);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and the last index")]
    let below = (position.floor() as usize).min(last);
    let above = (below + 1).min(last);
    let weight = position - position.floor();
    sorted[below] * (1.0 - weight) + sorted[above] * weight
}

/// A count as a number to calculate with; exact up to 2^53.
#[expect(clippy::cast_precision_loss, reason = "no table has 2^53 rows")]
pub(crate) const fn as_f64(count: u64) -> f64 {
    count as f64
}
