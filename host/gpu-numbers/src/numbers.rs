//! Functions of numbers in a form that compilers turn into instructions for many numbers at once: no branches, no
//! tables, no calls.
//! Never the last bit: their errors are named, and are those of a few operations on `f32`.

use std::f32::consts::{FRAC_2_SQRT_PI, LOG2_E};

use pulp::Arch;
use rayon::iter::{IndexedParallelIterator, ParallelIterator};
use rayon::slice::{ParallelSlice, ParallelSliceMut};

/// Numbers that a core is given at once: many enough that handing them over costs little beside computing with them.
const PIECE_NUMBERS: usize = 8 * 1024;

/// From here on, the error function is 1 in `f32`.
const ERROR_FUNCTION_IS_ONE: f32 = 3.832_507;
/// erf(x) = x P(x²) / Q(x²) up to there, with an error of 1.2e-8 before rounding: fitted by weighted least squares
/// at Chebyshev's points.
const NUMERATOR: [f32; 6] =
    [FRAC_2_SQRT_PI, 0.189_305_4, 0.052_674_88, 0.003_737_610_8, 0.000_287_708_1, 2.104_983_7e-6];
const DENOMINATOR: [f32; 6] = [1.0, 0.501_099_65, 0.113_719_7, 0.014_910_618, 0.001_162_133_3, 3.880_468_6e-5];

/// Below and above these, e to the x is 0 and infinite in `f32`.
const EXPONENT_MIN: f32 = -104.0;
const EXPONENT_MAX: f32 = 89.0;
/// ln 2, in a part whose products with small whole numbers are exact and what is left.
const LN_2: [f32; 2] = [0.693_359_4, -2.121_944_4e-4];
/// Added to a number, it rounds it to a whole one, which then stands in the lowest bits.
const ROUNDING: f32 = 12_582_912.0;
/// e to the r = Σ r^n / n! for |r| ≤ ln 2 / 2, with an error of 2e-8 before rounding.
const EXPONENTIAL: [f32; 7] = [1.0, 1.0, 0.5, 1.0 / 6.0, 1.0 / 24.0, 1.0 / 120.0, 1.0 / 720.0];

/// A number of each, with the widest instructions of this machine, on all of its cores.
pub fn on_all_cores(numbers: &[f32], function: impl Fn(f32) -> f32 + Copy + Sync + Send) -> Vec<f32> {
    on_all_cores_in_pairs(
        numbers,
        numbers,
        #[inline(always)]
        |number, _| function(number),
    )
}

/// A number of each pair, in the same way.
pub fn on_all_cores_in_pairs(
    left: &[f32],
    right: &[f32],
    function: impl Fn(f32, f32) -> f32 + Copy + Sync + Send,
) -> Vec<f32> {
    let mut made = vec![0.0; left.len()];
    let arch = Arch::new();
    let pieces = left.par_chunks(PIECE_NUMBERS).zip(right.par_chunks(PIECE_NUMBERS));
    made.par_chunks_mut(PIECE_NUMBERS).zip(pieces).for_each(|(made, (left, right))| {
        arch.dispatch(
            #[inline(always)]
            || {
                let pairs = left.iter().zip(right);
                made.iter_mut().zip(pairs).for_each(|(made, (left, right))| *made = function(*left, *right));
            },
        );
    });
    made
}

/// e to each number.
pub fn exponentials(numbers: &[f32]) -> Vec<f32> {
    on_all_cores(numbers, exponential)
}

/// erf(x), to 5e-7.
#[inline(always)]
pub fn error_function(x: f32) -> f32 {
    let x = x.clamp(-ERROR_FUNCTION_IS_ONE, ERROR_FUNCTION_IS_ONE);
    let square = x * x;
    (x * polynomial(NUMERATOR, square) / polynomial(DENOMINATOR, square)).clamp(-1.0, 1.0)
}

/// e to the x, to 4e-7 of it or to the smallest number that there is.
#[inline(always)]
pub fn exponential(x: f32) -> f32 {
    let x = x.clamp(EXPONENT_MIN, EXPONENT_MAX);
    let rounded = x * LOG2_E + ROUNDING;
    let doublings = rounded - ROUNDING;
    let rest = x - doublings * LN_2[0] - doublings * LN_2[1];
    // In two steps, since some powers of two that are needed are no numbers of their own.
    let doublings = rounded.to_bits().wrapping_sub(ROUNDING.to_bits()).cast_signed();
    let half = doublings >> 1;
    polynomial(EXPONENTIAL, rest) * power_of_two(half) * power_of_two(doublings.wrapping_sub(half))
}

/// 2 to the n, for n from -126 to 127.
#[inline(always)]
fn power_of_two(n: i32) -> f32 {
    f32::from_bits((n.wrapping_add(127) << 23).cast_unsigned())
}

/// Σ factor(n) x^n.
#[inline(always)]
fn polynomial<const N: usize>(factors: [f32; N], x: f32) -> f32 {
    factors.into_iter().rev().fold(0.0, |sum, factor| sum * x + factor)
}

#[cfg(test)]
mod tests;
