//! A histogram as a small drawing.
//! Never needs a script or a font; the numbers are in its label.

use std::fmt::Write as _;

use crate::figures;
use crate::html::Html;
use crate::report::Histogram;

const WIDTH: f64 = 132.0;
const HEIGHT: f64 = 28.0;

/// Bars of a drawing. What a report could hold beyond this is no histogram.
const BINS_MAX: usize = 100;

/// Draws the histogram; nothing where it has no bins or no values.
pub(crate) fn draw(html: &mut Html, histogram: &Histogram) {
    let counts = &histogram.counts;
    let Some((place, tallest)) = tallest(counts).filter(|(_, tallest)| *tallest > 0 && counts.len() <= BINS_MAX) else {
        return;
    };
    let edge = |at: usize| histogram.edges.get(at).map_or_else(String::new, |edge| figures::number(*edge));
    let label = format!(
        "Values from {} to {}, most of them ({}) from {} on",
        edge(0),
        edge(counts.len()),
        figures::count(tallest),
        edge(place)
    );
    html.tag_with(
        "svg class=\"histogram\" viewBox=\"0 0 132 28\" width=\"132\" height=\"28\" role=\"img\" preserveAspectRatio=\"none\"",
        &[("aria-label", &label)],
        |html| {
            html.leaf("title", &label);
            html.tag_with("path", &[("d", &bars(counts, tallest))], |_| {});
        },
    );
}

fn tallest(counts: &[u64]) -> Option<(usize, u64)> {
    counts.iter().copied().enumerate().rev().max_by_key(|(_, count)| *count)
}

/// All bars as one path. A bar that stands for at least one value is never too low to be seen.
fn bars(counts: &[u64], tallest: u64) -> String {
    let width = WIDTH / as_f64(counts.len() as u64);
    let mut path = String::new();
    for (at, count) in (0..).zip(counts) {
        if *count > 0 {
            let height = (HEIGHT * as_f64(*count) / as_f64(tallest)).max(1.5);
            let gap = if width > 3.0 { 1.0 } else { 0.0 };
            let _ = write!(path, "M{:.1} {HEIGHT}v-{height:.1}h{:.1}v{height:.1}z", width * as_f64(at), width - gap);
        }
    }
    path
}

#[expect(clippy::cast_precision_loss, reason = "a drawing is not that precise")]
const fn as_f64(count: u64) -> f64 {
    count as f64
}
