//! Names the class of each row of a table by a trained model, on the device that the step was granted.
//! Never learns, and never looks at columns that the model does not know.

#[path = "../../train-network/src/model.rs"]
#[allow(dead_code, reason = "a model is stored by train-network")]
mod model;
#[path = "../../train-network/src/network.rs"]
mod network;
mod onnx;
mod predictor;
#[path = "../../train-network/src/rows.rs"]
#[allow(dead_code, reason = "training needs the classes of rows too")]
mod rows;
mod scores;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use sdk_guest::prelude::*;
use sdk_guest::table::TableWriter;
use sdk_guest::table::arrow_array::RecordBatch;
use sdk_guest::table::arrow_schema::{DataType, Field, Schema};

use predictor::Predictor;

/// Columns that are added.
const PREDICTION: &str = "prediction";
const CONFIDENCE: &str = "confidence";

/// Names the class of each row of a table.
///
/// The model is a network of the component train-network (`application/vnd.safetensors`), whose columns the table
/// must have, or any classifier in the form of ONNX (`application/onnx`) that takes rows of numbers and makes scores of
/// classes. What the latter takes is `features`, the names of columns in order (when left out: all columns of
/// numbers, in the table's order), and what it tells is `classes`, their names in order (when left out: 0, 1 and so
/// on). The table comes back with two more columns: `prediction`, the class, and `confidence`, how sure the model is
/// of it, between 0 and 1.
#[step(outputs(table))]
fn predict_batch(
    model: &Model,
    table: &DataSet,
    features: Option<Vec<String>>,
    classes: Option<Vec<String>>,
) -> Result<DataSet, Failure> {
    let batches = table.read_batches()?;
    let schema = batches.schema();
    let predictor = Predictor::load(model, &schema, features, classes)?;
    let schema = with_predictions(&schema)?;
    let mut writer = TableWriter::new(&schema)?;
    let mut rows = 0;
    for batch in batches {
        let batch = batch?;
        rows += batch.num_rows() as u64;
        let predictions = predictor.predict(&batch).with_context(|| format!("before row {}", rows + 1))?;
        let columns = batch.columns().iter().cloned().chain(predictions).collect();
        let joined = RecordBatch::try_new(Arc::new(schema.clone()), columns).context("the table cannot be joined")?;
        writer.write(&joined)?;
        progress::report(rows, table.rows(), "rows");
    }
    writer.finish()
}

fn with_predictions(schema: &Schema) -> Result<Schema> {
    let added = [Field::new(PREDICTION, DataType::Utf8, false), Field::new(CONFIDENCE, DataType::Float32, false)];
    if let Some(taken) = added.iter().find(|field| schema.column_with_name(field.name()).is_some()) {
        let name = taken.name();
        return Err(Failure::new(format!("the table has a column `{name}` already")).with_hint("rename it first"));
    }
    Ok(Schema::new(schema.fields().iter().map(|field| field.as_ref().clone()).chain(added).collect::<Vec<_>>()))
}
