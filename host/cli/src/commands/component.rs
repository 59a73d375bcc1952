//! `sandmill component`: new, build, inspect, push, pull, tags, sign, verify.
//! Never runs a component.

mod attach;
mod build;
mod inspect;
mod new;
mod pull;
mod push;
mod sign;
mod tags;
mod verify;

use crate::args::ComponentCommand;
use crate::printer::Printer;
use crate::settings::Settings;
use crate::trouble::Outcome;

/// Carries one of them out.
pub async fn component(command: ComponentCommand, settings: &Settings, printer: &Printer) -> Outcome {
    match command {
        ComponentCommand::New { name, into, sdk } => new::new(&name, &into, sdk.as_deref(), printer),
        ComponentCommand::Build { folder, profile } => build::build(&folder, &profile, settings, printer).await,
        ComponentCommand::Inspect { component, wit } => inspect::inspect(&component, wit, settings, printer).await,
        ComponentCommand::Push(arguments) => push::push(&arguments, settings, printer).await,
        ComponentCommand::Pull { reference, output } => {
            pull::pull(&reference, output.as_deref(), settings, printer).await
        }
        ComponentCommand::Sign { reference, key, scheme, remarks } => {
            sign::sign(&reference, &key, scheme, &remarks, settings, printer).await
        }
        ComponentCommand::Verify { reference, keys } => verify::verify(&reference, &keys, settings, printer).await,
        ComponentCommand::Tags { repository } => tags::tags(&repository, settings, printer).await,
    }
}
