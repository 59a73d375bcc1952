//! `#[step]`: makes an ordinary function an export of the component. `#[trainable]`: makes a type one that is trained.
//! Never decides what a type means to the host; it only writes the WIT that says so.

mod contracts;
mod expand;
mod function;
#[cfg(test)]
mod tests;
mod trainable;
mod wit_text;
mod wit_type;

use proc_macro::TokenStream;

/// Makes a function a step: it is exported from the component under its own name, in kebab-case.
///
/// ```ignore
/// /// Counts the lines of a text.
/// #[step(outputs(lines))]
/// fn count_lines(text: &Artifact) -> Result<u64, Failure> {
///     Ok(text.read_to_string()?.lines().count() as u64)
/// }
/// ```
///
/// - Parameters keep their names, in kebab-case. They may be `bool`, whole numbers of a fixed width,
///   `f32`, `f64`, `char`, `String`, and `Vec`, `Option` and tuples of these; `Artifact`, `DataSet`,
///   `Model` and `Metrics` by value or, to read them only, by `&`.
/// - The result is one of those, or `()`, or a `Result` of one; the error is turned into a `Failure`.
/// - `outputs(a, b)` names the members of the result: a tuple has a name for each member, any other
///   result has one name. Without it the step has a single output called `output`.
/// - The doc comment is the step's documentation in the component's WIT.
///
/// Anywhere but in a wasm build, the function stays as it is, so tests call it with plain values.
#[proc_macro_attribute]
pub fn step(arguments: TokenStream, item: TokenStream) -> TokenStream {
    expand::step(arguments.into(), item.into()).unwrap_or_else(syn::Error::into_compile_error).into()
}

/// Makes a type the one that a component trains: stands before `impl Trainable for …`, once in a component.
///
/// Anywhere but in a wasm build, the implementation stays as it is, so tests call its functions.
#[proc_macro_attribute]
pub fn trainable(arguments: TokenStream, item: TokenStream) -> TokenStream {
    trainable::trainable(&arguments.into(), item.into()).unwrap_or_else(syn::Error::into_compile_error).into()
}
