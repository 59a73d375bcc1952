//! Capability `sandmill:platform`: what a session's guest asks of the node.
//! Never knows what can be asked, and never answers itself: whoever lends a guest the platform does both.

mod platform;

use std::sync::Arc;

use host_base::{Code, Failure};
use host_bindings::sandmill::platform::requests::{self, Host, Method as WitMethod, Refusal, Request as WitRequest};
use host_runtime::guest::GuestView;
use host_runtime::{CallRequest, Capability, GuestSetup, GuestState, Need, ProvidedImport};
use wasmtime::component::{HasData, Linker};

pub use platform::{Answer, Content, LentPlatform, Method, Platform, Request};

/// What one request may send along, in bytes.
pub const REQUEST_BYTES_MAX: usize = 4 << 20;

/// The capability.
#[derive(Clone, Copy, Debug, Default)]
pub struct PlatformCapability;

/// What was lent to one guest; by default nothing.
#[derive(Default)]
struct Own(Option<Arc<dyn Platform>>);

struct Asking;

impl HasData for Asking {
    type Data<'a> = View<'a>;
}

/// What the function sees of a guest.
struct View<'a>(GuestView<'a, Own>);

fn view(state: &mut GuestState) -> View<'_> {
    View(state.view())
}

impl Capability for PlatformCapability {
    fn name(&self) -> &'static str {
        "sandmill:platform"
    }

    fn provides(&self) -> &'static [ProvidedImport] {
        // Importing it needs nothing: the same component runs where there is nothing to be asked.
        const PROVIDED: [ProvidedImport; 1] =
            [ProvidedImport { interface: "sandmill:platform/requests@0.1", need: Need::Nothing }];
        &PROVIDED
    }

    fn link(&self, linker: &mut Linker<GuestState>) -> wasmtime::Result<()> {
        requests::add_to_linker::<_, Asking>(linker, view)
    }

    fn prepare(&self, request: &CallRequest, setup: &mut GuestSetup) -> Result<(), Failure> {
        setup.extensions.insert(Own(request.lent.get::<LentPlatform>().map(|lent| lent.0.clone())));
        Ok(())
    }
}

impl Host for View<'_> {
    async fn ask(&mut self, what: WitRequest) -> wasmtime::Result<Result<requests::Answer, Refusal>> {
        let answer = match self.0.own.0.clone() {
            None => Err(nothing_lent()),
            Some(platform) => match request(what) {
                Ok(request) => platform.ask(request).await,
                Err(failure) => Err(failure),
            },
        };
        Ok(answer.map(|Answer { status, body }| requests::Answer { status, body }).map_err(refusal))
    }
}

/// What a guest asks, as far as it may be as large.
fn request(what: WitRequest) -> Result<Request, Failure> {
    let length = what.content.as_ref().map_or(0, |content| content.body.len());
    if length > REQUEST_BYTES_MAX {
        let message = format!("the request sends {length} bytes along, and at most {REQUEST_BYTES_MAX} are taken");
        return Err(Failure::new(Code::TooLarge, message).with_hint("upload large content from outside"));
    }
    Ok(Request {
        method: match what.method {
            WitMethod::Get => Method::Get,
            WitMethod::Post => Method::Post,
        },
        path: what.path,
        content: what.content.map(|content| Content { media_type: content.media_type, body: content.body }),
        bytes: what.bytes.map(|(from, to)| from..to),
        metadata: what.metadata,
    })
}

fn nothing_lent() -> Failure {
    Failure::new(Code::GrantNotAllowed, "the code asks the platform and was not granted it")
        .with_hint("start the node with `sandmill up --notebook-platform read` or `submit`, and begin another session")
}

fn refusal(failure: Failure) -> Refusal {
    Refusal { code: failure.code.as_str().to_owned(), message: failure.message, hint: failure.hint }
}
