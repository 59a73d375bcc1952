//! The rows of a table as numbers between 0 and 1, and their classes.
//! Never fills in a missing value: it refuses it, with the column.
//!
//! The component predict-batch compiles this same file.

use std::collections::BTreeSet;

use arrow_cast::cast;
use sdk_guest::prelude::*;
use sdk_guest::table::arrow_array::cast::AsArray;
use sdk_guest::table::arrow_array::types::Float32Type;
use sdk_guest::table::arrow_array::{Array, ArrayRef, RecordBatch};
use sdk_guest::table::arrow_schema::DataType;

/// Numbers of one table: 128 MiB, of which there are a few copies.
const VALUES_MAX: usize = 32 << 20;

/// Rows as numbers, each with its class.
pub(crate) struct Rows {
    /// The columns, in the table's order.
    pub(crate) features: Vec<String>,
    /// The largest number of each column, by which it is divided.
    pub(crate) scales: Vec<f32>,
    /// What the target may hold, in order.
    pub(crate) classes: Vec<String>,
    /// Row by row, between -1 and 1.
    pub(crate) values: Vec<f32>,
    /// The class of each row, as its place in `classes`.
    pub(crate) places: Vec<i32>,
}

impl Rows {
    /// Reads a table; columns, scales and classes are those of `like`, where it is given.
    ///
    /// # Errors
    /// When a column is missing or no numbers, a value is missing, a class is unknown, or there are too many numbers.
    pub(crate) fn read(table: &DataSet, target: &str, like: Option<&Self>) -> Result<Self> {
        let batch = table.read_table()?;
        let labels = labels(&batch, target)?;
        let features = match like {
            Some(like) => like.features.clone(),
            None => {
                let schema = batch.schema();
                schema.fields().iter().map(|field| field.name().clone()).filter(|name| name != target).collect()
            }
        };
        if features.is_empty() || labels.is_empty() {
            return Err(Failure::new(format!("the table has no rows, or no column beside the target `{target}`")));
        }
        if features.len().saturating_mul(labels.len()) > VALUES_MAX {
            let (rows, columns) = (labels.len(), features.len());
            return Err(Failure::new(format!(
                "{rows} rows of {columns} numbers; a table may hold {VALUES_MAX} numbers"
            ))
            .with_hint("train on a part of it"));
        }
        let scales = match like {
            Some(like) => like.scales.clone(),
            None => features.iter().map(|name| Ok(scale(&numbers(&batch, name)?))).collect::<Result<_>>()?,
        };
        let classes = like.map_or_else(|| distinct(&labels), |like| like.classes.clone());
        let places = labels.iter().map(|label| place(&classes, label)).collect::<Result<_>>()?;
        let values = values(&batch, &features, &scales)?;
        Ok(Self { features, scales, classes, values, places })
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.places.len()
    }

    /// The numbers of one row.
    pub(crate) fn row(&self, at: usize) -> &[f32] {
        let width = self.features.len();
        &self.values[at * width..(at + 1) * width]
    }
}

/// The numbers of a table's columns, row by row, each divided by its scale.
///
/// # Errors
/// When a column is missing or no numbers, or a value is missing.
pub(crate) fn values(batch: &RecordBatch, features: &[String], scales: &[f32]) -> Result<Vec<f32>> {
    let columns = features.iter().map(|name| numbers(batch, name)).collect::<Result<Vec<_>>>()?;
    let row = |row: usize| columns.iter().zip(scales).map(move |(column, scale)| column[row] / scale);
    Ok((0..batch.num_rows()).flat_map(row).collect())
}

fn column<'a>(batch: &'a RecordBatch, name: &str) -> Result<&'a ArrayRef> {
    batch.column_by_name(name).ok_or_else(|| {
        let names = batch.schema().fields().iter().map(|field| field.name().clone()).collect::<Vec<_>>().join(", ");
        Failure::new(format!("the table has no column `{name}`")).with_hint(format!("it has {names}"))
    })
}

fn numbers(batch: &RecordBatch, name: &str) -> Result<Vec<f32>> {
    let column = column(batch, name)?;
    let numeric = column.data_type().is_numeric();
    if !numeric || column.null_count() > 0 {
        let what = if numeric { "has missing values".to_owned() } else { format!("is of type {}", column.data_type()) };
        return Err(Failure::new(format!("column `{name}` {what}, and a network learns from numbers"))
            .with_hint("clean the table, or leave the column out"));
    }
    let numbers = cast(column, &DataType::Float32).context("a column cannot be read as numbers")?;
    Ok(numbers.as_primitive::<Float32Type>().values().to_vec())
}

fn labels(batch: &RecordBatch, target: &str) -> Result<Vec<String>> {
    let column = column(batch, target).map_err(|failure| failure.with_hint("name another target"))?;
    let text = cast(column, &DataType::Utf8).context("the target cannot be read as text")?;
    let text = text.as_string::<i32>();
    if text.null_count() > 0 {
        return Err(Failure::new(format!("the target `{target}` has missing values")));
    }
    Ok(text.iter().flatten().map(str::to_owned).collect())
}

fn scale(column: &[f32]) -> f32 {
    let largest = column.iter().fold(0.0_f32, |largest, value| largest.max(value.abs()));
    if largest > 0.0 { largest } else { 1.0 }
}

fn distinct(labels: &[String]) -> Vec<String> {
    labels.iter().collect::<BTreeSet<_>>().into_iter().cloned().collect()
}

fn place(classes: &[String], label: &String) -> Result<i32> {
    let place = classes.binary_search(label).ok().and_then(|place| i32::try_from(place).ok());
    place.ok_or_else(|| Failure::new(format!("the class `{label}` is not among those that were learned")))
}
