//! Capability `sandmill:kernel`: what a guest says and asks while a cell runs.
//! Never keeps what is said; the line's other end does.

use host_base::Failure;
use host_bindings::sandmill::kernel::session::{self, Host, TextStream as WitStream};
use host_bindings::sandmill::kernel::types::{self, Bundle as WitBundle};
use host_runtime::guest::GuestView;
use host_runtime::{CallRequest, Capability, GuestSetup, GuestState, Need, ProvidedImport};
use wasmtime::component::{HasData, Linker};

use crate::line::{Bundle, Said, SessionLine, TextStream};

/// The capability.
#[derive(Clone, Copy, Debug, Default)]
pub struct KernelCapability;

/// What is kept for one guest; a guest that is no session's speaks to nobody.
#[derive(Default)]
struct Own(Option<SessionLine>);

struct Session;

impl HasData for Session {
    type Data<'a> = View<'a>;
}

/// What the functions see of a guest.
struct View<'a>(GuestView<'a, Own>);

fn view(state: &mut GuestState) -> View<'_> {
    View(state.view())
}

impl Capability for KernelCapability {
    fn name(&self) -> &'static str {
        "sandmill:kernel"
    }

    fn provides(&self) -> &'static [ProvidedImport] {
        const PROVIDED: [ProvidedImport; 2] = [
            ProvidedImport { interface: "sandmill:kernel/types@0.1", need: Need::Nothing },
            ProvidedImport { interface: "sandmill:kernel/session@0.1", need: Need::Nothing },
        ];
        &PROVIDED
    }

    fn link(&self, linker: &mut Linker<GuestState>) -> wasmtime::Result<()> {
        types::add_to_linker::<_, Session>(linker, view)?;
        session::add_to_linker::<_, Session>(linker, view)
    }

    fn prepare(&self, request: &CallRequest, setup: &mut GuestSetup) -> Result<(), Failure> {
        setup.extensions.insert(Own(request.lent.get::<SessionLine>().map(|line| SessionLine::clone(&line))));
        Ok(())
    }
}

impl types::Host for View<'_> {}

impl View<'_> {
    async fn say(&mut self, said: Said) {
        if let Some(line) = self.0.own.0.clone() {
            line.say(said).await;
        }
    }
}

impl Host for View<'_> {
    async fn write(&mut self, to: WitStream, text: String) -> wasmtime::Result<()> {
        let stream = match to {
            WitStream::Stdout => TextStream::Stdout,
            WitStream::Stderr => TextStream::Stderr,
        };
        self.say(Said::Text { stream, text }).await;
        Ok(())
    }

    async fn display(&mut self, shown: WitBundle, id: Option<String>, update: bool) -> wasmtime::Result<()> {
        self.say(Said::Shown { bundle: bundle(shown), id, update }).await;
        Ok(())
    }

    async fn result(&mut self, value: WitBundle) -> wasmtime::Result<()> {
        self.say(Said::Value(bundle(value))).await;
        Ok(())
    }

    async fn clear(&mut self, wait: bool) -> wasmtime::Result<()> {
        self.say(Said::Cleared { wait }).await;
        Ok(())
    }

    fn interrupted(&mut self) -> wasmtime::Result<bool> {
        Ok(self.0.own.0.as_ref().is_some_and(SessionLine::take_interrupt))
    }

    async fn read_line(&mut self, prompt: String, secret: bool) -> wasmtime::Result<Option<String>> {
        match self.0.own.0.clone() {
            Some(line) => Ok(line.ask(prompt, secret).await),
            None => Ok(None),
        }
    }
}

fn bundle(bundle: WitBundle) -> Bundle {
    let representations = bundle.representations.into_iter();
    let representations = representations.map(|form| (form.media_type, form.content)).collect();
    Bundle { representations, metadata: bundle.metadata }
}
