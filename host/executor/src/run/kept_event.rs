//! What an entry of a run's history holds: a decision about the run, a point of a series, or that people attached something.
//! Never interprets it; the decider and the faces do.

use host_pipeline::RunEvent;
use serde::Deserialize;
use serde_json::{Value as Json, json};

/// An entry of a run's history.
#[derive(Clone, Debug)]
pub enum KeptEvent {
    /// Something that the decider was told.
    Decision(Box<RunEvent>),
    /// A point of a series.
    Metric(MetricPoint),
    /// What is attached to the run was changed; the run itself was not.
    Attributes,
}

/// A point of a series that a step reported.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct MetricPoint {
    /// The step's name.
    pub step: String,
    /// The series' name.
    pub name: String,
    /// Where in the series.
    pub index: u64,
    /// The value; none where it was not a finite number.
    pub value: Option<f64>,
}

/// How an entry is tagged that carries a point of a series. Decisions have tags of their own.
const METRIC: &str = "metric";
/// How an entry is tagged that only says that something was attached.
const ATTRIBUTES: &str = "attributes";

impl KeptEvent {
    /// Reads what an entry holds.
    ///
    /// # Errors
    /// Where it was written by a newer version.
    pub fn read(entry: Json) -> Result<Self, serde_json::Error> {
        match entry.get("event").and_then(Json::as_str) {
            Some(METRIC) => serde_json::from_value(entry).map(Self::Metric),
            Some(ATTRIBUTES) => Ok(Self::Attributes),
            _ => serde_json::from_value(entry).map(|event| Self::Decision(Box::new(event))),
        }
    }
}

impl MetricPoint {
    /// As it stands in the ledger.
    pub(crate) fn entry(&self) -> Json {
        let Self { step, name, index, value } = self;
        json!({ "event": METRIC, "step": step, "name": name, "index": index, "value": value })
    }
}

/// The entry that says that what is attached to the run was changed.
pub(crate) fn attributes_entry() -> Json {
    json!({ "event": ATTRIBUTES })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test that cannot set itself up has to stop")]
    use super::*;

    #[test]
    fn each_kind_is_read_as_it_was_written() {
        let point = MetricPoint { step: "train".to_owned(), name: "loss".to_owned(), index: 3, value: None };
        let entry = point.entry();
        assert_eq!(entry, json!({ "event": "metric", "step": "train", "name": "loss", "index": 3, "value": null }));
        assert!(matches!(KeptEvent::read(entry), Ok(KeptEvent::Metric(read)) if read == point));
        assert_eq!(attributes_entry(), json!({ "event": "attributes" }));
        assert!(matches!(KeptEvent::read(attributes_entry()), Ok(KeptEvent::Attributes)));
        let decision = serde_json::to_value(RunEvent::CancelRequested).unwrap();
        assert!(
            matches!(KeptEvent::read(decision), Ok(KeptEvent::Decision(event)) if *event == RunEvent::CancelRequested)
        );
        assert!(KeptEvent::read(json!({ "event": "from the future" })).is_err());
    }
}
