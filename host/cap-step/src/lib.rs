//! Capability `sandmill:step`: who a step is, what it says while it works.
//! Never lets what a guest says grow without bound: text is held to the log limit, reports to a number.

use host_base::Failure;
use host_bindings::sandmill::step::context::Context;
use host_bindings::sandmill::step::{context, log, metric, progress, types};
use host_runtime::guest::GuestServices;
use host_runtime::{CallRequest, Capability, GuestSetup, GuestState, LogStream, Need, ProvidedImport};
use wasmtime::component::{HasData, Linker};

/// A longer name of a series is cut.
const METRIC_NAME_BYTES_MAX: usize = 256;
/// A longer progress message is cut.
const PROGRESS_BYTES_MAX: usize = 1024;

/// The capability.
#[derive(Clone, Copy, Debug, Default)]
pub struct StepCapability;

/// What the functions see of a guest.
struct StepView<'a>(&'a GuestServices);

struct Step;

impl HasData for Step {
    type Data<'a> = StepView<'a>;
}

fn view(state: &mut GuestState) -> StepView<'_> {
    StepView(state.services().0)
}

impl Capability for StepCapability {
    fn name(&self) -> &'static str {
        "sandmill:step"
    }

    fn provides(&self) -> &'static [ProvidedImport] {
        const PROVIDED: [ProvidedImport; 5] = [
            ProvidedImport { interface: "sandmill:step/types@0.1", need: Need::Nothing },
            ProvidedImport { interface: "sandmill:step/context@0.1", need: Need::Nothing },
            ProvidedImport { interface: "sandmill:step/log@0.1", need: Need::Nothing },
            ProvidedImport { interface: "sandmill:step/progress@0.1", need: Need::Nothing },
            ProvidedImport { interface: "sandmill:step/metric@0.1", need: Need::Nothing },
        ];
        &PROVIDED
    }

    fn link(&self, linker: &mut Linker<GuestState>) -> wasmtime::Result<()> {
        types::add_to_linker::<_, Step>(linker, view)?;
        context::add_to_linker::<_, Step>(linker, view)?;
        log::add_to_linker::<_, Step>(linker, view)?;
        progress::add_to_linker::<_, Step>(linker, view)?;
        metric::add_to_linker::<_, Step>(linker, view)
    }

    fn prepare(&self, _: &CallRequest, _: &mut GuestSetup) -> Result<(), Failure> {
        // Everything stands in the shared services already.
        Ok(())
    }
}

impl types::Host for StepView<'_> {}

impl context::Host for StepView<'_> {
    fn get(&mut self) -> wasmtime::Result<Context> {
        let context = self.0.context.as_ref().clone();
        Ok(Context { run: context.run, pipeline: context.pipeline, step: context.step, attempt: context.attempt })
    }
}

impl log::Host for StepView<'_> {
    fn write(&mut self, level: log::Level, message: String) -> wasmtime::Result<()> {
        let stream = match level {
            log::Level::Trace => LogStream::Trace,
            log::Level::Debug => LogStream::Debug,
            log::Level::Info => LogStream::Info,
            log::Level::Warn => LogStream::Warn,
            log::Level::Error => LogStream::Error,
        };
        self.0.log.write(stream, &message);
        Ok(())
    }
}

impl progress::Host for StepView<'_> {
    fn report(&mut self, done: u64, total: Option<u64>, message: String) -> wasmtime::Result<()> {
        if self.0.log.admits_report() {
            self.0.observer.progress(done, total, cut(&message, PROGRESS_BYTES_MAX));
        }
        Ok(())
    }
}

impl metric::Host for StepView<'_> {
    fn report(&mut self, name: String, index: u64, value: f64) -> wasmtime::Result<()> {
        if self.0.log.admits_report() {
            self.0.observer.metric(cut(&name, METRIC_NAME_BYTES_MAX), index, value);
        }
        Ok(())
    }
}

/// The longest beginning of at most so many bytes that does not cut a character.
fn cut(text: &str, bytes_max: usize) -> &str {
    &text[..text.floor_char_boundary(bytes_max)]
}
