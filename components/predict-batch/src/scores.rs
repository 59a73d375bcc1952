//! Scores of the classes of rows, and what they say: which class, and how sure that is.
//! Never takes a number that is none for an answer.

use sdk_guest::prelude::*;

/// How far probabilities may be from adding up to 1.
const SUM_TOLERANCE: f32 = 1e-3;

/// The likeliest class of each row, by its place, and how likely it is, between 0 and 1.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Scores {
    /// Places of classes.
    pub(crate) places: Vec<usize>,
    /// How likely each is.
    pub(crate) confidences: Vec<f32>,
}

impl Scores {
    /// Adds rows of as many scores as there are classes: probabilities, or their logarithms up to a summand, as
    /// networks make them.
    ///
    /// # Errors
    /// When a score is not a number.
    pub(crate) fn add(&mut self, scores: &[f32], classes: usize, probable: bool) -> Result<()> {
        if scores.iter().any(|score| !score.is_finite()) {
            return Err(Failure::new("the model gave a score that is not a number"));
        }
        for row in scores.chunks(classes) {
            let (place, largest) = largest(row);
            let sum: f32 = row.iter().map(|score| (score - largest).exp()).sum();
            self.places.push(place);
            self.confidences.push(if probable { largest } else { 1.0 / sum });
        }
        Ok(())
    }
}

/// Whether the scores of every row are probabilities.
pub(crate) fn are_probabilities(scores: &[f32], classes: usize) -> bool {
    scores
        .chunks(classes)
        .all(|row| row.iter().all(|score| *score >= 0.0) && (row.iter().sum::<f32>() - 1.0).abs() <= SUM_TOLERANCE)
}

/// The first of the largest scores.
fn largest(row: &[f32]) -> (usize, f32) {
    row.iter().copied().enumerate().fold(
        (0, f32::NEG_INFINITY),
        |best, (place, score)| {
            if score > best.1 { (place, score) } else { best }
        },
    )
}
