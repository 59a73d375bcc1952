//! The validation report: `application/vnd.sandmill.validation+json`.
//! Never computes anything; this file is the document's shape and nothing else.
//!
//! The component render-report compiles this same file, so that writer and reader cannot drift apart.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The media type of the report.
pub(crate) const MEDIA_TYPE: &str = "application/vnd.sandmill.validation+json";

/// Raised when the shape changes in a way that old readers would misread.
pub(crate) const FORMAT: u32 = 1;

/// What was found out about a table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Report {
    /// [`FORMAT`] of the writer.
    pub(crate) format: u32,
    /// Rows of the table.
    pub(crate) rows: u64,
    /// The schema that the table was checked against: the given one, or one inferred from the table
    /// itself, to be kept and given next time.
    pub(crate) schema: serde_json::Value,
    /// Whether the schema was inferred.
    pub(crate) schema_inferred: bool,
    /// Statistics of each column, in the table's order.
    pub(crate) columns: Vec<ColumnReport>,
    /// How the table differs from the reference, where one was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) drift: Option<DriftReport>,
    /// What is wrong: first with the table as a whole, then column by column.
    pub(crate) anomalies: Vec<Anomaly>,
}

/// Statistics of one column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ColumnReport {
    /// Its name.
    pub(crate) name: String,
    /// `boolean`, `integer`, `number`, `string`, or `other` for types that are only counted.
    #[serde(rename = "type")]
    pub(crate) kind: String,
    /// Rows with a value.
    pub(crate) count: u64,
    /// Rows without one.
    pub(crate) missing: u64,
    /// Different values. When `distinct_capped`, there are more than this.
    pub(crate) distinct: u64,
    /// Whether counting different values was given up.
    pub(crate) distinct_capped: bool,
    /// The most frequent values; none when counting was given up.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) top_values: Vec<ValueCount>,
    /// For integers and numbers with at least one finite value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) numbers: Option<NumberReport>,
}

/// A value and how many rows have it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ValueCount {
    /// As text.
    pub(crate) value: String,
    /// Rows.
    pub(crate) count: u64,
}

/// Statistics over the finite values of a column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NumberReport {
    /// The least.
    pub(crate) min: f64,
    /// The greatest.
    pub(crate) max: f64,
    /// The arithmetic mean.
    pub(crate) mean: f64,
    /// Of the sample, that is with n - 1; 0 for a single value.
    pub(crate) standard_deviation: f64,
    /// Rows that hold NaN or an infinity; they are in none of the other figures.
    pub(crate) not_finite: u64,
    /// By probability: `0.05`, `0.25`, `0.5`, `0.75`, `0.95`; interpolated between neighbours.
    pub(crate) quantiles: BTreeMap<String, f64>,
    /// Whether the quantiles come from a sample because the column is long.
    pub(crate) quantiles_sampled: bool,
    /// How the values are spread.
    pub(crate) histogram: Histogram,
}

/// Counts of values between edges.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Histogram {
    /// One more than there are counts, rising.
    pub(crate) edges: Vec<f64>,
    /// Values from one edge up to, but not including, the next; the last includes both.
    pub(crate) counts: Vec<u64>,
}

/// How the table differs from the reference.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DriftReport {
    /// Rows of the reference.
    pub(crate) reference_rows: u64,
    /// From where on a difference is an anomaly.
    pub(crate) thresholds: DriftThresholds,
    /// Every column that both tables have with a type that can be compared.
    pub(crate) columns: Vec<ColumnDrift>,
}

/// From where on a difference is an anomaly.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct DriftThresholds {
    /// 0.25 unless the schema says otherwise: by custom, below 0.1 is stable and above 0.25 is a shift.
    pub(crate) population_stability_index_max: f64,
    /// 0.3 unless the schema says otherwise. Lies between 0 and 1.
    pub(crate) jensen_shannon_distance_max: f64,
    /// 0.2 unless the schema says otherwise. Lies between 0 and 1.
    pub(crate) kolmogorov_smirnov_max: f64,
}

impl Default for DriftThresholds {
    fn default() -> Self {
        Self { population_stability_index_max: 0.25, jensen_shannon_distance_max: 0.3, kolmogorov_smirnov_max: 0.2 }
    }
}

/// How one column differs from the reference's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ColumnDrift {
    /// Its name.
    pub(crate) name: String,
    /// Over the reference's deciles, or over the values where they are no numbers; missing values
    /// are a bin of their own.
    pub(crate) population_stability_index: f64,
    /// Over the same bins, to the base 2.
    pub(crate) jensen_shannon_distance: f64,
    /// The greatest distance between the two cumulative distributions; numbers only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) kolmogorov_smirnov: Option<f64>,
    /// Whether one of them is beyond its threshold and beyond what chance brings about once in a thousand.
    pub(crate) drifted: bool,
}

/// Something wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Anomaly {
    /// The column; none when it concerns the whole table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) column: Option<String>,
    /// What is wrong.
    pub(crate) kind: AnomalyKind,
    /// For people: what the schema or the reference asks for.
    pub(crate) expected: String,
    /// For people: what is there instead.
    pub(crate) found: String,
    /// How many rows it concerns.
    pub(crate) rows: u64,
    /// The first of them, counted from 1; none where single rows are not to blame.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) first_row: Option<u64>,
}

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum AnomalyKind {
    /// The table has fewer rows than it should.
    TooFewRows,
    /// The table has more rows than it should.
    TooManyRows,
    /// A required column is not there.
    MissingColumn,
    /// The schema does not know a column and does not allow others.
    UnexpectedColumn,
    /// A column has another type.
    WrongType,
    /// Too many rows have no value.
    MissingValues,
    /// NaN or an infinity.
    NotFinite,
    /// A value is too small.
    BelowMinimum,
    /// A value is too great.
    AboveMaximum,
    /// A value is none of those allowed.
    NotAllowed,
    /// A text does not match the pattern.
    PatternMismatch,
    /// A column is spread differently than in the reference.
    Drift,
}

impl AnomalyKind {
    /// As it stands in the report.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::TooFewRows => "too-few-rows",
            Self::TooManyRows => "too-many-rows",
            Self::MissingColumn => "missing-column",
            Self::UnexpectedColumn => "unexpected-column",
            Self::WrongType => "wrong-type",
            Self::MissingValues => "missing-values",
            Self::NotFinite => "not-finite",
            Self::BelowMinimum => "below-minimum",
            Self::AboveMaximum => "above-maximum",
            Self::NotAllowed => "not-allowed",
            Self::PatternMismatch => "pattern-mismatch",
            Self::Drift => "drift",
        }
    }
}
