//! The REST interface as data: wire types, the route table, the OpenAPI document printed from both.
//! Never serves or calls anything; `host/server` and `host/client` do.

pub mod artifact;
pub mod node;
mod openapi;
pub mod pipeline;
pub mod problem;
pub mod routes;
pub mod run;

pub use openapi::openapi;
