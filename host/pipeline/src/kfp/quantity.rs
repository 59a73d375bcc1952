//! Amounts as Kubernetes writes them: `512Mi`, `0.5`, `100m`.
//! Never guesses: what has an unknown suffix is no amount.

/// Suffixes and what they multiply by, longer ones first.
const SUFFIXES: [(&str, f64); 14] = [
    ("Ki", 1024.0),
    ("Mi", 1_048_576.0),
    ("Gi", 1_073_741_824.0),
    ("Ti", 1_099_511_627_776.0),
    ("Pi", 1_125_899_906_842_624.0),
    ("Ei", 1_152_921_504_606_846_976.0),
    ("m", 0.001),
    ("k", 1e3),
    ("K", 1e3),
    ("M", 1e6),
    ("G", 1e9),
    ("T", 1e12),
    ("P", 1e15),
    ("E", 1e18),
];

/// An amount of bytes, rounded up.
pub(super) fn bytes(text: &str) -> Option<u64> {
    let amount = amount(text)?.ceil();
    // Casting saturates, so an absurd amount is an absurd limit and not a small one.
    (amount >= 1.0).then_some(amount as u64)
}

/// An amount of cores.
pub(super) fn cores(text: &str) -> Option<f64> {
    amount(text).filter(|cores| *cores > 0.0)
}

fn amount(text: &str) -> Option<f64> {
    let text = text.trim();
    if let Ok(plain) = text.parse::<f64>() {
        return plain.is_finite().then_some(plain);
    }
    let (suffix, factor) = SUFFIXES.iter().find(|(suffix, _)| text.ends_with(suffix))?;
    let number: f64 = text[..text.len() - suffix.len()].parse().ok()?;
    (number * factor).is_finite().then_some(number * factor)
}

#[cfg(test)]
mod tests;
