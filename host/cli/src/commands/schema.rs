//! `sandmill schema`: the JSON schema of a document.
//! Never needs a server.

use crate::args::DocumentKind;
use crate::printer::Printer;
use crate::trouble::Outcome;

/// Prints the schema.
pub fn schema(kind: DocumentKind, printer: &Printer) -> Outcome {
    let schema = match kind {
        DocumentKind::Pipeline => sdk_spec::Pipeline::json_schema(),
        DocumentKind::Policy => sdk_spec::Policy::json_schema(),
        DocumentKind::TrainJob => sdk_spec::TrainJob::json_schema(),
    };
    printer.data(&format!("{schema:#}"))
}
