//! The steps as functions, over files in memory and on disk.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use sdk_guest::prelude::*;
use sdk_guest::table::arrow_array::{Array, Float64Array, Int64Array, RecordBatch, StringArray};
use sdk_guest::table::arrow_schema::{DataType, Field, Schema, TimeUnit};
use sdk_guest::testing;

use crate::csv::load_inferring;
use crate::input::Input;
use crate::{load_table, open_table};

fn load(media_type: &str, bytes: impl AsRef<[u8]>) -> Result<RecordBatch> {
    load_table(Artifact::from_bytes(media_type, bytes.as_ref()).unwrap(), None)?.read_table()
}

fn refused(media_type: &str, bytes: impl AsRef<[u8]>) -> String {
    load(media_type, bytes).unwrap_err().to_string()
}

fn types(table: &RecordBatch) -> Vec<DataType> {
    table.schema().fields().iter().map(|field| field.data_type().clone()).collect()
}

fn names(table: &RecordBatch) -> Vec<String> {
    table.schema().fields().iter().map(|field| field.name().clone()).collect()
}

#[test]
fn csv_columns_get_the_types_of_their_values() {
    let text = "id,ratio,name,ok,day,at,empty\n\
                1,0.5,a,true,2024-02-29,2024-02-29T12:00:00,\n\
                2,NA,\"b, c\",false,2024-03-01,2024-03-01T00:00:00,\n\
                ,3,NULL,,,,\n";
    let table = load("text/csv", text).unwrap();
    assert_eq!(names(&table), ["id", "ratio", "name", "ok", "day", "at", "empty"]);
    assert_eq!(
        types(&table),
        [
            DataType::Int64,
            DataType::Float64,
            DataType::Utf8,
            DataType::Boolean,
            DataType::Date32,
            DataType::Timestamp(TimeUnit::Second, None),
            DataType::Utf8,
        ]
    );
    assert_eq!(table.num_rows(), 3);
    let nulls: Vec<usize> = table.columns().iter().map(Array::null_count).collect();
    assert_eq!(nulls, [1, 1, 1, 1, 1, 1, 3]);
    let name = table.column(2).as_any().downcast_ref::<StringArray>().unwrap();
    assert_eq!(name.value(1), "b, c");
}

#[test]
fn other_delimiters_line_ends_and_a_byte_order_mark_are_understood() {
    for text in ["a;b;\"c,d,e\"\n1;2;3\n", "a|b|\"c,d,e\"\r\n1|2|3\r\n", "\u{feff}a,b,\"c,d,e\"\n1,2,3"] {
        let table = load("text/csv", text).unwrap();
        assert_eq!((names(&table).join("/"), table.num_rows()), ("a/b/c,d,e".to_owned(), 1), "{text:?}");
    }
    let table = load("text/tab-separated-values", "a,x\tb\n1\t2\n").unwrap();
    assert_eq!(names(&table), ["a,x", "b"]);
    let table = load("application/octet-stream", "one\n1\n2\n").unwrap();
    assert_eq!((names(&table), table.num_rows()), (vec!["one".to_owned()], 2));
}

#[test]
fn columns_without_a_name_are_numbered_and_names_are_unique() {
    assert_eq!(names(&load("text/csv", ",b, c \n0,1,2\n").unwrap()), ["column_1", "b", "c"]);
    let failure = refused("text/csv", "a,b,a\n1,2,3\n");
    assert!(failure.contains("two columns are named `a`; the second is column 3"), "{failure}");
}

#[test]
fn types_are_inferred_again_where_later_rows_do_not_fit() {
    let text = "a,b\n1,1\n2,2\n2.5,x\n";
    let input = Input::from_artifact(Artifact::from_bytes("text/csv", text.as_bytes()).unwrap());
    let table = load_inferring(&input, b',', 2).unwrap().read_table().unwrap();
    assert_eq!(types(&table), [DataType::Float64, DataType::Utf8]);
    assert_eq!(table.column(0).as_any().downcast_ref::<Float64Array>().unwrap().values()[2], 2.5);
}

#[test]
fn a_long_file_is_read_in_batches_and_reports_progress() {
    let mut text = "number,square\n".to_owned();
    for number in 0..20_000_i64 {
        text.push_str(&format!("{number},{}\n", number * number));
    }
    let _ = testing::take_recorded();
    let table = load_table(Artifact::from_bytes("text/csv", text.as_bytes()).unwrap(), None).unwrap();
    assert_eq!((table.rows(), table.read_batches().unwrap().count()), (Some(20_000), 3));
    let progress = testing::take_recorded().progress;
    assert_eq!(progress.iter().map(|report| report.done).collect::<Vec<_>>(), [8192, 16384, 20_000]);
    let whole = table.read_table().unwrap();
    assert_eq!(whole.column(1).as_any().downcast_ref::<Int64Array>().unwrap().value(19_999), 19_999 * 19_999);
}

#[test]
fn a_file_without_rows_is_a_table_without_rows() {
    let table = load("text/csv", "a,b\n").unwrap();
    assert_eq!((table.num_rows(), types(&table)), (0, vec![DataType::Utf8, DataType::Utf8]));
}

#[test]
fn bad_csv_is_refused_with_the_line() {
    let ragged = refused("text/csv", "a,b\n1,2\n3\n");
    assert!(ragged.contains("line 3") && ragged.contains("as many fields as the first"), "{ragged}");
    let ragged = refused("text/csv", "a,b\n1,2\n3,4,5\n");
    assert!(ragged.contains("line 3"), "{ragged}");
    let latin = refused("text/csv", b"a,b\n1,2\n\xe4,3\n");
    assert!(latin.contains("line 3") && latin.contains("save the file as UTF-8"), "{latin}");
    assert_eq!(refused("text/csv", ""), "the file is empty");
}

#[test]
fn what_is_no_table_is_refused_with_what_it_is() {
    assert!(refused("text/csv", b"\x1f\x8b\x08\x00").contains("compressed with gzip"));
    assert!(refused("text/csv", b"PK\x03\x04abc").contains("spreadsheet"));
    assert!(refused("text/csv", b"\xff\xfea\0").contains("UTF-16"));
    let unknown = refused("application/octet-stream", b"\x00\x01\x02");
    assert!(unknown.contains("not known") && unknown.contains("csv, tsv or parquet"), "{unknown}");
    assert!(refused("application/octet-stream", "<html></html>").contains("not known"));
    let artifact = Artifact::from_bytes("text/csv", b"a\n1\n").unwrap();
    let failure = load_table(artifact, Some("xlsx".to_owned())).unwrap_err();
    assert!(failure.message.contains("`xlsx` is not a format"), "{failure}");
    let endless = refused("text/csv", vec![b'a'; 2 << 20]);
    assert!(endless.contains("first line is longer than 1048576 bytes"), "{endless}");
}

fn parquet_file(rows: i64, compression: Compression) -> (RecordBatch, Vec<u8>) {
    let schema = Arc::new(Schema::new(vec![
        Field::new("number", DataType::Int64, false),
        Field::new("name", DataType::Utf8, true),
    ]));
    let numbers: Int64Array = (0..rows).collect();
    let names: StringArray = (0..rows).map(|row| (row % 3 > 0).then(|| format!("row {row}"))).collect();
    let batch = RecordBatch::try_new(schema.clone(), vec![Arc::new(numbers), Arc::new(names)]).unwrap();
    let properties =
        WriterProperties::builder().set_compression(compression).set_max_row_group_row_count(Some(1000)).build();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, schema, Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    (batch, bytes)
}

#[test]
fn parquet_is_known_by_its_first_bytes_and_read_whole() {
    for compression in [Compression::UNCOMPRESSED, Compression::SNAPPY] {
        let (batch, bytes) = parquet_file(2500, compression);
        assert_eq!(load("application/octet-stream", &bytes).unwrap(), batch);
    }
}

#[test]
fn damaged_parquet_is_refused() {
    let (_, bytes) = parquet_file(100, Compression::SNAPPY);
    for length in [4, 12, bytes.len() / 2, bytes.len() - 1] {
        let failure = refused("application/octet-stream", &bytes[..length]);
        assert!(failure.contains("cannot load the file") && failure.contains("damaged"), "{failure}");
    }
    assert!(refused("application/vnd.apache.parquet", "a,b\n1,2\n").contains("damaged or no Parquet"));
}

#[test]
fn a_mounted_file_is_known_by_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    std::fs::write(path("table.tsv"), "a,x\tb\n1\t2\n").unwrap();
    let table = open_table(path("table.tsv"), None).unwrap().read_table().unwrap();
    assert_eq!(names(&table), ["a,x", "b"]);
    let (batch, bytes) = parquet_file(10, Compression::SNAPPY);
    std::fs::write(path("table.parquet"), bytes).unwrap();
    assert_eq!(open_table(path("table.parquet"), None).unwrap().read_table().unwrap(), batch);
    std::fs::write(path("empty.csv"), "").unwrap();
    assert!(open_table(path("empty.csv"), None).unwrap_err().message.contains("empty.csv` is empty"));
    let failure = open_table(path("none.csv"), None).unwrap_err();
    assert!(failure.message.contains("cannot open") && failure.hint.unwrap().contains("files"));
    let failure = open_table(folder.path().to_str().unwrap().to_owned(), None).unwrap_err();
    assert!(failure.message.contains("is not a file"), "{failure}");
}
