//! Checks a table's rows against a schema while they pass by.
//! Never keeps rows; of each kind of anomaly it keeps a count, the first row and an example.

use std::collections::BTreeMap;

use crate::cell::{Cell, Kind};
use crate::profile::Profile;
use crate::report::{Anomaly, AnomalyKind};
use crate::schema::{ColumnSchema, Rules, Schema};

/// Characters of an example in an anomaly.
const EXAMPLE_CHARS_MAX: usize = 60;

/// What was found wrong in one way in one column.
#[derive(Clone, Debug)]
struct Tally {
    rows: u64,
    first_row: u64,
    example: String,
}

/// Checks the values of one column.
#[derive(Debug)]
pub(crate) struct ColumnCheck {
    schema: ColumnSchema,
    rules: Rules,
    kind: Option<Kind>,
    tallies: BTreeMap<AnomalyKind, Tally>,
}

impl ColumnCheck {
    /// A column of this type against this schema.
    pub(crate) fn new(schema: &ColumnSchema, kind: Option<Kind>) -> Self {
        Self { schema: schema.clone(), rules: schema.rules(), kind, tallies: BTreeMap::new() }
    }

    /// Looks at one value. Rows count from 1.
    pub(crate) fn look(&mut self, row: u64, cell: Cell<'_>) {
        if cell == Cell::Missing {
            return self.tally(AnomalyKind::MissingValues, row, cell);
        }
        if self.is_of_wrong_type(cell) {
            return self.tally(AnomalyKind::WrongType, row, cell);
        }
        if let Some(number) = cell.number() {
            if !number.is_finite() {
                return self.tally(AnomalyKind::NotFinite, row, cell);
            }
            if self.rules.min.is_some_and(|min| number < min) {
                self.tally(AnomalyKind::BelowMinimum, row, cell);
            }
            if self.rules.max.is_some_and(|max| number > max) {
                self.tally(AnomalyKind::AboveMaximum, row, cell);
            }
        }
        if self.rules.allowed.as_ref().is_some_and(|allowed| !allowed.has(cell)) {
            self.tally(AnomalyKind::NotAllowed, row, cell);
        }
        if let (Cell::Text(text), Some(pattern)) = (cell, &self.rules.pattern)
            && !pattern.is_match(text)
        {
            self.tally(AnomalyKind::PatternMismatch, row, cell);
        }
    }

    /// Whether this very value, rather than the column's type alone, is to blame.
    fn is_of_wrong_type(&self, cell: Cell<'_>) -> bool {
        match (self.schema.kind, cell) {
            (Some(Kind::Integer), Cell::Number(value)) => value.is_finite() && value.fract() != 0.0,
            (Some(Kind::Integer), Cell::Text(text)) => text.trim().parse::<i128>().is_err(),
            (Some(Kind::Number), Cell::Text(text)) => text.trim().parse::<f64>().is_err(),
            _ => false,
        }
    }

    fn tally(&mut self, kind: AnomalyKind, row: u64, cell: Cell<'_>) {
        let new = || Tally { rows: 0, first_row: row, example: cell.text() };
        self.tallies.entry(kind).or_insert_with(new).rows += 1;
    }

    /// What was wrong, in a fixed order of kinds.
    pub(crate) fn finish(mut self, profile: &Profile) -> Vec<Anomaly> {
        let column = &profile.name;
        let mut anomalies = Vec::new();
        if let Some(anomaly) = self.wrong_type(profile) {
            self.tallies.remove(&AnomalyKind::WrongType);
            anomalies.push(anomaly);
        }
        for (kind, tally) in self.tallies {
            let example = shortened(&tally.example);
            let bound = |bound: Option<f64>| bound.map_or_else(String::new, |bound| bound.to_string());
            let (expected, found) = match kind {
                AnomalyKind::MissingValues => {
                    if profile.missing_fraction() <= self.schema.max_missing_fraction {
                        continue;
                    }
                    let expected = match self.schema.max_missing_fraction {
                        0.0 => "a value in every row".to_owned(),
                        fraction => format!("no value in at most {} % of the rows", percent(fraction)),
                    };
                    (expected, format!("no value in {} % of the rows", percent(profile.missing_fraction())))
                }
                AnomalyKind::NotFinite => ("finite numbers".to_owned(), example),
                AnomalyKind::BelowMinimum => (format!("at least {}", bound(self.rules.min)), example),
                AnomalyKind::AboveMaximum => (format!("at most {}", bound(self.rules.max)), example),
                AnomalyKind::NotAllowed => (self.schema.allowed_text(), format!("`{example}`")),
                AnomalyKind::PatternMismatch => {
                    let pattern = self.schema.pattern.as_deref().unwrap_or_default();
                    (format!("text that matches {pattern}"), format!("`{example}`"))
                }
                _ => continue,
            };
            let (rows, first_row) = (tally.rows, Some(tally.first_row));
            anomalies.push(Anomaly { column: Some(column.clone()), kind, expected, found, rows, first_row });
        }
        anomalies
    }

    fn wrong_type(&self, profile: &Profile) -> Option<Anomaly> {
        let expected = self.schema.kind?;
        let tally = self.tallies.get(&AnomalyKind::WrongType);
        let fits = match (expected, self.kind) {
            (Kind::Number, Some(Kind::Integer)) => true,
            // A column of numbers that happen to be whole is content enough.
            (Kind::Integer, Some(Kind::Number)) => tally.is_none(),
            (expected, found) => found == Some(expected),
        };
        // A column without a single value has no type worth complaining about.
        if fits || profile.count == 0 {
            return None;
        }
        let kind_found = self.kind.map_or("another type", Kind::name);
        let found = match tally {
            Some(tally) => format!("{kind_found}, for example `{}`", shortened(&tally.example)),
            None => kind_found.to_owned(),
        };
        Some(Anomaly {
            column: Some(profile.name.clone()),
            kind: AnomalyKind::WrongType,
            expected: expected.name().to_owned(),
            found,
            rows: tally.map_or(profile.count, |tally| tally.rows),
            first_row: tally.map(|tally| tally.first_row),
        })
    }
}

/// What is wrong with the table as a whole: its number of rows and its set of columns.
pub(crate) fn check_shape(schema: &Schema, columns: &[&str], rows: u64) -> Vec<Anomaly> {
    let mut anomalies = Vec::new();
    let whole = |kind, expected, found| Anomaly { column: None, kind, expected, found, rows, first_row: None };
    if let Some(min) = schema.min_rows.filter(|min| rows < *min) {
        anomalies.push(whole(AnomalyKind::TooFewRows, format!("at least {min} rows"), format!("{rows} rows")));
    }
    if let Some(max) = schema.max_rows.filter(|max| rows > *max) {
        anomalies.push(whole(AnomalyKind::TooManyRows, format!("at most {max} rows"), format!("{rows} rows")));
    }
    for (name, _) in schema.columns.iter().filter(|(name, column)| column.required && !columns.contains(&name.as_str()))
    {
        anomalies.push(Anomaly {
            column: Some(name.clone()),
            kind: AnomalyKind::MissingColumn,
            expected: "the column to be there".to_owned(),
            found: "no such column".to_owned(),
            rows,
            first_row: None,
        });
    }
    if !schema.additional_columns {
        for name in columns.iter().filter(|name| !schema.columns.contains_key(**name)) {
            anomalies.push(Anomaly {
                column: Some((*name).to_owned()),
                kind: AnomalyKind::UnexpectedColumn,
                expected: "only columns that the schema names".to_owned(),
                found: "a column that it does not name".to_owned(),
                rows,
                first_row: None,
            });
        }
    }
    anomalies
}

fn shortened(text: &str) -> String {
    if text.chars().count() <= EXAMPLE_CHARS_MAX {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(EXAMPLE_CHARS_MAX).collect();
    short.push('…');
    short
}

/// With two digits at most behind the point.
fn percent(fraction: f64) -> f64 {
    (fraction * 10_000.0).round() / 100.0
}
