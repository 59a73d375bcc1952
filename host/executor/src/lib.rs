//! Joins the deciders and the sandbox: carries out commands, writes the ledger, tells who watches.
//! Never decides what a run does next (`host-pipeline` does) and never speaks HTTP.

mod admission;
mod artifacts;
pub mod catalogue;
mod components;
mod executor;
mod folder;
mod import;
mod kept;
mod kfp;
mod live;
mod load;
mod notebook;
mod packages;
mod policy;
mod registry_failure;
mod run;
mod schedule;
mod train;
mod trust;
mod warm;
mod workspace;

pub use artifacts::UPLOAD_BYTES_MAX;
pub use components::InspectedComponent;
pub use executor::{Executor, ExecutorConfig, ExecutorParts};
pub use folder::{FolderFile, FolderPage};
pub use host_cap_kernel::{Bundle, Completeness, ErrorReport, Said, TextStream};
pub use host_cap_platform::{
    Answer as PlatformAnswer, Content as PlatformContent, Method as PlatformMethod, Platform,
    Request as PlatformRequest,
};
pub use host_notebook::{PlatformAccess, SessionLimits};
pub use host_pipeline::Signer;
pub use host_pipeline::kfp::KeptSource;
pub use host_training::{Given, Kept as JobKept, Plan as JobPlan, PlannedSource, Record as JobRecord};
pub use kept::{Kept, VALUE_BYTES_MAX};
pub use kfp::KfpSubmission;
pub use live::LiveUpdate;
pub use load::{LoadSample, NodeDevices, NodeLoad};
pub use notebook::{
    Asked, Cell, EndpointAnswer, EndpointCall, Heard, HeardFrom, LostVariable, NewSession, OfferPlatform,
    PausedSession, RanNotebook, Reply, SessionHandle, SessionSettings, SessionState, data_of, metadata_of,
};
pub use policy::{AllowedBucket, Policy};
pub use registry_failure::registry_failure;
pub use run::check::{CheckReport, CheckedParameter, CheckedStep};
pub use run::history::RunUpdate;
pub use run::kept_event::{KeptEvent, MetricPoint};
pub use run::start::{Introduction, NewRun};
pub use run::step::{AttemptEnd, AttemptRecord, StepInsight};
pub use train::TRAIN_JOB_KIND;
pub use train::history::{JobInsight, NewestPoints};
pub use train::kept_event::{JobPoints, KeptJobEvent};
pub use train::submit::{CheckedJob, job_sources};
pub use trust::{Trust, TrustByNamespace};
