//! A step function as its author wrote it, read into what an export needs.
//! Never writes code or WIT.

use proc_macro2::{Ident, Span};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Attribute, Expr, ExprLit, FnArg, ItemFn, Lit, Meta, Pat, ReturnType, Token, Type, parenthesized};

use crate::wit_type::{Handle, Place, WitType, type_arguments};

/// The arguments of the attribute: `outputs(train, test)`, or nothing.
#[derive(Debug, Default)]
pub(crate) struct Arguments {
    outputs: Vec<Ident>,
}

impl Parse for Arguments {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut arguments = Self::default();
        while !input.is_empty() {
            let name: Ident = input.call(Ident::parse_any)?;
            if name != "outputs" {
                return Err(syn::Error::new(
                    name.span(),
                    format!("`{name}` is not known here: write #[step] or #[step(outputs(first, second))]"),
                ));
            }
            if !arguments.outputs.is_empty() {
                return Err(syn::Error::new(name.span(), "`outputs` stands here twice: name all outputs in one list"));
            }
            let content;
            let parentheses = parenthesized!(content in input);
            arguments.outputs = Punctuated::<Ident, Token![,]>::parse_terminated(&content)?.into_iter().collect();
            if arguments.outputs.is_empty() {
                return Err(syn::Error::new(parentheses.span.join(), "name at least one output, or leave this out"));
            }
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(arguments)
    }
}

/// A parameter, an output: the name in kebab-case and the type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Named {
    /// In kebab-case.
    pub(crate) name: String,
    /// What crosses.
    pub(crate) wit_type: WitType,
}

/// What the step returns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outputs {
    /// `()`.
    None,
    /// One value without a name.
    Unnamed(WitType),
    /// One value with a name.
    Single(Named),
    /// A tuple with a name for each member.
    Several(Vec<Named>),
}

/// Everything about a step that its export needs.
#[derive(Debug)]
pub(crate) struct StepFunction {
    /// The Rust name.
    pub(crate) ident: Ident,
    /// The name of the export, in kebab-case.
    pub(crate) name: String,
    /// Lines of the doc comment.
    pub(crate) docs: Vec<String>,
    /// In order.
    pub(crate) parameters: Vec<Named>,
    /// What it returns when all is well.
    pub(crate) outputs: Outputs,
    /// Whether it returns a `Result`.
    pub(crate) fallible: bool,
}

impl StepFunction {
    /// Reads the function, or says at the right place what a step cannot be.
    pub(crate) fn read(arguments: &Arguments, function: &ItemFn) -> syn::Result<Self> {
        refuse_modifiers(function)?;
        let signature = &function.sig;
        let mut parameters = Vec::new();
        for input in &signature.inputs {
            let parameter = read_parameter(input)?;
            parameters.push(parameter);
        }
        let (result, fallible) = read_result(&signature.output)?;
        let outputs = name_outputs(&arguments.outputs, result)?;
        Ok(Self {
            ident: signature.ident.clone(),
            name: kebab_case(&signature.ident)?,
            docs: read_docs(&function.attrs),
            parameters,
            outputs,
            fallible,
        })
    }

    /// The resources that the signature names, in order of first appearance.
    pub(crate) fn handles(&self) -> Vec<Handle> {
        let mut handles = Vec::new();
        for parameter in &self.parameters {
            parameter.wit_type.collect_handles(&mut handles);
        }
        match &self.outputs {
            Outputs::None => {}
            Outputs::Unnamed(wit_type) => wit_type.collect_handles(&mut handles),
            Outputs::Single(output) => output.wit_type.collect_handles(&mut handles),
            Outputs::Several(outputs) => {
                outputs.iter().for_each(|output| output.wit_type.collect_handles(&mut handles));
            }
        }
        handles
    }
}

/// `async`, generics and the like have no meaning at the boundary.
fn refuse_modifiers(function: &ItemFn) -> syn::Result<()> {
    let signature = &function.sig;
    let refused = [
        (signature.asyncness.map(|token| token.span()), "a step is called and returns: `async` is not supported"),
        (signature.unsafety.map(|token| token.span()), "a step is called by the host: it cannot be `unsafe`"),
        (signature.abi.as_ref().map(Spanned::span), "the export is generated: leave `extern` out"),
        (signature.variadic.as_ref().map(Spanned::span), "a step has a fixed number of parameters"),
        (
            signature.generics.params.first().map(Spanned::span),
            "a step's types cross to the host: it cannot be generic and needs no named lifetimes",
        ),
    ];
    match refused.into_iter().find_map(|(span, message)| Some((span?, message))) {
        Some((span, message)) => Err(syn::Error::new(span, message)),
        None => Ok(()),
    }
}

fn read_parameter(input: &FnArg) -> syn::Result<Named> {
    let FnArg::Typed(typed) = input else {
        return Err(syn::Error::new(input.span(), "a step is a free function: it has no `self`"));
    };
    let Pat::Ident(pattern) = &*typed.pat else {
        return Err(syn::Error::new(typed.pat.span(), "a parameter of a step needs a plain name"));
    };
    Ok(Named { name: kebab_case(&pattern.ident)?, wit_type: WitType::parse(&typed.ty, Place::Parameter)? })
}

/// The type on the good side, none for `()`, and whether there is an error side.
fn read_result(output: &ReturnType) -> syn::Result<(Option<(WitType, Span)>, bool)> {
    let ReturnType::Type(_, written) = output else {
        return Ok((None, false));
    };
    if let Type::Path(path) = &**written
        && let Some(last) = path.path.segments.last()
        && last.ident == "Result"
    {
        let arguments = type_arguments(last);
        let Some(good) = arguments.first() else {
            return Err(syn::Error::new(written.span(), "write `Result<T, Failure>` with the type of the output"));
        };
        return Ok((read_value(good)?, true));
    }
    Ok((read_value(written)?, false))
}

fn read_value(written: &Type) -> syn::Result<Option<(WitType, Span)>> {
    match written {
        Type::Tuple(tuple) if tuple.elems.is_empty() => Ok(None),
        _ => Ok(Some((WitType::parse(written, Place::Result)?, written.span()))),
    }
}

fn name_outputs(names: &[Ident], result: Option<(WitType, Span)>) -> syn::Result<Outputs> {
    let kebab: Vec<String> = names.iter().map(kebab_case).collect::<syn::Result<_>>()?;
    if let Some(twice) = (1..kebab.len()).find(|index| kebab[..*index].contains(&kebab[*index])) {
        return Err(syn::Error::new(names[twice].span(), format!("there are two outputs named `{}`", names[twice])));
    }
    match (kebab.as_slice(), result) {
        ([], None) => Ok(Outputs::None),
        ([], Some((wit_type, _))) => Ok(Outputs::Unnamed(wit_type)),
        ([_, ..], None) => {
            Err(syn::Error::new(names[0].span(), "outputs are named here but the function returns nothing"))
        }
        ([name], Some((wit_type, _))) => Ok(Outputs::Single(Named { name: name.clone(), wit_type })),
        (kebab, Some((WitType::Tuple(members), _))) if members.len() == kebab.len() => {
            let named = kebab.iter().zip(members).map(|(name, wit_type)| Named { name: name.clone(), wit_type });
            Ok(Outputs::Several(named.collect()))
        }
        (kebab, Some((WitType::Tuple(members), span))) => Err(syn::Error::new(
            span,
            format!("{} outputs are named, but the function returns {} values", kebab.len(), members.len()),
        )),
        (kebab, Some((_, span))) => Err(syn::Error::new(
            span,
            format!("{} outputs are named, but the function returns one value: return a tuple", kebab.len()),
        )),
    }
}

/// The name in WIT. WIT wants every part between hyphens to begin with a letter.
fn kebab_case(ident: &Ident) -> syn::Result<String> {
    let name = ident.unraw().to_string();
    let is_part = |part: &str| {
        part.starts_with(|first: char| first.is_ascii_lowercase())
            && part.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit())
    };
    if name.split('_').all(is_part) {
        Ok(name.replace('_', "-"))
    } else {
        Err(syn::Error::new(
            ident.span(),
            format!(
                "`{name}` cannot be a name in WIT: write lower-case words joined by single underscores, \
                 each beginning with a letter"
            ),
        ))
    }
}

fn read_docs(attributes: &[Attribute]) -> Vec<String> {
    let text = |attribute: &Attribute| match &attribute.meta {
        Meta::NameValue(pair) if pair.path.is_ident("doc") => match &pair.value {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
            _ => None,
        },
        _ => None,
    };
    attributes
        .iter()
        .filter_map(text)
        .flat_map(|text| text.split('\n').map(str::to_owned).collect::<Vec<_>>())
        .collect()
}
