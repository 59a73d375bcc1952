//! `sandmill run logs`: what a run's steps said.
//! Never reads a whole log at once.

use host_api::event::StreamEvent;
use host_api::run::{LogLine, LogQuery};
use host_base::{Code, Failure};
use host_client::Client;

use crate::printer::{Printer, Style, clean};
use crate::trouble::Outcome;

/// Lines asked for at a time.
const LINES_AT_ONCE: usize = 1_000;

/// Prints lines until there are no more, or with `follow` until the run has ended.
pub async fn logs(client: &Client, run: &str, step: Option<&str>, follow: bool, printer: &Printer) -> Outcome {
    if let Some(step) = step {
        check_step(client, run, step).await?;
    }
    if follow {
        let mut events = client.events(run, true);
        while let Some(event) = events.next().await? {
            match event {
                StreamEvent::Log(line) if step.is_none_or(|step| step == line.step) => print(&line, printer)?,
                _ => {}
            }
        }
        return Ok(());
    }
    let mut query = LogQuery { step: step.map(str::to_owned), contains: None, after: None, limit: Some(LINES_AT_ONCE) };
    loop {
        let lines = client.logs(run, &query).await?.items;
        for line in &lines {
            print(line, printer)?;
        }
        let Some(last) = lines.last() else { return Ok(()) };
        query.after = Some(last.sequence);
    }
}

/// A mistyped name would look like a step that said nothing.
async fn check_step(client: &Client, run: &str, step: &str) -> Outcome {
    let steps = client.run(run).await?.steps;
    if steps.iter().any(|known| known.name == step) {
        return Ok(());
    }
    let names: Vec<&str> = steps.iter().map(|known| known.name.as_str()).collect();
    Err(Failure::new(Code::NotFound, format!("run {run} has no step `{step}`"))
        .with_hint(format!("its steps are: {}", names.join(", ")))
        .into())
}

/// Prints one line; what jobs' workers say is told in the same way.
pub fn print(line: &LogLine, printer: &Printer) -> Outcome {
    printer.either(line, || {
        let style = match line.stream.as_str() {
            "error" | "stderr" => Style::Bad,
            "warn" => Style::Bold,
            "trace" | "debug" => Style::Faint,
            _ => Style::Plain,
        };
        let attempt = if line.attempt > 1 { format!("#{}", line.attempt) } else { String::new() };
        let stream = style.paint(&format!("{:5}", line.stream), printer.colours);
        format!("{}{attempt}  {stream}  {}", line.step, clean(&line.text))
    })
}
