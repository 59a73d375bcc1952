//! The part of the page about the data: anomalies, drift, columns.
//! Never judges the data; the validation report did.

use crate::figures;
use crate::histogram;
use crate::html::Html;
use crate::report::{Anomaly, ColumnReport, DriftReport, Report};
use crate::scores::{more, section};

/// Anomalies of a table.
const ANOMALIES_MAX: usize = 200;

/// Columns of a table.
const COLUMNS_MAX: usize = 300;

/// Columns of the table of drift; those that differ most come first.
const DRIFT_COLUMNS_MAX: usize = 10;

/// Everything that a validation report tells.
pub(crate) fn write(html: &mut Html, report: &Report) {
    section(html, "Anomalies", |html| anomalies(html, &report.anomalies));
    if let Some(drift) = &report.drift {
        section(html, "Drift", |html| drift_table(html, drift));
    }
    section(html, "Columns", |html| {
        let columns = figures::counted(report.columns.len() as u64, "column", "columns");
        let rows = figures::counted(report.rows, "row", "rows");
        let schema =
            if report.schema_inferred { "against a schema inferred from data" } else { "against a given schema" };
        html.leaf("p", &format!("{rows} of {columns}, checked {schema}."));
        html.tag("div class=\"wide tall\" tabindex=\"0\" role=\"region\" aria-label=\"Columns\"", |html| {
            html.tag("table class=\"columns\"", |html| columns_table(html, &report.columns));
        });
        more(html, report.columns.len(), COLUMNS_MAX, "columns");
    });
}

fn header(html: &mut Html, names: &[(&str, bool)]) {
    html.tag("thead", |html| {
        html.tag("tr", |html| {
            for (name, is_number) in names {
                let opening = if *is_number { "th scope=\"col\" class=\"number\"" } else { "th scope=\"col\"" };
                html.leaf(opening, name);
            }
        });
    });
}

fn anomalies(html: &mut Html, anomalies: &[Anomaly]) {
    if anomalies.is_empty() {
        html.leaf("p class=\"good\"", "None were found.");
        return;
    }
    html.tag("div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"Anomalies\"", |html| {
        html.tag("table", |html| {
            let names = [
                ("Column", false),
                ("Kind", false),
                ("Expected", false),
                ("Found", false),
                ("Rows", true),
                ("First row", true),
            ];
            header(html, &names);
            html.tag("tbody", |html| {
                for anomaly in anomalies.iter().take(ANOMALIES_MAX) {
                    html.tag("tr", |html| {
                        html.leaf("th scope=\"row\"", anomaly.column.as_deref().unwrap_or("(whole table)"));
                        html.tag("td", |html| html.leaf("span class=\"kind\"", anomaly.kind.name()));
                        html.leaf("td", &anomaly.expected);
                        html.leaf("td", &anomaly.found);
                        html.leaf("td class=\"number\"", &figures::count(anomaly.rows));
                        let first = anomaly.first_row.map_or_else(|| "–".to_owned(), figures::count);
                        html.leaf("td class=\"number\"", &first);
                    });
                }
            });
        });
    });
    more(html, anomalies.len(), ANOMALIES_MAX, "anomalies");
}

fn drift_table(html: &mut Html, drift: &DriftReport) {
    let drifted = drift.columns.iter().filter(|column| column.drifted).count();
    html.leaf(
        "p",
        &format!(
            "{} of {} are spread differently than in the reference of {}.",
            figures::count(drifted as u64),
            figures::counted(drift.columns.len() as u64, "column", "columns"),
            figures::counted(drift.reference_rows, "row", "rows")
        ),
    );
    let mut columns: Vec<_> = drift.columns.iter().collect();
    columns.sort_by(|one, other| {
        let by_index = other.population_stability_index.total_cmp(&one.population_stability_index);
        other.drifted.cmp(&one.drifted).then(by_index)
    });
    html.tag("div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"Drift\"", |html| {
        html.tag("table", |html| {
            html.leaf("caption", "The columns that differ most. The last row holds the thresholds.");
            let names = [
                ("Column", false),
                ("Population stability index", true),
                ("Jensen-Shannon distance", true),
                ("Kolmogorov-Smirnov distance", true),
                ("Drifted", false),
            ];
            header(html, &names);
            html.tag("tbody", |html| {
                for column in columns.iter().take(DRIFT_COLUMNS_MAX) {
                    html.tag("tr", |html| {
                        html.leaf("th scope=\"row\"", &column.name);
                        html.leaf("td class=\"number\"", &format!("{:.3}", column.population_stability_index));
                        html.leaf("td class=\"number\"", &format!("{:.3}", column.jensen_shannon_distance));
                        let distance =
                            column.kolmogorov_smirnov.map_or_else(|| "–".to_owned(), |found| format!("{found:.3}"));
                        html.leaf("td class=\"number\"", &distance);
                        html.tag("td", |html| match column.drifted {
                            true => html.leaf("span class=\"kind\"", "yes"),
                            false => html.text("no"),
                        });
                    });
                }
            });
            html.tag("tfoot", |html| {
                html.tag("tr", |html| {
                    html.leaf("th scope=\"row\"", "Threshold");
                    let thresholds = &drift.thresholds;
                    for threshold in [
                        thresholds.population_stability_index_max,
                        thresholds.jensen_shannon_distance_max,
                        thresholds.kolmogorov_smirnov_max,
                    ] {
                        html.leaf("td class=\"number\"", &figures::number(threshold));
                    }
                    html.leaf("td", "");
                });
            });
        });
    });
}

fn columns_table(html: &mut Html, columns: &[ColumnReport]) {
    let names = [
        ("Column", false),
        ("Type", false),
        ("Missing", true),
        ("Distinct", true),
        ("Least", true),
        ("Mean", true),
        ("Deviation", true),
        ("Greatest", true),
        ("Spread", false),
    ];
    header(html, &names);
    html.tag("tbody", |html| {
        for column in columns.iter().take(COLUMNS_MAX) {
            html.tag("tr", |html| {
                html.leaf("th scope=\"row\"", &column.name);
                html.leaf("td", &column.kind);
                let missing = if column.missing > 0 { "td class=\"number warn\"" } else { "td class=\"number\"" };
                html.leaf(missing, &figures::count(column.missing));
                let capped = if column.distinct_capped { "> " } else { "" };
                html.leaf("td class=\"number\"", &format!("{capped}{}", figures::count(column.distinct)));
                column_numbers(html, column);
            });
        }
    });
}

fn column_numbers(html: &mut Html, column: &ColumnReport) {
    if let Some(numbers) = &column.numbers {
        for value in [numbers.min, numbers.mean, numbers.standard_deviation, numbers.max] {
            html.leaf("td class=\"number\"", &figures::number(value));
        }
        html.tag("td", |html| histogram::draw(html, &numbers.histogram));
        return;
    }
    let shown: Vec<String> =
        column.top_values.iter().take(4).map(|top| format!("{} ({})", top.value, figures::count(top.count))).collect();
    html.leaf("td colspan=\"5\" class=\"values\"", &shown.join(", "));
}
