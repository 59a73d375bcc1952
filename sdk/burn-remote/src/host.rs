//! The names by which Burn's crates speak of hosts on a network.
//! Never a way to one: what would reach a network has no values, so that it cannot be built.

use std::convert::Infallible;
use std::fmt;
use std::future::Future;

use crate::RemoteDevice;

/// Names a type of Burn's that has no values here.
macro_rules! not_in_a_component {
    ($($name:ident)*) => {$(
        #[doc = concat!("Burn's `", stringify!($name), "`: a component reaches no network, so there is none.")]
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub enum $name {}
    )*};
}

not_in_a_component!(Endpoint EndpointAddr EndpointId InvalidRelays IrohHost IrohIdentity IrohRelays RelayUrl);

/// Proof to a host on a network of who is asking. Kept for its name; nothing here asks for one.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Credential(Vec<u8>);

impl fmt::Debug for Credential {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Credential(..)")
    }
}

impl<T: AsRef<[u8]>> From<T> for Credential {
    fn from(bytes: T) -> Self {
        Self(bytes.as_ref().to_vec())
    }
}

/// Which host on a network; none can be named.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct HostSpec(Infallible);

/// Why a host on a network could not be reached; none can be tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectError(Infallible);

impl fmt::Display for ConnectError {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {}
    }
}

impl std::error::Error for ConnectError {}

impl HostSpec {
    /// The host behind an address of Burn's peer-to-peer network, of which there are none.
    pub fn iroh(host: impl Into<IrohHost>) -> Self {
        match host.into() {}
    }

    /// The same host, asked with a proof.
    #[must_use]
    pub fn with_credential(self, _: impl Into<Credential>) -> Self {
        match self.0 {}
    }

    /// Its devices.
    ///
    /// # Errors
    /// Never, since it cannot be called.
    pub fn devices(&self) -> Result<Vec<RemoteDevice>, ConnectError> {
        match self.0 {}
    }

    /// As [`HostSpec::devices`].
    pub fn devices_async(
        &self,
    ) -> impl Future<Output = Result<Vec<RemoteDevice>, ConnectError>> + Send + 'static + use<> {
        let never = self.0;
        async move { match never {} }
    }

    /// One of its devices.
    ///
    /// # Errors
    /// Never, since it cannot be called.
    pub fn connect(&self, _: usize) -> Result<RemoteDevice, ConnectError> {
        match self.0 {}
    }

    /// As [`HostSpec::connect`].
    pub fn connect_async(
        &self,
        _: usize,
    ) -> impl Future<Output = Result<RemoteDevice, ConnectError>> + Send + 'static + use<> {
        let never = self.0;
        async move { match never {} }
    }
}
