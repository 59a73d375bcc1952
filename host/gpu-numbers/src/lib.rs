//! Functions of many numbers at a time, with the widest instructions of the machine and on all of its cores.
//! Never knows what a tensor is: numbers come as slices and leave as vectors. It is a crate of its own so that it is
//! optimised in every build; without that, it is slower than what it stands for.

pub mod gelu;
mod numbers;

pub use numbers::exponentials;
