//! How metrics are stored: JSON whose bytes follow from the content, so that equal metrics have one digest.
//! Never accepts a number that JSON cannot hold.

use std::collections::BTreeMap;

use host_bindings::sandmill::data::metrics::{ClassScores, ConfusionMatrix};
use host_runtime::handles::MetricsWriterHandle;
use serde_json::{Value, json};

/// Media type of stored metrics.
pub const MEDIA_TYPE: &str = "application/vnd.sandmill.metrics.v1+json";

/// Metrics are read as a whole; more than this are no metrics any more.
pub(crate) const BYTES_MAX: u64 = 16 << 20;

pub(crate) fn classes_to_json(classes: &[ClassScores]) -> Result<Value, String> {
    let class = |class: &ClassScores| {
        for (name, score) in [("precision", class.precision), ("recall", class.recall), ("f1", class.f1)] {
            if !(0.0..=1.0).contains(&score) {
                return Err(format!("the {name} of class `{}` is {score}, not between 0 and 1", class.label));
            }
        }
        Ok(json!({
            "label": class.label,
            "precision": class.precision,
            "recall": class.recall,
            "f1": class.f1,
            "support": class.support,
        }))
    };
    classes.iter().map(class).collect::<Result<_, _>>().map(Value::Array)
}

pub(crate) fn confusion_to_json(matrix: &ConfusionMatrix) -> Result<Value, String> {
    let size = matrix.labels.len();
    if matrix.counts.len() != size || matrix.counts.iter().any(|row| row.len() != size) {
        return Err(format!("the confusion matrix is not square over its {size} labels"));
    }
    Ok(json!({ "labels": matrix.labels, "counts": matrix.counts }))
}

/// The bytes to store.
pub(crate) fn to_bytes(writer: MetricsWriterHandle) -> Vec<u8> {
    let mut document = serde_json::Map::new();
    document.insert("scalars".to_owned(), json!(writer.scalars));
    if let Some(classes) = writer.classes {
        document.insert("classes".to_owned(), classes);
    }
    if let Some(confusion) = writer.confusion {
        document.insert("confusion".to_owned(), confusion);
    }
    Value::Object(document).to_string().into_bytes()
}

/// What was stored.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Metrics(Value);

impl Metrics {
    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Self, String> {
        serde_json::from_slice(bytes)
            .map(Self)
            .map_err(|error| format!("the stored metrics are not understood: {error}"))
    }

    pub(crate) fn scalars(&self) -> Vec<(String, f64)> {
        let scalars: BTreeMap<&String, f64> = self.0["scalars"]
            .as_object()
            .map(|scalars| scalars.iter().filter_map(|(name, value)| Some((name, value.as_f64()?))).collect())
            .unwrap_or_default();
        scalars.into_iter().map(|(name, value)| (name.clone(), value)).collect()
    }

    pub(crate) fn classes(&self) -> Vec<ClassScores> {
        let class = |class: &Value| {
            Some(ClassScores {
                label: class["label"].as_str()?.to_owned(),
                precision: class["precision"].as_f64()?,
                recall: class["recall"].as_f64()?,
                f1: class["f1"].as_f64()?,
                support: class["support"].as_u64()?,
            })
        };
        self.0["classes"].as_array().map(|classes| classes.iter().filter_map(class).collect()).unwrap_or_default()
    }

    pub(crate) fn confusion(&self) -> Option<ConfusionMatrix> {
        let matrix = self.0.get("confusion")?;
        let labels = matrix["labels"].as_array()?.iter().map(|label| label.as_str().map(str::to_owned));
        let row = |row: &Value| row.as_array()?.iter().map(Value::as_u64).collect::<Option<Vec<_>>>();
        let counts = matrix["counts"].as_array()?.iter().map(row);
        Some(ConfusionMatrix { labels: labels.collect::<Option<_>>()?, counts: counts.collect::<Option<_>>()? })
    }
}

#[cfg(test)]
mod tests;
