//! Tests only: see `tests/it`, and `browser` for what the browser does.
//! Never part of the product.
