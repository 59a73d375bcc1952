//! The code that `#[trainable]` leaves behind: the implementation as it was and, on wasm, the exports that call it.
//! Never emits anything for other targets but the implementation itself.

use proc_macro2::TokenStream;
use quote::quote;
use syn::spanned::Spanned as _;
use syn::{ItemImpl, Type};

use crate::contracts;

/// Expands the attribute.
pub(crate) fn trainable(arguments: &TokenStream, item: TokenStream) -> syn::Result<TokenStream> {
    if !arguments.is_empty() {
        return Err(syn::Error::new(arguments.span(), "`#[trainable]` takes no arguments"));
    }
    let implementation: ItemImpl = syn::parse2(item)?;
    let of = implementation.trait_.as_ref().and_then(|(_, path, _)| path.segments.last());
    if of.is_none_or(|last| last.ident != "Trainable") {
        let message = "write this before `impl Trainable for YourType`";
        return Err(syn::Error::new(implementation.impl_token.span(), message));
    }
    if let Some(parameter) = implementation.generics.params.first() {
        let message = "a component has one type that is trained: it cannot be generic";
        return Err(syn::Error::new(parameter.span(), message));
    }
    let Type::Path(_) = &*implementation.self_ty else {
        return Err(syn::Error::new(implementation.self_ty.span(), "write the name of a type of yours"));
    };
    let export = export(&implementation.self_ty);
    Ok(quote! {
        #implementation

        #export
    })
}

/// The module with the bindings, the worker's state and the functions that the host calls.
fn export(trained: &Type) -> TokenStream {
    let document = format!(
        "package trainables:component;\n\nworld component {{\n    export sandmill:train/trainable@0.1.0;\n}}\n\n{}",
        contracts::nested_with(&[contracts::TRAIN])
    );
    let functions = functions(trained);
    let implementation = implementation();
    quote! {
        #[cfg(target_family = "wasm")]
        #[allow(clippy::all, missing_docs, unsafe_code, unused_qualifications, reason = "generated from WIT")]
        mod __export_trainable {
            use super::*;

            ::sdk_guest::__private::wit_bindgen::generate!({
                inline: #document,
                world: "component",
                runtime_path: "::sdk_guest::__private::wit_bindgen::rt",
                with: {
                    "sandmill:data/types@0.1.0": ::sdk_guest::__private::bindings::sandmill::data::types,
                    "sandmill:data/artifacts@0.1.0": ::sdk_guest::__private::bindings::sandmill::data::artifacts,
                    "sandmill:data/data-sets@0.1.0": ::sdk_guest::__private::bindings::sandmill::data::data_sets,
                    "sandmill:data/models@0.1.0": ::sdk_guest::__private::bindings::sandmill::data::models,
                    "sandmill:step/types@0.1.0": ::sdk_guest::__private::bindings::sandmill::step::types,
                },
            });

            use exports::sandmill::train::trainable as wit;
            use ::sdk_guest::__private::bindings::sandmill::data::{artifacts, data_sets, models};
            use ::sdk_guest::__private::bindings::sandmill::step::types::Failure as WitFailure;

            #functions

            struct Component;

            #implementation

            export!(Component);
        }
    }
}

/// The worker's state between the host's calls, and what converts.
fn functions(trained: &Type) -> TokenStream {
    quote! {
        ::std::thread_local! {
            static WORKER: ::sdk_guest::train::Worker<#trained> = ::sdk_guest::train::Worker::new();
        }

        fn metric((name, value): (String, f64)) -> wit::Metric {
            wit::Metric { name, value }
        }

        fn setting((name, setting): (String, wit::Setting)) -> (String, ::sdk_guest::train::Setting) {
            use ::sdk_guest::train::Setting;
            (name, match setting {
                wit::Setting::Flag(flag) => Setting::Flag(flag),
                wit::Setting::Whole(whole) => Setting::Whole(whole),
                wit::Setting::Number(number) => Setting::Number(number),
                wit::Setting::Text(text) => Setting::Text(text),
            })
        }
    }
}

/// The exports: each calls the worker.
fn implementation() -> TokenStream {
    quote! {
        impl wit::Guest for Component {
            fn init(
                spec: wit::Spec,
                data_sets: Vec<data_sets::DataSet>,
                models: Vec<models::Model>,
            ) -> Result<(), WitFailure> {
                let job = ::sdk_guest::train::Job {
                    rank: spec.rank,
                    size: spec.size,
                    seed: spec.seed,
                    settings: spec.settings.into_iter().map(setting).collect(),
                    data_sets: spec.data_sets.into_iter().zip(data_sets).collect(),
                    models: spec.models.into_iter().zip(models).collect(),
                };
                WORKER.with(|worker| worker.init(job)).map_err(WitFailure::from)
            }

            fn step() -> Result<wit::Progress, WitFailure> {
                let progress = WORKER.with(|worker| worker.step()).map_err(WitFailure::from)?;
                Ok(wit::Progress {
                    metrics: progress.metrics.into_iter().map(metric).collect(),
                    done: progress.done,
                })
            }

            fn evaluate() -> Result<Vec<wit::Metric>, WitFailure> {
                let metrics = WORKER.with(|worker| worker.evaluate()).map_err(WitFailure::from)?;
                Ok(metrics.into_iter().map(metric).collect())
            }

            fn checkpoint() -> Result<artifacts::Artifact, WitFailure> {
                WORKER.with(|worker| worker.checkpoint()).map_err(WitFailure::from)
            }

            fn restore(checkpoint: &artifacts::Artifact) -> Result<(), WitFailure> {
                WORKER.with(|worker| worker.restore(checkpoint)).map_err(WitFailure::from)
            }

            fn finish() -> Result<models::Model, WitFailure> {
                WORKER.with(|worker| worker.finish()).map_err(WitFailure::from)
            }
        }
    }
}
