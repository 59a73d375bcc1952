//! Log lines of the step: `log::info!("read {rows} rows")`.
//! Never writes to standard output or error.

#[cfg(target_family = "wasm")]
pub use crate::bindings::sandmill::step::log::{Level, write};
#[cfg(not(target_family = "wasm"))]
pub use crate::testing::{Level, write_log as write};

pub use crate::{
    __log_debug as debug, __log_error as error, __log_info as info, __log_trace as trace, __log_warn as warn,
};

/// Writes a line of the level trace; the arguments are those of `format!`.
#[doc(hidden)]
#[macro_export]
macro_rules! __log_trace {
    ($($arguments:tt)*) => { $crate::log::write($crate::log::Level::Trace, &::std::format!($($arguments)*)) };
}

/// Writes a line of the level debug; the arguments are those of `format!`.
#[doc(hidden)]
#[macro_export]
macro_rules! __log_debug {
    ($($arguments:tt)*) => { $crate::log::write($crate::log::Level::Debug, &::std::format!($($arguments)*)) };
}

/// Writes a line of the level info; the arguments are those of `format!`.
#[doc(hidden)]
#[macro_export]
macro_rules! __log_info {
    ($($arguments:tt)*) => { $crate::log::write($crate::log::Level::Info, &::std::format!($($arguments)*)) };
}

/// Writes a line of the level warn; the arguments are those of `format!`.
#[doc(hidden)]
#[macro_export]
macro_rules! __log_warn {
    ($($arguments:tt)*) => { $crate::log::write($crate::log::Level::Warn, &::std::format!($($arguments)*)) };
}

/// Writes a line of the level error; the arguments are those of `format!`.
#[doc(hidden)]
#[macro_export]
macro_rules! __log_error {
    ($($arguments:tt)*) => { $crate::log::write($crate::log::Level::Error, &::std::format!($($arguments)*)) };
}
