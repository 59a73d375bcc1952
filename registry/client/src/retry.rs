//! How often and how soon a request is repeated.
//! Never repeats what cannot help.

use std::time::Duration;

use crate::trouble::Trouble;
use crate::{ClientConfig, RegistryError};

/// The repeats of one request.
pub(crate) struct Retries<'a> {
    config: &'a ClientConfig,
    attempts: u32,
    next_millis: u64,
}

impl<'a> Retries<'a> {
    pub(crate) const fn new(config: &'a ClientConfig) -> Self {
        Self { config, attempts: 0, next_millis: config.backoff_millis_first }
    }

    /// Waits and returns where the request is to be made again; otherwise the error is final.
    pub(crate) async fn after(&mut self, trouble: Trouble) -> Result<(), RegistryError> {
        self.attempts += 1;
        match trouble {
            Trouble::Passing { error, wait_millis } if self.attempts < self.config.attempts_max => {
                let millis = wait_millis.unwrap_or(self.next_millis).min(self.config.backoff_millis_max);
                self.next_millis = self.next_millis.saturating_mul(2);
                tracing::debug!(%error, attempt = self.attempts, millis, "repeating a request to a registry");
                tokio::time::sleep(Duration::from_millis(millis)).await;
                Ok(())
            }
            Trouble::Passing { error, .. } | Trouble::Lasting(error) => Err(error),
        }
    }
}
