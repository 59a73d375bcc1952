//! What was locked opens with the password and with nothing else, and no file takes all memory.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use super::*;
use crate::PrivateKey;

#[test]
fn only_the_password_opens_a_key() {
    let key = PrivateKey::generate().unwrap();
    let file = key.to_encrypted_pem(b"correct horse").unwrap();
    assert!(file.starts_with("-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----\n"), "{file}");
    assert_eq!(PrivateKey::from_pem(&file, Some(b"correct horse")).unwrap().public_key(), key.public_key());
    assert_eq!(PrivateKey::from_pem(&file, Some(b"wrong")).unwrap_err(), KeyError::PasswordWrong);
    assert_eq!(PrivateKey::from_pem(&file, None).unwrap_err(), KeyError::PasswordMissing);
    assert_eq!(
        PrivateKey::from_pem(&key.to_encrypted_pem(b"").unwrap(), Some(b"")).unwrap().public_key(),
        key.public_key()
    );
}

#[test]
fn costs_above_the_limit_are_refused_before_memory_is_taken() {
    let file = |cost: u64, blocks: u32| {
        serde_json::json!({
            "kdf": { "name": KDF, "params": { "N": cost, "r": blocks, "p": 1 }, "salt": "" },
            "cipher": { "name": CIPHER, "nonce": STANDARD.encode([0; NONCE_BYTES]) },
            "ciphertext": "",
        })
        .to_string()
    };
    let refused = |text: &str| matches!(open(text.as_bytes(), b"p").unwrap_err(), KeyError::Encryption(_));
    assert!(refused(&file(1 << (PASSWORD_COST_LOG2_MAX + 1), BLOCKS)));
    assert!(refused(&file(1 << 62, BLOCKS)));
    assert!(refused(&file(1000, BLOCKS)));
    assert!(refused(&file(0, BLOCKS)));
    assert!(refused(&file(1 << 10, 1 << 20)));
    // Below the limit, the cost is paid and the empty text is no key.
    assert_eq!(open(file(1 << 10, BLOCKS).as_bytes(), b"p").unwrap_err(), KeyError::PasswordWrong);
}

#[test]
fn other_documents_are_refused() {
    for text in ["", "{}", "[]", "null", r#"{"kdf":{"name":"md5","params":{"N":2,"r":8,"p":1},"salt":""}}"#] {
        assert!(matches!(open(text.as_bytes(), b"p").unwrap_err(), KeyError::Encryption(_)), "{text}");
    }
}
