//! Whole runs on one seed: a world where attempts fail, reports come twice or late, people change
//! their minds and the node is killed at any moment. What must hold all the same is checked throughout.
//! Never uses real time or real randomness, so that a seed tells the whole story.

mod chance;
mod disk;
mod graphs;
pub mod invariants;
mod node;
mod pipelines;
mod training;
mod world;

pub use training::{JobSummary, simulate_job};
pub use world::{Summary, simulate};
