//! Two passes over the table: one counts the rows of each group, one deals them out.
//! Never holds more than one batch of rows in memory.

use sdk_guest::prelude::*;
use sdk_guest::table::arrow_array::{BooleanArray, RecordBatch};
use sdk_guest::table::arrow_schema::SchemaRef;
use sdk_guest::table::arrow_select::filter::filter_record_batch;

use crate::deal::{Dealer, Quota};
use crate::groups::Groups;

pub(crate) fn split(
    table: &DataSet,
    fraction: f64,
    seed: u64,
    stratify_by: Option<&str>,
) -> Result<(DataSet, DataSet)> {
    if !(fraction > 0.0 && fraction < 1.0) {
        return Err(Failure::new(format!("the fraction is {fraction}, but must lie between 0 and 1"))
            .with_hint("the fraction is the training part's share of the rows, for example 0.8"));
    }
    let schema = table.schema()?;
    let mut groups = Groups::new(&schema, stratify_by)?;
    let rows = count_rows(table, &mut groups)?;
    let quotas = quotas(&groups, fraction)?;
    let train_rows: u64 = quotas.iter().map(|quota| quota.train_rows).sum();
    check_parts(rows, train_rows, fraction)?;
    let (train, test) = deal_rows(table, &schema, &mut groups, Dealer::new(seed, quotas), rows)?;
    log::info!("{train_rows} of {rows} rows for training, {} for testing", rows - train_rows);
    Ok((train, test))
}

fn count_rows(table: &DataSet, groups: &mut Groups) -> Result<u64> {
    let mut rows = 0;
    for batch in table.read_batches()? {
        let batch = batch?;
        groups.count(&batch)?;
        rows += batch.num_rows() as u64;
    }
    Ok(rows)
}

/// How many rows of each group are for training.
fn quotas(groups: &Groups, fraction: f64) -> Result<Vec<Quota>> {
    let stratified = groups.column();
    let quota = |(value, rows): (&str, u64)| {
        let train_rows = (rows as f64 * fraction).round() as u64;
        match stratified {
            None => Ok(Quota { rows, train_rows }),
            // A value that only one part knows would make the other part's scores meaningless.
            Some(_) if rows >= 2 => Ok(Quota { rows, train_rows: train_rows.clamp(1, rows - 1) }),
            Some(column) => Err(Failure::new(format!(
                "the value `{value}` of the column `{column}` has a single row, which cannot be in both parts"
            ))
            .with_hint("drop the row, or split without `stratify-by`")),
        }
    };
    groups.counts().map(quota).collect()
}

fn check_parts(rows: u64, train_rows: u64, fraction: f64) -> Result<()> {
    let empty = match (rows, train_rows) {
        (0, _) => return Err(Failure::new("the table has no rows to split")),
        (_, 0) => "training",
        (rows, train_rows) if rows == train_rows => "test",
        _ => return Ok(()),
    };
    Err(Failure::new(format!("a fraction of {fraction} of {rows} rows leaves the {empty} part empty"))
        .with_hint("choose a fraction nearer to 0.5, or bring more rows"))
}

fn deal_rows(
    table: &DataSet,
    schema: &SchemaRef,
    groups: &mut Groups,
    mut dealer: Dealer,
    rows: u64,
) -> Result<(DataSet, DataSet)> {
    let mut train = TableWriter::new(schema)?;
    let mut test = TableWriter::new(schema)?;
    for batch in table.read_batches()? {
        let batch = batch?;
        let is_train: Vec<bool> = groups.of_rows(&batch)?.into_iter().map(|group| dealer.deal(group)).collect();
        let is_test: Vec<bool> = is_train.iter().map(|is_train| !is_train).collect();
        write_some(&mut train, &batch, is_train)?;
        write_some(&mut test, &batch, is_test)?;
        progress::report(train.rows() + test.rows(), rows, "rows");
    }
    Ok((train.finish()?, test.finish()?))
}

fn write_some(writer: &mut TableWriter, batch: &RecordBatch, wanted: Vec<bool>) -> Result<()> {
    let part = filter_record_batch(batch, &BooleanArray::from(wanted))?;
    if part.num_rows() > 0 {
        writer.write(&part)?;
    }
    Ok(())
}
