//! One guest call: what goes in, who watches, what comes out.
//! Never outlives the call: a guest's state is gone when the report is made.

use std::any::{Any, TypeId};
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::Arc;

use host_base::{Failure, FunctionSignature, Limits, Usage, Value};
use sdk_spec::Grants;

use crate::layout::CommandCall;

/// Everything one attempt is handed.
#[derive(Clone, Debug)]
pub struct CallRequest {
    /// What is called.
    pub target: CallTarget,
    /// What the guest may reach.
    pub grants: Grants,
    /// What it may use up.
    pub limits: Limits,
    /// What `sandmill:step/context` says.
    pub context: StepContext,
    /// What capabilities lend this guest alone, beside what its grants name.
    pub lent: Lent,
}

/// Things that whoever calls lends to one guest, by type. Each belongs to the capability that knows the type; a
/// guest whose component imports no such capability never sees it. Cloning shares them.
#[derive(Clone, Default)]
pub struct Lent(HashMap<TypeId, Arc<dyn Any + Send + Sync>>);

impl Lent {
    /// Lends a thing, in place of any of its type.
    #[must_use]
    pub fn with<T: Any + Send + Sync>(mut self, thing: T) -> Self {
        self.0.insert(TypeId::of::<T>(), Arc::new(thing));
        self
    }

    /// The thing of this type.
    #[must_use]
    pub fn get<T: Any + Send + Sync>(&self) -> Option<Arc<T>> {
        self.0.get(&TypeId::of::<T>()).cloned()?.downcast().ok()
    }
}

impl fmt::Debug for Lent {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Lent({} things)", self.0.len())
    }
}

/// What is called.
#[derive(Clone, Debug)]
pub enum CallTarget {
    /// An exported function.
    Function {
        /// Its name and types.
        signature: FunctionSignature,
        /// One value per parameter, in order.
        arguments: Vec<Value>,
    },
    /// `wasi:cli/run`, with what the program finds around it.
    Command(CommandCall),
    /// Nothing yet: the guest lives on, and is called by whoever opened it.
    Living,
}

/// Who the guest is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepContext {
    /// The run's id.
    pub run: String,
    /// The pipeline's name.
    pub pipeline: String,
    /// The step's name.
    pub step: String,
    /// Counted from 1.
    pub attempt: u32,
}

/// Where a log line came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each variant is the stream or the level of the same name")]
pub enum LogStream {
    Stdout,
    Stderr,
    Trace,
    Debug,
    Info,
    Warn,
    Error,
}

/// Hears what the guest says while it works. Called from the guest's own task: must not block.
pub trait StepObserver: Send + Sync + 'static {
    /// A line of output or a log message, within the step's log limit.
    fn log(&self, stream: LogStream, text: &str);
    /// How far the work has come.
    fn progress(&self, done: u64, total: Option<u64>, message: &str);
    /// A point of a live series.
    fn metric(&self, name: &str, index: u64, value: f64);
}

/// How a call ended.
#[derive(Clone, Debug)]
pub struct CallReport {
    /// The outputs by name, or why there are none.
    pub outcome: Result<BTreeMap<String, Value>, Failure>,
    /// What the call used.
    pub usage: Usage,
}

/// How the rooms above hold an observer.
pub type SharedObserver = Arc<dyn StepObserver>;
