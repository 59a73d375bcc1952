//! A bounded sample of a long column, each value equally likely to be in it.
//! Never draws on real randomness: the same values in the same order give the same sample.

/// Values kept; a column with no more than these is kept whole.
pub(crate) const SAMPLE_VALUES_MAX: usize = 8_192;

/// Vitter's algorithm R with a fixed seed.
#[derive(Clone, Debug)]
pub(crate) struct Sample {
    values: Vec<f64>,
    seen: u64,
    state: u64,
}

impl Default for Sample {
    fn default() -> Self {
        Self { values: Vec::new(), seen: 0, state: 0x5eed }
    }
}

impl Sample {
    /// Takes in one value.
    pub(crate) fn add(&mut self, value: f64) {
        self.seen += 1;
        if self.values.len() < SAMPLE_VALUES_MAX {
            self.values.push(value);
            return;
        }
        let place = self.next_random() % self.seen;
        if let Some(slot) = usize::try_from(place).ok().and_then(|place| self.values.get_mut(place)) {
            *slot = value;
        }
    }

    /// Whether every value is in it.
    pub(crate) const fn is_complete(&self) -> bool {
        self.seen == self.values.len() as u64
    }

    /// The values from least to greatest.
    pub(crate) fn sorted(&self) -> Vec<f64> {
        let mut sorted = self.values.clone();
        sorted.sort_unstable_by(f64::total_cmp);
        sorted
    }

    /// SplitMix64: a few shifts and products are enough to pick places.
    const fn next_random(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}
