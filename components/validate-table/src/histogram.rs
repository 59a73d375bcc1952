//! Histograms over a known range.
//! Never grows with the number of values.

use crate::cell::Kind;
use crate::profile::{Profile, as_f64};
use crate::report::Histogram;

/// Bins of a histogram over numbers, and the most over integers.
const BINS: usize = 20;

/// A histogram being filled.
#[derive(Clone, Debug)]
pub(crate) struct Filling {
    min: f64,
    max: f64,
    histogram: Histogram,
}

impl Filling {
    /// Over the range that the profile found; none where it found no number.
    pub(crate) fn over(profile: &Profile) -> Option<Self> {
        let numbers = &profile.numbers;
        if numbers.count == 0 {
            return None;
        }
        let (min, max) = (numbers.min, numbers.max);
        let one_each = profile.kind == Some(Kind::Integer) && max - min < BINS as f64;
        let (min, max, bins) = if one_each {
            // A bin for each integer, so that bars stand for values.
            (min, max + 1.0, (max - min) as usize + 1)
        } else if min == max {
            (min, max, 1)
        } else {
            (min, max, BINS)
        };
        let edge = |at: usize| {
            let share = as_f64(at as u64) / as_f64(bins as u64);
            // Halves first: the range itself may be beyond the greatest number.
            2.0 * (min / 2.0 + (max / 2.0 - min / 2.0) * share)
        };
        let mut edges: Vec<f64> = (0..=bins).map(edge).collect();
        edges[bins] = max;
        Some(Self { min, max, histogram: Histogram { edges, counts: vec![0; bins] } })
    }

    /// Takes in one value; what is no finite number is left out.
    pub(crate) fn add(&mut self, value: f64) {
        if !value.is_finite() {
            return;
        }
        let bins = self.histogram.counts.len();
        let width = self.max / 2.0 - self.min / 2.0;
        let share = if width > 0.0 { (value / 2.0 - self.min / 2.0) / width } else { 0.0 };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share lies between 0 and 1")]
        let guess = ((share * as_f64(bins as u64)) as usize).min(bins - 1);
        // Rounding can put a value beside the edge it stands on; the edges themselves decide.
        let edges = &self.histogram.edges;
        let bin = match guess {
            low if value < edges[low] && low > 0 => low - 1,
            high if high + 1 < bins && value >= edges[high + 1] => high + 1,
            right => right,
        };
        self.histogram.counts[bin] += 1;
    }

    /// The histogram.
    pub(crate) fn finish(self) -> Histogram {
        self.histogram
    }
}
