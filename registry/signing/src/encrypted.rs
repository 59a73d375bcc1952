//! Private keys under a password, in the file format of cosign: scrypt and NaCl's secretbox, written as JSON.
//! Never lets a file decide how much memory opening it takes.

#[cfg(test)]
mod tests;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::rand::{SecureRandom as _, SystemRandom};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::KeyError;
use crate::secretbox::{self, KEY_BYTES, NONCE_BYTES};

/// The words behind `BEGIN`: today's, and those of older releases.
pub(crate) const TAGS: [&str; 2] = ["ENCRYPTED SIGSTORE PRIVATE KEY", "ENCRYPTED COSIGN PRIVATE KEY"];
/// Largest cost that a file may ask for, as a power of two; with 8 blocks it takes a gibibyte.
pub const PASSWORD_COST_LOG2_MAX: u8 = 20;
/// What cosign writes: 64 MiB and a third of a second.
const COST_LOG2: u8 = 16;
const BLOCKS: u32 = 8;
const PARALLEL: u32 = 1;
const SALT_BYTES: usize = 32;

const KDF: &str = "scrypt";
const CIPHER: &str = "nacl/secretbox";

#[derive(Serialize, Deserialize)]
struct File {
    kdf: Kdf,
    cipher: Cipher,
    ciphertext: String,
}

#[derive(Serialize, Deserialize)]
struct Kdf {
    name: String,
    params: Params,
    salt: String,
}

#[derive(Serialize, Deserialize)]
struct Params {
    #[serde(rename = "N")]
    cost: u64,
    #[serde(rename = "r")]
    blocks: u32,
    #[serde(rename = "p")]
    parallel: u32,
}

#[derive(Serialize, Deserialize)]
struct Cipher {
    name: String,
    nonce: String,
}

/// The key behind the password.
pub(crate) fn open(content: &[u8], password: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let malformed = |reason: String| KeyError::Encryption(reason);
    let file: File = serde_json::from_slice(content)
        .map_err(|error| malformed(format!("its JSON at line {}, column {}", error.line(), error.column())))?;
    if file.kdf.name != KDF || file.cipher.name != CIPHER {
        return Err(malformed(format!("it is not made with {KDF} and {CIPHER}")));
    }
    let decoded =
        |what: &str, text: &str| STANDARD.decode(text).map_err(|_| malformed(format!("its {what} is not base64")));
    let (salt, nonce) = (decoded("salt", &file.kdf.salt)?, decoded("nonce", &file.cipher.nonce)?);
    let nonce: [u8; NONCE_BYTES] =
        nonce.try_into().map_err(|_| malformed(format!("its nonce has not {NONCE_BYTES} bytes")))?;
    let key = derive(&file.kdf.params, password, &salt)?;
    secretbox::open(&key, &nonce, &decoded("ciphertext", &file.ciphertext)?).ok_or(KeyError::PasswordWrong)
}

/// The file of a key under a password.
pub(crate) fn seal(key: &[u8], password: &[u8]) -> Result<Vec<u8>, KeyError> {
    let (mut salt, mut nonce) = ([0; SALT_BYTES], [0; NONCE_BYTES]);
    let random = SystemRandom::new();
    random.fill(&mut salt).and_then(|()| random.fill(&mut nonce)).map_err(|_| KeyError::NoRandomness)?;
    let params = Params { cost: 1 << COST_LOG2, blocks: BLOCKS, parallel: PARALLEL };
    let sealed = secretbox::seal(&*derive(&params, password, &salt)?, &nonce, key);
    let file = File {
        kdf: Kdf { name: KDF.to_owned(), params, salt: STANDARD.encode(salt) },
        cipher: Cipher { name: CIPHER.to_owned(), nonce: STANDARD.encode(nonce) },
        ciphertext: STANDARD.encode(sealed),
    };
    serde_json::to_vec(&file).map_err(|error| KeyError::Encryption(error.to_string()))
}

fn derive(params: &Params, password: &[u8], salt: &[u8]) -> Result<Zeroizing<[u8; KEY_BYTES]>, KeyError> {
    let refused = || {
        KeyError::Encryption(format!(
            "its cost (N {}, r {}, p {}) is not one of cosign's, or above 2^{PASSWORD_COST_LOG2_MAX}",
            params.cost, params.blocks, params.parallel
        ))
    };
    let cost_log2 = u8::try_from(params.cost.trailing_zeros()).unwrap_or(u8::MAX);
    if !params.cost.is_power_of_two()
        || cost_log2 > PASSWORD_COST_LOG2_MAX
        || params.blocks != BLOCKS
        || params.parallel != PARALLEL
    {
        return Err(refused());
    }
    let settings = scrypt::Params::new(cost_log2, params.blocks, params.parallel).map_err(|_| refused())?;
    let mut key = Zeroizing::new([0; KEY_BYTES]);
    scrypt::scrypt(password, salt, &settings, key.as_mut_slice()).map_err(|_| refused())?;
    Ok(key)
}
