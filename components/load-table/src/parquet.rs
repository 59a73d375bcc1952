//! Parquet into a table, batch by batch.
//! Never holds more than one row group's column chunks in memory.

use std::io::{BufReader, Read};

use bytes::Bytes;
use parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use parquet::errors::{ParquetError, Result as ParquetResult};
use parquet::file::reader::{ChunkReader, Length};
use sdk_guest::prelude::*;

use crate::input::{Input, InputReader};

/// Rows of a batch.
const BATCH_ROWS: usize = 8192;

/// Bytes that are asked for at once.
const BUFFER_BYTES: usize = 1 << 16;

pub(crate) fn load(input: &Input) -> Result<DataSet> {
    // The types are the ones of the Parquet schema. What a writer noted of its own types besides
    // (dictionaries, large texts) would only be forms of the same values.
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let builder = ParquetRecordBatchReaderBuilder::try_new_with_options(input.clone(), options)
        .map_err(|error| explain(&error.to_string()))?;
    let rows = u64::try_from(builder.metadata().file_metadata().num_rows()).unwrap_or_default();
    let schema = builder.schema().clone();
    let reader = builder.with_batch_size(BATCH_ROWS).build().map_err(|error| explain(&error.to_string()))?;
    let mut table = TableWriter::new(&schema)?;
    for batch in reader {
        let batch = batch.map_err(|error| explain(&error.to_string()))?;
        table.write(&batch)?;
        progress::report(table.rows(), rows, "rows");
    }
    table.finish()
}

fn explain(text: &str) -> Failure {
    let hint = if text.contains("Disabled feature") {
        "write the file with Snappy or without compression"
    } else {
        "the file is damaged or no Parquet file"
    };
    Failure::new(text.trim_start_matches("Parquet error: ").trim_end_matches('.')).with_hint(hint)
}

impl Length for Input {
    fn len(&self) -> u64 {
        self.size_bytes()
    }
}

impl ChunkReader for Input {
    type T = BufReader<InputReader>;

    fn get_read(&self, start: u64) -> ParquetResult<Self::T> {
        Ok(BufReader::with_capacity(BUFFER_BYTES, self.reader_at(start)))
    }

    fn get_bytes(&self, start: u64, length: usize) -> ParquetResult<Bytes> {
        // A damaged file can ask for more than there is: nothing is reserved before this is known.
        let available = self.size_bytes().saturating_sub(start);
        if available < length as u64 {
            return Err(ParquetError::EOF(format!("{length} bytes wanted at offset {start}, {available} there")));
        }
        let mut bytes = Vec::with_capacity(length);
        self.reader_at(start).take(length as u64).read_to_end(&mut bytes)?;
        if bytes.len() < length {
            return Err(ParquetError::EOF(format!("the file ends {} bytes too early", length - bytes.len())));
        }
        Ok(bytes.into())
    }
}
