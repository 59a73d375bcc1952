//! The functions beside those of more digits.

use super::{error_function, exponential, on_all_cores, on_all_cores_in_pairs};

/// Numbers from -10 to 10, and those at which something changes.
fn numbers() -> impl Iterator<Item = f32> {
    let dense = (-100_000_i32..=100_000).map(|at| at as f32 * 1e-4);
    dense.chain([0.0, -0.0, f32::MIN_POSITIVE, 3.832_506, 3.832_507, 3.832_508, 1e10, -1e10, f32::MAX, f32::INFINITY])
}

#[test]
fn the_error_function_is_right_to_the_bound_that_is_named() {
    for x in numbers() {
        let (own, right) = (f64::from(error_function(x)), libm::erf(f64::from(x)));
        assert!((own - right).abs() <= 5e-7, "erf({x}) = {right}, not {own}");
    }
}

#[test]
fn the_exponential_is_right_to_the_bound_that_is_named() {
    let edges = [-103.9, -103.0, -87.4, -87.3, 88.0, 88.7, 88.8, f32::NEG_INFINITY, f32::INFINITY, f32::MIN, f32::MAX];
    for x in numbers().chain(edges).chain((-1040..890).map(|at| at as f32 * 0.1)) {
        let (own, right) = (exponential(x), f64::from(x).exp() as f32);
        let is_right = own == right || (own - right).abs() <= (4e-7 * right).max(f32::from_bits(1));
        assert!(is_right, "exp({x}) = {right}, not {own}");
    }
    assert_eq!(exponential(f32::NEG_INFINITY).to_bits(), 0.0_f32.to_bits(), "what is masked has no share");
}

#[test]
fn numbers_that_are_none_stay_none() {
    assert!(error_function(f32::NAN).is_nan());
    assert!(exponential(f32::NAN).is_nan());
}

#[test]
fn every_number_is_computed_wherever_a_piece_ends() {
    for length in [0, 1, 7, 8 * 1024 - 1, 8 * 1024, 8 * 1024 + 1, 20_000] {
        let left: Vec<f32> = (0..length).map(|at| at as f32).collect();
        let right = on_all_cores(&left, |number| number * 2.0);
        let sums: Vec<f32> = left.iter().map(|number| number * 3.0).collect();
        assert_eq!(on_all_cores_in_pairs(&left, &right, |left, right| left + right), sums, "of {length}");
    }
}
