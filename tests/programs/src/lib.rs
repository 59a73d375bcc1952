//! Small guests, one per behaviour, under `examples/` and `src/bin/`; here is what several of them share.
//! Never a library for anybody else.

pub mod line;
pub mod training;
