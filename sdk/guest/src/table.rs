//! Data sets as tables: a stream of Arrow record batches, the form that every built-in component speaks.
//! Never holds more than one batch in memory, unless asked to.

use std::fmt;
use std::io::Write as _;

use arrow_array::RecordBatch;
use arrow_ipc::reader::StreamReader;
use arrow_ipc::writer::StreamWriter;
use arrow_schema::{Schema, SchemaRef};

use crate::{Context, DataSet, Failure, Handle, Reader, Result, Writer};

pub use {arrow_array, arrow_ipc, arrow_schema, arrow_select};

/// The media type of a table: an Arrow IPC stream.
pub const MEDIA_TYPE: &str = "application/vnd.apache.arrow.stream";

/// Metadata that [`TableWriter`] attaches: the number of rows.
pub const ROWS: &str = "rows";

/// Metadata that [`TableWriter`] attaches: the number of columns.
pub const COLUMNS: &str = "columns";

impl DataSet {
    /// The table's columns.
    ///
    /// # Errors
    /// When the data set is no table, or the host cannot read its storage.
    pub fn schema(&self) -> Result<SchemaRef> {
        Ok(self.read_batches()?.schema())
    }

    /// The number of rows, where the producing step attached it.
    #[must_use]
    pub fn rows(&self) -> Option<u64> {
        self.metadata(ROWS)?.parse().ok()
    }

    /// The table in batches, one in memory at a time.
    ///
    /// # Errors
    /// When the data set is no table, or the host cannot read its storage.
    pub fn read_batches(&self) -> Result<Batches<'_>> {
        let media_type = self.describe().media_type;
        if media_type != MEDIA_TYPE {
            return Err(Failure::new(format!("the data set is `{media_type}`, not a table (`{MEDIA_TYPE}`)"))
                .with_hint("load it into a table first, for example with the load-table component"));
        }
        let stream = StreamReader::try_new(self.reader(), None).context("cannot read the table's header")?;
        Ok(Batches { stream, rows_expected: self.rows(), rows_read: 0 })
    }

    /// The whole table as one batch. Mind the step's memory limit.
    ///
    /// # Errors
    /// When the data set is no table, or the host cannot read its storage.
    pub fn read_table(&self) -> Result<RecordBatch> {
        let batches = self.read_batches()?;
        let schema = batches.schema();
        let batches = batches.collect::<Result<Vec<_>>>()?;
        arrow_select::concat::concat_batches(&schema, &batches).context("cannot join the table's batches")
    }

    /// A new table of these batches.
    ///
    /// # Errors
    /// When a batch has other columns than the schema, the step's output limit is reached, or the
    /// host cannot write its storage.
    pub fn from_batches(schema: &Schema, batches: impl IntoIterator<Item = RecordBatch>) -> Result<Self> {
        let mut writer = TableWriter::new(schema)?;
        for batch in batches {
            writer.write(&batch)?;
        }
        writer.finish()
    }
}

/// The batches of a table, in order.
#[derive(Debug)]
pub struct Batches<'a> {
    stream: StreamReader<Reader<'a, DataSet>>,
    rows_expected: Option<u64>,
    rows_read: u64,
}

impl Batches<'_> {
    /// The table's columns.
    #[must_use]
    pub fn schema(&self) -> SchemaRef {
        self.stream.schema()
    }

    /// How many bytes of the table have been read, and how many there are: for progress.
    #[must_use]
    pub fn bytes(&self) -> (u64, u64) {
        let reader = self.stream.get_ref();
        (reader.position(), reader.size_bytes())
    }
}

impl Iterator for Batches<'_> {
    type Item = Result<RecordBatch>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.stream.next() {
            Some(Ok(batch)) => {
                self.rows_read += batch.num_rows() as u64;
                Some(Ok(batch))
            }
            Some(Err(error)) => {
                let place = format!("cannot read the table after row {}", self.rows_read);
                Some(Err(error).context(place))
            }
            // A stream that was cut off between two batches looks like one that is complete.
            None => {
                let expected = self.rows_expected.take().filter(|expected| *expected != self.rows_read)?;
                Some(Err(Failure::new(format!("the table ends after {} of {expected} rows", self.rows_read))))
            }
        }
    }
}

/// Writes a table batch by batch. Dropping it unfinished discards what was written.
pub struct TableWriter {
    stream: StreamWriter<Writer<DataSet>>,
    schema: Schema,
    rows: u64,
}

impl fmt::Debug for TableWriter {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("TableWriter").field("rows", &self.rows).finish_non_exhaustive()
    }
}

impl TableWriter {
    /// Starts a table with these columns.
    ///
    /// # Errors
    /// When the step's output limit is reached or the host cannot write its storage.
    pub fn new(schema: &Schema) -> Result<Self> {
        let stream = StreamWriter::try_new(DataSet::writer(MEDIA_TYPE), schema).context("cannot start the table")?;
        Ok(Self { stream, schema: schema.clone(), rows: 0 })
    }

    /// Appends a batch.
    ///
    /// # Errors
    /// When the batch has other columns, the step's output limit is reached, or the host cannot
    /// write its storage.
    pub fn write(&mut self, batch: &RecordBatch) -> Result<()> {
        check_columns(&self.schema, &batch.schema())?;
        self.stream.write(batch).with_context(|| format!("cannot write the table after row {}", self.rows))?;
        self.rows += batch.num_rows() as u64;
        Ok(())
    }

    /// How many rows were written so far.
    #[must_use]
    pub const fn rows(&self) -> u64 {
        self.rows
    }

    /// Attaches a name and a value; a name set twice keeps the later value.
    ///
    /// # Errors
    /// When the host refuses the name or the value.
    pub fn set_metadata(&mut self, name: &str, value: &str) -> Result<()> {
        self.stream.get_mut().set_metadata(name, value)
    }

    /// Stores the table and returns its handle.
    ///
    /// # Errors
    /// When the step's output limit is reached or the host cannot write its storage.
    pub fn finish(self) -> Result<DataSet> {
        let mut writer = self.stream.into_inner().context("cannot end the table")?;
        writer.flush()?;
        writer.set_metadata(ROWS, &self.rows.to_string())?;
        writer.set_metadata(COLUMNS, &self.schema.fields().len().to_string())?;
        writer.finish()
    }
}

/// The stream's writer would take any batch, and only its readers would stumble.
fn check_columns(expected: &Schema, found: &Schema) -> Result<()> {
    if expected.fields().len() != found.fields().len() {
        let (found, expected) = (found.fields().len(), expected.fields().len());
        return Err(Failure::new(format!("a batch of {found} columns does not fit a table of {expected}")));
    }
    let differing = expected
        .fields()
        .iter()
        .zip(found.fields())
        .find(|(expected, found)| expected.name() != found.name() || expected.data_type() != found.data_type());
    match differing {
        None => Ok(()),
        Some((expected, found)) => Err(Failure::new(format!(
            "a batch with the column `{}` ({}) does not fit a table with the column `{}` ({})",
            found.name(),
            found.data_type(),
            expected.name(),
            expected.data_type(),
        ))),
    }
}
