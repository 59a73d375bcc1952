//! Scores of a classification, from true and predicted classes.
//! Never divides by zero: a share of nothing is 0.

use sdk_guest::prelude::*;

/// Everything that the metrics hold.
#[derive(Clone, Debug)]
pub(crate) struct Scores {
    /// The share of rows whose class was predicted.
    pub(crate) accuracy: f64,
    rows: u64,
    classes: Vec<ClassScores>,
    matrix: ConfusionMatrix,
    /// Which classes occur at all, among the true or the predicted ones.
    occurs: Vec<bool>,
}

impl Scores {
    /// Scores predictions against the truth; both are places in the list of labels.
    pub(crate) fn new(labels: &[String], truth: &[usize], predicted: &[usize]) -> Self {
        let mut counts = vec![vec![0_u64; labels.len()]; labels.len()];
        for (truth, predicted) in truth.iter().zip(predicted) {
            counts[*truth][*predicted] += 1;
        }
        let (mut classes, mut occurs, mut right) = (Vec::new(), Vec::new(), 0);
        for (place, label) in labels.iter().enumerate() {
            let hits = counts[place][place];
            let support: u64 = counts[place].iter().sum();
            let claimed: u64 = counts.iter().map(|row| row[place]).sum();
            let (precision, recall) = (share(hits, claimed), share(hits, support));
            // The harmonic mean, in the form that only divides once.
            let f1 = share(2 * hits, claimed + support);
            classes.push(ClassScores { label: label.clone(), precision, recall, f1, support });
            occurs.push(claimed + support > 0);
            right += hits;
        }
        let rows = truth.len() as u64;
        let matrix = ConfusionMatrix { labels: labels.to_vec(), counts };
        Self { accuracy: share(right, rows), rows, classes, matrix, occurs }
    }

    /// Stores them as metrics.
    ///
    /// # Errors
    /// When the step's output limit is reached or the host cannot write its storage.
    pub(crate) fn store(&self) -> Result<Metrics> {
        let precision = |class: &ClassScores| class.precision;
        let recall = |class: &ClassScores| class.recall;
        let f1 = |class: &ClassScores| class.f1;
        Metrics::builder()
            .scalar("accuracy", self.accuracy)
            .scalar("macro-f1", self.plain_mean(f1))
            .scalar("macro-precision", self.plain_mean(precision))
            .scalar("macro-recall", self.plain_mean(recall))
            .scalar("rows", as_f64(self.rows))
            .scalar("weighted-f1", self.weighted_mean(f1))
            .scalar("weighted-precision", self.weighted_mean(precision))
            .scalar("weighted-recall", self.weighted_mean(recall))
            .classes(self.classes.clone())
            .confusion(self.matrix.clone())
            .finish()
    }

    /// Over the classes that occur, each counting the same.
    fn plain_mean(&self, score: impl Fn(&ClassScores) -> f64) -> f64 {
        let occurring = || self.classes.iter().zip(&self.occurs).filter(|(_, occurs)| **occurs);
        occurring().map(|(class, _)| score(class)).sum::<f64>() / as_f64(occurring().count().max(1) as u64)
    }

    /// Each class counting as often as it has rows.
    fn weighted_mean(&self, score: impl Fn(&ClassScores) -> f64) -> f64 {
        let weighted: f64 = self.classes.iter().map(|class| score(class) * as_f64(class.support)).sum();
        weighted / as_f64(self.rows.max(1))
    }
}

fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { as_f64(part) / as_f64(whole) }
}

#[expect(clippy::cast_precision_loss, reason = "no table has 2^53 rows")]
const fn as_f64(count: u64) -> f64 {
    count as f64
}
