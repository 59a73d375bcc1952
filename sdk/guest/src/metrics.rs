//! Making metrics.
//! Never computes a score; it only hands over what the step computed.

use crate::handles::backend::MetricsWriter;
use crate::{ClassScores, ConfusionMatrix, Metrics, Result};

/// Collects what an evaluation found: `Metrics::builder().scalar("accuracy", 0.97).finish()`.
#[derive(Clone, Debug, Default, PartialEq)]
#[must_use = "nothing is stored before `finish`"]
pub struct MetricsBuilder {
    scalars: Vec<(String, f64)>,
    classes: Vec<ClassScores>,
    confusion: Option<ConfusionMatrix>,
}

impl Metrics {
    /// Starts with nothing.
    pub fn builder() -> MetricsBuilder {
        MetricsBuilder::default()
    }

    /// The scalar of this name.
    #[must_use]
    pub fn scalar(&self, name: &str) -> Option<f64> {
        self.scalars().into_iter().find_map(|(key, value)| (key == name).then_some(value))
    }
}

impl MetricsBuilder {
    /// Sets a scalar; a name set twice keeps the later value.
    pub fn scalar(mut self, name: impl Into<String>, value: f64) -> Self {
        self.scalars.push((name.into(), value));
        self
    }

    /// Sets the scores per class.
    pub fn classes(mut self, classes: Vec<ClassScores>) -> Self {
        self.classes = classes;
        self
    }

    /// Sets the confusion matrix.
    pub fn confusion(mut self, matrix: ConfusionMatrix) -> Self {
        self.confusion = Some(matrix);
        self
    }

    /// Stores the metrics and returns their handle.
    ///
    /// # Errors
    /// When a scalar is no finite number, the matrix is not square over its labels, or the host
    /// cannot write its storage.
    pub fn finish(self) -> Result<Metrics> {
        let writer = MetricsWriter::new();
        for (name, value) in &self.scalars {
            writer.set_scalar(name, *value)?;
        }
        if !self.classes.is_empty() {
            writer.set_classes(&self.classes)?;
        }
        if let Some(matrix) = &self.confusion {
            writer.set_confusion(matrix)?;
        }
        Ok(MetricsWriter::finish(writer)?)
    }
}
