//! `sandmill explain`: the page of an error code.
//! Never needs a server.

use host_base::{Code, error_pages};
use serde_json::json;

use crate::printer::Printer;
use crate::table::{Table, cell};
use crate::trouble::{Exit, Outcome, Trouble};

/// Prints one page, or the list of codes.
pub fn explain(code: Option<&str>, printer: &Printer) -> Outcome {
    let Some(text) = code else { return list(printer) };
    let wanted = text.to_ascii_uppercase();
    let Some(code) = Code::ALL.iter().copied().find(|code| code.as_str() == wanted) else {
        let mut trouble =
            Trouble::usage(format!("there is no error code `{text}`"), "`sandmill explain` lists all codes");
        trouble.exit = Exit::NotFound;
        return Err(trouble);
    };
    let page = error_pages::page(code);
    printer
        .either(&json!({ "code": code, "meaning": code.meaning().trim(), "page": page }), || page.trim_end().to_owned())
}

fn list(printer: &Printer) -> Outcome {
    let all = Code::ALL.iter();
    let objects: Vec<_> = all.clone().map(|code| json!({ "code": code, "meaning": code.meaning().trim() })).collect();
    printer.either(&objects, || {
        let mut table = Table::new(&["CODE", "MEANING"]);
        for code in all {
            table.row(vec![cell(code.as_str()), cell(code.meaning().trim())]);
        }
        table.render(printer.colours)
    })
}
