//! Learning, one function per algorithm.
//! Never reads or writes anything but progress and metrics of the training.

use sdk_guest::prelude::*;
use smartcore::algorithm::neighbour::KNNAlgorithmName;
use smartcore::ensemble::random_forest_classifier::{RandomForestClassifier, RandomForestClassifierParameters};
use smartcore::linear::logistic_regression::{LogisticRegression, LogisticRegressionParameters};
use smartcore::neighbors::knn_classifier::{KNNClassifier, KNNClassifierParameters};

use crate::classifier::{Algorithm, Learned, Votes};
use crate::rows::Rows;

/// Trees of a random forest.
const TREES: u64 = 100;

/// The training accuracy is measured each time this many trees have been grown.
const TREES_PER_POINT: u64 = 10;

/// How strongly large weights of a logistic regression are held down.
const LOGISTIC_PENALTY: f64 = 1.0;

/// Neighbours that are asked.
const NEIGHBOURS: usize = 3;

/// Learns from the rows.
///
/// # Errors
/// When the algorithm cannot learn from them.
pub(crate) fn fit(algorithm: Algorithm, rows: &Rows, seed: u64) -> Result<Learned> {
    match algorithm {
        Algorithm::RandomForest => random_forest(rows, seed),
        Algorithm::LogisticRegression => logistic_regression(rows),
        Algorithm::KNearestNeighbours => nearest_neighbours(rows),
    }
}

fn random_forest(rows: &Rows, seed: u64) -> Result<Learned> {
    let matrix = rows.matrix()?;
    let mut trees = Vec::new();
    let mut votes = Votes::new(rows.count(), rows.classes.len());
    for tree in 0..TREES {
        // Seeds of neighbouring runs must not share trees: the multiplier is odd, so no two collide.
        let seed = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(tree);
        let parameters = RandomForestClassifierParameters::default().with_n_trees(1).with_seed(seed);
        let grown = RandomForestClassifier::fit(&matrix, &rows.places, parameters)?;
        votes.add(&grown.predict(&matrix)?);
        trees.push(grown);
        progress::report(tree + 1, TREES, "trees");
        if (tree + 1) % TREES_PER_POINT == 0 {
            metric::report("training-accuracy", tree + 1, agreement(&votes.winners(), rows));
        }
    }
    Ok(Learned::RandomForest(trees))
}

fn logistic_regression(rows: &Rows) -> Result<Learned> {
    let matrix = rows.scaled_matrix(&rows.features())?;
    let parameters = LogisticRegressionParameters::default().with_alpha(LOGISTIC_PENALTY);
    progress::report(0, None, "fitting weights");
    Ok(Learned::LogisticRegression(LogisticRegression::fit(&matrix, &rows.places, parameters)?))
}

fn nearest_neighbours(rows: &Rows) -> Result<Learned> {
    let matrix = rows.scaled_matrix(&rows.features())?;
    // With as many features as images have, a search tree only adds work to looking at every row.
    let parameters = KNNClassifierParameters::default()
        .with_algorithm(KNNAlgorithmName::LinearSearch)
        .with_k(NEIGHBOURS.min(rows.count()));
    Ok(Learned::KNearestNeighbours(KNNClassifier::fit(&matrix, &rows.places, parameters)?))
}

/// The share of rows whose class was predicted.
fn agreement(predicted: &[usize], rows: &Rows) -> f64 {
    let right = predicted.iter().zip(&rows.places).filter(|(predicted, place)| **predicted == **place as usize).count();
    #[expect(clippy::cast_precision_loss, reason = "rows are far fewer than 2^53")]
    let share = right as f64 / rows.count() as f64;
    share
}
