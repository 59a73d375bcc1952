//! CSV into a table: one pass to infer the columns' types, one to read the rows.
//! Never holds more than one batch of rows in memory.

use std::collections::HashSet;
use std::io::BufReader;
use std::sync::Arc;

use arrow_csv::ReaderBuilder;
use arrow_csv::reader::Format;
use regex::Regex;
use sdk_guest::prelude::*;
use sdk_guest::table::arrow_schema::{ArrowError, DataType, Field, Schema};

use crate::input::Input;

/// Types are inferred from this many rows at first. Where a later row does not fit, they are
/// inferred once more, from all rows.
const INFERENCE_ROWS_MAX: usize = 100_000;

/// Values of a batch, all columns together: with eight bytes each, 4 MiB.
const BATCH_VALUES_MAX: usize = 1 << 19;

/// Rows of a batch.
const BATCH_ROWS_MAX: usize = 8192;

/// Bytes that are asked for at once.
const BUFFER_BYTES: usize = 1 << 20;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// A field that stands for a missing value.
const MISSING: &str = "^(NA|N/A|NaN|nan|null|NULL)?$";

pub(crate) fn load(input: &Input, delimiter: u8) -> Result<DataSet> {
    load_inferring(input, delimiter, INFERENCE_ROWS_MAX)
}

pub(crate) fn load_inferring(input: &Input, delimiter: u8, inference_rows: usize) -> Result<DataSet> {
    let file = CsvFile::new(input, delimiter)?;
    let (schema, rows) = file.infer(Some(inference_rows))?;
    match file.read(&schema) {
        Err(ReadError::Csv(ArrowError::ParseError(_))) if rows == inference_rows => {
            log::info!("the types of the first {rows} rows do not fit the rest: inferring them from all rows");
            let (schema, _) = file.infer(None)?;
            file.read(&schema).map_err(Failure::from)
        }
        read => read.map_err(Failure::from),
    }
}

struct CsvFile<'a> {
    input: &'a Input,
    format: Format,
    delimiter: u8,
    /// Where the text begins, behind a byte order mark.
    start: u64,
    missing: Regex,
}

/// Keeps errors of the file apart from those of writing the table.
enum ReadError {
    Csv(ArrowError),
    Other(Failure),
}

impl From<ReadError> for Failure {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Csv(error) => explain(&error),
            ReadError::Other(failure) => failure,
        }
    }
}

impl<'a> CsvFile<'a> {
    fn new(input: &'a Input, delimiter: u8) -> Result<Self> {
        let missing = Regex::new(MISSING)?;
        let format = Format::default().with_header(true).with_delimiter(delimiter).with_null_regex(missing.clone());
        let start = if input.head(BYTE_ORDER_MARK.len())? == BYTE_ORDER_MARK { BYTE_ORDER_MARK.len() } else { 0 };
        Ok(Self { input, format, delimiter, start: start as u64, missing })
    }

    /// The columns, and from how many rows their types were inferred.
    fn infer(&self, rows_max: Option<usize>) -> Result<(Arc<Schema>, usize)> {
        let reader = BufReader::with_capacity(BUFFER_BYTES, self.input.reader_at(self.start));
        let (schema, rows) = self.format.infer_schema(reader, rows_max).map_err(|error| explain(&error))?;
        Ok((Arc::new(name_columns(&schema)?), rows))
    }

    fn read(&self, schema: &Arc<Schema>) -> Result<DataSet, ReadError> {
        let columns = schema.fields().len();
        let batch_rows = (BATCH_VALUES_MAX / columns.max(1)).clamp(1, BATCH_ROWS_MAX);
        let input = BufReader::with_capacity(BUFFER_BYTES, self.input.reader_at(self.start));
        let reader = ReaderBuilder::new(schema.clone())
            .with_header(true)
            .with_delimiter(self.delimiter)
            .with_null_regex(self.missing.clone())
            .with_batch_size(batch_rows)
            .build_buffered(input)
            .map_err(ReadError::Csv)?;
        let mut table = TableWriter::new(schema).map_err(ReadError::Other)?;
        for batch in reader {
            table.write(&batch.map_err(ReadError::Csv)?).map_err(ReadError::Other)?;
            progress::report(table.rows(), None, "rows");
        }
        if table.rows() == 0 {
            log::warn!("the file has column names but no rows");
        }
        table.finish().map_err(ReadError::Other)
    }
}

/// Every column needs a name of its own. An index that was saved along with a table has none.
fn name_columns(inferred: &Schema) -> Result<Schema> {
    let mut seen = HashSet::new();
    let mut fields = Vec::with_capacity(inferred.fields().len());
    for (index, field) in inferred.fields().iter().enumerate() {
        let name = match field.name().trim() {
            "" => format!("column_{}", index + 1),
            name => name.to_owned(),
        };
        if !seen.insert(name.clone()) {
            return Err(Failure::new(format!("two columns are named `{name}`; the second is column {}", index + 1))
                .with_hint("give every column a name of its own in the first line"));
        }
        // A column without any value could be of any type; text holds whatever may come.
        let data_type = match field.data_type() {
            DataType::Null => DataType::Utf8,
            data_type => data_type.clone(),
        };
        fields.push(Field::new(name, data_type, true));
    }
    Ok(Schema::new(fields))
}

/// The reader's own words name the line; what to do about it is added.
fn explain(error: &ArrowError) -> Failure {
    let text = error.to_string();
    let hint = if text.contains("UTF-8") {
        "save the file as UTF-8 text"
    } else if text.contains("number of fields") || text.contains("unequal lengths") {
        "every line needs as many fields as the first; put a field that contains the delimiter in double quotes"
    } else {
        "correct the line, or remove it"
    };
    let message = text.trim_start_matches("Csv error: ").trim_start_matches("Parser error: ").trim_end_matches('.');
    Failure::new(message).with_hint(hint)
}
