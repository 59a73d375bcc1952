//! render-report as a plain function: whole pages, hostile texts, bad input.
//! Never compares a page letter by letter; it looks for what a reader must find.
#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up has to stop")]

use std::collections::BTreeMap;

use sdk_guest::prelude::*;

use crate::figures;
use crate::render_report;
use crate::report::{
    Anomaly, AnomalyKind, ColumnDrift, ColumnReport, DriftReport, DriftThresholds, FORMAT, Histogram, MEDIA_TYPE,
    NumberReport, Report, ValueCount,
};

fn metrics(labels: [&str; 2]) -> Metrics {
    let labels = labels.map(str::to_owned);
    let class =
        |label: &String, recall| ClassScores { label: label.clone(), precision: 0.9, recall, f1: 0.875, support: 20 };
    Metrics::builder()
        .scalar("accuracy", 0.975)
        .scalar("macro-f1", 0.9)
        .scalar("rows", 1_234.0)
        .classes(vec![class(&labels[0], 0.85), class(&labels[1], 1.0)])
        .confusion(ConfusionMatrix { labels: labels.to_vec(), counts: vec![vec![17, 3], vec![0, 20]] })
        .finish()
        .unwrap()
}

fn report(column: &str) -> Report {
    let histogram = Histogram { edges: vec![0.0, 1.0, 2.0], counts: vec![30, 10] };
    let numbers = NumberReport {
        min: 0.0,
        max: 2.0,
        mean: 0.75,
        standard_deviation: 0.5,
        not_finite: 0,
        quantiles: BTreeMap::new(),
        quantiles_sampled: false,
        histogram,
    };
    let column_of = |name: &str, kind: &str| ColumnReport {
        name: name.to_owned(),
        kind: kind.to_owned(),
        count: 40,
        missing: 2,
        distinct: 3,
        distinct_capped: false,
        top_values: vec![ValueCount { value: column.to_owned(), count: 12 }],
        numbers: None,
    };
    let anomaly = Anomaly {
        column: Some(column.to_owned()),
        kind: AnomalyKind::AboveMaximum,
        expected: "at most 1".to_owned(),
        found: column.to_owned(),
        rows: 10,
        first_row: Some(7),
    };
    let drift = ColumnDrift {
        name: column.to_owned(),
        population_stability_index: 0.4321,
        jensen_shannon_distance: 0.2,
        kolmogorov_smirnov: Some(0.31),
        drifted: true,
    };
    Report {
        format: FORMAT,
        rows: 42,
        schema: serde_json::Value::Null,
        schema_inferred: true,
        columns: vec![
            ColumnReport { numbers: Some(numbers), ..column_of(column, "number") },
            column_of("plan", "string"),
        ],
        drift: Some(DriftReport {
            reference_rows: 1_000,
            thresholds: DriftThresholds::default(),
            columns: vec![drift],
        }),
        anomalies: vec![anomaly],
    }
}

fn stored(report: &Report) -> Artifact {
    Artifact::from_bytes(MEDIA_TYPE, &serde_json::to_vec(report).unwrap()).unwrap()
}

fn page(title: &str, metrics: &Metrics, test: Option<&Metrics>, validation: Option<&Artifact>) -> String {
    let page = render_report(title.to_owned(), metrics, test, validation).unwrap();
    assert_eq!(page.describe().media_type, "text/html");
    page.read_to_string().unwrap()
}

/// Every tag is closed in the right order.
fn check_well_formed(page: &str) {
    const VOID: [&str; 2] = ["meta", "!doctype"];
    let mut open: Vec<&str> = Vec::new();
    for piece in page.split('<').skip(1) {
        let tag = piece.split('>').next().unwrap();
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name));
        } else {
            let name = tag.split([' ', '\n']).next().unwrap();
            if !VOID.contains(&name) {
                open.push(name);
            }
        }
    }
    assert_eq!(open, Vec::<&str>::new());
}

#[test]
fn a_page_tells_everything_and_needs_nothing() {
    let (metrics, validation) = (metrics(["cat", "dog"]), stored(&report("height")));
    let page = page("Cats and dogs", &metrics, Some(&metrics), Some(&validation));
    check_well_formed(&page);
    for text in [
        "<title>Cats and dogs</title>",
        "97.5 %",
        "<b>cat</b> taken for <b>dog</b>: 3 rows",
        "above-maximum",
        "at most 1",
        "height",
        "0.432",
        "<path d=\"M0.0 28v-28.0",
        "aria-label=\"Values from 0 to 2",
        "plan",
        "Test split",
        &metrics.describe().digest,
        &validation.describe().digest,
    ] {
        assert!(page.contains(text), "the page does not say `{text}`");
    }
    for absent in ["<script", "http://", "https://", "src=", "href=", "url(", "@import"] {
        assert!(!page.contains(absent), "the page holds `{absent}`");
    }
}

#[test]
fn hostile_texts_stay_texts() {
    let hostile = "</td><script>alert('1')</script>\" onclick=\"x&amp;\u{0}";
    let metrics = metrics([hostile, "b"]);
    let page = page(&format!("T{hostile}"), &metrics, None, Some(&stored(&report(hostile))));
    check_well_formed(&page);
    assert!(!page.contains("<script") && !page.contains("onclick=\"") && !page.contains('\u{0}'));
    assert!(page.contains("&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&quot; onclick=&quot;x&amp;amp;\u{fffd}"));
}

#[test]
fn a_page_without_classes_or_validation_has_what_there_is() {
    let loss = Metrics::builder().scalar("loss", 0.125).finish().unwrap();
    let page = page("Regression", &loss, None, None);
    check_well_formed(&page);
    assert!(page.contains("0.125") && !page.contains("Confusion matrix") && !page.contains("Anomalies"));
}

#[test]
fn many_classes_are_cut_with_a_word() {
    let labels: Vec<String> = (0..300).map(|class| format!("class {class}")).collect();
    let scores =
        |label: &String| ClassScores { label: label.clone(), precision: 1.0, recall: 1.0, f1: 1.0, support: 1 };
    let counts = (0..300).map(|row| (0..300).map(|at| u64::from(at == row)).collect()).collect();
    let metrics = Metrics::builder()
        .classes(labels.iter().map(scores).collect())
        .confusion(ConfusionMatrix { labels, counts })
        .finish()
        .unwrap();
    let page = page("Many", &metrics, None, None);
    assert!(page.contains("100 more classes are not shown."));
    assert!(page.contains("A matrix of 300 classes is too large"));
    assert!(page.contains("Every row was predicted right."));
}

#[test]
fn what_cannot_be_shown_is_refused() {
    let metrics = metrics(["a", "b"]);
    let refused = |title: &str, validation: Option<&Artifact>, says: &str| {
        let failure = render_report(title.to_owned(), &metrics, None, validation).unwrap_err();
        assert!(failure.to_string().contains(says), "`{failure}` does not say `{says}`");
    };
    refused("  ", None, "the title has 0 characters");
    refused(&"x".repeat(201), None, "the title has 201 characters");
    refused("t", Some(&Artifact::from_bytes("text/csv", b"a,b").unwrap()), "it is `text/csv`");
    refused("t", Some(&Artifact::from_bytes(MEDIA_TYPE, b"{").unwrap()), "the validation report cannot be shown");
    let newer = Report { format: FORMAT + 1, ..report("x") };
    refused("t", Some(&stored(&newer)), "this component reads format 1");
}

#[test]
fn figures_are_short_and_never_misleading() {
    let cases = [
        (0.0, "0"),
        (16.0, "16"),
        (0.12345, "0.1235"),
        (-0.00001, "-1.000e-5"),
        (1234.56, "1234.6"),
        (5e12, "5.000e12"),
    ];
    for (value, text) in cases {
        assert_eq!(figures::number(value), text);
    }
    assert_eq!(figures::percent(0.995), "99.5 %");
    assert_eq!(figures::percent(1.0), "100 %");
    assert_eq!(figures::count(1_234_567), "1\u{202f}234\u{202f}567");
    assert_eq!(figures::count(123), "123");
}
