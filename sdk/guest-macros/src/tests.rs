//! The WIT of signatures, checked by a WIT parser, and the errors for signatures that cannot cross.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use quote::quote;
use wit_parser::{Resolve, Type, TypeDefKind, WorldItem};

use crate::contracts::PACKAGES;
use crate::expand;
use crate::function::{Arguments, StepFunction};

fn read(arguments: proc_macro2::TokenStream, function: proc_macro2::TokenStream) -> syn::Result<StepFunction> {
    let arguments: Arguments = syn::parse2(arguments)?;
    StepFunction::read(&arguments, &syn::parse2(function)?)
}

/// The part of the document that is the step's own.
fn world(arguments: proc_macro2::TokenStream, function: proc_macro2::TokenStream) -> String {
    let document = read(arguments, function).unwrap().document();
    parse(&document);
    document[..document.find("package sandmill").unwrap()].trim_end().to_owned()
}

fn parse(document: &str) -> Resolve {
    let mut resolve = Resolve::default();
    if let Err(error) = resolve.push_str("step.wit", document) {
        panic!("{error:?}\n{document}");
    }
    resolve
}

fn refused(arguments: proc_macro2::TokenStream, function: proc_macro2::TokenStream) -> String {
    read(arguments, function).unwrap_err().to_string()
}

#[test]
fn a_step_with_named_outputs_returns_a_record() {
    let text = world(
        quote!(outputs(train, test)),
        quote! {
            /// Splits the rows.
            ///
            /// Into two parts.
            fn split_rows(table: &DataSet, fraction: f64, stratify_by: Option<String>) -> Result<(DataSet, DataSet), Failure> {}
        },
    );
    let expected = "\
package steps:%split-rows;

world %split-rows-step {
    use sandmill:data/data-sets@0.1.0.{data-set};
    use sandmill:step/types@0.1.0.{failure};

    record %split-rows-outputs {
        %train: data-set,
        %test: data-set,
    }

    /// Splits the rows.
    ///
    /// Into two parts.
    export %split-rows: func(%table: borrow<data-set>, %fraction: f64, %stratify-by: option<string>) -> result<%split-rows-outputs, failure>;
}";
    assert_eq!(text, expected);
}

#[test]
fn every_supported_type_has_its_counterpart() {
    let text = world(
        quote!(),
        quote! {
            fn all_types(
                a: bool, b: u8, c: u16, d: u32, e: u64, f: i8, g: i16, h: i32, i: i64, j: f32, k: f64, l: char,
                m: std::string::String, n: Vec<Vec<u8>>, o: Option<(u8, String)>, p: Artifact, q: &sdk_guest::Model,
                r: Option<&Metrics>, s: Vec<DataSet>,
            ) -> Vec<(String, f64)> {}
        },
    );
    assert!(
        text.contains(
            "func(%a: bool, %b: u8, %c: u16, %d: u32, %e: u64, %f: s8, %g: s16, %h: s32, %i: s64, %j: f32, %k: f64, \
             %l: char, %m: string, %n: list<list<u8>>, %o: option<tuple<u8, string>>, %p: artifact, \
             %q: borrow<model>, %r: option<borrow<metrics>>, %s: list<data-set>) -> list<tuple<string, f64>>;"
        ),
        "{text}"
    );
}

#[test]
fn words_of_wit_can_be_names() {
    let text = world(
        quote!(outputs(list)),
        quote!(
            fn record(r#type: u8, interface: u8, world: u8) -> u8 {}
        ),
    );
    assert!(text.contains("export %record: func(%type: u8, %interface: u8, %world: u8) -> %record-outputs;"), "{text}");
}

#[test]
fn a_result_without_value_and_no_result_at_all() {
    assert!(
        world(
            quote!(),
            quote!(
                fn check() -> Result<(), Failure> {}
            )
        )
        .contains("func() -> result<_, failure>;")
    );
    assert!(
        world(
            quote!(),
            quote!(
                fn check() -> Result<()> {}
            )
        )
        .contains("func() -> result<_, failure>;")
    );
    assert!(
        world(
            quote!(),
            quote!(
                fn check() {}
            )
        )
        .contains("func();")
    );
    assert!(
        world(
            quote!(),
            quote!(
                fn check() -> () {}
            )
        )
        .contains("func();")
    );
}

#[test]
fn the_documentation_reaches_the_export() {
    let step = read(
        quote!(),
        quote!(
            #[doc = "Counts."]
            #[inline]
            fn count() -> u64 {}
        ),
    )
    .unwrap();
    let resolve = parse(&step.document());
    let (_, world) = resolve.worlds.iter().find(|(_, world)| world.name == "count-step").unwrap();
    let WorldItem::Function(function) = world.exports.values().next().unwrap() else { panic!("no function") };
    assert_eq!(function.docs.contents.as_deref(), Some("Counts."));
    assert_eq!(function.result, Some(Type::U64));
}

#[test]
fn the_embedded_packages_are_the_ones_in_the_wit_folder() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../wit");
    for package in PACKAGES {
        let (_, name) = package.name.split_once(':').unwrap();
        let mut resolve = Resolve::default();
        let (id, _) = resolve.push_path(folder.join(name)).unwrap();
        let embedded = parse(
            &read(
                quote!(),
                quote!(
                    fn f() {}
                ),
            )
            .unwrap()
            .document(),
        );
        let (embedded_id, _) =
            embedded.packages.iter().find(|(_, embedded)| embedded.name == resolve.packages[id].name).unwrap();
        for (interface_name, interface) in &resolve.packages[id].interfaces {
            let embedded_interface = embedded.packages[embedded_id].interfaces[interface_name];
            let names: Vec<_> = resolve.interfaces[*interface].types.keys().collect();
            let embedded_names: Vec<_> = embedded.interfaces[embedded_interface].types.keys().collect();
            assert_eq!(names, embedded_names, "{interface_name}");
            let functions = &resolve.interfaces[*interface].functions;
            assert_eq!(functions.len(), embedded.interfaces[embedded_interface].functions.len(), "{interface_name}");
        }
    }
}

#[test]
fn outputs_hold_owned_handles() {
    let step = read(
        quote!(outputs(model)),
        quote!(
            fn train(table: &DataSet) -> Result<Model, Failure> {}
        ),
    )
    .unwrap();
    let resolve = parse(&step.document());
    let (_, record) =
        resolve.types.iter().find(|(_, definition)| definition.name.as_deref() == Some("train-outputs")).unwrap();
    let TypeDefKind::Record(record) = &record.kind else { panic!("no record") };
    assert_eq!(record.fields.len(), 1);
    assert_eq!(record.fields[0].name, "model");
}

#[test]
fn types_that_cannot_cross_are_refused_with_what_to_write_instead() {
    let refused_type = |written: proc_macro2::TokenStream| refused(quote!(), quote!(fn f(a: #written) {}));
    let usize_error = refused_type(quote!(usize));
    assert_eq!(
        usize_error,
        "`usize` cannot cross a step's boundary: its width differs between machines: write u32 or u64"
    );
    assert!(refused_type(quote!(HashMap<String, u8>)).contains("write Vec<(K, V)>"));
    assert!(refused_type(quote!(&str)).contains("write `String`"));
    assert!(refused_type(quote!(&[u8])).contains("write `Vec<T>`"));
    assert!(refused_type(quote!(&u8)).contains("by value"));
    assert!(refused_type(quote!(&mut DataSet)).contains("without `mut`"));
    assert!(refused_type(quote!(Vec<&DataSet>)).contains("leave the `&` out"));
    assert!(refused_type(quote!(Vec<Vec<usize>>)).contains("`usize`"));
    assert!(refused_type(quote!(MyStruct)).contains("supported are bool"));
    assert!(refused_type(quote!([u8; 4])).contains("supported are bool"));
    assert!(refused_type(quote!(Option<()>)).contains("carries nothing"));
}

#[test]
fn functions_that_cannot_be_steps_are_refused() {
    assert!(
        refused(
            quote!(),
            quote!(
                async fn f() {}
            )
        )
        .contains("async")
    );
    assert!(
        refused(
            quote!(),
            quote!(
                unsafe fn f() {}
            )
        )
        .contains("unsafe")
    );
    assert!(
        refused(
            quote!(),
            quote!(
                extern "C" fn f() {}
            )
        )
        .contains("extern")
    );
    assert!(
        refused(
            quote!(),
            quote!(
                fn f<T>(a: u8) {}
            )
        )
        .contains("generic")
    );
    assert!(
        refused(
            quote!(),
            quote!(
                fn f(&self) {}
            )
        )
        .contains("self")
    );
    assert!(
        refused(
            quote!(),
            quote!(
                fn f((a, b): (u8, u8)) {}
            )
        )
        .contains("plain name")
    );
    assert!(
        refused(
            quote!(),
            quote!(
                fn f(_a: u8) {}
            )
        )
        .contains("`_a` cannot be a name in WIT")
    );
    assert!(
        refused(
            quote!(),
            quote!(
                fn top_5() {}
            )
        )
        .contains("beginning with a letter")
    );
    assert!(
        refused(
            quote!(),
            quote!(
                fn f() -> &DataSet {}
            )
        )
        .contains("never lent")
    );
    assert!(
        refused(
            quote!(),
            quote!(
                fn f() -> Result<Option<&DataSet>> {}
            )
        )
        .contains("never lent")
    );
}

#[test]
fn outputs_that_do_not_fit_the_result_are_refused() {
    assert!(
        refused(
            quote!(outputs(a, b)),
            quote!(
                fn f() -> u8 {}
            )
        )
        .contains("return a tuple")
    );
    assert!(
        refused(
            quote!(outputs(a, b)),
            quote!(
                fn f() -> (u8, u8, u8) {}
            )
        )
        .contains("returns 3 values")
    );
    assert!(
        refused(
            quote!(outputs(a)),
            quote!(
                fn f() {}
            )
        )
        .contains("returns nothing")
    );
    assert!(
        refused(
            quote!(outputs(a, a)),
            quote!(
                fn f() -> (u8, u8) {}
            )
        )
        .contains("two outputs named `a`")
    );
    assert!(
        refused(
            quote!(outputs()),
            quote!(
                fn f() -> u8 {}
            )
        )
        .contains("at least one")
    );
    assert!(
        refused(
            quote!(results(a)),
            quote!(
                fn f() -> u8 {}
            )
        )
        .contains("`results` is not known")
    );
    assert!(
        refused(
            quote!(outputs(a), outputs(b)),
            quote!(
                fn f() -> u8 {}
            )
        )
        .contains("twice")
    );
}

#[test]
fn the_expansion_keeps_the_function_and_exports_it_on_wasm_only() {
    let expanded = expand::step(
        quote!(outputs(lines)),
        quote!(
            fn count_lines(text: &Artifact) -> Result<u64> {}
        ),
    )
    .unwrap();
    let file: syn::File = syn::parse2(expanded).unwrap();
    let [syn::Item::Fn(function), syn::Item::Mod(module)] = file.items.as_slice() else { panic!("two items") };
    assert_eq!(function.sig.ident, "count_lines");
    assert_eq!(module.ident, "__export_count_lines");
    assert!(module.attrs.iter().any(|attribute| {
        let text = quote!(#attribute).to_string();
        text.contains("cfg") && text.contains("wasm")
    }));
}

#[test]
fn the_words_of_a_step_are_one_record_of_the_binary() {
    let documented = quote! {
        /// Counts the lines.
        ///
        /// Of a text.
        fn count_lines(text: String) -> u64 {}
    };
    let step = read(quote!(), documented).unwrap();
    assert_eq!(step.documentation().unwrap(), "count-lines\u{1f} Counts the lines.\n\n Of a text.\u{1e}");
    assert_eq!(
        read(
            quote!(),
            quote!(
                fn plain() {}
            )
        )
        .unwrap()
        .documentation(),
        None
    );
    let hostile = read(quote!(), quote! { #[doc = "a\u{1e}b\u{1f}c"] fn plain() {} }).unwrap();
    assert_eq!(hostile.documentation().unwrap(), "plain\u{1f}a\u{fffd}b\u{fffd}c\u{1e}");
}
