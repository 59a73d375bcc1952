//! Loads a CSV or Parquet file as a table.
//! Never reaches the network: a file from elsewhere is fetched by a component of its own, so that
//! whoever loads a table need not grant any host.

mod csv;
mod format;
mod input;
mod parquet;
#[cfg(test)]
mod tests;

use sdk_guest::prelude::*;

use crate::format::Format;
use crate::input::Input;

/// Loads a file as a table.
///
/// `format` is `csv`, `tsv` or `parquet`. Without it, the format is known from the file's first
/// bytes and its media type. A CSV file begins with a line of column names; its fields are separated
/// by whichever of `,` `;` tab and `|` is most frequent in that line, and the types of its columns
/// are inferred. A missing value is an empty field, `NA`, `N/A`, `NaN`, `nan`, `null` or `NULL`.
#[step(outputs(table))]
fn load_table(file: Artifact, format: Option<String>) -> Result<DataSet, Failure> {
    let media_type = file.describe().media_type;
    load(&Input::from_artifact(file), format.as_deref(), &media_type, "the file")
}

/// Loads a file of a mounted folder as a table.
///
/// `path` is where the step sees the file, so the step must be granted the folder under `files`.
/// Everything else is as in `load-table`; the format is also known from the file's name.
#[step(outputs(table))]
fn open_table(path: String, format: Option<String>) -> Result<DataSet, Failure> {
    load(&Input::open(&path)?, format.as_deref(), format::media_type_of_name(&path), &format!("`{path}`"))
}

fn load(input: &Input, format: Option<&str>, media_type: &str, name: &str) -> Result<DataSet> {
    if input.size_bytes() == 0 {
        return Err(Failure::new(format!("{name} is empty")));
    }
    let table = match Format::find(input, format, media_type).context(format!("cannot load {name}"))? {
        Format::Csv { delimiter } => csv::load(input, delimiter),
        Format::Parquet => parquet::load(input),
    };
    let table = table.context(format!("cannot load {name}"))?;
    log::info!("{} rows from {name}", table.rows().unwrap_or_default());
    Ok(table)
}
