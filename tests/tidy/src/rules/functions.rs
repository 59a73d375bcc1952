//! Function length, by the parsed source.
//! Never counts comments above a function or its attributes.

use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};

use crate::breach::Breach;
use crate::house::House;

/// Lines of a function, from its signature to its closing brace.
pub const LINES_MAX: usize = 70;

/// A function and its length.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Function {
    /// Its name.
    pub name: String,
    /// Where it begins, counted from 1.
    pub line: usize,
    /// How long it is.
    pub lines: usize,
}

/// All functions in a source, nested ones as well.
///
/// # Errors
/// When the source cannot be parsed.
pub fn functions(text: &str) -> syn::Result<Vec<Function>> {
    let mut found = Functions(Vec::new());
    found.visit_file(&syn::parse_file(text)?);
    Ok(found.0)
}

struct Functions(Vec<Function>);

impl Functions {
    fn add(&mut self, signature: &syn::Signature, block: &syn::Block) {
        let (start, end) = (signature.span().start().line, block.span().end().line);
        self.0.push(Function { name: signature.ident.to_string(), line: start, lines: end - start + 1 });
    }
}

impl<'source> Visit<'source> for Functions {
    fn visit_item_fn(&mut self, function: &'source syn::ItemFn) {
        self.add(&function.sig, &function.block);
        visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'source syn::ImplItemFn) {
        self.add(&function.sig, &function.block);
        visit::visit_impl_item_fn(self, function);
    }

    fn visit_trait_item_fn(&mut self, function: &'source syn::TraitItemFn) {
        if let Some(block) = &function.default {
            self.add(&function.sig, block);
        }
        visit::visit_trait_item_fn(self, function);
    }
}

/// Functions end at 70 lines, unless excused.
#[must_use]
pub fn functions_stay_short(house: &House) -> Vec<Breach> {
    let excused = &house.levels.long_functions;
    let mut breaches = Vec::new();
    let mut needed = Vec::new();
    for file in house.rust() {
        let functions = match functions(&file.text) {
            Ok(functions) => functions,
            Err(error) => {
                breaches.push(Breach::new(&file.path, format!("cannot be parsed: {error}"), "mend its syntax"));
                continue;
            }
        };
        for function in functions.into_iter().filter(|function| function.lines > LINES_MAX) {
            let key = format!("{}::{}", file.path, function.name);
            if excused.contains_key(&key) {
                needed.push(key);
                continue;
            }
            breaches.push(Breach::new(
                format!("{}:{}", file.path, function.line),
                format!("`{}` has {} lines; {LINES_MAX} are allowed", function.name, function.lines),
                format!("split it, or excuse \"{key}\" with a reason under [long-functions] in tests/tidy/levels.toml"),
            ));
        }
    }
    for key in excused.keys().filter(|key| !needed.contains(key)) {
        breaches.push(Breach::new(key, "is excused under [long-functions] but is not long", "remove the line"));
    }
    breaches
}
