//! NaCl's secretbox: XSalsa20 for secrecy, Poly1305 over what came out of it.
//! Never decrypts before the authenticator is checked.

use poly1305::Poly1305;
use poly1305::universal_hash::KeyInit as _;
use salsa20::XSalsa20;
use salsa20::cipher::{KeyIvInit as _, StreamCipher as _};
use zeroize::Zeroizing;

pub(crate) const KEY_BYTES: usize = 32;
pub(crate) const NONCE_BYTES: usize = 24;
const TAG_BYTES: usize = 16;
/// The beginning of the key stream is the authenticator's key and encrypts nothing.
const AUTHENTICATOR_KEY_BYTES: usize = 32;

/// The authenticator, and behind it the content encrypted.
pub(crate) fn seal(key: &[u8; KEY_BYTES], nonce: &[u8; NONCE_BYTES], content: &[u8]) -> Vec<u8> {
    let (mut stream, authenticator) = start(key, nonce);
    let mut encrypted = content.to_vec();
    stream.apply_keystream(&mut encrypted);
    let mut sealed = authenticator.compute_unpadded(&encrypted).to_vec();
    sealed.append(&mut encrypted);
    sealed
}

/// The content, where key and nonce are those that sealed it and nothing was changed since.
pub(crate) fn open(key: &[u8; KEY_BYTES], nonce: &[u8; NONCE_BYTES], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (tag, encrypted) = sealed.split_at_checked(TAG_BYTES)?;
    let (mut stream, authenticator) = start(key, nonce);
    let expected = authenticator.compute_unpadded(encrypted);
    // The file lies still and is opened by its owner, so how long the comparison takes tells nobody anything.
    if expected.as_slice() != tag {
        return None;
    }
    let mut content = Zeroizing::new(encrypted.to_vec());
    stream.apply_keystream(&mut content);
    Some(content)
}

fn start(key: &[u8; KEY_BYTES], nonce: &[u8; NONCE_BYTES]) -> (XSalsa20, Poly1305) {
    let mut stream = XSalsa20::new(key.into(), nonce.into());
    let mut authenticator_key = Zeroizing::new([0; AUTHENTICATOR_KEY_BYTES]);
    stream.apply_keystream(authenticator_key.as_mut_slice());
    let authenticator = Poly1305::new((&*authenticator_key).into());
    (stream, authenticator)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first of the test vectors that come with NaCl (`tests/secretbox.c`): key, nonce, and ends of the content.
    #[test]
    fn nacl_seals_the_same() {
        let bytes = |text: &str| -> Vec<u8> {
            (0..text.len()).step_by(2).filter_map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok()).collect()
        };
        let key: [u8; KEY_BYTES] =
            bytes("1b27556473e985d462cd51197a9a46c76009549eac6474f206c4ee0844f68389").try_into().unwrap_or_default();
        let nonce: [u8; NONCE_BYTES] =
            bytes("69696ee955b62b73cd62bda875fc73d68219e0036b7a0b37").try_into().unwrap_or_default();
        let content = bytes(
            "be075fc53c81f2d5cf141316ebeb0c7b5228c52a4c62cbd44b66849b64244ffce5ecbaaf33bd751a1ac728d45e6c61296cdc3c01\
             233561f41db66cce314adb310e3be8250c46f06dceea3a7fa1348057e2f6556ad6b1318a024a838f21af1fde048977eb48f59ffd\
             4924ca1c60902e52f0a089bc76897040e082f937763848645e0705",
        );
        let sealed = seal(&key, &nonce, &content);
        assert_eq!(sealed[..TAG_BYTES], bytes("f3ffc7703f9400e52a7dfb4b3d3305d9"));
        assert_eq!(open(&key, &nonce, &sealed).as_deref(), Some(&content));
    }

    #[test]
    fn nothing_opens_that_was_changed() {
        let (key, nonce) = ([7; KEY_BYTES], [9; NONCE_BYTES]);
        let sealed = seal(&key, &nonce, b"content");
        for position in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[position] ^= 1;
            assert!(open(&key, &nonce, &changed).is_none(), "{position}");
        }
        assert!(open(&[8; KEY_BYTES], &nonce, &sealed).is_none());
        assert!(open(&key, &[8; NONCE_BYTES], &sealed).is_none());
        assert!(open(&key, &nonce, &sealed[..TAG_BYTES - 1]).is_none());
    }
}
