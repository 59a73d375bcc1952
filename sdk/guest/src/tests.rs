//! Handles, failures and records, as a test of a step sees them.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::{self, BufRead as _, Read as _, Seek as _, SeekFrom, Write as _};

use crate::handles::CHUNK_BYTES;
use crate::prelude::*;
use crate::{DataError, testing};

#[test]
fn what_is_written_is_read_back_and_named_by_its_digest() {
    let artifact = Artifact::from_bytes("text/plain", b"hello").unwrap();
    let description = artifact.describe();
    assert_eq!(description.digest, "sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
    assert_eq!((description.media_type.as_str(), description.size_bytes), ("text/plain", 5));
    assert_eq!(artifact.read_to_string().unwrap(), "hello");
    assert_eq!(artifact.read(3, 100).unwrap(), b"lo");
    assert_eq!(artifact.read(5, 100).unwrap(), b"");
    assert_eq!(artifact.read(6, 1), Err(DataError::OutOfRange(5)));
}

#[test]
fn contents_longer_than_a_chunk_cross_in_chunks() {
    let bytes: Vec<u8> = (0..CHUNK_BYTES * 2 + 17).map(|index| (index % 251) as u8).collect();
    let mut writer = Model::writer("application/octet-stream");
    for piece in bytes.chunks(300_000) {
        writer.write_all(piece).unwrap();
    }
    writer.set_metadata("kind", "test").unwrap();
    writer.set_metadata("kind", "later").unwrap();
    let model = writer.finish().unwrap();
    assert_eq!(model.read_to_end().unwrap(), bytes);
    assert_eq!(model.metadata("kind").as_deref(), Some("later"));
    assert_eq!(model.metadata("other"), None);
    assert_eq!(model.read(0, u32::MAX).unwrap().len(), CHUNK_BYTES);
}

#[test]
fn a_reader_seeks_to_anywhere() {
    let bytes: Vec<u8> = (0..CHUNK_BYTES + 1000).map(|index| (index % 253) as u8).collect();
    let data_set = DataSet::from_bytes("text/csv", &bytes).unwrap();
    let mut reader = data_set.reader();
    let mut piece = [0_u8; 10];
    for offset in [CHUNK_BYTES as u64 - 5, 3, CHUNK_BYTES as u64 + 900] {
        reader.seek(SeekFrom::Start(offset)).unwrap();
        reader.read_exact(&mut piece).unwrap();
        assert_eq!(piece, bytes[offset as usize..offset as usize + 10]);
        assert_eq!(reader.position(), offset + 10);
    }
    assert_eq!(reader.seek(SeekFrom::End(-4)).unwrap(), bytes.len() as u64 - 4);
    assert_eq!(reader.fill_buf().unwrap().len(), 4);
    assert_eq!(reader.seek(SeekFrom::End(100)).unwrap(), bytes.len() as u64 + 100);
    assert_eq!(reader.read(&mut piece).unwrap(), 0);
    assert!(reader.seek(SeekFrom::Current(-10_000_000)).is_err());
}

#[test]
fn what_the_host_refuses_is_refused_natively() {
    assert!(Artifact::from_bytes("", b"x").unwrap_err().message.contains("media type"));
    let mut writer = Artifact::writer("text/plain");
    assert!(writer.set_metadata("", "x").is_err());
    let matrix = ConfusionMatrix { labels: vec!["a".to_owned()], counts: vec![vec![1, 2]] };
    assert!(Metrics::builder().confusion(matrix).finish().unwrap_err().message.contains("not square"));
    assert!(Metrics::builder().scalar("loss", f64::NAN).finish().unwrap_err().message.contains("loss"));
}

#[test]
fn text_that_is_not_utf8_is_refused_with_the_place() {
    let artifact = Artifact::from_bytes("text/plain", b"ab\xff").unwrap();
    let failure = artifact.read_to_string().unwrap_err();
    assert!(failure.message.contains("not UTF-8") && failure.message.contains("index 2"), "{failure}");
}

#[test]
fn metrics_hold_what_was_set() {
    let metrics = Metrics::builder().scalar("b", 2.0).scalar("a", 1.0).scalar("b", 3.0).finish().unwrap();
    assert_eq!(metrics.scalars(), [("a".to_owned(), 1.0), ("b".to_owned(), 3.0)]);
    assert_eq!(metrics.scalar("b"), Some(3.0));
    assert_eq!((metrics.classes(), metrics.confusion()), (Vec::new(), None));
}

#[test]
fn every_error_becomes_a_failure_that_names_its_causes_once() {
    let error = io::Error::new(io::ErrorKind::TimedOut, DataError::Storage("disk is slow".to_owned()));
    let failure = Failure::from(error);
    assert_eq!(failure.message.matches("disk is slow").count(), 1);
    assert!(failure.retryable);
    let failed: Result<u8> = "x".parse::<u8>().context("cannot read the width");
    let failure = failed.unwrap_err();
    assert_eq!(failure.message, "cannot read the width: invalid digit found in string");
    assert!(!failure.retryable);
    let failure = failure.with_hint("write a number").retryable();
    assert_eq!(failure.to_string(), "cannot read the width: invalid digit found in string (write a number)");
    assert!(failure.retryable);
    assert_eq!(None::<u8>.context("no width").unwrap_err(), Failure::new("no width"));
}

#[test]
fn what_a_step_says_is_recorded() {
    let _ = testing::take_recorded();
    let rows = 3;
    log::info!("read {rows} rows");
    log::warn!("{} of them empty", 1);
    progress::report(1, 3, "rows");
    progress::report(2, None, "rows");
    metric::report("loss", 7, 0.5);
    let recorded = testing::take_recorded();
    assert_eq!(
        recorded.log,
        [(log::Level::Info, "read 3 rows".to_owned()), (log::Level::Warn, "1 of them empty".to_owned())]
    );
    assert_eq!(recorded.progress[0].total, Some(3));
    assert_eq!(recorded.progress[1].total, None);
    assert_eq!((recorded.points[0].index, recorded.points[0].value), (7, 0.5));
    assert_eq!(testing::take_recorded(), testing::Recorded::default());
    assert_eq!(context().attempt, 1);
}

#[cfg(feature = "table")]
mod tables {
    use std::sync::Arc;

    use arrow_array::{Int64Array, RecordBatch};
    use arrow_schema::{DataType, Field, Schema};

    use crate::prelude::*;

    fn batch(values: std::ops::Range<i64>) -> RecordBatch {
        let schema = Arc::new(Schema::new(vec![Field::new("value", DataType::Int64, false)]));
        RecordBatch::try_new(schema, vec![Arc::new(values.collect::<Int64Array>())]).unwrap()
    }

    #[test]
    fn a_table_is_read_back_batch_by_batch() {
        let (first, second) = (batch(0..10), batch(10..15));
        let table = DataSet::from_batches(&first.schema(), [first.clone(), second.clone()]).unwrap();
        assert_eq!(table.describe().media_type, table::MEDIA_TYPE);
        assert_eq!((table.rows(), table.metadata(table::COLUMNS).as_deref()), (Some(15), Some("1")));
        assert_eq!(table.schema().unwrap(), first.schema());
        assert_eq!(table.read_batches().unwrap().collect::<Result<Vec<_>>>().unwrap(), [first, second]);
        assert_eq!(table.read_table().unwrap(), batch(0..15));
    }

    #[test]
    fn an_empty_table_keeps_its_columns() {
        let schema = batch(0..0).schema();
        let table = DataSet::from_batches(&schema, []).unwrap();
        assert_eq!((table.rows(), table.read_table().unwrap().schema()), (Some(0), schema));
    }

    #[test]
    fn what_is_no_table_or_half_a_table_is_refused() {
        let text = DataSet::from_bytes("text/csv", b"a\n1\n").unwrap();
        let failure = text.read_batches().unwrap_err();
        assert!(failure.message.contains("text/csv") && failure.hint.is_some(), "{failure}");

        let whole = DataSet::from_batches(&batch(0..1).schema(), [batch(0..1000), batch(0..1000)]).unwrap();
        let bytes = whole.read_to_end().unwrap();
        let cut = DataSet::from_bytes(table::MEDIA_TYPE, &bytes[..bytes.len() - 4000]).unwrap();
        let failure = cut.read_table().unwrap_err();
        assert!(failure.message.contains("row 1000"), "{failure}");
    }

    #[test]
    fn a_batch_with_other_columns_is_refused() {
        let mut writer = TableWriter::new(&Schema::empty()).unwrap();
        assert!(writer.write(&batch(0..3)).unwrap_err().message.contains("1 columns does not fit"));
        let schema = Schema::new(vec![Field::new("value", DataType::Utf8, false)]);
        let failure = TableWriter::new(&schema).unwrap().write(&batch(0..3)).unwrap_err();
        assert!(failure.message.contains("Int64") && failure.message.contains("Utf8"), "{failure}");
    }
}
