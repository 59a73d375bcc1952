//! Values come back as they were set, to those who name them and to nobody else.
#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up has to stop")]

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt as _;

use host_base::Code;
use host_pipeline::kfp::KeptSource;

use super::{Kept, VALUE_BYTES_MAX};

fn values(pairs: &[(&str, &[u8])]) -> BTreeMap<String, Vec<u8>> {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), value.to_vec())).collect()
}

fn secret(name: &str) -> KeptSource {
    KeptSource::Secret(name.to_owned())
}

#[test]
fn what_is_set_is_kept_listed_and_forgotten() {
    let home = tempfile::tempdir().unwrap();
    let kept = Kept::under(home.path());
    assert_eq!((kept.list(KeptSource::Secret).unwrap(), kept.keys(&secret("a")).unwrap()), (BTreeMap::new(), None));
    kept.set(&secret("a"), &values(&[("user", b"me"), ("token", b"\xff\0")])).unwrap();
    kept.set(&secret("a"), &values(&[("user", b"you")])).unwrap();
    assert_eq!(kept.value(&secret("a"), "user").unwrap().unwrap(), b"you");
    assert_eq!(kept.value(&secret("a"), "token").unwrap().unwrap(), b"\xff\0");
    assert_eq!(kept.value(&secret("a"), "other").unwrap(), None);
    let config = KeptSource::ConfigMap("a".to_owned());
    assert_eq!(kept.value(&config, "user").unwrap(), None, "one kind is not the other");
    let names = BTreeMap::from([("a".to_owned(), vec!["token".to_owned(), "user".to_owned()])]);
    assert_eq!(kept.list(KeptSource::Secret).unwrap(), names);
    assert_eq!((kept.delete(&secret("a")).unwrap(), kept.delete(&secret("a")).unwrap()), (true, false));
    assert_eq!(kept.value(&secret("a"), "user").unwrap(), None);
}

#[test]
fn nobody_else_on_the_machine_reads_them() {
    let home = tempfile::tempdir().unwrap();
    let kept = Kept::under(home.path());
    kept.set(&secret("a"), &values(&[("k", b"v")])).unwrap();
    let mode = |path: &str| std::fs::metadata(home.path().join(path)).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode("secrets"), mode("secrets/a"), mode("secrets/a/k")), (0o700, 0o700, 0o600));
}

#[test]
fn names_lead_nowhere_else_and_values_have_an_end() {
    let home = tempfile::tempdir().unwrap();
    let kept = Kept::under(home.path());
    for name in ["", "..", "../a", "a/b", "A", "-a", "a.", "a\0"] {
        assert_eq!(kept.set(&secret(name), &values(&[("k", b"v")])).unwrap_err().code, Code::BadRequest, "{name:?}");
        assert!(kept.value(&secret(name), "k").is_err() && kept.delete(&secret(name)).is_err(), "{name:?}");
    }
    for key in ["", ".", "..", "..data", "a/b", "a\0"] {
        assert_eq!(kept.set(&secret("a"), &values(&[(key, b"v")])).unwrap_err().code, Code::BadRequest, "{key:?}");
    }
    let most = vec![b'x'; VALUE_BYTES_MAX];
    kept.set(&secret("a"), &values(&[("k", &most)])).unwrap();
    assert_eq!(kept.value(&secret("a"), "k").unwrap().unwrap().len(), VALUE_BYTES_MAX);
    let more = vec![b'x'; VALUE_BYTES_MAX + 1];
    assert_eq!(kept.set(&secret("a"), &values(&[("k", &more)])).unwrap_err().code, Code::TooLarge);
}

#[test]
fn a_hash_tells_values_apart_on_one_node_and_tells_nothing_elsewhere() {
    let (home, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let hash = |home: &tempfile::TempDir, pairs: &[(&str, &[u8])]| {
        Kept::under(home.path()).hash(pairs.iter().copied()).unwrap()
    };
    assert_eq!(hash(&home, &[("a", b"1")]), hash(&home, &[("a", b"1")]));
    assert_ne!(hash(&home, &[("a", b"1")]), hash(&home, &[("a", b"2")]));
    assert_ne!(hash(&home, &[("a", b"1"), ("b", b"")]), hash(&home, &[("a", b""), ("b", b"1")]));
    assert_ne!(hash(&home, &[("a", b"1")]), hash(&elsewhere, &[("a", b"1")]));
}
