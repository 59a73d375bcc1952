//! Failures as people and programs meet them: a stable code, what happened, what to do next.
//! Never carries a secret, and never an error type of an outside crate.

use std::fmt;

use serde::{Deserialize, Serialize};

pub use crate::error_pages::page;

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $variant:ident = $text:literal,)+) => {
        /// A stable error code. One page each under `host/base/errors/`, shown by `sandmill explain`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum Code {
            $($(#[doc = $doc])+ #[serde(rename = $text)] $variant,)+
        }

        impl Code {
            /// All codes, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The code as it is written everywhere.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)+
                }
            }

            /// What the code means, in a few words.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self {
                    $(Self::$variant => concat!($($doc),+),)+
                }
            }
        }
    };
}

codes! {
    #[doc = "the document is not well-formed YAML or JSON"]
    DocumentSyntax = "SM0101",
    #[doc = "the document has a key that its kind does not have"]
    UnknownKey = "SM0102",
    #[doc = "a value in the document is not allowed there"]
    InvalidDocument = "SM0103",
    #[doc = "a reference names a step, an output or a parameter that does not exist"]
    UnknownReference = "SM0104",
    #[doc = "steps wait for each other in a circle"]
    Cycle = "SM0105",
    #[doc = "an edge joins two types that do not fit"]
    TypeMismatch = "SM0106",
    #[doc = "a run parameter is missing, unknown or of the wrong type"]
    InvalidParameter = "SM0107",
    #[doc = "the registry has no component of this reference"]
    ComponentNotFound = "SM0201",
    #[doc = "content does not hash to the digest it was asked for under"]
    DigestMismatch = "SM0202",
    #[doc = "the artifact is not a WebAssembly component"]
    NotAComponent = "SM0203",
    #[doc = "the component exports no such function"]
    FunctionNotFound = "SM0204",
    #[doc = "the registry did not answer in time"]
    RegistryUnreachable = "SM0205",
    #[doc = "the registry's answer breaks the distribution specification"]
    RegistryProtocol = "SM0206",
    #[doc = "the registry refused access"]
    RegistryRefused = "SM0207",
    #[doc = "no package of Python meets what a step asks for"]
    PackageNotUsable = "SM0208",
    #[doc = "a package index cannot be read"]
    IndexFailed = "SM0209",
    #[doc = "content to import cannot be had"]
    ImportFailed = "SM0210",
    #[doc = "the component imports what the step was not granted"]
    ImportNotGranted = "SM0301",
    #[doc = "the node's policy does not allow a grant"]
    GrantNotAllowed = "SM0302",
    #[doc = "the component imports what this host does not have"]
    UnknownImport = "SM0303",
    #[doc = "the policy document does not allow the component"]
    ComponentNotAllowed = "SM0304",
    #[doc = "no trusted key signed the component"]
    ComponentNotTrusted = "SM0305",
    #[doc = "the step reached its memory limit"]
    MemoryLimit = "SM0401",
    #[doc = "the step reached its table limit"]
    TableLimit = "SM0402",
    #[doc = "the component is made of more core instances than allowed"]
    InstanceLimit = "SM0403",
    #[doc = "the step reached its wall time limit"]
    WallTimeLimit = "SM0404",
    #[doc = "the step reached its CPU limit"]
    CpuLimit = "SM0405",
    #[doc = "the step reached its output limit"]
    OutputLimit = "SM0406",
    #[doc = "a call into the host carried more than allowed"]
    HostCallLimit = "SM0407",
    #[doc = "the step itself reported a failure"]
    StepFailed = "SM0501",
    #[doc = "the component trapped or panicked"]
    Trap = "SM0502",
    #[doc = "the command exited with a status other than 0"]
    ExitStatus = "SM0503",
    #[doc = "the step ended without an output that it promises"]
    MissingOutput = "SM0504",
    #[doc = "the run was cancelled"]
    Cancelled = "SM0505",
    #[doc = "the node stopped again and again while the step was at work"]
    InterruptedTooOften = "SM0506",
    #[doc = "the run did not end within its deadline"]
    DeadlineReached = "SM0507",
    #[doc = "a metric of the training is no number"]
    NotANumber = "SM0508",
    #[doc = "a worker of the training job was lost too often"]
    WorkerLost = "SM0509",
    #[doc = "a checkpoint does not hold a whole state"]
    CheckpointUnusable = "SM0510",
    #[doc = "the disk is full"]
    StorageFull = "SM0601",
    #[doc = "reading or writing the data folder failed"]
    StorageFailed = "SM0602",
    #[doc = "no artifact of this digest is stored"]
    ArtifactNotFound = "SM0603",
    #[doc = "the ledger could not be read or written"]
    LedgerFailed = "SM0604",
    #[doc = "there is nothing under this name"]
    NotFound = "SM0701",
    #[doc = "the request is not understood"]
    BadRequest = "SM0702",
    #[doc = "the request does not fit the present state"]
    Conflict = "SM0703",
    #[doc = "the server did not answer"]
    ServerUnreachable = "SM0704",
    #[doc = "the request is larger than the limit"]
    TooLarge = "SM0705",
    #[doc = "the request brings no token that this node knows"]
    Unauthenticated = "SM0706",
    #[doc = "the user may not do this"]
    NotAllowedToUser = "SM0707",
    #[doc = "too many attempts to sign in failed"]
    TooManyTries = "SM0708",
    #[doc = "a defect in Sandmill"]
    Internal = "SM0799",
    #[doc = "the step's tensors would take more than its device has for it"]
    DeviceMemoryLimit = "SM0801",
    #[doc = "one submission to the device took longer than it may"]
    DeviceDeadline = "SM0802",
    #[doc = "an operation on the device could not be carried out"]
    DeviceOperation = "SM0803",
    #[doc = "the device was lost"]
    DeviceLost = "SM0804",
}

impl fmt::Display for Code {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// What went wrong: shown to people, sent as JSON, kept in the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Failure {
    /// The stable code.
    pub code: Code,
    /// What happened, where and why, in one sentence without a full stop.
    pub message: String,
    /// What to do next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// Whether another attempt may succeed.
    #[serde(default)]
    pub retryable: bool,
}

impl Failure {
    /// A failure that another attempt will not mend.
    #[must_use]
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), hint: None, retryable: false }
    }

    /// The same with a next step.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The same, marked as worth another attempt.
    #[must_use]
    pub const fn retryable(mut self) -> Self {
        self.retryable = true;
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.code, self.message)?;
        match &self.hint {
            Some(hint) => write!(formatter, " ({hint})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Failure {}
