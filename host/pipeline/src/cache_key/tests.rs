//! Tests, by example.
//! Never about IO.
