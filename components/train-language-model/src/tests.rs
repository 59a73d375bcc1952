//! The steps and the job, called natively: they learn, and they say what is wrong with their arguments.

use sdk_guest::prelude::*;
use sdk_guest::train::{Job, Setting, Trainable as _};

use super::train_language_model;
use super::tune::tune_adapter;

const SENTENCE: &str = "the mill grinds sand and the sand is fine. ";

fn text<T: Handle>(words: &str, times: usize) -> T {
    T::from_bytes("text/plain", words.repeat(times).as_bytes()).expect("stored")
}

fn trained() -> (Model, f64) {
    train_language_model(&text(SENTENCE, 60), Some(60), Some(8), Some(16), None, Some(1)).expect("trained")
}

#[test]
fn a_text_that_repeats_is_learned() {
    let (model, loss) = trained();
    assert!(loss < 1.0, "a network that knows nothing is at 2.8: {loss}");
    assert_eq!(model.metadata("architecture").as_deref(), Some("transformer"));
}

#[test]
fn what_cannot_be_trained_is_told() {
    let failure = |text: &Artifact, steps: u32, rate: f64| {
        let trained = train_language_model(text, Some(steps), None, Some(16), Some(rate), None);
        trained.expect_err("refused").message
    };
    assert!(failure(&text("short", 1), 1, 0.1).contains("needs 170"));
    assert!(failure(&text("long enough ", 50), 0, 0.1).contains("at least 1"));
    assert!(failure(&text("long enough ", 50), 1, -1.0).contains("learning rate of -1"));
}

#[test]
fn an_adapter_teaches_a_model_another_text() {
    let (model, _) = trained();
    let other: Artifact = text("sand is the gem the fen gathers. ", 60);
    let (tuned, adapter, before, after) =
        tune_adapter(&model, &other, Some(4), None, Some(60), Some(8), Some(0.01), None).expect("tuned");
    assert!(after < 0.8 * before, "{before} to {after}");
    let size = |handle: &Artifact| handle.describe().size_bytes;
    assert!(size(&adapter) < tuned.describe().size_bytes / 2, "an adapter is a fraction of its model");
    let merged = tune_adapter(&tuned, &other, None, None, Some(1), None, None, None).expect("tuned again");
    assert!((merged.2 - after).abs() < 1e-4, "the merged model is where the adapter was: {} and {after}", merged.2);
}

#[test]
fn what_cannot_be_tuned_is_told() {
    let (model, _) = trained();
    let failure = |model: &Model, words: &str, rank: u32| {
        let tuned = tune_adapter(model, &text(words, 60), Some(rank), None, Some(1), None, None, None);
        tuned.expect_err("refused").message
    };
    for rank in [0, 65] {
        assert!(failure(&model, SENTENCE, rank).contains("between 1 and 64"));
    }
    assert!(failure(&model, "Quite so! ", 4).contains("never seen"));
    let strange = Model::from_bytes("application/vnd.safetensors", b"nothing of the kind").expect("stored");
    assert!(failure(&strange, SENTENCE, 4).contains("weights cannot be read"));
    let silent = Model::from_bytes("application/vnd.safetensors", b"\x02\0\0\0\0\0\0\0{}").expect("stored");
    assert!(failure(&silent, SENTENCE, 4).contains("which characters"));
}

fn worker(steps: i64) -> super::job::Worker {
    let whole = |name: &str, value| (name.to_owned(), Setting::Whole(value));
    let settings = vec![whole("batch", 4), whole("context", 16), whole("steps", steps)];
    let data_sets = vec![("text".to_owned(), text(SENTENCE, 60))];
    let job = Job { rank: 0, size: 1, seed: 1, settings, data_sets, models: Vec::new() };
    super::job::Worker::init(job).expect("a worker")
}

fn checkpoint(worker: &super::job::Worker) -> Artifact {
    let mut writer = Artifact::writer("application/octet-stream");
    worker.save(&mut writer).expect("saved");
    writer.finish().expect("stored")
}

#[test]
fn a_job_goes_on_from_a_checkpoint_to_the_same_model() {
    let (mut whole, mut first, mut second) = (worker(6), worker(6), worker(6));
    // Natively, all tests of this process draw their first weights from one generator.
    first.load(&mut checkpoint(&whole).reader()).expect("loaded");
    while !whole.step().expect("a step").done {}
    for _ in 0..3 {
        first.step().expect("a step");
    }
    second.load(&mut checkpoint(&first).reader()).expect("loaded");
    while !second.step().expect("a step").done {}
    // Natively, the header's entries come in an order of their own each time.
    let weights = |worker: &mut super::job::Worker| {
        let model = worker.finish().expect("a model").read_to_end().expect("read");
        let header = u64::from_le_bytes(model[..8].try_into().expect("eight bytes")) as usize;
        model[8 + header..].to_vec()
    };
    assert!(weights(&mut second) == weights(&mut whole), "the weights differ");
}
