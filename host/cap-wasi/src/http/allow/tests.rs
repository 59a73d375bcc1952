//! Grants held against destinations.
//! Never resolves a name.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::*;

fn permission(grants: &[&str], host: &str, port: u16) -> Permission {
    let grants: Vec<String> = grants.iter().map(|grant| (*grant).to_owned()).collect();
    AllowList::parse(&grants).unwrap().permission(host, port)
}

#[test]
fn nothing_is_granted_by_default() {
    assert_eq!(AllowList::default().permission("example.org", 443), Permission::Refused);
}

#[test]
fn a_grant_reaches_as_far_as_it_says() {
    use Permission::{AnyAddress, Public, Refused};
    for (grant, host, port, expected) in [
        ("example.org", "example.org", 443, Public),
        ("example.org", "example.org", 80, Public),
        ("example.org", "EXAMPLE.ORG.", 80, Public),
        ("Example.org", "example.org", 80, Public),
        ("example.org", "example.org", 8443, Refused),
        ("example.org", "www.example.org", 443, Refused),
        ("example.org", "example.org.evil.net", 443, Refused),
        ("example.org:8443", "example.org", 8443, Public),
        ("example.org:8443", "example.org", 443, Refused),
        ("*.example.org", "www.example.org", 443, Public),
        ("*.example.org", "a.b.example.org", 443, Public),
        ("*.example.org", "example.org", 443, Refused),
        ("*.example.org", "badexample.org", 443, Refused),
        ("*.example.org", ".example.org", 443, Refused),
        ("*.example.org:81", "www.example.org", 81, Public),
        ("localhost", "localhost", 80, AnyAddress),
        ("localhost:3000", "localhost", 3000, AnyAddress),
        ("localhost:3000", "127.0.0.1", 3000, Refused),
        ("127.0.0.1:3000", "127.0.0.1", 3000, AnyAddress),
        ("127.0.0.1:3000", "127.0.0.2", 3000, Refused),
        ("127.0.0.1", "localhost", 80, Refused),
        ("[::1]:3000", "::1", 3000, AnyAddress),
        ("::1", "0:0:0:0:0:0:0:1", 443, AnyAddress),
    ] {
        assert_eq!(permission(&[grant], host, port), expected, "{grant} for {host}:{port}");
    }
}

#[test]
fn several_grants_add_up() {
    assert_eq!(permission(&["example.org", "127.0.0.1:1"], "127.0.0.1", 1), Permission::AnyAddress);
    assert_eq!(permission(&["example.org", "127.0.0.1:1"], "example.org", 443), Permission::Public);
}

#[test]
fn what_names_no_host_is_refused() {
    for grant in
        ["", "*", "*.", "*org", "**.org", "a..b", "-a.org", "a.org:0", "a.org:65536", "a.org:", "user@a.org", "a/b"]
    {
        let failure = AllowList::parse(&[grant.to_owned()]).unwrap_err();
        assert_eq!(failure.code, Code::InvalidDocument, "{grant}");
    }
}
