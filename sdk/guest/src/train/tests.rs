//! A type that is trained natively, as a test of a component does it.
//! Never needs a host.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::{Read as _, Write as _};

use super::*;
use crate::collective::{self, Exchange, Reduction};
use crate::trainable;

/// Goes half of the way to its target in each step.
struct Halves {
    value: f32,
    target: f32,
    exchange: Exchange,
}

#[trainable]
impl Trainable for Halves {
    fn init(job: Job) -> Result<Self> {
        let target = job.number("target", 8.0)? as f32;
        Ok(Self { value: 0.0, target, exchange: Exchange::new(1)? })
    }

    fn step(&mut self) -> Result<Progress> {
        let mut way = [(self.target - self.value) / 2.0];
        self.exchange.all_reduce(&mut way, Reduction::Mean)?;
        self.value += way[0];
        let left = f64::from(self.target - self.value);
        Ok(Progress::default().metric("left", left).done(left < 0.1))
    }

    fn save(&self, checkpoint: &mut Writer<Artifact>) -> Result<()> {
        Ok(checkpoint.write_all(&self.value.to_le_bytes())?)
    }

    fn load(&mut self, checkpoint: &mut Reader<'_, Artifact>) -> Result<()> {
        let mut bytes = [0; 4];
        checkpoint.read_exact(&mut bytes)?;
        self.value = f32::from_le_bytes(bytes);
        Ok(())
    }

    fn finish(&mut self) -> Result<Model> {
        Model::from_bytes("application/octet-stream", &self.value.to_le_bytes())
    }
}

fn job(settings: Vec<(String, Setting)>) -> Job {
    Job { rank: 0, size: 1, seed: 0, settings, data_sets: Vec::new(), models: Vec::new() }
}

#[test]
fn a_type_is_trained_as_the_host_does_it() {
    let worker = Worker::<Halves>::new();
    assert!(worker.step().unwrap_err().message.contains("`init` comes first"));
    worker.init(job(Vec::new())).unwrap();
    assert_eq!(worker.step().unwrap(), Progress::default().metric("left", 4.0));
    let checkpoint = worker.checkpoint().unwrap();
    assert_eq!(checkpoint.describe().media_type, CHECKPOINT_MEDIA_TYPE);
    assert_eq!(worker.step().unwrap().metrics[0].1, 2.0);
    worker.restore(&checkpoint).unwrap();
    assert_eq!(worker.step().unwrap().metrics[0].1, 2.0);
    while !worker.step().unwrap().done {}
    assert!(worker.evaluate().unwrap().is_empty());
    assert_eq!(worker.finish().unwrap().read_to_end().unwrap().len(), 4);
}

#[test]
fn settings_are_read_by_their_type() {
    let text = |text: &str| Setting::Text(text.to_owned());
    let named = [
        ("rate", Setting::Whole(2)),
        ("name", text("sgd")),
        ("deep", Setting::Flag(true)),
        ("rows", Setting::Number(0.5)),
    ];
    let job = job(named.into_iter().map(|(name, setting)| (name.to_owned(), setting)).collect());
    assert_eq!((job.number("rate", 0.1).unwrap(), job.number("other", 0.1).unwrap()), (2.0, 0.1));
    assert_eq!((job.count("rate", 1).unwrap(), job.flag("deep", false).unwrap()), (2, true));
    assert_eq!((job.text("name", "adam").unwrap(), job.text("other", "adam").unwrap()), ("sgd", "adam"));
    let failure = job.count("rows", 1).unwrap_err();
    assert_eq!(failure.message, "the setting `rows` is 0.5, not a whole number that is not negative");
    assert!(job.number("name", 0.0).is_err() && job.flag("rate", true).is_err() && job.text("deep", "").is_err());
    assert!(job.data_set("train").unwrap_err().hint.unwrap().contains("dataSets"));
    assert!(job.model("base").unwrap_err().hint.unwrap().contains("models"));
}

#[test]
fn workers_share_what_there_is_without_a_rest() {
    let share = |rank| -> Vec<usize> { Job { rank, size: 3, ..job(Vec::new()) }.share(7).collect() };
    assert_eq!([share(0), share(1), share(2)], [vec![0, 3, 6], vec![1, 4], vec![2, 5]]);
}

#[test]
fn natively_a_worker_is_alone() {
    assert_eq!((collective::join().rank, collective::join().size), (0, 1));
    collective::barrier().unwrap();
    let exchange = Exchange::new(2).unwrap();
    assert_eq!(exchange.all_gather(&[1.0, 2.0]).unwrap(), [1.0, 2.0]);
    assert!(exchange.broadcast(&mut [1.0, 2.0], 1).is_err());
    assert!(exchange.all_reduce(&mut [1.0], Reduction::Sum).unwrap_err().message.contains("room for 2"));
}
