//! Pipeline and policy documents from files, checked as far as that can be told without a server.
//! Never sends a document that does not even parse.

use std::io::Read;
use std::path::Path;

use host_api::problem::Problem;
use host_base::{Code, Failure};
use sdk_spec::kfp::{self, Package};
use sdk_spec::notebook::Notebook;
use sdk_spec::{DOCUMENT_BYTES_MAX, DocumentError, Pipeline, Policy, ProblemKind, TrainJob, trainer};

use crate::trouble::{Exit, Outcome, Trouble};

/// A document that parses.
pub struct Document {
    /// As it was read.
    pub text: String,
    /// What it says.
    pub content: Content,
}

/// The two sorts of documents that become runs.
pub enum Content {
    /// Sandmill's own.
    Pipeline(Box<Pipeline>),
    /// What Kubeflow's SDK compiled.
    Compiled(Box<Package>),
}

impl Document {
    /// Reads a file, or stdin for `-`.
    pub fn read(path: &Path) -> Outcome<Self> {
        let text = read_text(path)?;
        let content = if kfp::is_package(&text) {
            Package::parse(&text).map(|package| Content::Compiled(Box::new(package)))
        } else {
            Pipeline::parse(&text).map(|pipeline| Content::Pipeline(Box::new(pipeline)))
        };
        match content {
            Ok(content) => Ok(Self { text, content }),
            Err(error) => Err(refused(path, &error)),
        }
    }
}

/// Reads a policy document.
pub fn read_policy(path: &Path) -> Outcome<Policy> {
    let text = read_text(path)?;
    Policy::parse(&text).map_err(|error| refused(path, &error))
}

/// Reads a TrainJob document, or a manifest of Kubeflow's, as text once it is known to parse; and what of a manifest
/// changes nothing here.
pub fn read_train_job(path: &Path) -> Outcome<(String, Vec<String>)> {
    let text = read_text(path)?;
    let read = match trainer::is_manifest(&text) {
        true => trainer::convert(&text).map(|converted| converted.ignored),
        false => TrainJob::parse(&text).map(|_| Vec::new()),
    };
    let ignored = read.map_err(|error| refused(path, &error))?;
    Ok((text, ignored))
}

/// Reads a manifest of Kubeflow's notebook controller; and what of it changes nothing here.
pub fn read_notebook(path: &Path) -> Outcome<(Notebook, Vec<String>)> {
    let text = read_text(path)?;
    sdk_spec::notebook::read(&text).map_err(|error| refused(path, &error))
}

fn refused(path: &Path, error: &DocumentError) -> Trouble {
    let problems = error.problems.iter().map(|problem| to_problem(path, problem)).collect();
    Trouble { problems, exit: Exit::Usage }
}

fn read_text(path: &Path) -> Outcome<String> {
    let limit = DOCUMENT_BYTES_MAX as u64 + 1;
    let mut text = String::new();
    let read = if path == Path::new("-") {
        std::io::stdin().lock().take(limit).read_to_string(&mut text)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(limit).read_to_string(&mut text))
    };
    read.map_err(|error| Trouble::unreadable(path, &error))?;
    Ok(text)
}

/// With the place in the way that editors and terminals make a link of.
fn to_problem(path: &Path, problem: &sdk_spec::Problem) -> Problem {
    let code = match problem.kind {
        ProblemKind::Syntax => Code::DocumentSyntax,
        ProblemKind::UnknownKey => Code::UnknownKey,
        ProblemKind::InvalidValue => Code::InvalidDocument,
    };
    let place = match (problem.line, problem.column) {
        (0, _) => path.display().to_string(),
        (line, column) => format!("{}:{line}:{column}", path.display()),
    };
    let within = if problem.path.is_empty() { String::new() } else { format!(" at {}", problem.path) };
    let mut failure = Failure::new(code, format!("{place}: {}{within}", problem.message));
    failure.hint.clone_from(&problem.hint);
    failure.into()
}
