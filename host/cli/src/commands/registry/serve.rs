//! `sandmill registry serve`: a registry in this process.
//! Never returns before requests under way were answered or cut off.

use std::path::PathBuf;

use host_node::settings::TlsFiles;
use host_node::{RegistryAlone, RegistryAloneConfig};
use serde_json::json;

use super::super::up::{Signals, absolute, start_logging};
use crate::args::RegistryServeArguments;
use crate::printer::Printer;
use crate::trouble::{Exit, Outcome, Trouble};

/// Serves until SIGINT or SIGTERM. A second signal does not wait any longer.
pub async fn serve(arguments: RegistryServeArguments, printer: &Printer) -> Outcome {
    start_logging(arguments.log_format, printer)?;
    let mut signals = Signals::listen()?;
    let config = config(arguments)?;
    let registry = tokio::select! {
        registry = RegistryAlone::open(&config) => registry?,
        () = signals.next() => return Ok(()),
    };
    let address = registry.address();
    let scheme = if config.settings.tls.is_some() { "https" } else { "http" };
    let told = ready(&config, &format!("{scheme}://{address}"), printer);
    if !address.ip().is_loopback() && config.settings.access.is_none() {
        printer.note("everybody may pull and nobody may push: name users with --users FILE, or in the settings");
    }
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let mut serving = tokio::spawn(registry.serve(async move { drop(stopped.await) }));
    if told.is_ok() {
        tokio::select! {
            _ = &mut serving => return Err(Trouble::silent(Exit::Failed)),
            () = signals.next() => printer.note("stopping; press Ctrl-C again not to wait"),
        }
    }
    drop(stop);
    tokio::select! {
        _ = serving => told,
        () = signals.next() => Err(Trouble::silent(Exit::Interrupted)),
    }
}

fn config(arguments: RegistryServeArguments) -> Outcome<RegistryAloneConfig> {
    let (data_folder, mut settings) = super::place(arguments.place)?;
    if let Some(users) = arguments.users {
        settings.access.get_or_insert_default().users = Some(absolute(&users)?);
    }
    if let (Some(certificate), Some(key)) = (arguments.tls_certificate, arguments.tls_key) {
        let absolute = |path: PathBuf| absolute(&path);
        settings.tls = Some(TlsFiles { certificate: absolute(certificate)?, key: absolute(key)? });
    }
    Ok(RegistryAloneConfig { data_folder, listen: arguments.listen, settings })
}

fn ready(config: &RegistryAloneConfig, url: &str, printer: &Printer) -> Outcome {
    let registry = url.split_once("://").map_or(url, |(_, address)| address);
    let object = json!({ "registry": registry, "url": url, "data": config.data_folder });
    let data = config.data_folder.display();
    printer.either(&object, || format!("registry  {url}\ndata      {data}"))?;
    printer.note("ready; Ctrl-C stops");
    Ok(())
}
