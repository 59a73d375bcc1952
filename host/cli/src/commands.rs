//! One file per noun and verb. Each command reads its arguments, calls one room and prints.
//! Never keeps anything between two commands.

mod artifact;
mod completions;
mod component;
mod device_worker;
mod experiment;
mod explain;
mod kept;
mod key;
mod notebook;
mod pipeline;
mod registry;
mod run;
mod schedule;
mod schema;
mod train;
mod up;
mod version;
mod wit;

use host_base::{Code, Failure};
use tokio::runtime::{Builder, Runtime};

use crate::args::Command;
use crate::printer::Printer;
use crate::settings::Settings;
use crate::trouble::Outcome;

/// Carries a command out.
pub fn carry_out(command: Command, settings: &Settings, printer: &Printer) -> Outcome {
    match command {
        Command::Up(arguments) => runtime(Builder::new_multi_thread())?.block_on(up::up(settings, arguments, printer)),
        Command::Registry(command) => {
            runtime(Builder::new_multi_thread())?.block_on(registry::registry(command, printer))
        }
        Command::DeviceWorker => device_worker::device_worker(),
        Command::Explain { code } => explain::explain(code.as_deref(), printer),
        Command::Schema { kind } => schema::schema(kind, printer),
        Command::Completions { shell } => completions::completions(shell, printer),
        Command::Key(command) => key::key(command, printer),
        Command::Secret(command) => kept::secret(command, printer),
        Command::ConfigMap(command) => kept::config_map(command, printer),
        Command::Wit(command) => wait(wit::wit(command, settings, printer)),
        Command::Component(command) => wait(component::component(command, settings, printer)),
        Command::Pipeline(command) => wait(pipeline::pipeline(command, settings, printer)),
        Command::Run(command) => wait(run::run(command, settings, printer)),
        Command::Experiment(command) => wait(experiment::experiment(command, settings, printer)),
        Command::Schedule(command) => wait(schedule::schedule(command, settings, printer)),
        Command::Train(command) => wait(train::train(command, settings, printer)),
        Command::Artifact(command) => wait(artifact::artifact(command, settings, printer)),
        Command::Notebook(command) => wait(notebook::notebook(command, settings, printer)),
        Command::Version => wait(version::version(settings, printer)),
    }
}

/// Waits on this thread alone: a command that calls a server needs no other.
fn wait(command: impl Future<Output = Outcome>) -> Outcome {
    runtime(Builder::new_current_thread())?.block_on(command)
}

fn runtime(mut builder: Builder) -> Outcome<Runtime> {
    let runtime = builder.enable_all().build();
    Ok(runtime.map_err(|error| Failure::new(Code::Internal, format!("no threads could be started: {error}")))?)
}
