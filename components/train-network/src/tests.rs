//! The step, called natively: it learns, it repeats, and it says what is wrong with its arguments.

use std::sync::Arc;

use sdk_guest::prelude::*;
use sdk_guest::table::arrow_array::{ArrayRef, Float32Array, RecordBatch, StringArray};
use sdk_guest::table::arrow_schema::{DataType, Field, Schema};

use super::train_network;

/// Pictures of 4 by 4 pixels whose bright half says what they are.
fn pictures(count: usize) -> DataSet {
    let bright = |row: usize, pixel: usize| match row % 2 {
        0 => pixel < 8,
        _ => pixel >= 8,
    };
    let mut fields = vec![Field::new("half", DataType::Utf8, false)];
    let labels: Vec<&str> = (0..count).map(|row| ["upper", "lower"][row % 2]).collect();
    let mut columns: Vec<ArrayRef> = vec![Arc::new(StringArray::from(labels))];
    for pixel in 0..16 {
        fields.push(Field::new(format!("pixel-{pixel}"), DataType::Float32, false));
        let noise = |row: usize| ((row * 7 + pixel * 3) % 5) as f32;
        let values: Vec<f32> = (0..count).map(|row| noise(row) + if bright(row, pixel) { 10.0 } else { 0.0 }).collect();
        columns.push(Arc::new(Float32Array::from(values)));
    }
    let schema = Schema::new(fields);
    let batch = RecordBatch::try_new(Arc::new(schema.clone()), columns).expect("a table");
    DataSet::from_batches(&schema, [batch]).expect("stored")
}

fn train(architecture: &str, seed: u64) -> Result<(Model, f64), Failure> {
    let (table, unseen) = (pictures(200), pictures(50));
    train_network(&table, &unseen, "half".into(), Some(architecture.into()), Some(8), Some(20), Some(5e-3), Some(seed))
}

#[test]
fn both_architectures_learn_what_is_plain_to_see() {
    for architecture in ["mlp", "cnn"] {
        let (model, accuracy) = train(architecture, 1).expect("trained");
        assert!(accuracy > 0.95, "{architecture}: {accuracy}");
        assert_eq!(model.metadata("architecture").as_deref(), Some(architecture));
        let bytes = model.read_to_end().expect("read");
        let header = u64::from_le_bytes(bytes[..8].try_into().expect("eight bytes"));
        let header = std::str::from_utf8(&bytes[8..8 + header as usize]).expect("text");
        assert!(header.contains("layers.0.weight") && header.contains("\"sandmill\""), "{header}");
        let (_, about) = super::model::load(&model, &burn::tensor::Device::default()).expect("read back");
        assert_eq!((about.classes.len(), about.features.len()), (2, 16));
    }
}

#[test]
fn what_cannot_be_trained_is_told() {
    let (table, unseen) = (pictures(10), pictures(4));
    let failure = |target: &str, architecture: &str, passes: u32, rate: f64| {
        let architecture = Some(architecture.to_owned());
        let trained = train_network(&table, &unseen, target.into(), architecture, Some(passes), None, Some(rate), None);
        trained.expect_err("refused").message
    };
    assert!(failure("whole", "mlp", 1, 0.1).contains("no column `whole`"));
    assert!(failure("half", "rnn", 1, 0.1).contains("no architecture `rnn`"));
    assert!(failure("half", "mlp", 0, 0.1).contains("at least 1"));
    assert!(failure("half", "mlp", 1, f64::NAN).contains("learning rate of NaN"));
    assert!(failure("pixel-1", "cnn", 1, 0.1).contains("column `half`"));
}

#[test]
fn weights_that_run_away_end_the_training() {
    let (table, unseen) = (pictures(40), pictures(4));
    let trained = train_network(&table, &unseen, "half".into(), None, Some(50), Some(10), Some(1e30), None);
    assert!(trained.expect_err("no weights").message.contains("ran away"));
}
