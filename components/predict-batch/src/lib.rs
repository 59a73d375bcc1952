//! Names the class of each row of a table by a trained network, on the device that the step was granted.
//! Never learns, and never looks at columns that the network does not know.

#[path = "../../train-network/src/model.rs"]
#[allow(dead_code, reason = "a model is stored by train-network")]
mod model;
#[path = "../../train-network/src/network.rs"]
mod network;
#[path = "../../train-network/src/rows.rs"]
#[allow(dead_code, reason = "training needs the classes of rows too")]
mod rows;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use burn::tensor::activation::softmax;
use burn::tensor::{Device, Tensor, TensorData};
use sdk_guest::prelude::*;
use sdk_guest::table::TableWriter;
use sdk_guest::table::arrow_array::{ArrayRef, Float32Array, RecordBatch, StringArray};
use sdk_guest::table::arrow_schema::{DataType, Field, Schema};

use model::About;
use network::Network;

/// Columns that are added.
const PREDICTION: &str = "prediction";
const CONFIDENCE: &str = "confidence";

/// Names the class of each row of a table.
///
/// The table must have the columns that the network learned from; it comes back with two more:
/// `prediction`, the class, and `confidence`, how sure the network is of it, between 0 and 1.
#[step(outputs(table))]
fn predict_batch(model: &Model, table: &DataSet) -> Result<DataSet, Failure> {
    let device = Device::default();
    let (network, about) = model::load(model, &device)?;
    let batches = table.read_batches()?;
    let schema = with_predictions(&batches.schema())?;
    let mut writer = TableWriter::new(&schema)?;
    let mut rows = 0;
    for batch in batches {
        let batch = batch?;
        rows += batch.num_rows() as u64;
        let predictions =
            predict(&network, &about, &batch, &device).with_context(|| format!("before row {}", rows + 1))?;
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

fn predict(network: &Network, about: &About, batch: &RecordBatch, device: &Device) -> Result<[ArrayRef; 2]> {
    let count = batch.num_rows();
    let values = rows::values(batch, &about.features, &about.scales)?;
    if count == 0 {
        return Ok([Arc::new(StringArray::from(Vec::<&str>::new())), Arc::new(Float32Array::from(Vec::<f32>::new()))]);
    }
    let inputs = Tensor::<2>::from_data(TensorData::new(values, [count, about.features.len()]), device);
    let (confidence, places) = softmax(network.forward(inputs), 1).max_dim_with_indices(1);
    let confidence = confidence.into_data().try_to_vec::<f32>().context("the device gave no numbers")?;
    let places = places.into_data().iter::<i64>().collect::<Vec<_>>();
    let class =
        |place: &i64| usize::try_from(*place).ok().and_then(|place| about.classes.get(place)).map(String::as_str);
    let classes: Option<Vec<&str>> = places.iter().map(class).collect();
    let classes = classes.ok_or_else(|| Failure::new("the network named a class that it does not have"))?;
    Ok([Arc::new(StringArray::from(classes)), Arc::new(Float32Array::from(confidence))])
}
