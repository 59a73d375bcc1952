//! What a step says while it runs as a plain function, kept so that a test can look at it.
//! Never part of a wasm build.

use std::cell::RefCell;

/// How important a log line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names are the meaning")]
pub enum Level {
    Trace,
    Debug,
    Info,
    Warn,
    Error,
}

/// Which run and step this is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunContext {
    /// Id of the run.
    pub run: String,
    /// Name of the pipeline.
    pub pipeline: String,
    /// Name of the step.
    pub step: String,
    /// Counted from 1.
    pub attempt: u32,
}

/// One report of progress.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// In the unit that the message names.
    pub done: u64,
    /// None while it is not known.
    pub total: Option<u64>,
    /// For people.
    pub message: String,
}

/// One point of a series.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// Name of the series.
    pub name: String,
    /// Position on the series' own axis.
    pub index: u64,
    /// The number.
    pub value: f64,
}

/// All that was said on this thread.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Recorded {
    /// Log lines in order.
    pub log: Vec<(Level, String)>,
    /// Reports of progress in order.
    pub progress: Vec<Progress>,
    /// Points in order.
    pub points: Vec<Point>,
}

thread_local! {
    static RECORDED: RefCell<Recorded> = RefCell::default();
    static CONTEXT: RefCell<RunContext> = RefCell::new(RunContext {
        run: "00000000-0000-7000-8000-000000000000".to_owned(),
        pipeline: "test".to_owned(),
        step: "test".to_owned(),
        attempt: 1,
    });
}

/// What was said on this thread since the last call.
#[must_use]
pub fn take_recorded() -> Recorded {
    RECORDED.take()
}

/// Sets what [`crate::context`] returns on this thread.
pub fn set_context(context: RunContext) {
    CONTEXT.set(context);
}

pub(crate) fn run_context() -> RunContext {
    CONTEXT.with_borrow(RunContext::clone)
}

/// Keeps a log line.
pub fn write_log(level: Level, message: &str) {
    RECORDED.with_borrow_mut(|recorded| recorded.log.push((level, message.to_owned())));
}

pub(crate) fn write_progress(done: u64, total: Option<u64>, message: &str) {
    let progress = Progress { done, total, message: message.to_owned() };
    RECORDED.with_borrow_mut(|recorded| recorded.progress.push(progress));
}

/// Adds a point to the series of this name.
pub fn write_point(name: &str, index: u64, value: f64) {
    RECORDED.with_borrow_mut(|recorded| recorded.points.push(Point { name: name.to_owned(), index, value }));
}

/// What a URL answers in a test.
#[cfg(feature = "http")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// Names in lower case, and values.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

#[cfg(feature = "http")]
thread_local! {
    static ANSWERS: RefCell<std::collections::HashMap<String, Answer>> = RefCell::default();
}

/// Prepares what a URL answers on this thread. All others answer that they are not granted.
#[cfg(feature = "http")]
pub fn answer(url: &str, answer: Answer) {
    ANSWERS.with_borrow_mut(|answers| answers.insert(url.to_owned(), answer));
}

#[cfg(feature = "http")]
pub(crate) fn prepared_answer(url: &str) -> Option<Answer> {
    ANSWERS.with_borrow(|answers| answers.get(url).cloned())
}
