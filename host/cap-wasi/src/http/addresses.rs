//! Which addresses belong to the public internet.
//! Never trusts a name: only what it resolved to.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Whether a name may lead here: not to this machine, its network, or a cloud's metadata service.
pub(super) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [first, second, third, _] = address.octets();
    let special = address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_documentation()
        // "This network", carrier-grade NAT, protocol assignments, benchmarks, and the reserved end.
        || first == 0
        || (first == 100 && (64..128).contains(&second))
        || (first == 192 && second == 0 && third == 0)
        || (first == 198 && (18..20).contains(&second))
        || first >= 240;
    !special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    const NAT64: u16 = 0x64;
    const NAT64_WELL_KNOWN: u16 = 0xff9b;
    const SIX_TO_FOUR: u16 = 0x2002;
    if let Some(embedded) = address.to_ipv4() {
        // Mapped and compatible addresses; `::1` and `::` are among the latter and are refused as 0/8.
        return is_public_v4(embedded);
    }
    let [first, second, third, .., seventh, eighth] = address.segments();
    if first == NAT64 && second == NAT64_WELL_KNOWN {
        return is_public_v4(join(seventh, eighth));
    }
    if first == SIX_TO_FOUR {
        return is_public_v4(join(second, third));
    }
    // All that is assigned for use between networks begins with 001; local, multicast and the rest does not.
    let documentation = first == 0x2001 && second == 0xdb8;
    let teredo = first == 0x2001 && second == 0;
    first >> 13 == 1 && !documentation && !teredo
}

fn join(high: u16, low: u16) -> Ipv4Addr {
    Ipv4Addr::from((u32::from(high) << 16) | u32::from(low))
}

#[cfg(test)]
mod tests;
