//! The handwritten digits of `tests/data/digits` as tables, for the tests of several components.
//! Never part of a build that is no test.

use std::path::Path;
use std::sync::Arc;

use sdk_guest::DataSet;
use sdk_guest::table::arrow_array::{ArrayRef, Int64Array, RecordBatch};

/// The text of a file beside the digits.
pub(super) fn read_file(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/digits");
    let path = folder.join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// `train`, `validation-a` or `validation-b`.
pub(super) fn table(name: &str) -> DataSet {
    let text = read_file(&format!("{name}.csv"));
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap().split(',').collect();
    let rows: Vec<Vec<i64>> = lines.map(|line| line.split(',').map(|value| value.parse().unwrap()).collect()).collect();
    let column = |at: usize| -> ArrayRef { Arc::new(rows.iter().map(|row| row[at]).collect::<Int64Array>()) };
    let columns = header.iter().enumerate().map(|(at, name)| (*name, column(at)));
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    DataSet::from_batches(&batch.schema(), [batch]).unwrap()
}
