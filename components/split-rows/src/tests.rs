//! The step as a function, over tables in memory.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::sync::Arc;

use sdk_guest::prelude::*;
use sdk_guest::table::arrow_array::{Array, Int64Array, RecordBatch, StringArray};
use sdk_guest::table::arrow_schema::{DataType, Field, Schema};

use crate::split_rows;

/// Rows numbered from 0, the class of a row given by its number, in batches of 100.
fn table(rows: i64, class: impl Fn(i64) -> Option<&'static str>) -> DataSet {
    let schema = Arc::new(Schema::new(vec![
        Field::new("id", DataType::Int64, false),
        Field::new("class", DataType::Utf8, true),
    ]));
    let mut writer = TableWriter::new(&schema).unwrap();
    let ids: Vec<i64> = (0..rows).collect();
    for ids in ids.chunks(100) {
        let classes: StringArray = ids.iter().map(|id| class(*id)).collect();
        let columns: Vec<Arc<dyn Array>> = vec![Arc::new(Int64Array::from(ids.to_vec())), Arc::new(classes)];
        writer.write(&RecordBatch::try_new(schema.clone(), columns).unwrap()).unwrap();
    }
    writer.finish().unwrap()
}

fn ids(part: &DataSet) -> Vec<i64> {
    let table = part.read_table().unwrap();
    table.column(0).as_any().downcast_ref::<Int64Array>().unwrap().values().to_vec()
}

fn class_counts(part: &DataSet) -> BTreeMap<Option<String>, usize> {
    let table = part.read_table().unwrap();
    let classes = table.column(1).as_any().downcast_ref::<StringArray>().unwrap();
    let mut counts = BTreeMap::new();
    for class in classes {
        *counts.entry(class.map(str::to_owned)).or_default() += 1;
    }
    counts
}

#[test]
fn every_row_is_in_exactly_one_part_and_parts_keep_the_order() {
    let (train, test) = split_rows(&table(1000, |_| None), 0.8, 7, None).unwrap();
    let (train, test) = (ids(&train), ids(&test));
    assert_eq!((train.len(), test.len()), (800, 200));
    assert!(train.is_sorted() && test.is_sorted());
    let mut all = [train, test].concat();
    all.sort_unstable();
    assert_eq!(all, (0..1000).collect::<Vec<_>>());
}

#[test]
fn the_seed_decides_the_split() {
    let table = table(1000, |_| None);
    let test_ids = |seed| ids(&split_rows(&table, 0.8, seed, None).unwrap().1);
    assert_eq!(test_ids(7), test_ids(7));
    assert_ne!(test_ids(7), test_ids(8));
    // These numbers must never change: cached results of old runs depend on them.
    assert_eq!(test_ids(7)[..8], [2, 3, 19, 20, 40, 42, 50, 57]);
}

#[test]
fn rows_are_drawn_from_all_over_the_table() {
    let (_, test) = split_rows(&table(10_000, |_| None), 0.5, 3, None).unwrap();
    let mut tenths = [0_usize; 10];
    for id in ids(&test) {
        tenths[id as usize / 1000] += 1;
    }
    // 500 expected in each; five standard deviations of about 16.
    assert!(tenths.iter().all(|count| (420..580).contains(count)), "{tenths:?}");
}

#[test]
fn stratifying_keeps_each_value_in_proportion() {
    let class = |id: i64| match id % 10 {
        0 => None,
        1..=3 => Some("b"),
        _ => Some("a"),
    };
    let (train, test) = split_rows(&table(1000, class), 0.75, 1, Some("class".to_owned())).unwrap();
    let expected =
        |a, b, missing| BTreeMap::from([(None, missing), (Some("a".to_owned()), a), (Some("b".to_owned()), b)]);
    assert_eq!(class_counts(&train), expected(450, 225, 75));
    assert_eq!(class_counts(&test), expected(150, 75, 25));
}

#[test]
fn stratifying_puts_even_a_rare_value_into_both_parts() {
    let class = |id: i64| Some(if id < 2 { "rare" } else { "common" });
    let (train, test) = split_rows(&table(100, class), 0.9, 1, Some("class".to_owned())).unwrap();
    assert_eq!((class_counts(&train)[&Some("rare".to_owned())], class_counts(&test)[&Some("rare".to_owned())]), (1, 1));
}

#[test]
fn stratifying_by_numbers_works_too() {
    let (train, _) = split_rows(&table(4, |_| None), 0.5, 1, Some("class".to_owned())).unwrap();
    assert_eq!(train.rows(), Some(2));
    let failure = split_rows(&table(4, |_| None), 0.5, 1, Some("id".to_owned())).unwrap_err();
    assert!(failure.message.contains("the value `0` of the column `id` has a single row"), "{failure}");
}

#[test]
fn what_cannot_be_split_is_refused() {
    let refused = |rows, fraction, column: Option<&str>| {
        split_rows(&table(rows, |_| Some("a")), fraction, 1, column.map(str::to_owned)).unwrap_err().message
    };
    for fraction in [0.0, 1.0, -0.5, 1.5, f64::NAN, f64::INFINITY] {
        assert!(refused(10, fraction, None).contains("must lie between 0 and 1"), "{fraction}");
    }
    assert_eq!(refused(0, 0.5, None), "the table has no rows to split");
    assert_eq!(refused(10, 0.01, None), "a fraction of 0.01 of 10 rows leaves the training part empty");
    assert_eq!(refused(10, 0.99, None), "a fraction of 0.99 of 10 rows leaves the test part empty");
    assert_eq!(refused(10, 0.5, Some("label")), "the table has no column `label` to stratify by");
    assert!(refused(20_001, 0.5, Some("id")).contains("more than 10000 different values"));
    let text = DataSet::from_bytes("text/csv", b"a\n1\n").unwrap();
    assert!(split_rows(&text, 0.5, 1, None).unwrap_err().message.contains("not a table"));
}
