//! Key files and the password that opens them.
//! Never prints a private key, and never takes a password from the command line, where others could read it.

use std::os::unix::ffi::OsStringExt;
use std::path::Path;

use registry_signing::{KeyError, PrivateKey, PublicKey};

use crate::trouble::{Outcome, Trouble};

/// Where the password of a key file is read from: ours, then cosign's own variable.
pub const PASSWORD_VARIABLES: [&str; 2] = ["SANDMILL_KEY_PASSWORD", "COSIGN_PASSWORD"];

/// The password in the environment, which may be empty.
pub fn password() -> Option<Vec<u8>> {
    PASSWORD_VARIABLES.iter().find_map(std::env::var_os).map(OsStringExt::into_vec)
}

/// A private key from a file.
pub fn private_key(path: &Path) -> Outcome<PrivateKey> {
    let text = std::fs::read_to_string(path).map_err(|error| Trouble::unreadable(path, &error))?;
    let text = zeroize::Zeroizing::new(text);
    PrivateKey::from_pem(&text, password().as_deref()).map_err(|error| unusable(path, &error))
}

/// A public key from a file.
pub fn public_key(path: &Path) -> Outcome<PublicKey> {
    let text = std::fs::read_to_string(path).map_err(|error| Trouble::unreadable(path, &error))?;
    PublicKey::from_pem(&text).map_err(|error| unusable(path, &error))
}

fn unusable(path: &Path, error: &KeyError) -> Trouble {
    let hint = match error {
        KeyError::PasswordMissing | KeyError::PasswordWrong => {
            format!("set the environment variable {} to the key's password", PASSWORD_VARIABLES[0])
        }
        _ => "make a pair with `sandmill key generate`, or use one of `cosign generate-key-pair`".to_owned(),
    };
    Trouble::usage(format!("{}: {error}", path.display()), hint)
}
