//! Addresses on both sides of the line.
//! Never connects to one.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::is_public;

#[test]
fn public_addresses() {
    for address in ["1.1.1.1", "93.184.216.34", "100.63.0.1", "172.15.0.1", "2606:4700:4700::1111", "64:ff9b::101:101"]
    {
        assert!(is_public(address.parse().unwrap()), "{address}");
    }
}

#[test]
fn addresses_that_no_name_may_lead_to() {
    for address in [
        "127.0.0.1",
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "192.0.0.170",
        "192.0.2.1",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::127.0.0.1",
        "fe80::1",
        "fec0::1",
        "fc00::1",
        "fd00:ec2::254",
        "ff02::1",
        "2001:db8::1",
        "2001::1",
        "2002:7f00:1::",
        "2002:a00:1::",
        "64:ff9b::7f00:1",
        "64:ff9b:1::1",
        "100::1",
    ] {
        assert!(!is_public(address.parse().unwrap()), "{address}");
    }
}
