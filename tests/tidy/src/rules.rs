//! The rules, each a function from the house to the places that break it.
//! Never stops at the first: whoever tidies up wants the whole list.

pub mod arrows;
pub mod contracts;
pub mod documents;
pub mod errors;
pub mod functions;
pub mod manifests;
pub mod purity;
pub mod sources;
pub mod tree;
