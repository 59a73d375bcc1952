//! A registry's errors as failures: the one table of codes, for runs and for the command line.
//! Never adds where the error came from; whoever reports it does.

use host_base::{Code, Failure};
use registry_client::RegistryError;

/// How a registry is spoken to is chosen by flags that the client itself does not know.
const REACH: &str = "--trust-ca FILE names the authority of its certificate, --tls-registry HOST and \
                     --plain-http-registry HOST say whether it has one";

/// One code per way in which a registry can fail. Whether another attempt may help comes along.
#[must_use]
pub fn registry_failure(error: &RegistryError) -> Failure {
    let code = match error {
        RegistryError::NotFound { .. } => Code::ComponentNotFound,
        RegistryError::DigestMismatch { .. } => Code::DigestMismatch,
        RegistryError::NotAComponent { .. } => Code::NotAComponent,
        RegistryError::Unreachable { .. } => Code::RegistryUnreachable,
        RegistryError::Protocol { .. } => Code::RegistryProtocol,
        RegistryError::Refused { .. } => Code::RegistryRefused,
        RegistryError::TooLarge { .. } => Code::TooLarge,
        RegistryError::UnusableReference { .. } => Code::BadRequest,
        RegistryError::Storage(_) if error.is_disk_full() => Code::StorageFull,
        RegistryError::Storage(_) => Code::StorageFailed,
        RegistryError::Setup { .. } => Code::Internal,
    };
    let hint = match code {
        Code::RegistryUnreachable => format!("{}; {REACH}", error.hint()),
        _ => error.hint().to_owned(),
    };
    let failure = Failure::new(code, error.to_string()).with_hint(hint);
    if error.is_retryable() { failure.retryable() } else { failure }
}

#[cfg(test)]
mod tests {
    use registry_cas::BlobError;

    use super::*;

    #[test]
    fn a_full_disk_and_a_missing_registry_keep_what_is_known_of_them() {
        let source = std::io::ErrorKind::StorageFull.into();
        let full = BlobError::Io { action: "write".to_owned(), source };
        let failure = registry_failure(&RegistryError::Storage(full));
        assert_eq!((failure.code, failure.retryable), (Code::StorageFull, false));

        let unreachable = RegistryError::Unreachable { registry: "r:5000".to_owned(), reason: "refused".to_owned() };
        let failure = registry_failure(&unreachable);
        assert_eq!((failure.code, failure.retryable), (Code::RegistryUnreachable, true));
        assert!(failure.message.contains("r:5000") && failure.hint.is_some(), "{failure}");

        let unusable = RegistryError::UnusableReference { reference: "a".to_owned(), reason: "no".to_owned() };
        assert_eq!(registry_failure(&unusable).code, Code::BadRequest);
        assert_eq!(registry_failure(&RegistryError::Setup { reason: String::new() }).code, Code::Internal);
    }
}
