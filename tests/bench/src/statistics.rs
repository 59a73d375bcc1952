//! Middle and worst of a handful of samples.
//! Never keeps samples.

#[cfg(test)]
mod tests;

use std::time::Duration;

/// A duration in milliseconds, with its fraction.
pub fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// The sample at a share of the way from the least to the greatest; 0 of no samples.
pub fn percentile(samples: &[f64], percent: usize) -> f64 {
    let mut sorted = samples.to_vec();
    sorted.sort_by(f64::total_cmp);
    let last = sorted.len().saturating_sub(1);
    sorted.get((last * percent).div_ceil(100)).copied().unwrap_or(0.0)
}

/// The middle sample.
pub fn median(samples: &[f64]) -> f64 {
    percentile(samples, 50)
}
