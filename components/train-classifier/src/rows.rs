//! The rows of a table as numbers and class labels.
//! Never fills in a missing value and never turns text into a number: it refuses both, with the place.
//!
//! The component evaluate-classifier compiles this same file.

use std::collections::BTreeMap;

use sdk_guest::prelude::*;
use sdk_guest::table::arrow_schema::Schema;

use crate::cell::{self, Cell, Kind};
use crate::classifier::{Feature, Matrix, Places};

/// Numbers that fit into the memory of a step: 64 MiB, of which there are a few copies.
const VALUES_MAX: usize = 8 << 20;

/// Classes of a classifier. More of them are rather names or numbers than classes.
pub(crate) const CLASSES_MAX: usize = 1_000;

/// Columns that a failure lists.
const COLUMNS_LISTED_MAX: usize = 12;

/// Rows as numbers, each with its class.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Rows {
    names: Vec<String>,
    columns: Vec<Vec<f64>>,
    /// All classes: those known before, then those found.
    pub(crate) classes: Vec<String>,
    /// The class of each row, as its place in `classes`.
    pub(crate) places: Places,
}

impl Rows {
    /// Reads the columns of these names, or all but the target, and the classes from the target.
    /// Classes that are known already keep their places.
    ///
    /// # Errors
    /// When a column is missing or no numbers, a value is missing, or a limit is reached.
    pub(crate) fn read(table: &DataSet, features: Option<&[Feature]>, target: &str, known: &[String]) -> Result<Self> {
        let batches = table.read_batches()?;
        let schema = batches.schema();
        let target_at = find_column(&schema, target)
            .map_err(|failure| Failure { message: format!("the target is missing: {}", failure.message), ..failure })?;
        let columns_at = match features {
            Some(features) => {
                features.iter().map(|feature| find_column(&schema, &feature.name)).collect::<Result<_>>()?
            }
            None => (0..schema.fields().len()).filter(|at| *at != target_at).collect::<Vec<_>>(),
        };
        if columns_at.is_empty() {
            return Err(Failure::new(format!("the table has no column beside the target `{target}` to learn from")));
        }
        let names: Vec<String> = columns_at.iter().map(|at| schema.field(*at).name().clone()).collect();
        for at in &columns_at {
            check_feature(&schema, *at)?;
        }
        let mut columns = vec![Vec::new(); columns_at.len()];
        let mut labels = Vec::new();
        for batch in batches {
            let batch = batch?;
            let rows_before = labels.len();
            check_size(rows_before + batch.num_rows(), columns.len())?;
            for (at, values) in columns_at.iter().zip(&mut columns) {
                let place = || format!("column `{}`", schema.field(*at).name());
                let reader = cell::reader(batch.column(*at)).with_context(place)?;
                for row in 0..batch.num_rows() {
                    values.push(
                        number(reader(row)).with_context(|| format!("{}, row {}", place(), rows_before + row + 1))?,
                    );
                }
            }
            let reader = cell::reader(batch.column(target_at)).with_context(|| {
                format!(
                    "the target `{target}` is of type {}, which cannot name classes",
                    schema.field(target_at).data_type()
                )
            })?;
            for row in 0..batch.num_rows() {
                let place = || format!("target `{target}`, row {}", rows_before + row + 1);
                labels.push(Label::of(reader(row)).with_context(place)?);
            }
        }
        let (classes, places) =
            number_classes(labels, known).with_context(|| format!("the target `{target}` cannot be used"))?;
        Ok(Self { names, columns, classes, places })
    }

    /// How many rows there are.
    pub(crate) fn count(&self) -> usize {
        self.places.len()
    }

    /// The columns with their ranges.
    pub(crate) fn features(&self) -> Vec<Feature> {
        let feature = |(name, values): (&String, &Vec<f64>)| Feature {
            name: name.clone(),
            min: values.iter().copied().fold(f64::INFINITY, f64::min),
            max: values.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        };
        self.names.iter().zip(&self.columns).map(feature).collect()
    }

    /// The values as they are.
    ///
    /// # Errors
    /// Never for rows that were read.
    pub(crate) fn matrix(&self) -> Result<Matrix> {
        Ok(Matrix::new(self.count(), self.columns.len(), self.columns.concat(), true)?)
    }

    /// The values scaled so that 0 and 1 are the ends of the range that each feature had in training.
    ///
    /// # Errors
    /// Never for rows that were read with these features.
    pub(crate) fn scaled_matrix(&self, features: &[Feature]) -> Result<Matrix> {
        let mut values = Vec::with_capacity(self.count() * self.columns.len());
        for (column, feature) in self.columns.iter().zip(features) {
            let width = feature.max - feature.min;
            // A feature that never varied says nothing.
            let scale = if width > 0.0 && width.is_finite() { 1.0 / width } else { 0.0 };
            values.extend(column.iter().map(|value| (value - feature.min) * scale));
        }
        Ok(Matrix::new(self.count(), self.columns.len(), values, true)?)
    }
}

fn check_size(rows: usize, columns: usize) -> Result<()> {
    let values = rows.saturating_mul(columns);
    if values > VALUES_MAX {
        return Err(Failure::new(format!(
            "the table has more than {rows} rows of {columns} columns, and at most {VALUES_MAX} numbers are held at once"
        ))
        .with_hint("split the table and use a part of its rows"));
    }
    Ok(())
}

fn find_column(schema: &Schema, name: &str) -> Result<usize> {
    let fields = schema.fields();
    if let Some((at, _)) = fields.find(name) {
        return Ok(at);
    }
    let nearest = fields.iter().max_by(|one, other| {
        strsim::jaro_winkler(name, one.name()).total_cmp(&strsim::jaro_winkler(name, other.name()))
    });
    let nearest = nearest.filter(|field| strsim::jaro_winkler(name, field.name()) > 0.7);
    let mut listed: Vec<String> =
        fields.iter().take(COLUMNS_LISTED_MAX).map(|field| format!("`{}`", field.name())).collect();
    if fields.len() > COLUMNS_LISTED_MAX {
        listed.push(format!("{} more", fields.len() - COLUMNS_LISTED_MAX));
    }
    let hint = match nearest {
        Some(field) => format!("did you mean `{}`?", field.name()),
        None => format!("it has {}", listed.join(", ")),
    };
    Err(Failure::new(format!("the table has no column `{name}`")).with_hint(hint))
}

fn check_feature(schema: &Schema, at: usize) -> Result<()> {
    let field = schema.field(at);
    match Kind::of(field.data_type()) {
        Some(Kind::Boolean | Kind::Integer | Kind::Number) => Ok(()),
        _ => Err(Failure::new(format!(
            "column `{}` is of type {}, and a classifier learns from numbers",
            field.name(),
            field.data_type()
        ))
        .with_hint("leave the column out of the table, or turn it into numbers first")),
    }
}

fn number(cell: Cell<'_>) -> Result<f64> {
    let value = match cell {
        Cell::Boolean(value) => Some(f64::from(u8::from(value))),
        other => other.number(),
    };
    match value {
        Some(value) if value.is_finite() => Ok(value),
        Some(value) => Err(Failure::new(format!("{value} is no finite number"))
            .with_hint("remove such rows, or fill in values, before training")),
        None => Err(Failure::new("there is no value")
            .with_hint("remove rows with missing values, or fill in values, before training")),
    }
}

/// What a row is; sorts whole numbers by size and before texts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Label {
    Integer(i128),
    Text(String),
}

impl Label {
    fn of(cell: Cell<'_>) -> Result<Self> {
        match cell {
            Cell::Missing => Err(Failure::new("there is no class").with_hint("remove rows without a class first")),
            Cell::Integer(value) => Ok(Self::Integer(value)),
            // Within the integers that f64 holds exactly.
            Cell::Number(value) if value.fract() == 0.0 && value.abs() <= 9_007_199_254_740_992.0 =>
            {
                #[expect(clippy::cast_possible_truncation, reason = "a whole number below 2^53")]
                Ok(Self::Integer(value as i128))
            }
            Cell::Number(value) => Err(Failure::new(format!("{value} is a measure rather than a class"))
                .with_hint("a classifier predicts classes: texts, booleans or whole numbers")),
            other => Ok(Self::Text(other.text())),
        }
    }

    fn text(self) -> String {
        match self {
            Self::Integer(value) => value.to_string(),
            Self::Text(text) => text,
        }
    }
}

/// The classes in order, known ones first, and each row's place among them.
fn number_classes(labels: Vec<Label>, known: &[String]) -> Result<(Vec<String>, Places)> {
    let mut distinct: Vec<Label> = labels.clone();
    distinct.sort_unstable();
    distinct.dedup();
    let mut classes = known.to_vec();
    let mut place_of: BTreeMap<String, u32> = BTreeMap::new();
    let found = distinct.into_iter().map(Label::text).filter(|label| !known.contains(label)).take(CLASSES_MAX + 1);
    classes.extend(found.collect::<Vec<_>>());
    if classes.len() > CLASSES_MAX {
        return Err(Failure::new(format!("it has more than {CLASSES_MAX} classes"))
            .with_hint("is it a name or a measure rather than a class?"));
    }
    for (place, class) in (0..).zip(&classes) {
        place_of.insert(class.clone(), place);
    }
    let places = labels.into_iter().filter_map(|label| place_of.get(&label.text()).copied()).collect();
    Ok((classes, places))
}
