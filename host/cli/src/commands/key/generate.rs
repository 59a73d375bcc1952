//! `sandmill key generate`: a key pair in two files.
//! Never writes over a key, and never writes one that others on this machine can read.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use host_base::{Code, Failure};
use registry_signing::{KeyError, PrivateKey};
use serde_json::json;
use zeroize::Zeroizing;

use crate::keys::{PASSWORD_VARIABLES, password};
use crate::printer::Printer;
use crate::trouble::{Outcome, Trouble};

/// Readable for its owner only.
const PRIVATE_MODE: u32 = 0o600;
const PUBLIC_MODE: u32 = 0o644;

/// Generates, and prints the public key's file and fingerprint.
pub fn generate(name: &str, into: &Path, plain: bool, printer: &Printer) -> Outcome {
    let (private, public) = (into.join(format!("{name}.key")), into.join(format!("{name}.pub")));
    let key = PrivateKey::generate().map_err(|error| no_key(&error))?;
    let text = match (plain, password()) {
        (true, _) => key.to_pem(),
        (false, Some(password)) => Zeroizing::new(key.to_encrypted_pem(&password).map_err(|error| no_key(&error))?),
        (false, None) => {
            return Err(Trouble::usage(
                "there is no password to keep the private key under",
                format!("set {} (it may be empty), or write the key readable with --plain", PASSWORD_VARIABLES[0]),
            ));
        }
    };
    write(&private, text.as_bytes(), PRIVATE_MODE)?;
    write(&public, key.public_key().to_pem().as_bytes(), PUBLIC_MODE)?;
    let fingerprint = key.public_key().fingerprint();
    printer.note(&format!("keep {} to yourself; whoever has it signs in your name", private.display()));
    let object = json!({ "privateKey": private, "publicKey": public, "fingerprint": fingerprint });
    printer.either(&object, || format!("{}  {fingerprint}", public.display()))
}

fn write(path: &Path, content: &[u8], mode: u32) -> Outcome {
    let file = OpenOptions::new().write(true).create_new(true).mode(mode).open(path);
    let mut file = file.map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => Trouble::usage(
            format!("{} is there already", path.display()),
            "choose another name with --name; a key that was used must not be lost",
        ),
        _ => Trouble::unwritable(path, &error),
    })?;
    file.write_all(content).and_then(|()| file.sync_all()).map_err(|error| Trouble::unwritable(path, &error))
}

fn no_key(error: &KeyError) -> Trouble {
    Failure::new(Code::Internal, format!("no key could be made: {error}")).into()
}
