//! What is no network, and tables that do not fit, are told. That predictions are right is tested where there is
//! something to train: on a node.

use std::sync::Arc;

use sdk_guest::prelude::*;
use sdk_guest::table::arrow_array::{Float32Array, RecordBatch};
use sdk_guest::table::arrow_schema::{DataType, Field, Schema};

use super::predict_batch;
use super::scores::{Scores, are_probabilities};

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
    let failure = predict_batch(&model("application/json", b"{}"), &table(), None, None).expect_err("refused");
    assert!(failure.message.contains("`application/json` are not known"), "{}", failure.message);
    let refused = |bytes: &[u8]| {
        predict_batch(&model("application/vnd.safetensors", bytes), &table(), None, None).expect_err("refused").message
    };
    for torn in [&b""[..], &[255; 8], b"\x09\0\0\0\0\0\0\0{}"] {
        assert!(refused(torn).contains("weights cannot be read"), "{torn:?}");
    }
    assert!(refused(b"\x02\0\0\0\0\0\0\0{}").contains("does not say what it was trained for"));
}

#[test]
fn only_an_onnx_model_is_told_its_columns_and_natively_none_is_run() {
    let refused = |media_type: &str| {
        let features = Some(vec!["pixel".to_owned()]);
        predict_batch(&model(media_type, b"a model"), &table(), features, None).expect_err("refused").message
    };
    assert!(refused("application/vnd.safetensors").contains("knows its columns"));
    assert!(refused("application/onnx").contains("only there in the sandbox"));
}

#[test]
fn scores_say_which_class_and_how_sure_that_is() {
    let mut scores = Scores::default();
    scores.add(&[0.0, 0.0, 1.0_f32.ln(), 3.0_f32.ln()], 2, false).expect("added");
    scores.add(&[0.125, 0.875], 2, true).expect("added");
    assert_eq!(scores.places, [0, 1, 1], "the first of the largest");
    assert_eq!(scores.confidences.iter().map(|sure| (sure * 1e3).round()).collect::<Vec<_>>(), [500.0, 750.0, 875.0]);
    assert!(scores.add(&[f32::NAN, 0.0], 2, false).expect_err("refused").message.contains("not a number"));
    assert!(are_probabilities(&[0.5, 0.5, 1.0, 0.0], 2));
    assert!(!are_probabilities(&[0.5, 0.5, 1.5, -0.5], 2));
    assert!(!are_probabilities(&[0.5, 0.5, 0.5, 0.0], 2));
}
