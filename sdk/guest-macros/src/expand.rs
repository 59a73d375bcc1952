//! The code that `#[step]` leaves behind: the function as it was and, on wasm, its export.
//! Never emits anything for other targets but the function itself.

use heck::{ToSnakeCase, ToUpperCamelCase};
use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};
use syn::ItemFn;

use crate::function::{Arguments, Outputs, StepFunction};

/// Expands the attribute.
pub(crate) fn step(arguments: TokenStream, item: TokenStream) -> syn::Result<TokenStream> {
    let arguments: Arguments = syn::parse2(arguments)?;
    let function: ItemFn = syn::parse2(item)?;
    let step = StepFunction::read(&arguments, &function)?;
    let export = export(&step);
    Ok(quote! {
        #[cfg_attr(not(target_family = "wasm"), allow(dead_code, reason = "called by the host, and by tests"))]
        #[allow(clippy::needless_pass_by_value, reason = "what crosses the boundary is handed over")]
        #function

        #export
    })
}

/// The module with the bindings and the function that the host calls.
fn export(step: &StepFunction) -> TokenStream {
    let module = format_ident!("__export_{}", step.ident);
    let document = step.document();
    let world = step.world();
    let interfaces = step.interfaces();
    let paths = interfaces.iter().map(|interface| binding_path(interface));
    let implementation = implementation(step);
    let documentation = documentation(step);
    quote! {
        #[cfg(target_family = "wasm")]
        #[allow(clippy::all, missing_docs, unsafe_code, unused_qualifications, reason = "generated from WIT")]
        mod #module {
            ::sdk_guest::__private::wit_bindgen::generate!({
                inline: #document,
                world: #world,
                runtime_path: "::sdk_guest::__private::wit_bindgen::rt",
                with: { #(#interfaces: #paths,)* },
            });

            #documentation

            struct Component;

            #implementation

            export!(Component);
        }
    }
}

/// The doc comment as a record of a custom section of the binary: what becomes of WIT there has no words any more.
/// The host reads it where it describes components (`host/runtime/src/interface/docs.rs`).
fn documentation(step: &StepFunction) -> Option<TokenStream> {
    let record = step.documentation()?;
    let (length, record) = (record.len(), Literal::byte_string(record.as_bytes()));
    Some(quote! {
        #[allow(dead_code, reason = "read from the binary, by whoever describes the component")]
        #[unsafe(link_section = "sandmill:docs")]
        static DOCUMENTATION: [u8; #length] = *#record;
    })
}

/// Where sdk-guest keeps its bindings of an interface: `sandmill:data/data-sets@0.1.0`.
fn binding_path(interface: &str) -> TokenStream {
    let without_version = interface.split('@').next().unwrap_or(interface);
    let parts = without_version.split([':', '/']).map(|part| format_ident!("{}", part.to_snake_case()));
    quote!(::sdk_guest::__private::bindings #(::#parts)*)
}

/// The export itself: calls the author's function and turns its result into the WIT one.
fn implementation(step: &StepFunction) -> TokenStream {
    let ident = &step.ident;
    let parameters: Vec<_> = (0..step.parameters.len()).map(|index| format_ident!("argument_{index}")).collect();
    let types = step.parameters.iter().map(|parameter| parameter.wit_type.rust());
    let record = format_ident!("{}", step.outputs_record().to_upper_camel_case());
    let (good_type, conversion) = match &step.outputs {
        Outputs::None => (quote!(()), quote!(value)),
        Outputs::Unnamed(wit_type) => (wit_type.rust(), quote!(value)),
        Outputs::Single(output) => {
            let field = format_ident!("{}", output.name.to_snake_case());
            (quote!(#record), quote!(#record { #field: value }))
        }
        Outputs::Several(outputs) => {
            let fields: Vec<_> =
                outputs.iter().map(|output| format_ident!("{}", output.name.to_snake_case())).collect();
            (quote!(#record), quote!({ let (#(#fields,)*) = value; #record { #(#fields,)* } }))
        }
    };
    let call = quote!(super::#ident(#(#parameters),*));
    let (result_type, body) = if step.fallible {
        let failure = quote!(::sdk_guest::__private::bindings::sandmill::step::types::Failure);
        let body = quote! {
            match #call {
                ::core::result::Result::Ok(value) => ::core::result::Result::Ok(#conversion),
                ::core::result::Result::Err(error) => {
                    ::core::result::Result::Err(#failure::from(::sdk_guest::Failure::from(error)))
                }
            }
        };
        (quote!(::core::result::Result<#good_type, #failure>), body)
    } else {
        (good_type, quote!({ let value = #call; #conversion }))
    };
    quote! {
        impl Guest for Component {
            fn #ident(#(#parameters: #types),*) -> #result_type {
                #body
            }
        }
    }
}
