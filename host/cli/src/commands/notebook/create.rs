//! `sandmill notebook create`: a session without a notebook yet.
//! Never says that it has begun before the server has said so.

use host_api::notebook::CreateSession;
use host_client::Client;

use crate::args::NotebookCreateArguments;
use crate::document::read_notebook;
use crate::printer::Printer;
use crate::trouble::Outcome;

/// Begins it.
pub async fn create(client: &Client, arguments: NotebookCreateArguments, printer: &Printer) -> Outcome {
    let NotebookCreateArguments { file, name, session } = arguments;
    let mut asked = CreateSession { kernel: session.kernel.clone(), ..CreateSession::default() };
    if let Some(file) = file {
        let (read, ignored) = read_notebook(&file)?;
        for told in &ignored {
            printer.note(&format!("changes nothing here: {told}"));
        }
        if read.file.is_some() || !read.parameters.is_empty() {
            printer.note("changes nothing here: the notebook and its parameters are for `sandmill notebook run -f`");
        }
        asked.name = Some(read.name).filter(|name| !name.is_empty());
        asked.kernel = session.kernel.or(read.kernel);
        asked.platform = read.platform;
        asked.environment = read.environment;
        asked.memory_bytes = read.memory.map(|memory| memory.0);
        asked.device = read.device.then_some(true);
        asked.paused = read.paused;
    }
    asked.name = name.or(asked.name);
    asked.platform = session.platform.map(|access| access.name().to_owned()).or(asked.platform);
    let begun = client.create_session(&asked).await?;
    if let Some(what) = &begun.waits_for {
        printer.note(&format!("its first cell waits: {what}"));
    }
    printer.either(&begun, || begun.id.clone())
}
