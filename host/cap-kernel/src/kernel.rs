//! A kernel: a living guest that exports `sandmill:kernel/kernel`, called one function at a time.
//! Never keeps what a cell says; that goes over the session's line.

use std::sync::Arc;

use host_base::{Code, Failure, Usage};
use host_bindings::kernel::KernelComponent;
use host_bindings::kernel::exports::sandmill::kernel::kernel::Guest;
use host_bindings::state::StateComponent;
use host_bindings::state::exports::sandmill::kernel::state::Guest as State;
use host_runtime::guest::GuestState;
use host_runtime::{CallLimits, CallRequest, LivingGuest, PreparedComponent, Sandbox, SharedObserver};
use tokio_util::sync::CancellationToken;
use wasmtime::Store;

use crate::line::Bundle;

pub use host_bindings::kernel::exports::sandmill::kernel::kernel::{
    Completeness, Completions, Description, ErrorReport, Variable,
};

pub use host_bindings::state::exports::sandmill::kernel::state::{Lost, Saved};

/// The interface that a component exports to be a kernel.
pub const KERNEL: &str = "sandmill:kernel/kernel@0.1.0";
/// The interface that it exports besides, for its sessions to be paused.
pub const STATE: &str = "sandmill:kernel/state@0.1.0";

/// What crosses of a state in one call: less than any call may carry.
const PIECE_BYTES_MAX: u32 = 4 << 20;

/// A kernel.
pub struct Kernel {
    guest: LivingGuest,
    exports: Arc<Guest>,
    /// None where the kernel cannot write down its state.
    state: Option<Arc<State>>,
    limits: CallLimits,
    cancel: CancellationToken,
}

/// Calls a function of the kernel's interface.
macro_rules! call {
    ($kernel:expr, $function:ident($($argument:expr),*)) => {{
        let exports = $kernel.exports.clone();
        call!($kernel, exports, $function($($argument),*))
    }};
    ($kernel:expr, $exports:ident, $function:ident($($argument:expr),*)) => {{
        let (limits, cancel) = ($kernel.limits, $kernel.cancel.clone());
        $kernel
            .guest
            .call(limits, &cancel, move |store: &mut Store<GuestState>, _| {
                Box::pin(async move { $exports.$function(store, $($argument),*).await })
            })
            .await
    }};
}

impl Kernel {
    /// Starts a guest. The request lends it its [`crate::SessionLine`].
    ///
    /// # Errors
    /// When the component is not admitted, does not start, or is no kernel.
    pub async fn start(
        sandbox: &Sandbox,
        component: &PreparedComponent,
        request: &CallRequest,
        observer: SharedObserver,
        cancel: CancellationToken,
    ) -> Result<Self, Failure> {
        let limits = CallLimits::of(&request.limits);
        let mut guest = Box::pin(sandbox.open(component, request, observer, &cancel)).await?;
        let exports = guest.call(limits, &cancel, |store, instance| {
            Box::pin(async move {
                let world = KernelComponent::new(store, &instance)?;
                Ok(world.sandmill_kernel_kernel().clone())
            })
        });
        let exports = exports.await.map_err(|failure| no_kernel(&failure))?;
        let state = guest.call(limits, &cancel, |store, instance| {
            Box::pin(async move {
                // That it exports no state is no error; it is then a kernel whose sessions cannot be paused.
                Ok(StateComponent::new(store, &instance).ok().map(|world| world.sandmill_kernel_state().clone()))
            })
        });
        let state = state.await?.map(Arc::new);
        Ok(Self { guest, exports: Arc::new(exports), state, limits, cancel })
    }

    /// Whether it can be called again.
    #[must_use]
    pub const fn is_alive(&self) -> bool {
        self.guest.is_alive()
    }

    /// Whether it can write down its state.
    #[must_use]
    pub const fn can_save(&self) -> bool {
        self.state.is_some()
    }

    /// What it has used since its start.
    #[must_use]
    pub fn usage(&self) -> Usage {
        self.guest.usage()
    }

    /// What it is.
    ///
    /// # Errors
    /// When the guest traps or reaches a limit, as for all that follow: it is gone then.
    pub async fn describe(&mut self) -> Result<Description, Failure> {
        call!(self, call_describe())
    }

    /// Runs a cell; the inner error is the cell's own.
    ///
    /// # Errors
    /// As for [`Kernel::describe`].
    pub async fn execute(
        &mut self,
        code: String,
        number: u32,
        silent: bool,
    ) -> Result<Result<(), ErrorReport>, Failure> {
        call!(self, call_execute(&code, number, silent))
    }

    /// What could stand at a place.
    ///
    /// # Errors
    /// As for [`Kernel::describe`].
    pub async fn complete(&mut self, code: String, cursor: u32) -> Result<Completions, Failure> {
        call!(self, call_complete(&code, cursor))
    }

    /// What stands at a place.
    ///
    /// # Errors
    /// As for [`Kernel::describe`].
    pub async fn inspect(&mut self, code: String, cursor: u32, detailed: bool) -> Result<Option<Bundle>, Failure> {
        let found = call!(self, call_inspect(&code, cursor, detailed))?;
        Ok(found.map(|bundle| {
            let representations = bundle.representations.into_iter();
            let representations = representations.map(|form| (form.media_type, form.content)).collect();
            Bundle { representations, metadata: bundle.metadata }
        }))
    }

    /// Whether code can be run.
    ///
    /// # Errors
    /// As for [`Kernel::describe`].
    pub async fn is_complete(&mut self, code: String) -> Result<Completeness, Failure> {
        call!(self, call_is_complete(&code))
    }

    /// What was defined.
    ///
    /// # Errors
    /// As for [`Kernel::describe`].
    pub async fn variables(&mut self) -> Result<Vec<Variable>, Failure> {
        call!(self, call_variables())
    }

    /// Writes down what was defined, to be taken piece by piece; the inner error is the kernel's own.
    ///
    /// # Errors
    /// When it cannot write down its state at all, and as for [`Kernel::describe`].
    pub async fn save(&mut self) -> Result<Result<Saved, String>, Failure> {
        let state = self.state()?;
        call!(self, state, call_save())
    }

    /// The next bytes of what was written down; none behind the last of them.
    ///
    /// # Errors
    /// As for [`Kernel::save`].
    pub async fn take_saved(&mut self) -> Result<Vec<u8>, Failure> {
        let state = self.state()?;
        call!(self, state, call_take_saved(PIECE_BYTES_MAX))
    }

    /// Reads again what a kernel of the same component wrote down; the inner error is the kernel's own.
    ///
    /// # Errors
    /// As for [`Kernel::save`].
    pub async fn restore(&mut self, content: Vec<u8>) -> Result<Result<(), String>, Failure> {
        let state = self.state()?;
        call!(self, state, call_restore(&content))
    }

    fn state(&self) -> Result<Arc<State>, Failure> {
        self.state.clone().ok_or_else(|| {
            let message = format!("the kernel exports no `{STATE}`, so that its sessions cannot be paused");
            Failure::new(Code::FunctionNotFound, message)
                .with_hint("leave the session at work, or use a kernel that exports it, such as sandmill/run-python")
        })
    }

    /// Lets it tidy up.
    ///
    /// # Errors
    /// As for [`Kernel::describe`].
    pub async fn shutdown(mut self) -> Result<(), Failure> {
        call!(self, call_shutdown())
    }
}

fn no_kernel(failure: &Failure) -> Failure {
    if failure.code != Code::Trap {
        return failure.clone();
    }
    Failure::new(
        Code::FunctionNotFound,
        format!("the component exports no `{KERNEL}`, so that no cell can be run in it"),
    )
    .with_hint("use a component that was built as a kernel, such as sandmill/run-python")
}
