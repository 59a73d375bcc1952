//! Renders metrics and a validation report as one HTML page.
//! Never writes a script or a reference to anything outside the page.

mod data;
mod figures;
mod histogram;
mod html;
#[path = "../../validate-table/src/report.rs"]
#[allow(dead_code, reason = "whoever makes a report needs more of it than whoever shows it")]
mod report;
mod scores;
#[cfg(test)]
mod tests;

use sdk_guest::prelude::*;

use html::Html;
use report::Report;

/// The media type of the page.
const MEDIA_TYPE: &str = "text/html";

/// Characters of the title.
const TITLE_CHARS_MAX: usize = 200;

/// Length of a validation report, in bytes.
const VALIDATION_BYTES_MAX: u64 = 64 << 20;

/// Renders metrics, and a validation report if there is one, as one HTML page.
///
/// `metrics` are those to show first; `test-metrics` stand beside them. The page needs no script and
/// nothing from elsewhere, so it can be kept, sent and opened anywhere.
#[step(outputs(report))]
fn render_report(
    title: String,
    metrics: &Metrics,
    test_metrics: Option<&Metrics>,
    validation: Option<&Artifact>,
) -> Result<Artifact, Failure> {
    let title = title.trim();
    if title.is_empty() || title.chars().count() > TITLE_CHARS_MAX {
        return Err(Failure::new(format!(
            "the title has {} characters, and must have 1 to {TITLE_CHARS_MAX}",
            title.chars().count()
        )));
    }
    let report = validation.map(read_validation).transpose().context("the validation report cannot be shown")?;
    let mut page = Html::default();
    page.markup("<!doctype html>\n");
    page.tag("html lang=\"en\"", |html| {
        head(html, title);
        html.tag("body", |html| {
            html.tag("main", |html| {
                html.leaf("h1", title);
                tiles(html, metrics, test_metrics, report.as_ref());
                scores::scalars(html, metrics, test_metrics);
                scores::classes(html, &metrics.classes());
                if let Some(matrix) = metrics.confusion() {
                    scores::confusion(html, &matrix);
                }
                if let Some(report) = &report {
                    data::write(html, report);
                }
            });
            footer(html, metrics, test_metrics, validation);
        });
    });
    let mut writer = Artifact::writer(MEDIA_TYPE);
    writer.set_metadata("title", title)?;
    std::io::Write::write_all(&mut writer, page.into_string().as_bytes()).context("cannot write the page")?;
    writer.finish()
}

fn read_validation(artifact: &Artifact) -> Result<Report> {
    let described = artifact.describe();
    if described.media_type != report::MEDIA_TYPE {
        let message = format!("it is `{}`, not `{}`", described.media_type, report::MEDIA_TYPE);
        return Err(Failure::new(message).with_hint("give it the report of the component validate-table"));
    }
    if described.size_bytes > VALIDATION_BYTES_MAX {
        let message = format!("it is {} bytes long, more than {VALIDATION_BYTES_MAX}", described.size_bytes);
        return Err(Failure::new(message));
    }
    let report: Report = serde_json::from_slice(&artifact.read_to_end()?)?;
    if report.format != report::FORMAT {
        let message = format!("it has format {}, and this component reads format {}", report.format, report::FORMAT);
        return Err(Failure::new(message).with_hint("use validate-table and render-report of the same release"));
    }
    Ok(report)
}

fn head(html: &mut Html, title: &str) {
    html.tag("head", |html| {
        html.markup(concat!(
            "<meta charset=\"utf-8\">",
            // The page says itself that it needs nothing, and a browser holds it to that.
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">",
            "<meta name=\"color-scheme\" content=\"light dark\">",
        ));
        html.leaf("title", title);
        html.tag("style", |html| html.markup(include_str!("page.css")));
    });
}

/// The few figures that most readers come for.
fn tiles(html: &mut Html, metrics: &Metrics, test: Option<&Metrics>, report: Option<&Report>) {
    let share = |name: &str, metrics: &Metrics| metrics.scalar(name).map(figures::percent);
    let tiles = [
        ("Accuracy, validation", share("accuracy", metrics)),
        ("Accuracy, test split", test.and_then(|test| share("accuracy", test))),
        ("Mean F1, validation", share("macro-f1", metrics)),
        ("Rows validated", metrics.scalar("rows").map(figures::number)),
        ("Anomalies in the data", report.map(|report| figures::count(report.anomalies.len() as u64))),
    ];
    html.tag("dl class=\"tiles\"", |html| {
        for (name, value) in tiles.iter().filter_map(|(name, value)| Some((name, value.as_ref()?))) {
            html.tag("div", |html| {
                html.leaf("dt", name);
                html.leaf("dd", value);
            });
        }
    });
}

/// What the page was made from, so that it can be traced.
fn footer(html: &mut Html, metrics: &Metrics, test: Option<&Metrics>, validation: Option<&Artifact>) {
    let sources = [
        ("Metrics", Some(metrics.describe().digest)),
        ("Test metrics", test.map(|test| test.describe().digest)),
        ("Validation", validation.map(|validation| validation.describe().digest)),
    ];
    html.tag("footer", |html| {
        html.leaf("p", "Made by Sandmill from these artifacts:");
        html.tag("dl", |html| {
            for (name, digest) in sources.iter().filter_map(|(name, digest)| Some((name, digest.as_ref()?))) {
                html.leaf("dt", name);
                html.tag("dd", |html| html.leaf("code", digest));
            }
        });
    });
}
