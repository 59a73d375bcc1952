//! Known hashes, refused texts, and hashing in pieces.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use proptest::prelude::*;

use super::*;

const EMPTY_SHA256: &str = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const ABC_SHA512: &str = "sha512:ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a\
                          2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f";

#[test]
fn known_hashes_come_out() {
    assert_eq!(Digest::sha256(b"").to_string(), EMPTY_SHA256);
    let mut hasher = Hasher::new(Algorithm::Sha512);
    hasher.update(b"abc");
    assert_eq!(hasher.finish().to_string(), ABC_SHA512);
    assert_eq!(Digest::sha256(b"").short(), "e3b0c44298fc");
}

#[test]
fn other_texts_are_refused() {
    let upper = EMPTY_SHA256.to_uppercase().replace("SHA256", "sha256");
    let cases = [
        ("", "is not a digest"),
        ("sha256", "is not a digest"),
        ("md5:d41d8cd98f00b204e9800998ecf8427e", "no supported digest algorithm"),
        ("sha256:", "64 lower-case"),
        ("sha512:00", "128 lower-case"),
        (&upper, "64 lower-case"),
    ];
    for (text, expected) in cases {
        let error = text.parse::<Digest>().unwrap_err().to_string();
        assert!(error.contains(expected), "{text}: {error}");
    }
}

proptest! {
    #[test]
    fn pieces_hash_like_the_whole(bytes in proptest::collection::vec(any::<u8>(), 0..200), cut in 0_usize..200) {
        let (head, tail) = bytes.split_at(cut.min(bytes.len()));
        let mut hasher = Hasher::new(Algorithm::Sha256);
        hasher.update(head);
        hasher.update(tail);
        let digest = hasher.finish();
        prop_assert_eq!(&digest, &Digest::sha256(&bytes));
        prop_assert_eq!(digest.to_string().parse::<Digest>().unwrap(), digest);
    }
}
