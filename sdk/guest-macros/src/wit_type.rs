//! From a Rust type in a step's signature to the WIT type that crosses the boundary.
//! Never resolves names: a type is known by the last part of its path.

use proc_macro2::TokenStream;
use quote::quote;
use syn::spanned::Spanned;
use syn::{GenericArgument, PathArguments, PathSegment, Type};

/// What the supported types are, for error messages.
const SUPPORTED: &str = "supported are bool, u8 to u64, i8 to i64, f32, f64, char, String, Vec, Option, tuples, \
                         and Artifact, DataSet, Model, Metrics (also by & in parameters)";

/// A type that can cross as an argument or an output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum WitType {
    /// A type without parameters.
    Plain(Plain),
    /// `Vec<T>`.
    List(Box<WitType>),
    /// `Option<T>`.
    Option(Box<WitType>),
    /// A tuple of at least one member.
    Tuple(Vec<WitType>),
    /// A resource of `sandmill:data`, handed over or only lent.
    Handle {
        /// Which one.
        kind: Handle,
        /// Whether it is only lent.
        lent: bool,
    },
}

/// A type without parameters: its Rust name and its WIT name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Plain {
    rust: &'static str,
    wit: &'static str,
}

const PLAIN: [Plain; 13] = [
    Plain { rust: "bool", wit: "bool" },
    Plain { rust: "u8", wit: "u8" },
    Plain { rust: "u16", wit: "u16" },
    Plain { rust: "u32", wit: "u32" },
    Plain { rust: "u64", wit: "u64" },
    Plain { rust: "i8", wit: "s8" },
    Plain { rust: "i16", wit: "s16" },
    Plain { rust: "i32", wit: "s32" },
    Plain { rust: "i64", wit: "s64" },
    Plain { rust: "f32", wit: "f32" },
    Plain { rust: "f64", wit: "f64" },
    Plain { rust: "char", wit: "char" },
    Plain { rust: "String", wit: "string" },
];

/// A resource of `sandmill:data`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Handle {
    Artifact,
    DataSet,
    Model,
    Metrics,
}

impl Handle {
    /// All of them.
    pub(crate) const ALL: [Self; 4] = [Self::Artifact, Self::DataSet, Self::Model, Self::Metrics];

    /// The Rust type's name.
    pub(crate) const fn rust(self) -> &'static str {
        match self {
            Self::Artifact => "Artifact",
            Self::DataSet => "DataSet",
            Self::Model => "Model",
            Self::Metrics => "Metrics",
        }
    }

    /// The WIT resource's name.
    pub(crate) const fn wit(self) -> &'static str {
        match self {
            Self::Artifact => "artifact",
            Self::DataSet => "data-set",
            Self::Model => "model",
            Self::Metrics => "metrics",
        }
    }

    /// The name of the interface it stands in.
    pub(crate) const fn interface(self) -> &'static str {
        match self {
            Self::Artifact => "artifacts",
            Self::DataSet => "data-sets",
            Self::Model => "models",
            Self::Metrics => "metrics",
        }
    }
}

/// Where in the signature a type stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Parameter,
    Result,
}

impl WitType {
    /// Reads a type, or says at the type why it cannot cross.
    pub(crate) fn parse(written: &Type, place: Place) -> syn::Result<Self> {
        match written {
            Type::Paren(inner) => Self::parse(&inner.elem, place),
            Type::Group(inner) => Self::parse(&inner.elem, place),
            Type::Tuple(tuple) if tuple.elems.is_empty() => {
                Err(syn::Error::new(written.span(), "`()` carries nothing: leave it out"))
            }
            Type::Tuple(tuple) => {
                tuple.elems.iter().map(|member| Self::parse(member, place)).collect::<syn::Result<_>>().map(Self::Tuple)
            }
            Type::Reference(reference) => parse_reference(reference, place),
            Type::Path(path) => match path.path.segments.last() {
                Some(last) => parse_named(written, last, place),
                None => Err(unsupported(written)),
            },
            _ => Err(unsupported(written)),
        }
    }

    /// The WIT text of the type.
    pub(crate) fn wit(&self) -> String {
        match self {
            Self::Plain(plain) => plain.wit.to_owned(),
            Self::List(item) => format!("list<{}>", item.wit()),
            Self::Option(item) => format!("option<{}>", item.wit()),
            Self::Tuple(members) => {
                format!("tuple<{}>", members.iter().map(Self::wit).collect::<Vec<_>>().join(", "))
            }
            Self::Handle { kind, lent: false } => kind.wit().to_owned(),
            Self::Handle { kind, lent: true } => format!("borrow<{}>", kind.wit()),
        }
    }

    /// The type as generated code writes it, which does not depend on what is in scope.
    pub(crate) fn rust(&self) -> TokenStream {
        match self {
            Self::Plain(Plain { rust: "String", .. }) => quote!(::std::string::String),
            Self::Plain(plain) => {
                let name = proc_macro2::Ident::new(plain.rust, proc_macro2::Span::call_site());
                quote!(::core::primitive::#name)
            }
            Self::List(item) => {
                let item = item.rust();
                quote!(::std::vec::Vec<#item>)
            }
            Self::Option(item) => {
                let item = item.rust();
                quote!(::core::option::Option<#item>)
            }
            Self::Tuple(members) => {
                let members = members.iter().map(Self::rust);
                quote!((#(#members,)*))
            }
            Self::Handle { kind, lent } => {
                let name = proc_macro2::Ident::new(kind.rust(), proc_macro2::Span::call_site());
                let by = lent.then(|| quote!(&));
                quote!(#by ::sdk_guest::#name)
            }
        }
    }

    /// Adds the resources that the type names.
    pub(crate) fn collect_handles(&self, into: &mut Vec<Handle>) {
        match self {
            Self::Plain(_) => {}
            Self::List(item) | Self::Option(item) => item.collect_handles(into),
            Self::Tuple(members) => members.iter().for_each(|member| member.collect_handles(into)),
            Self::Handle { kind, .. } if into.contains(kind) => {}
            Self::Handle { kind, .. } => into.push(*kind),
        }
    }
}

/// `&DataSet` and its like; anything else by reference is refused with the type to write instead.
fn parse_reference(reference: &syn::TypeReference, place: Place) -> syn::Result<WitType> {
    let refuse = |message: String| Err(syn::Error::new(reference.span(), message));
    if place == Place::Result {
        return refuse("a step's outputs are handed over, never lent: return the value itself".to_owned());
    }
    if reference.mutability.is_some() {
        return refuse("what a step is handed cannot be changed: write `&` without `mut`".to_owned());
    }
    if let Type::Slice(_) = &*reference.elem {
        return refuse("a slice cannot cross the boundary: write `Vec<T>`".to_owned());
    }
    if let Type::Path(path) = &*reference.elem
        && path.path.is_ident("str")
    {
        return refuse("text crosses the boundary by value: write `String`".to_owned());
    }
    match WitType::parse(&reference.elem, place)? {
        WitType::Handle { kind, .. } => Ok(WitType::Handle { kind, lent: true }),
        _ => refuse("only Artifact, DataSet, Model and Metrics can be lent: take this type by value".to_owned()),
    }
}

/// A type known by its name.
fn parse_named(written: &Type, last: &PathSegment, place: Place) -> syn::Result<WitType> {
    let name = last.ident.to_string();
    let arguments = type_arguments(last);
    if let Some(plain) = PLAIN.into_iter().find(|plain| plain.rust == name && arguments.is_empty()) {
        return Ok(WitType::Plain(plain));
    }
    if let Some(kind) = Handle::ALL.into_iter().find(|kind| kind.rust() == name && arguments.is_empty()) {
        return Ok(WitType::Handle { kind, lent: false });
    }
    match (name.as_str(), arguments.as_slice()) {
        ("Vec", [item]) => match WitType::parse(item, place)? {
            // The bindings generator cannot lend the members of a list.
            WitType::Handle { lent: true, .. } => {
                Err(syn::Error::new(item.span(), "the members of a list are handed over: leave the `&` out"))
            }
            item => Ok(WitType::List(Box::new(item))),
        },
        ("Option", [item]) => Ok(WitType::Option(Box::new(WitType::parse(item, place)?))),
        _ => Err(unsupported(written)),
    }
}

/// The type arguments between the angle brackets.
pub(crate) fn type_arguments(segment: &PathSegment) -> Vec<&Type> {
    match &segment.arguments {
        PathArguments::AngleBracketed(brackets) => brackets
            .args
            .iter()
            .filter_map(|argument| match argument {
                GenericArgument::Type(written) => Some(written),
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// The error for a type that cannot cross, with what to write instead where that is known.
fn unsupported(written: &Type) -> syn::Error {
    let shown = quote!(#written).to_string().replace(' ', "");
    let name = match written {
        Type::Path(path) => path.path.segments.last().map(|last| last.ident.to_string()),
        _ => None,
    };
    let instead = match name.as_deref() {
        Some("usize") => "its width differs between machines: write u32 or u64",
        Some("isize") => "its width differs between machines: write i32 or i64",
        Some("u128" | "i128") => "it has no counterpart in WIT: write u64, or a String",
        Some("HashMap" | "BTreeMap" | "IndexMap") => "write Vec<(K, V)> and collect it",
        Some("HashSet" | "BTreeSet" | "VecDeque") => "write Vec<T> and collect it",
        Some("Box" | "Rc" | "Arc") => "write the type inside",
        Some("PathBuf" | "OsString") => "write String",
        Some("Value") => "take JSON as a String and parse it",
        _ => SUPPORTED,
    };
    syn::Error::new(written.span(), format!("`{shown}` cannot cross a step's boundary: {instead}"))
}
