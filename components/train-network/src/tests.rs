//! The step, called natively: it learns, it repeats, and it says what is wrong with its arguments.

use std::sync::Arc;

use sdk_guest::prelude::*;
use sdk_guest::table::arrow_array::{ArrayRef, Float32Array, RecordBatch, StringArray};
use sdk_guest::table::arrow_schema::{DataType, Field, Schema};
use sdk_guest::train::{Job, Setting, Trainable as _};

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

fn worker(rank: u32, size: u32, target: &str, batch_rows: i64) -> Result<super::job::Worker> {
    let settings = vec![
        ("batch-rows".to_owned(), Setting::Whole(batch_rows)),
        ("passes".to_owned(), Setting::Whole(2)),
        ("target".to_owned(), Setting::Text(target.to_owned())),
    ];
    let data_sets = vec![("table".to_owned(), pictures(50)), ("test-table".to_owned(), pictures(20))];
    super::job::Worker::init(Job { rank, size, seed: 1, settings, data_sets, models: Vec::new() })
}

#[test]
fn a_job_goes_on_from_a_checkpoint_to_the_same_model() {
    let whole_passes = |worker: &mut super::job::Worker| {
        let mut steps = 0;
        while !worker.step().expect("a step").done {
            steps += 1;
        }
        // Natively, the header's entries come in an order of their own each time.
        let model = worker.finish().expect("a model").read_to_end().expect("read");
        let header = u64::from_le_bytes(model[..8].try_into().expect("eight bytes")) as usize;
        (steps, model[8 + header..].to_vec())
    };
    let checkpoint = |worker: &super::job::Worker| {
        let mut writer = Artifact::writer("application/octet-stream");
        worker.save(&mut writer).expect("saved");
        writer.finish().expect("stored")
    };
    let fresh = || worker(0, 1, "half", 20).expect("a worker");
    let (mut whole, mut first, mut second) = (fresh(), fresh(), fresh());
    // Natively, all tests of this process draw their first weights from one generator.
    first.load(&mut checkpoint(&whole).reader()).expect("loaded");
    let (steps, weights) = whole_passes(&mut whole);
    assert_eq!(steps, 5, "three batches in each of two passes, the last of which says that it is done");
    (0..4).for_each(|_| drop(first.step().expect("a step")));
    second.load(&mut checkpoint(&first).reader()).expect("loaded");
    assert!(whole_passes(&mut second) == (1, weights), "the weights differ");
    assert!(second.evaluate().expect("scored").iter().any(|(name, value)| name == "accuracy" && *value > 0.4));
}

#[test]
fn a_job_that_cannot_be_done_is_refused_by_each_worker() {
    let failure =
        |size: u32, target: &str, batch_rows: i64| worker(0, size, target, batch_rows).err().expect("refused").message;
    assert!(failure(3, "half", 2).contains("too small for 3 workers"));
    assert!(failure(1, "", 2).contains("which column"));
    assert!(failure(1, "half", 0).contains("at least 1"));
    assert!(worker(2, 3, "half", 3).is_ok());
}
