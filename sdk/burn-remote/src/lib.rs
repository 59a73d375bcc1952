//! Burn's remote device for components: ordinary Burn programs whose tensors live on the host.
//! Never opens a connection and never computes: it writes down operations and hands them over.
//!
//! The crate carries the name and the version of Burn's own `burn-remote`, so that a program patches
//! it in (`[patch.crates-io]`) and switches on Burn's feature `remote`. `Device::default()` is then the
//! device that the step was granted, and everything else of Burn (autodiff, modules, optimisers) is as
//! anywhere. What Burn's crate offers beside that, hosts on a network, cannot be named here.

#[allow(clippy::all, missing_docs, unsafe_code, unused_qualifications, reason = "generated from WIT")]
#[doc(hidden)]
pub mod bindings;
mod channel;
mod client;
mod custom_op;
mod device;
mod element;
pub mod handle;
mod host;
mod queue;

pub use burn_ir as ir;
pub use burn_router::{RouterClient, RouterTensor};
pub use channel::RemoteChannel;
pub use client::RemoteClient;
pub use custom_op::CustomOpClient;
pub use device::RemoteDevice;
pub use host::{
    ConnectError, Credential, Endpoint, EndpointAddr, EndpointId, HostSpec, InvalidRelays, IrohHost, IrohIdentity,
    IrohRelays, RelayUrl,
};

/// Burn's backend whose operations go to the host.
pub type RemoteBackend = burn_router::BackendRouter<RemoteChannel>;
