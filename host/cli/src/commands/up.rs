//! `sandmill up`: a node with all its roles in this process.
//! Never returns before the node has closed its ledger.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use host_base::{Code, Failure};
use host_node::{
    Addresses, ContentStore, DeviceConfig, Node, NodeConfig, Policy, SessionLimits, Tokens, Trust, TrustByNamespace,
};
use host_telemetry::{FILTER_VARIABLE, LogConfig};
use serde_json::json;
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::args::{DeviceBackend, LogFormat, NotebookSettings, PlatformAccess, UpArguments};
use crate::document::read_policy;
use crate::printer::Printer;
use crate::settings::{Settings, default_data_folder};
use crate::trouble::{Exit, Outcome, Trouble};

/// What is logged unless the environment says otherwise.
const FILTER_DEFAULT: &str = "warn";

/// Runs a node until SIGINT or SIGTERM. A second signal does not wait any longer.
pub async fn up(settings: &Settings, arguments: UpArguments, printer: &Printer) -> Outcome {
    start_logging(arguments.log_format, printer)?;
    let mut signals = Signals::listen()?;
    let config = config(settings, arguments)?;
    let node = tokio::select! {
        node = Node::start(&config) => node?,
        () = signals.next() => return Ok(()),
    };
    // From here on the node is to be stopped in order, even where nobody can be told that it is ready.
    let told = ready(node.addresses(), &config, printer);
    if told.is_ok() {
        signals.next().await;
        printer.note("stopping; press Ctrl-C again not to wait");
    }
    tokio::select! {
        () = node.stop() => told,
        () = signals.next() => Err(Trouble::silent(Exit::Interrupted)),
    }
}

pub(super) fn start_logging(format: LogFormat, printer: &Printer) -> Outcome {
    let format = match format {
        LogFormat::Human => host_telemetry::LogFormat::Human,
        LogFormat::Json => host_telemetry::LogFormat::Json,
    };
    let filter = std::env::var(FILTER_VARIABLE).unwrap_or_else(|_| FILTER_DEFAULT.to_owned());
    host_telemetry::init(&LogConfig { filter, format, colour: printer.talk_colours }).map_err(|error| {
        Trouble::usage(format!("{FILTER_VARIABLE}: {error}"), "write one such as info or warn,host_executor=debug")
    })
}

fn config(settings: &Settings, arguments: UpArguments) -> Outcome<NodeConfig> {
    let data_folder = match arguments.data {
        Some(folder) => absolute(&folder)?,
        None => default_data_folder()?,
    };
    let policy = Policy {
        http_hosts: arguments.allow_http,
        read_folders: folders(&arguments.allow_files, "--allow-files")?,
        write_folders: folders(&arguments.allow_files_write, "--allow-files-write")?,
        buckets: arguments.allow_bucket,
        device_memory_bytes_max: arguments.device_memory_mib << 20,
        notebook_platform: platform_access(arguments.notebooks.notebook_platform),
        notebook_http_hosts: arguments.notebooks.notebook_http.clone(),
        notebook_device_memory_bytes_max: arguments.notebooks.notebook_device_memory_mib << 20,
    };
    let devices = DeviceConfig { backend: device_backend(arguments.device), ..DeviceConfig::default() };
    let tokens =
        arguments.users.tokens.as_deref().map(|path| read_tokens(path, arguments.users.sign_in_hours)).transpose()?;
    let mut documents = Vec::new();
    for path in &arguments.policy {
        documents.push(Trust::new(read_policy(path)?, path.display().to_string())?);
    }
    let trust = Arc::new(TrustByNamespace::new(documents)?);
    let content = ContentStore {
        folder: arguments.content_store.as_deref().map(absolute).transpose()?,
        bytes_max: arguments.content_store_mib << 20,
    };
    Ok(NodeConfig {
        trust,
        content,
        devices,
        listen: arguments.listen,
        registry_listen: arguments.registry_listen,
        registry: super::registry::settings(arguments.registry_settings.as_deref())?,
        policy,
        attempts_at_once_max: arguments.attempts.map(|attempts| attempts as usize),
        workers_at_once_max: arguments.workers.map(|workers| workers as usize),
        registries: settings.registries.clone(),
        python_indexes: arguments.python_index,
        tokens,
        sessions: session_limits(&arguments.notebooks),
        ..NodeConfig::new(data_folder)
    })
}

fn read_tokens(path: &Path, sign_in_hours: f64) -> Outcome<Arc<Tokens>> {
    let text = std::fs::read_to_string(path).map_err(|error| Trouble::unreadable(path, &error))?;
    let login_life = Duration::from_secs_f64(sign_in_hours * 3_600.0);
    Ok(Arc::new(Tokens::parse(&text)?.with_login_life(login_life)))
}

const fn platform_access(access: PlatformAccess) -> host_node::PlatformAccess {
    match access {
        PlatformAccess::None => host_node::PlatformAccess::None,
        PlatformAccess::Own => host_node::PlatformAccess::Own,
        PlatformAccess::Read => host_node::PlatformAccess::Read,
        PlatformAccess::Submit => host_node::PlatformAccess::Submit,
    }
}

fn session_limits(settings: &NotebookSettings) -> SessionLimits {
    let idle_millis = settings.notebook_idle_seconds.saturating_mul(1_000);
    SessionLimits {
        sessions_max: settings.notebook_sessions as usize,
        sessions_per_user_max: settings.notebook_sessions_per_user as usize,
        idle_millis_max: (idle_millis > 0).then_some(idle_millis),
    }
}

const fn device_backend(backend: DeviceBackend) -> host_node::DeviceBackend {
    match backend {
        DeviceBackend::Auto => host_node::DeviceBackend::Auto,
        DeviceBackend::Cpu => host_node::DeviceBackend::Cpu,
        DeviceBackend::Gpu => host_node::DeviceBackend::Gpu,
    }
}

/// Folders have to exist: a mistyped one would otherwise show only when a step is refused.
fn folders(folders: &[PathBuf], flag: &str) -> Outcome<Vec<PathBuf>> {
    let existing = |folder: &PathBuf| {
        let real = folder.canonicalize().and_then(|real| match real.is_dir() {
            true => Ok(real),
            false => Err(std::io::ErrorKind::NotADirectory.into()),
        });
        real.map_err(|error| {
            Trouble::usage(format!("{flag} {}: {error}", folder.display()), "name a folder that exists on this machine")
        })
    };
    folders.iter().map(existing).collect()
}

pub(super) fn absolute(path: &Path) -> Outcome<PathBuf> {
    std::path::absolute(path).map_err(|error| Trouble::unreadable(path, &error))
}

fn ready(addresses: Addresses, config: &NodeConfig, printer: &Printer) -> Outcome {
    let Addresses { server, registry } = addresses;
    let data = config.data_folder.display();
    if !server.ip().is_loopback() && config.tokens.is_none() {
        printer.note("whoever can reach the server's address may run steps here: name users with --tokens FILE");
    }
    if !registry.ip().is_loopback() && config.registry.access.is_none() {
        printer.note("others may pull from the registry and nobody may push: name users with --registry-settings FILE");
    }
    let object =
        json!({ "server": format!("http://{server}"), "registry": registry.to_string(), "data": config.data_folder });
    printer.either(&object, || format!("server    http://{server}\nregistry  {registry}\ndata      {data}"))?;
    printer.note("ready; Ctrl-C stops");
    Ok(())
}

/// SIGINT and SIGTERM as one.
pub(super) struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    pub(super) fn listen() -> Outcome<Self> {
        let listen = |kind| {
            signal(kind)
                .map_err(|error| Failure::new(Code::Internal, format!("signals cannot be listened for: {error}")))
        };
        Ok(Self { interrupt: listen(SignalKind::interrupt())?, terminate: listen(SignalKind::terminate())? })
    }

    pub(super) async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}
