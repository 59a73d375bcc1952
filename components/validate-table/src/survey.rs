//! Passes over a table: one for statistics and checks, one for histograms.
//! Never holds more of the table than a batch.

use sdk_guest::prelude::*;
use sdk_guest::table::arrow_array::{Array, RecordBatch};

use crate::cell::{self, Kind};
use crate::check::ColumnCheck;
use crate::histogram::Filling;
use crate::profile::Profile;
use crate::report::{Anomaly, Histogram};
use crate::schema::Schema;

/// Columns of a table that can be described within the memory of a step.
const COLUMNS_MAX: usize = 2_000;

/// What one pass over a table found.
#[derive(Debug)]
pub(crate) struct Survey {
    /// Rows of the table.
    pub(crate) rows: u64,
    /// A profile of each column, in order.
    pub(crate) profiles: Vec<Profile>,
    /// What is wrong with single columns.
    pub(crate) anomalies: Vec<Anomaly>,
}

impl Survey {
    /// Reads the table once, checking what the schema asks of its columns.
    ///
    /// # Errors
    /// When the table has too many columns or cannot be read.
    pub(crate) fn take(table: &DataSet, schema: Option<&Schema>) -> Result<Self> {
        let batches = table.read_batches()?;
        let fields = batches.schema();
        if fields.fields().len() > COLUMNS_MAX {
            return Err(Failure::new(format!(
                "the table has {} columns, more than the limit of {COLUMNS_MAX}",
                fields.fields().len()
            ))
            .with_hint("validate it in parts, each with some of the columns"));
        }
        let mut columns = Vec::with_capacity(fields.fields().len());
        for field in fields.fields() {
            if columns.iter().any(|(profile, _): &(Profile, _)| profile.name == *field.name()) {
                return Err(Failure::new(format!("the table has two columns named `{}`", field.name())));
            }
            let kind = Kind::of(field.data_type());
            let check = schema.and_then(|schema| schema.columns.get(field.name()));
            columns.push((Profile::new(field.name(), kind), check.map(|check| ColumnCheck::new(check, kind))));
        }
        let rows_expected = table.rows();
        let mut rows = 0;
        for batch in batches {
            let batch = batch?;
            take_in(&batch, rows, &mut columns);
            rows += batch.num_rows() as u64;
            progress::report(rows, rows_expected, "rows");
        }
        let mut anomalies = Vec::new();
        let mut profiles = Vec::with_capacity(columns.len());
        for (profile, check) in columns {
            anomalies.extend(check.into_iter().flat_map(|check| check.finish(&profile)));
            profiles.push(profile);
        }
        Ok(Self { rows, profiles, anomalies })
    }

    /// The columns' names, in order.
    pub(crate) fn names(&self) -> Vec<&str> {
        self.profiles.iter().map(|profile| profile.name.as_str()).collect()
    }
}

fn take_in(batch: &RecordBatch, rows_before: u64, columns: &mut [(Profile, Option<ColumnCheck>)]) {
    for (column, (profile, check)) in batch.columns().iter().zip(columns) {
        let Some(cell_at) = cell::reader(column) else {
            let missing = column.logical_null_count() as u64;
            profile.add_uncounted(column.len() as u64 - missing, missing);
            continue;
        };
        for row in 0..column.len() {
            let cell = cell_at(row);
            profile.add(cell);
            if let Some(check) = check {
                check.look(rows_before + row as u64 + 1, cell);
            }
        }
    }
}

/// Reads the table a second time, now that the ranges are known.
///
/// # Errors
/// When the table cannot be read.
pub(crate) fn histograms(table: &DataSet, profiles: &[Profile]) -> Result<Vec<Option<Histogram>>> {
    let mut fillings: Vec<Option<Filling>> = profiles.iter().map(Filling::over).collect();
    if fillings.iter().any(Option::is_some) {
        for batch in table.read_batches()? {
            let batch = batch?;
            for (column, filling) in batch.columns().iter().zip(&mut fillings) {
                let (Some(filling), Some(cell_at)) = (filling, cell::reader(column)) else {
                    continue;
                };
                (0..column.len()).filter_map(|row| cell_at(row).number()).for_each(|number| filling.add(number));
            }
        }
    }
    Ok(fillings.into_iter().map(|filling| filling.map(Filling::finish)).collect())
}
