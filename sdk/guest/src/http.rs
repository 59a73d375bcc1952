//! HTTP requests through `wasi:http`.
