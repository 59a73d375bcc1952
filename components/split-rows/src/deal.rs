//! Deals rows into two parts at random, with the exact number for each part.
//! Never needs to know a row; only how many of its group are still to come.

use rand_pcg::Pcg64;
use rand_pcg::rand_core::{Rng, SeedableRng};

/// How many rows a group has, and how many of them are for training.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Quota {
    pub(crate) rows: u64,
    pub(crate) train_rows: u64,
}

/// Selection sampling: each row is taken with the probability that makes every choice of
/// `train_rows` out of `rows` equally likely, and the quota is met exactly.
pub(crate) struct Dealer {
    random: Pcg64,
    /// What is still to come of each group.
    left: Vec<Quota>,
}

impl Dealer {
    pub(crate) fn new(seed: u64, quotas: Vec<Quota>) -> Self {
        Self { random: Pcg64::seed_from_u64(seed), left: quotas }
    }

    /// Whether the next row of this group is for training.
    pub(crate) fn deal(&mut self, group: usize) -> bool {
        let drawn = self.random.next_u64();
        let left = &mut self.left[group];
        // The upper half of the product lies evenly between 0 and `rows`, but for a deviation of one
        // part in 2^64.
        let position = ((u128::from(drawn) * u128::from(left.rows)) >> 64) as u64;
        let is_train = position < left.train_rows;
        left.rows -= 1;
        left.train_rows -= u64::from(is_train);
        is_train
    }
}
