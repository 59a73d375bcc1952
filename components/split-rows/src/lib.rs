//! Splits the rows of a table into a training and a test part.
//! Never looks at a value but those of the column to stratify by.

mod deal;
mod groups;
mod split;
#[cfg(test)]
mod tests;

use sdk_guest::prelude::*;

/// Splits the rows of a table into a training part and a test part.
///
/// `fraction` of the rows, strictly between 0 and 1, go into the training part. The rows are dealt
/// out at random but the same `seed` always deals them the same way; within a part they keep their
/// order. With `stratify-by`, the name of a column, every value of that column is represented in
/// both parts in the same proportion.
#[step(outputs(train, test))]
fn split_rows(
    table: &DataSet,
    fraction: f64,
    seed: u64,
    stratify_by: Option<String>,
) -> Result<(DataSet, DataSet), Failure> {
    split::split(table, fraction, seed, stratify_by.as_deref())
}
