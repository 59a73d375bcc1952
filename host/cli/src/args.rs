//! What can be written on the command line, as it is written.
//! Never resolved here: `settings` and the commands decide what is meant.

mod artifact;
mod notebook;
mod train;
mod up;

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use host_node::{AllowedBucket, PythonIndex};
use registry_client::Mirror;

pub use artifact::{ArtifactCommand, Kind};
pub use notebook::{NotebookCommand, NotebookCreateArguments, NotebookRunArguments};
pub use train::{JobStatus, TrainArguments, TrainCommand};
pub use up::{DeviceBackend, LogFormat, NotebookSettings, PlatformAccess, UserSettings};

use crate::help;

/// Runs pipelines of sandboxed WebAssembly components.
#[derive(Debug, Parser)]
#[command(name = "sandmill", version, after_long_help = help::EXIT_CODES, propagate_version = false)]
pub struct Arguments {
    #[command(flatten)]
    pub global: GlobalArguments,
    #[command(subcommand)]
    pub command: Command,
}

/// Understood by every command.
#[derive(Clone, Debug, Args)]
pub struct GlobalArguments {
    /// Address of the server
    #[arg(
        long,
        global = true,
        value_name = "URL",
        env = "SANDMILL_SERVER",
        hide_env_values = true,
        default_value = "http://127.0.0.1:8080",
        help_heading = "Global options"
    )]
    pub server: String,
    /// Token for a server that asks for one
    #[arg(long, global = true, env = "SANDMILL_TOKEN", hide_env_values = true, help_heading = "Global options")]
    pub token: Option<String>,
    /// Print data as JSON on stdout, and errors as JSON on stderr
    #[arg(long, global = true, help_heading = "Global options")]
    pub json: bool,
    /// Say nothing but data and errors
    #[arg(long, short, global = true, help_heading = "Global options")]
    pub quiet: bool,
    /// When to use colours; NO_COLOR is heeded too
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", help_heading = "Global options")]
    pub color: Colour,
    #[command(flatten)]
    pub registries: RegistriesArguments,
}

/// How registries other than the node's own are reached. Hidden, since most commands reach none; the help of those that
/// do names them.
#[derive(Clone, Debug, Args)]
pub struct RegistriesArguments {
    /// A registry that is spoken to without TLS (`host` or `host:port`); may be repeated
    #[arg(
        long,
        global = true,
        value_name = "HOST",
        env = "SANDMILL_PLAIN_HTTP_REGISTRIES",
        value_delimiter = ',',
        hide = true
    )]
    pub plain_http_registry: Vec<String>,
    /// A registry of this machine that is spoken to with TLS, which others are anyway; may be repeated
    #[arg(
        long,
        global = true,
        value_name = "HOST",
        env = "SANDMILL_TLS_REGISTRIES",
        value_delimiter = ',',
        hide = true
    )]
    pub tls_registry: Vec<String>,
    /// A registry to ask before another (`ghcr.io=mirror.internal:5000/ghcr`); may be repeated
    #[arg(
        long,
        global = true,
        value_name = "REGISTRY=MIRROR",
        env = "SANDMILL_REGISTRY_MIRRORS",
        value_delimiter = ',',
        hide = true
    )]
    pub registry_mirror: Vec<Mirror>,
    /// A PEM file of certificate authorities to trust besides the usual ones, for registries and for the https requests
    /// of steps; may be repeated
    #[arg(long, global = true, value_name = "FILE", env = "SANDMILL_TRUST_CA", value_delimiter = ',', hide = true)]
    pub trust_ca: Vec<PathBuf>,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Colour {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Start a node: server, registry, ledger and executor in one process
    #[command(after_help = help::UP)]
    Up(UpArguments),
    /// Write, build, look into and share components
    #[command(subcommand)]
    Component(ComponentCommand),
    /// Publish WIT packages and fetch those that a component needs
    #[command(subcommand)]
    Wit(WitCommand),
    /// Make key pairs to sign components with
    #[command(subcommand)]
    Key(KeyCommand),
    /// Keep secrets for steps, on this machine
    #[command(subcommand)]
    Secret(SecretCommand),
    /// Keep settings for steps, on this machine
    #[command(subcommand)]
    ConfigMap(ConfigMapCommand),
    /// Serve a registry for components, models and any other OCI artifact
    #[command(subcommand)]
    Registry(RegistryCommand),
    /// Check and run pipelines
    #[command(subcommand)]
    Pipeline(PipelineCommand),
    /// Look at runs and steer them
    #[command(subcommand)]
    Run(RunCommand),
    /// Train models: start jobs, follow, stop and resume them
    #[command(subcommand)]
    Train(TrainCommand),
    /// Put runs under names, and compare them
    #[command(subcommand)]
    Experiment(ExperimentCommand),
    /// Run pipelines again and again
    #[command(subcommand)]
    Schedule(ScheduleCommand),
    /// Run notebooks, and look after their sessions
    #[command(subcommand)]
    Notebook(NotebookCommand),
    /// Look at artifacts, fetch and upload them
    #[command(subcommand)]
    Artifact(ArtifactCommand),
    /// Compute for one guest; nodes start this themselves
    #[command(hide = true)]
    DeviceWorker,
    /// Explain an error code
    #[command(after_help = help::EXPLAIN)]
    Explain {
        /// Such as SM0106; all codes are listed without one
        code: Option<String>,
    },
    /// Print the JSON schema of a document
    #[command(after_help = help::SCHEMA)]
    Schema {
        /// Which document
        kind: DocumentKind,
    },
    /// Print completions for a shell
    #[command(after_help = help::COMPLETIONS)]
    Completions {
        /// Which shell
        shell: Shell,
    },
    /// Print the version of this program and, where one answers, of the server
    #[command(after_help = help::VERSION)]
    Version,
}

/// Documents with a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DocumentKind {
    Pipeline,
    Policy,
    TrainJob,
}

#[derive(Debug, Args)]
pub struct UpArguments {
    /// Folder for everything the node keeps [default: sandmill in the user's data folder]
    #[arg(long, value_name = "DIR", env = "SANDMILL_DATA")]
    pub data: Option<PathBuf>,
    /// Where the server listens; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", env = "SANDMILL_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Where the registry listens; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", env = "SANDMILL_REGISTRY_LISTEN", default_value = "127.0.0.1:5000")]
    pub registry_listen: SocketAddr,
    /// Settings of the registry (access, storage, garbage, limits) as a TOML document
    #[arg(long, value_name = "FILE", env = "SANDMILL_REGISTRY_SETTINGS")]
    pub registry_settings: Option<PathBuf>,
    /// A host that steps may be granted to send requests to (`example.org`, `*.example.org`, `*`); may be repeated
    #[arg(long, value_name = "HOST")]
    pub allow_http: Vec<String>,
    /// A bucket that importers may read from: `s3://NAME`, `gs://NAME`, or `minio://NAME=http://HOST:PORT` with the
    /// address of its store; may be repeated. The node's AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY open it, unless a
    /// document names a secret for that; with one, any bucket of a store that --allow-http names is read
    #[arg(long, value_name = "BUCKET")]
    pub allow_bucket: Vec<AllowedBucket>,
    /// A folder that steps may be granted to read; may be repeated
    #[arg(long, value_name = "DIR")]
    pub allow_files: Vec<PathBuf>,
    /// A folder that steps may be granted to read and write; may be repeated
    #[arg(long, value_name = "DIR")]
    pub allow_files_write: Vec<PathBuf>,
    /// A policy document: which components may run, from where, signed by whom; may be repeated, one for each namespace
    #[arg(long, value_name = "FILE", env = "SANDMILL_POLICY")]
    pub policy: Vec<PathBuf>,
    /// Where copies of components from other registries are kept; nodes of one machine may share it
    /// [default: in the data folder]
    #[arg(long, value_name = "DIR", env = "SANDMILL_CONTENT_STORE")]
    pub content_store: Option<PathBuf>,
    /// Past this size, the copies that were used longest ago are deleted
    #[arg(long, value_name = "MIB", default_value_t = 10 * 1024, value_parser = clap::value_parser!(u64).range(1..=1 << 30))]
    pub content_store_mib: u64,
    /// A package index whose pure wheels Python steps may use (`https://pypi.org/simple`); may be repeated, the first
    /// is asked where a step names none; without one, steps have the standard library and kfp
    #[arg(long, value_name = "URL", env = "SANDMILL_PYTHON_INDEX", hide_env_values = true)]
    pub python_index: Vec<PythonIndex>,
    /// Where steps that are granted a device compute with tensors: `auto` takes a graphics adapter where there is one in
    /// hardware
    #[arg(long, value_name = "BACKEND", env = "SANDMILL_DEVICE", default_value = "auto")]
    pub device: DeviceBackend,
    /// What a step may be granted of a device's memory at most; 0 allows no devices
    #[arg(long, value_name = "MIB", default_value_t = 2048, value_parser = clap::value_parser!(u64).range(0..=1 << 30))]
    pub device_memory_mib: u64,
    /// Attempts under way at once [default: twice the cores]
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..=256))]
    pub attempts: Option<u32>,
    /// Workers of training jobs there at once [default: four times the cores, at least 8]
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..=256))]
    pub workers: Option<u32>,
    #[command(flatten)]
    pub users: UserSettings,
    #[command(flatten)]
    pub notebooks: NotebookSettings,
    /// How log lines on stderr are written; SANDMILL_LOG filters them
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub log_format: LogFormat,
}

#[derive(Debug, Subcommand)]
pub enum WitCommand {
    /// Fetch the packages that a folder's WIT uses into its `deps`, as wkg does
    #[command(after_help = help::WIT_FETCH)]
    Fetch(WitArguments),
    /// Publish the package in a folder, in the form that wkg reads
    #[command(after_help = help::WIT_PUBLISH)]
    Publish(WitArguments),
}

/// A folder of WIT, and where packages are found.
#[derive(Debug, Args)]
pub struct WitArguments {
    /// Folder of the WIT
    #[arg(default_value = "wit")]
    pub folder: PathBuf,
    /// wkg's configuration [default: ~/.config/wasm-pkg/config.toml]
    #[arg(long, value_name = "FILE", env = "WKG_CONFIG_FILE")]
    pub config: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub enum ComponentCommand {
    /// Write a new component: a crate with a step, its test and a pipeline
    #[command(after_help = help::COMPONENT_NEW)]
    New {
        /// A verb and a noun in kebab-case, such as count-words; also the folder's name
        name: String,
        /// Where the folder is made
        #[arg(long, value_name = "DIR", default_value = ".")]
        into: PathBuf,
        /// Folder of the SDK crate (sdk/guest) [default: the one this program was built from]
        #[arg(long, value_name = "DIR", env = "SANDMILL_SDK")]
        sdk: Option<PathBuf>,
    },
    /// Build a component with cargo for wasm32-wasip2
    #[command(after_help = help::COMPONENT_BUILD)]
    Build {
        /// Folder of the crate
        #[arg(default_value = ".")]
        folder: PathBuf,
        /// Cargo profile
        #[arg(long, default_value = "release")]
        profile: String,
    },
    /// Show a component's functions, imports, exports and the grants it needs
    #[command(after_help = help::COMPONENT_INSPECT)]
    Inspect {
        /// A file, or a reference to a registry
        component: String,
        /// Print the component's WIT with its documentation instead
        #[arg(long)]
        wit: bool,
    },
    /// Push a component to a registry
    #[command(after_help = help::COMPONENT_PUSH)]
    Push(PushArguments),
    /// Pull a component from a registry into a file
    #[command(after_help = help::COMPONENT_PULL)]
    Pull {
        /// `[registry/]repository[:tag][@digest]`; without a registry, the node's own
        reference: String,
        /// The file [default: the repository's last part with `.wasm`]
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Sign a component in a registry, in the form that cosign writes and reads
    #[command(after_help = help::COMPONENT_SIGN)]
    Sign {
        /// `[registry/]repository[:tag][@digest]`; without a registry, the node's own
        reference: String,
        /// The private key
        #[arg(long, value_name = "FILE")]
        key: PathBuf,
        /// Where the signature is put
        #[arg(long, value_name = "WHERE", default_value = "both")]
        scheme: Scheme,
        /// Sign a name and a value along; may be repeated
        #[arg(long = "remark", value_name = "NAME=VALUE")]
        remarks: Vec<String>,
    },
    /// Check that a component was signed with one of these keys
    #[command(after_help = help::COMPONENT_VERIFY)]
    Verify {
        /// `[registry/]repository[:tag][@digest]`; without a registry, the node's own
        reference: String,
        /// A public key; may be repeated
        #[arg(long = "key", value_name = "FILE", required = true)]
        keys: Vec<PathBuf>,
    },
    /// List the tags of a repository
    #[command(after_help = help::COMPONENT_TAGS)]
    Tags {
        /// `[registry/]repository`; without a registry, the node's own
        repository: String,
    },
}

/// What is pushed, and what is said of it.
#[derive(Debug, Args)]
pub struct PushArguments {
    /// The component
    pub file: PathBuf,
    /// `[registry/]repository[:tag]`; without a registry, the node's own
    pub reference: String,
    /// Address of the source, kept as an annotation and in the provenance
    #[arg(long, value_name = "URL")]
    pub source: Option<String>,
    /// The source's revision, kept likewise
    #[arg(long, value_name = "COMMIT")]
    pub revision: Option<String>,
    /// The licences, as an SPDX expression
    #[arg(long, value_name = "SPDX")]
    pub licenses: Option<String>,
    /// Another annotation of the manifest; may be repeated
    #[arg(long = "annotation", value_name = "NAME=VALUE")]
    pub annotations: Vec<String>,
    /// Sign the component, and the provenance, with this private key
    #[arg(long, value_name = "FILE")]
    pub key: Option<PathBuf>,
    /// Attach a bill of materials, SPDX or CycloneDX in JSON
    #[arg(long, value_name = "FILE")]
    pub sbom: Option<PathBuf>,
    /// Attach a statement of where the component comes from (SLSA provenance)
    #[arg(long)]
    pub provenance: bool,
    /// Who vouches for the build in the provenance
    #[arg(long, value_name = "URL", default_value = "https://sandmill.dev/builders/command-line")]
    pub builder: String,
}

/// Where a signature is put.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Scheme {
    /// Under a tag, where every release of cosign looks
    Tag,
    /// As a manifest that refers to the component's (OCI 1.1)
    Referrer,
    /// Both
    Both,
}

#[derive(Debug, Subcommand)]
pub enum SecretCommand {
    /// Set keys of a secret; its other keys stay
    #[command(after_help = help::SECRET_SET)]
    Set(SetArguments),
    /// List secrets and their keys, never their values
    #[command(after_help = help::SECRET_LIST)]
    List(KeptFolderArguments),
    /// Forget a secret with all its keys
    #[command(after_help = help::SECRET_DELETE)]
    Delete(DeleteArguments),
}

#[derive(Debug, Subcommand)]
pub enum ConfigMapCommand {
    /// Set keys of a config map; its other keys stay
    #[command(after_help = help::CONFIG_MAP_SET)]
    Set(SetArguments),
    /// List config maps and their keys
    #[command(after_help = help::CONFIG_MAP_LIST)]
    List(KeptFolderArguments),
    /// Forget a config map with all its keys
    #[command(after_help = help::CONFIG_MAP_DELETE)]
    Delete(DeleteArguments),
}

#[derive(Debug, Args)]
pub struct SetArguments {
    /// Its name, as pipelines use it
    pub name: String,
    /// KEY=VALUE, or KEY=@FILE for what a file holds; `KEY=@-` reads stdin
    #[arg(required = true, value_name = "KEY=VALUE")]
    pub values: Vec<String>,
    #[command(flatten)]
    pub folder: KeptFolderArguments,
}

#[derive(Debug, Args)]
pub struct DeleteArguments {
    /// Its name
    pub name: String,
    #[command(flatten)]
    pub folder: KeptFolderArguments,
}

/// The node whose steps are meant; it may be running or not.
#[derive(Debug, Args)]
pub struct KeptFolderArguments {
    /// The node's data folder [default: sandmill in the user's data folder]
    #[arg(long, value_name = "DIR", env = "SANDMILL_DATA")]
    pub data: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub enum KeyCommand {
    /// Make a key pair, in the files that cosign has
    #[command(after_help = help::KEY_GENERATE)]
    Generate {
        /// The files are NAME.key and NAME.pub
        #[arg(long, default_value = "cosign")]
        name: String,
        /// Where they are written
        #[arg(long, value_name = "DIR", default_value = ".")]
        into: PathBuf,
        /// Write the private key without a password
        #[arg(long)]
        plain: bool,
    },
}

#[derive(Debug, Subcommand)]
pub enum RegistryCommand {
    /// Serve a registry without the rest of a node
    #[command(after_help = help::REGISTRY_SERVE)]
    Serve(RegistryServeArguments),
    /// Delete what nothing names any more, in a folder that no registry serves from
    #[command(after_help = help::REGISTRY_GC)]
    Gc {
        #[command(flatten)]
        place: RegistryPlaceArguments,
    },
}

/// Which registry.
#[derive(Debug, Args)]
pub struct RegistryPlaceArguments {
    /// Folder for everything the registry keeps [default: sandmill-registry in the user's data folder]
    #[arg(long, value_name = "DIR", env = "SANDMILL_REGISTRY_DATA")]
    pub data: Option<PathBuf>,
    /// Settings (access, TLS, storage, garbage, limits) as a TOML document; the other flags come before it
    #[arg(long, value_name = "FILE", env = "SANDMILL_REGISTRY_SETTINGS")]
    pub settings: Option<PathBuf>,
    /// Keep bytes in this bucket of an S3-compatible store; credentials come from the AWS variables
    #[arg(long, value_name = "NAME")]
    pub s3_bucket: Option<String>,
    /// Address of the S3-compatible store [default: AWS]
    #[arg(long, value_name = "URL", requires = "s3_bucket")]
    pub s3_endpoint: Option<String>,
}

#[derive(Debug, Args)]
pub struct RegistryServeArguments {
    #[command(flatten)]
    pub place: RegistryPlaceArguments,
    /// Where the registry listens; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", env = "SANDMILL_REGISTRY_LISTEN", default_value = "127.0.0.1:5000")]
    pub listen: SocketAddr,
    /// Users who may push and delete: a file that `htpasswd -B` writes
    #[arg(long, value_name = "FILE")]
    pub users: Option<PathBuf>,
    /// Serve TLS with this certificate, a PEM file
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub tls_certificate: Option<PathBuf>,
    /// The certificate's key, a PEM file
    #[arg(long, value_name = "FILE", requires = "tls_certificate")]
    pub tls_key: Option<PathBuf>,
    /// How log lines on stderr are written; SANDMILL_LOG filters them
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub log_format: LogFormat,
}

#[derive(Debug, Subcommand)]
pub enum PipelineCommand {
    /// Check a document against the components it names, without running anything
    #[command(after_help = help::PIPELINE_CHECK)]
    Check {
        /// The document, YAML or JSON; `-` reads stdin
        file: PathBuf,
    },
    /// Run a pipeline
    #[command(after_help = help::PIPELINE_RUN)]
    Run(SubmitArguments),
}

#[derive(Debug, Args)]
pub struct SubmitArguments {
    /// The document, YAML or JSON; `-` reads stdin
    pub file: PathBuf,
    /// Set a parameter; `NAME=@FILE` uploads a file for an artifact. May be repeated
    #[arg(long = "param", short, value_name = "NAME=VALUE")]
    pub parameters: Vec<String>,
    /// A title for the run
    #[arg(long, value_name = "TITLE")]
    pub name: Option<String>,
    /// The experiment that it goes to; made where there is none
    #[arg(long, value_name = "NAME")]
    pub experiment: Option<String>,
    /// Stay and show progress until the run has ended
    #[arg(long, short)]
    pub watch: bool,
}

#[derive(Debug, Subcommand)]
pub enum ExperimentCommand {
    /// Make an experiment
    #[command(after_help = help::EXPERIMENT_CREATE)]
    Create {
        /// Its name
        name: String,
        /// What it is about
        #[arg(long, value_name = "TEXT")]
        description: Option<String>,
    },
    /// List experiments, oldest first
    #[command(after_help = help::EXPERIMENT_LIST)]
    List,
    /// Put runs side by side: parameters that differ, and every number that they measured
    #[command(after_help = help::EXPERIMENT_COMPARE)]
    Compare {
        /// Ids of runs, the beginnings of some, or `latest`
        #[arg(required = true, num_args = 2..)]
        runs: Vec<String>,
    },
}

#[derive(Debug, Subcommand)]
pub enum ScheduleCommand {
    /// Run a pipeline again and again
    #[command(after_help = help::SCHEDULE_CREATE)]
    Create(Box<ScheduleArguments>),
    /// List schedules, oldest first
    #[command(after_help = help::SCHEDULE_LIST)]
    List,
    /// Show a schedule
    #[command(after_help = help::SCHEDULE_SHOW)]
    Show {
        /// Id of the schedule
        schedule: String,
    },
    /// Stop a schedule from firing
    #[command(after_help = help::SCHEDULE_PAUSE)]
    Pause {
        /// Id of the schedule
        schedule: String,
    },
    /// Let a paused schedule fire again
    #[command(after_help = help::SCHEDULE_RESUME)]
    Resume {
        /// Id of the schedule
        schedule: String,
    },
    /// Forget a schedule; its runs stay, and go on
    #[command(after_help = help::SCHEDULE_DELETE)]
    Delete {
        /// Id of the schedule
        schedule: String,
    },
    /// Print the next times that a schedule fires
    #[command(after_help = help::SCHEDULE_NEXT)]
    Next {
        /// Id of the schedule
        schedule: String,
        /// How many
        #[arg(long, short = 'n', value_name = "NUMBER", default_value_t = 5, value_parser = clap::value_parser!(u8).range(1..=100))]
        count: u8,
    },
}

#[derive(Debug, Args)]
pub struct ScheduleArguments {
    /// The document, YAML or JSON; `-` reads stdin
    pub file: PathBuf,
    /// Six fields in UTC, the seconds first; or @hourly, @daily, @weekly, @monthly, @yearly, @every 90s
    #[arg(long, value_name = "PATTERN", required_unless_present = "every", conflicts_with = "every")]
    pub cron: Option<String>,
    /// Seconds between two firings
    #[arg(long, value_name = "SECONDS")]
    pub every: Option<u64>,
    /// Set a parameter. Texts may use [[ScheduledTime]], [[CurrentTime]], [[Index]], [[RunUUID]]. May be repeated
    #[arg(long = "param", short, value_name = "NAME=VALUE")]
    pub parameters: Vec<String>,
    /// Its name [default: the pipeline's]
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// The experiment that its runs go to; made where there is none
    #[arg(long, value_name = "NAME")]
    pub experiment: Option<String>,
    /// Make up for every missed firing, one by one; else only for the latest
    #[arg(long)]
    pub catch_up: bool,
    /// Runs at work at once
    #[arg(long, value_name = "NUMBER", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=10))]
    pub at_once: u8,
    /// Begin paused
    #[arg(long)]
    pub paused: bool,
}

#[derive(Debug, Subcommand)]
pub enum RunCommand {
    /// List runs, newest first
    #[command(after_help = help::RUN_LIST)]
    List {
        /// Only runs of this pipeline
        #[arg(long, value_name = "NAME")]
        pipeline: Option<String>,
        /// Only runs of this experiment
        #[arg(long, value_name = "NAME")]
        experiment: Option<String>,
        /// Only runs of this status
        #[arg(long, value_name = "STATUS")]
        status: Option<RunStatus>,
        /// Only runs that call the component of this digest
        #[arg(long, value_name = "DIGEST")]
        component: Option<String>,
        #[command(flatten)]
        page: PageArguments,
    },
    /// Show a run and its steps
    #[command(after_help = help::RUN_SHOW)]
    Show {
        #[command(flatten)]
        run: RunArgument,
    },
    /// Print a run's log
    #[command(after_help = help::RUN_LOGS)]
    Logs {
        #[command(flatten)]
        run: RunArgument,
        /// Only this step's lines
        #[arg(long, value_name = "NAME")]
        step: Option<String>,
        /// Go on until the run has ended
        #[arg(long, short)]
        follow: bool,
    },
    /// Show a run's progress until it has ended
    #[command(after_help = help::RUN_WATCH)]
    Watch {
        #[command(flatten)]
        run: RunArgument,
    },
    /// Ask a run to end; what succeeded stays
    #[command(after_help = help::RUN_CANCEL)]
    Cancel {
        #[command(flatten)]
        run: RunArgument,
    },
    /// Try the steps of an ended run again that did not succeed
    #[command(after_help = help::RUN_RETRY)]
    Retry {
        #[command(flatten)]
        run: RunArgument,
        /// Stay and show progress until the run has ended
        #[arg(long, short)]
        watch: bool,
    },
}

/// Which run.
#[derive(Debug, Args)]
pub struct RunArgument {
    /// Id of the run, the beginning of one, or `latest`
    pub run: String,
}

/// How a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum RunStatus {
    Running,
    Cancelling,
    Succeeded,
    Failed,
    Cancelled,
}

/// Which part of a list.
#[derive(Debug, Args)]
pub struct PageArguments {
    /// Items at most, up to 200
    #[arg(long, value_name = "NUMBER", default_value_t = 20, value_parser = clap::value_parser!(u16).range(1..=200))]
    pub limit: u16,
    /// Go on behind an earlier page, whose end names this token
    #[arg(long, value_name = "TOKEN")]
    pub page: Option<String>,
}
