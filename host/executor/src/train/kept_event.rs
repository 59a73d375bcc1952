//! What an entry of a job's history holds: a record, what a worker measured, or that people attached something.
//! Never interprets it; the decider and the faces do.

use host_training::Record;
use serde::Deserialize;
use serde_json::{Value as Json, json};

use crate::{KeptEvent, MetricPoint};

/// How an entry is tagged that carries points of series.
const POINTS: &str = "train-points";

/// An entry of a job's history.
#[derive(Clone, Debug)]
pub enum KeptJobEvent {
    /// Something that the job must know after a restart.
    Record(Box<Record>),
    /// What one worker measured in one step, or an evaluation.
    Points(JobPoints),
    /// A point of a series that a worker reported by itself.
    Metric(MetricPoint),
    /// What is attached to the job was changed; the job itself was not.
    Attributes,
}

/// Points of several series at one step.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct JobPoints {
    /// The worker's name, or `evaluation`.
    pub series: String,
    /// The job's step.
    pub step: u64,
    /// Names and values; none where a value was not a finite number.
    pub points: Vec<(String, Option<f64>)>,
}

impl KeptJobEvent {
    /// Reads what an entry holds.
    ///
    /// # Errors
    /// Where it was written by a newer version.
    pub fn read(entry: Json) -> Result<Self, serde_json::Error> {
        let tag = entry.get("event").and_then(Json::as_str).unwrap_or_default();
        if tag == POINTS {
            return serde_json::from_value(entry).map(Self::Points);
        }
        // Records have tags of their own; all others are those of any run.
        if tag.starts_with("train-") {
            return serde_json::from_value(entry).map(|record| Self::Record(Box::new(record)));
        }
        match KeptEvent::read(entry)? {
            KeptEvent::Metric(point) => Ok(Self::Metric(point)),
            KeptEvent::Attributes => Ok(Self::Attributes),
            KeptEvent::Decision(_) => Err(serde::de::Error::custom("a decision about a pipeline's run")),
        }
    }
}

/// The entry of what one worker measured in one step.
pub(crate) fn points_entry(series: &str, step: u64, metrics: &[(String, f64)]) -> Json {
    // What is no finite number is `null` in JSON.
    let points: Vec<Json> = metrics.iter().map(|(name, value)| json!([name, value])).collect();
    json!({ "event": POINTS, "series": series, "step": step, "points": points })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test that cannot set itself up has to stop")]
    use super::*;

    #[test]
    fn each_kind_is_read_as_it_was_written() {
        let entry = points_entry("worker-1", 7, &[("loss".to_owned(), 0.5), ("norm".to_owned(), f64::NAN)]);
        let points = vec![("loss".to_owned(), Some(0.5)), ("norm".to_owned(), None)];
        let expected = JobPoints { series: "worker-1".to_owned(), step: 7, points };
        assert!(matches!(KeptJobEvent::read(entry), Ok(KeptJobEvent::Points(read)) if read == expected));
        let record = serde_json::to_value(Record::Interrupted).unwrap();
        assert!(matches!(KeptJobEvent::read(record), Ok(KeptJobEvent::Record(read)) if *read == Record::Interrupted));
        assert!(matches!(KeptJobEvent::read(json!({ "event": "attributes" })), Ok(KeptJobEvent::Attributes)));
        let point = json!({ "event": "metric", "step": "worker-0", "name": "loss", "index": 3, "value": 0.1 });
        assert!(matches!(KeptJobEvent::read(point), Ok(KeptJobEvent::Metric(point)) if point.index == 3));
        assert!(KeptJobEvent::read(json!({ "event": "train-from-the-future" })).is_err());
        assert!(KeptJobEvent::read(json!({ "event": "cancel-requested" })).is_err());
    }
}
