//! Tests only: see `tests/it`.
//! Never part of the product.
