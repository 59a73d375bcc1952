//! The Gaussian error linear unit, x Φ(x) with Φ the distribution function of the normal distribution, and what it does
//! to gradients: Φ(x) + x φ(x) with φ the density. Both exactly, not by the approximation with a hyperbolic tangent.
//! Never differs by more than 1e-6 from them, in absolute terms and for gradients of 1.

use std::f32::consts::FRAC_1_SQRT_2;

use crate::numbers::{error_function, exponential, on_all_cores, on_all_cores_in_pairs};

/// 1 / √2π.
const DENSITY_AT_ZERO: f32 = 0.398_942_3;

/// x Φ(x).
pub fn forward(input: &[f32]) -> Vec<f32> {
    on_all_cores(
        input,
        #[inline(always)]
        |x| x * distribution(x),
    )
}

/// The gradient by x, given that by x Φ(x).
pub fn backward(input: &[f32], gradient: &[f32]) -> Vec<f32> {
    on_all_cores_in_pairs(
        input,
        gradient,
        #[inline(always)]
        |x, gradient| gradient * (distribution(x) + x * density(x)),
    )
}

#[inline(always)]
fn distribution(x: f32) -> f32 {
    0.5 + 0.5 * error_function(x * FRAC_1_SQRT_2)
}

#[inline(always)]
fn density(x: f32) -> f32 {
    DENSITY_AT_ZERO * exponential(-0.5 * x * x)
}
