//! Scores a classifier on rows that it has not seen.
//! Never trains, and never looks at columns that the model does not know.

#[path = "../../validate-table/src/cell.rs"]
#[allow(dead_code, reason = "schemas and reports need more of a cell than scoring does")]
mod cell;
#[path = "../../train-classifier/src/classifier.rs"]
#[allow(dead_code, reason = "training needs more of a classifier than scoring does")]
mod classifier;
#[path = "../../train-classifier/src/rows.rs"]
mod rows;
mod scores;
#[cfg(test)]
mod tests;

use sdk_guest::prelude::*;

use classifier::Classifier;
use rows::Rows;
use scores::Scores;

/// Scores a classifier on the rows of a table.
///
/// The table must have the columns that the model learned from and its target; other columns are not
/// looked at. The metrics hold accuracy, precision, recall and F1 (per class, as the plain mean over
/// the classes and as the mean weighted by their rows) and the confusion matrix. A class that the
/// model does not know is counted as wrong.
#[step(outputs(metrics, accuracy))]
fn evaluate_classifier(model: &Model, table: &DataSet) -> Result<(Metrics, f64), Failure> {
    let classifier = Classifier::load(model)?;
    let rows = Rows::read(table, Some(&classifier.features), &classifier.target, &classifier.classes)
        .context("the table does not fit the model")?;
    if rows.count() == 0 {
        return Err(
            Failure::new("the table has no rows to score").with_hint("check the filter or the split that made it")
        );
    }
    let unknown = &rows.classes[classifier.classes.len()..];
    if !unknown.is_empty() {
        log::warn!("the model does not know these classes of the table: {}", unknown.join(", "));
    }
    let predicted = classifier.predict(&rows)?;
    let truth: Vec<usize> = rows.places.iter().map(|place| *place as usize).collect();
    let scores = Scores::new(&rows.classes, &truth, &predicted);
    log::info!("{}: accuracy {:.4} on {} rows", classifier.algorithm, scores.accuracy, rows.count());
    Ok((scores.store()?, scores.accuracy))
}
