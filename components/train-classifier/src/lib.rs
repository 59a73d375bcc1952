//! Trains a classifier on a table.
//! Never sees rows but those of the table it is given; scoring is evaluate-classifier's work.

#[path = "../../validate-table/src/cell.rs"]
#[expect(dead_code, reason = "schemas and reports need more of a cell than training does")]
mod cell;
#[cfg_attr(not(test), expect(dead_code, reason = "a model is read back by evaluate-classifier, and by tests"))]
mod classifier;
mod fit;
mod rows;
#[cfg(test)]
mod tests;

use sdk_guest::prelude::*;

use classifier::{Algorithm, Classifier};
use rows::Rows;

/// Trains a classifier on a table.
///
/// It learns to predict the column `target` from all other columns, which must be numbers without
/// missing values. `algorithm` is `random-forest` (taken when left out), `logistic-regression` or
/// `k-nearest-neighbours`. The same table, algorithm and `seed` (0 when left out) give the same model.
#[step(outputs(model))]
fn train_classifier(
    table: &DataSet,
    target: String,
    algorithm: Option<String>,
    seed: Option<u64>,
) -> Result<Model, Failure> {
    let algorithm = algorithm.as_deref().map_or(Ok(Algorithm::RandomForest), str::parse)?;
    let seed = seed.unwrap_or(0);
    let rows = Rows::read(table, None, &target, &[])?;
    if rows.classes.len() < 2 {
        let found = rows.classes.first().map_or_else(
            || "the table has no rows".to_owned(),
            |class| format!("every row of the target `{target}` is `{class}`"),
        );
        return Err(Failure::new(format!("{found}, and a classifier needs rows of at least two classes"))
            .with_hint("check the target column, or load more rows"));
    }
    log::info!("{algorithm}: {} rows, {} classes", rows.count(), rows.classes.len());
    let learned = fit::fit(algorithm, &rows, seed)?;
    Classifier::new(algorithm, &target, &rows, seed, learned).store()
}
