//! One measured figure, as it is printed.
//! Never measures.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What a figure is compared with where no other program is named.
const TARGET: &str = "target";

/// One line of the output. Less is better for every unit used here.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// Which figure: the group's name, and what of it.
    pub name: String,
    /// What was measured.
    pub value: f64,
    /// In which unit.
    pub unit: String,
    /// The other program, or `target`.
    pub peer: Option<String>,
    /// What it takes, or what is allowed.
    pub peer_value: Option<f64>,
    /// How many times better than the peer; above 1 is ahead.
    pub ratio: Option<f64>,
    /// Whether the promise is kept.
    pub met: Option<bool>,
}

impl Figure {
    /// A figure that must not be above a target.
    pub fn against_target(name: &str, value: f64, unit: &str, target: f64) -> Self {
        Self { met: Some(value <= target), ..Self::beside(name, value, unit, TARGET, target) }
    }

    /// A figure beside another program's.
    pub fn beside(name: &str, value: f64, unit: &str, peer: &str, peer_value: f64) -> Self {
        let ratio = Some(peer_value / value).filter(|ratio| ratio.is_finite());
        Self { peer: Some(peer.into()), peer_value: Some(peer_value), ratio, ..Self::plain(name, value, unit) }
    }

    /// The same, where the peer must be slower by a factor.
    pub fn at_least(self, factor: f64) -> Self {
        let met = self.ratio.map(|ratio| ratio >= factor);
        Self { met, ..self }
    }

    /// A figure that nothing was promised about.
    pub fn plain(name: &str, value: f64, unit: &str) -> Self {
        Self { name: name.into(), value, unit: unit.into(), peer: None, peer_value: None, ratio: None, met: None }
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, value, unit, .. } = self;
        write!(out, "{name:<34} {value:>10.3} {unit:<4}")?;
        if let (Some(peer), Some(peer_value), Some(ratio)) = (&self.peer, self.peer_value, self.ratio) {
            // A ratio behind the peer's would all be 0.0.
            let digits = if ratio < 1.0 { 3 } else { 1 };
            write!(out, "  {peer} {peer_value:.3} {unit}, {ratio:.digits$} times better")?;
        }
        match self.met {
            Some(true) => write!(out, "  met"),
            Some(false) => write!(out, "  MISSED"),
            None => Ok(()),
        }
    }
}
