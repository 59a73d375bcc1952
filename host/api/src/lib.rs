//! What callers may say to a node over HTTP and what it answers: wire types, route table, OpenAPI.
//! Never handles a request: `host-server` answers, `host-client` asks.

pub mod artifact;
pub mod component;
pub mod event;
pub mod experiment;
pub mod folder;
pub mod kfp;
pub mod load;
pub mod login;
pub mod metric;
pub mod node;
pub mod notebook;
mod openapi;
pub mod pipeline;
pub mod plan;
pub mod problem;
pub mod routes;
pub mod run;
pub mod schedule;
pub mod step;
pub mod train_job;

pub use openapi::openapi;

/// Largest JSON body of a request: a document of the largest size, written as a JSON string, and parameters.
pub const REQUEST_BYTES_MAX: usize = 36 << 20;

/// Items on a page where a request names no number.
pub const PAGE_ITEMS_DEFAULT: usize = 50;

/// Items on a page at most, whatever a request names.
pub const PAGE_ITEMS_MAX: usize = 200;

/// Steps in one answer where a request names no number.
pub const STEPS_DEFAULT: usize = 1_000;

/// Steps in one answer at most, whatever a request names.
pub const STEPS_MAX: usize = 10_000;

/// Log lines in one answer where a request names no number.
pub const LOG_LINES_DEFAULT: usize = 1_000;

/// Log lines in one answer at most, whatever a request names.
pub const LOG_LINES_MAX: usize = 10_000;

/// Log lines that one answer looks through for a text.
pub const LOG_LINES_SEARCHED_MAX: usize = 200_000;

/// Points of series in one answer.
pub const METRIC_POINTS_MAX: usize = 10_000;
