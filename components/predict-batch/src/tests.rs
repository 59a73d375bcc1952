//! What is no network, and tables that do not fit, are told. That predictions are right is tested where there is
//! something to train: on a node.

use std::sync::Arc;

use sdk_guest::prelude::*;
use sdk_guest::table::arrow_array::{Float32Array, RecordBatch};
use sdk_guest::table::arrow_schema::{DataType, Field, Schema};

use super::predict_batch;

fn table() -> DataSet {
    let schema = Schema::new(vec![Field::new("pixel", DataType::Float32, false)]);
    let column = Arc::new(Float32Array::from(vec![1.0, 2.0]));
    let batch = RecordBatch::try_new(Arc::new(schema.clone()), vec![column]).expect("a table");
    DataSet::from_batches(&schema, [batch]).expect("stored")
}

fn model(media_type: &str, bytes: &[u8]) -> Model {
    let mut writer = Model::writer(media_type);
    std::io::Write::write_all(&mut writer, bytes).expect("written");
    writer.finish().expect("stored")
}

#[test]
fn what_is_no_network_is_told() {
    let failure = predict_batch(&model("application/json", b"{}"), &table()).expect_err("refused");
    assert!(failure.message.contains("not a network"), "{}", failure.message);
    let refused = |bytes: &[u8]| {
        predict_batch(&model("application/vnd.safetensors", bytes), &table()).expect_err("refused").message
    };
    for torn in [&b""[..], &[255; 8], b"\x09\0\0\0\0\0\0\0{}"] {
        assert!(refused(torn).contains("weights cannot be read"), "{torn:?}");
    }
    assert!(refused(b"\x02\0\0\0\0\0\0\0{}").contains("does not say what it was trained for"));
}
