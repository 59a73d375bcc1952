//! The part of the page about the classifier: scores, classes, confusion matrix.
//! Never computes a score; metrics hold them all.

use sdk_guest::prelude::*;

use crate::figures;
use crate::html::Html;

/// Classes of a confusion matrix that can be taken in at a look.
const MATRIX_CLASSES_MAX: usize = 40;

/// Rows of the table of classes.
const CLASSES_MAX: usize = 200;

/// From this share on, a cell is so dark that its text is written in the colour of the page.
const DEEP_SHARE: f64 = 0.7;

/// Mistakes that are listed.
const MISTAKES_MAX: usize = 8;

/// Scalars of a table.
const SCALARS_MAX: usize = 100;

/// All scalars, those of the test beside them where there are any.
pub(crate) fn scalars(html: &mut Html, metrics: &Metrics, test: Option<&Metrics>) {
    let mut names: Vec<String> = metrics.scalars().into_iter().map(|(name, _)| name).collect();
    names.extend(test.map(Metrics::scalars).unwrap_or_default().into_iter().map(|(name, _)| name));
    names.sort_unstable();
    names.dedup();
    if names.is_empty() {
        return;
    }
    section(html, "Scores", |html| {
        html.tag("table", |html| {
            html.leaf("caption", "What the evaluation measured");
            html.tag("thead", |html| {
                html.tag("tr", |html| {
                    html.leaf("th scope=\"col\"", "Score");
                    html.leaf("th scope=\"col\" class=\"number\"", "Validation");
                    if test.is_some() {
                        html.leaf("th scope=\"col\" class=\"number\"", "Test split");
                    }
                });
            });
            html.tag("tbody", |html| {
                for name in names.iter().take(SCALARS_MAX) {
                    html.tag("tr", |html| {
                        html.leaf("th scope=\"row\"", name);
                        for side in [Some(metrics), test].into_iter().flatten() {
                            let text = side.scalar(name).map_or_else(|| "–".to_owned(), |value| scalar(name, value));
                            html.leaf("td class=\"number\"", &text);
                        }
                    });
                }
            });
        });
        more(html, names.len(), SCALARS_MAX, "scores");
    });
}

/// A share reads best as a percentage, and these are shares by their meaning.
fn scalar(name: &str, value: f64) -> String {
    let is_share = ["accuracy", "precision", "recall", "f1"].iter().any(|share| name.ends_with(share));
    if is_share && (0.0..=1.0).contains(&value) { figures::percent(value) } else { figures::number(value) }
}

/// Precision, recall and F1 of each class.
pub(crate) fn classes(html: &mut Html, classes: &[ClassScores]) {
    if classes.is_empty() {
        return;
    }
    section(html, "Classes", |html| {
        html.tag("div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"Scores of each class\"", |html| {
            html.tag("table class=\"classes\"", |html| {
                html.leaf(
                    "caption",
                    "Precision: how many rows predicted as the class are of it. Recall: how many rows of the class were found.",
                );
                html.tag("thead", |html| {
                    html.tag("tr", |html| {
                        html.leaf("th scope=\"col\"", "Class");
                        for name in ["Precision", "Recall", "F1", "Rows"] {
                            html.leaf("th scope=\"col\" class=\"number\"", name);
                        }
                    });
                });
                html.tag("tbody", |html| {
                    for class in classes.iter().take(CLASSES_MAX) {
                        html.tag("tr", |html| {
                            html.leaf("th scope=\"row\"", &class.label);
                            for share in [class.precision, class.recall, class.f1] {
                                let style = format!("--share:{:.3}", share.clamp(0.0, 1.0));
                                html.tag_with("td class=\"number bar\"", &[("style", &style)], |html| {
                                    html.text(&figures::percent(share));
                                });
                            }
                            html.leaf("td class=\"number\"", &figures::count(class.support));
                        });
                    }
                });
            });
        });
        more(html, classes.len(), CLASSES_MAX, "classes");
    });
}

/// The confusion matrix as a table whose cells are the darker the more rows they hold.
pub(crate) fn confusion(html: &mut Html, matrix: &ConfusionMatrix) {
    if matrix.labels.is_empty() {
        return;
    }
    section(html, "Confusion matrix", |html| {
        mistakes(html, matrix);
        if matrix.labels.len() > MATRIX_CLASSES_MAX {
            let classes = matrix.labels.len();
            html.leaf("p", &format!("A matrix of {classes} classes is too large to be read; the metrics hold it."));
            return;
        }
        html.tag("div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"Confusion matrix\"", |html| {
            html.tag("table class=\"matrix\"", |html| {
                html.leaf("caption", "Rows by true class (down) and predicted class (across)");
                html.tag("thead", |html| {
                    html.tag("tr", |html| {
                        html.leaf("th scope=\"col\"", "True");
                        for label in &matrix.labels {
                            html.leaf("th scope=\"col\" class=\"number\"", label);
                        }
                    });
                });
                html.tag("tbody", |html| {
                    for (place, (label, counts)) in matrix.labels.iter().zip(&matrix.counts).enumerate() {
                        html.tag("tr", |html| {
                            html.leaf("th scope=\"row\"", label);
                            matrix_row(html, matrix, place, counts);
                        });
                    }
                });
            });
        });
    });
}

fn matrix_row(html: &mut Html, matrix: &ConfusionMatrix, place: usize, counts: &[u64]) {
    let rows: u64 = counts.iter().sum();
    for (at, count) in counts.iter().enumerate() {
        if *count == 0 {
            html.leaf("td class=\"number none\"", "0");
            continue;
        }
        let share = ratio(*count, rows);
        let style = format!("--share:{share:.3}");
        let label = |at: usize| matrix.labels.get(at).map_or("", String::as_str);
        let title = format!(
            "{} of class {}, predicted as {}: {} of the class",
            figures::counted(*count, "row", "rows"),
            label(place),
            label(at),
            figures::percent(share)
        );
        let opening = match (at == place, share > DEEP_SHARE) {
            (true, true) => "td class=\"number right deep\"",
            (true, false) => "td class=\"number right\"",
            (false, true) => "td class=\"number wrong deep\"",
            (false, false) => "td class=\"number wrong\"",
        };
        html.tag_with(opening, &[("style", &style), ("title", &title)], |html| html.text(&figures::count(*count)));
    }
}

/// The most frequent mistakes, in words.
fn mistakes(html: &mut Html, matrix: &ConfusionMatrix) {
    let mut mistakes: Vec<(u64, &str, &str)> = Vec::new();
    for (place, (truth, counts)) in matrix.labels.iter().zip(&matrix.counts).enumerate() {
        for (at, (predicted, count)) in matrix.labels.iter().zip(counts).enumerate() {
            if at != place && *count > 0 {
                mistakes.push((*count, truth, predicted));
            }
        }
    }
    // Stable, so that equally frequent ones stay in the order of the classes.
    mistakes.sort_by_key(|(count, ..)| std::cmp::Reverse(*count));
    let total: u64 = mistakes.iter().map(|(count, ..)| count).sum();
    if total == 0 {
        html.leaf("p", "Every row was predicted right.");
        return;
    }
    html.leaf("p", &format!("{} predicted wrong. Most often:", figures::counted(total, "row was", "rows were")));
    html.tag("ul class=\"mistakes\"", |html| {
        for (count, truth, predicted) in mistakes.iter().take(MISTAKES_MAX) {
            html.tag("li", |html| {
                html.leaf("b", truth);
                html.text(" taken for ");
                html.leaf("b", predicted);
                html.text(&format!(": {}", figures::counted(*count, "row", "rows")));
            });
        }
    });
}

/// A part of the page with a heading.
pub(crate) fn section(html: &mut Html, heading: &str, inside: impl FnOnce(&mut Html)) {
    html.tag("section", |html| {
        html.leaf("h2", heading);
        inside(html);
    });
}

/// Says what was left out.
pub(crate) fn more(html: &mut Html, all: usize, shown_max: usize, what: &str) {
    if all > shown_max {
        html.leaf(
            "p class=\"more\"",
            &format!("{} more {what} are not shown.", figures::count((all - shown_max) as u64)),
        );
    }
}

#[expect(clippy::cast_precision_loss, reason = "a shade of colour is not that precise")]
const fn ratio(part: u64, whole: u64) -> f64 {
    part as f64 / whole as f64
}
