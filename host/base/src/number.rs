//! How numbers are read from JSON, wherever a typed number is wanted.
//! Never rounds: what is no exact number of the wanted kind is none.

use serde_json::Value as Json;

/// Beyond this, floats no longer hold every whole number.
const EXACT_MAX: f64 = 9_007_199_254_740_992.0;

/// A whole number. `3.0` is one, `3.5` is not.
#[must_use]
pub fn whole(json: &Json) -> Option<i128> {
    let number = json.as_number()?;
    match (number.as_i128(), number.as_f64()) {
        (Some(whole), _) => Some(whole),
        (None, Some(float)) if float.fract() == 0.0 && float.abs() <= EXACT_MAX => Some(float as i128),
        _ => None,
    }
}

/// A number of 64 bits. JSON has no word for what is not finite; a string stands for it.
#[must_use]
pub fn float(json: &Json) -> Option<f64> {
    match json {
        Json::Number(number) => number.as_f64(),
        Json::String(text) => match text.as_str() {
            "NaN" => Some(f64::NAN),
            "Infinity" => Some(f64::INFINITY),
            "-Infinity" => Some(f64::NEG_INFINITY),
            _ => None,
        },
        _ => None,
    }
}

/// A number of 32 bits. One that is too large for it is refused rather than made infinite.
#[must_use]
pub fn single(json: &Json) -> Option<f32> {
    let double = float(json)?;
    let single = double as f32;
    (single.is_finite() == double.is_finite()).then_some(single)
}

#[cfg(test)]
mod tests;
