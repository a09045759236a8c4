//! Which addresses an operator trusts: single ones and ranges (RFC 4632), of either family. Only
//! compares.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

/// An address or a range of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AddressRange {
    address: IpAddr,
    prefix_len: u8,
}

/// A text that is no address and no range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadRange(&'static str);

impl AddressRange {
    /// Whether an address is in it. A v4 address mapped into v6 is the v4 address.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(range), IpAddr::V4(it)) => {
                let free = 32_u32.saturating_sub(u32::from(self.prefix_len));
                (range.to_bits() ^ it.to_bits()).checked_shr(free).unwrap_or(0) == 0
            }
            (IpAddr::V6(range), IpAddr::V6(it)) => {
                let free = 128_u32.saturating_sub(u32::from(self.prefix_len));
                (range.to_bits() ^ it.to_bits()).checked_shr(free).unwrap_or(0) == 0
            }
            _ => false,
        }
    }
}

impl fmt::Display for AddressRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.prefix_len)
    }
}

impl FromStr for AddressRange {
    type Err = BadRange;

    fn from_str(text: &str) -> Result<Self, BadRange> {
        let (address, prefix_len) = match text.split_once('/') {
            Some((address, len)) => (address, Some(len)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| BadRange("it does not begin with an IP address"))?;
        let bits: u8 = if address.is_ipv4() { 32 } else { 128 };
        let mut prefix_len = match prefix_len {
            None => bits,
            Some(len) if len.bytes().all(|byte| byte.is_ascii_digit()) => {
                let len = len.parse().ok().filter(|len| *len <= bits);
                len.ok_or(BadRange("the number behind the slash is more than the bits of the address"))?
            }
            Some(_) => return Err(BadRange("what follows the slash is no number of bits")),
        };
        // A range within the mapped v4 addresses is a range of v4 addresses.
        let canonical = address.to_canonical();
        if canonical.is_ipv4() && address.is_ipv6() {
            prefix_len = prefix_len.checked_sub(96).ok_or(BadRange("it covers more than the mapped v4 addresses"))?;
        }
        Ok(Self { address: canonical, prefix_len })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_hold_what_their_bits_say() {
        for (range, address, inside) in [
            ("10.0.0.0/8", "10.255.255.255", true),
            ("10.0.0.0/8", "11.0.0.0", false),
            ("10.1.2.3/8", "10.200.0.1", true),
            ("192.0.2.7", "192.0.2.7", true),
            ("192.0.2.7", "192.0.2.8", false),
            ("192.0.2.6/31", "192.0.2.7", true),
            ("0.0.0.0/0", "203.0.113.1", true),
            ("0.0.0.0/0", "2001:db8::1", false),
            ("127.0.0.0/8", "::ffff:127.0.0.1", true),
            ("::ffff:127.0.0.0/104", "127.0.0.1", true),
            ("2001:db8::/32", "2001:db8:ffff::1", true),
            ("2001:db8::/32", "2001:db9::", false),
            ("::1", "::1", true),
            ("::1/128", "::2", false),
            ("::/0", "fe80::1", true),
        ] {
            let range: AddressRange = range.parse().unwrap();
            assert_eq!(range.contains(address.parse().unwrap()), inside, "{range} and {address}");
        }
    }

    #[test]
    fn what_is_no_range_is_refused() {
        for text in [
            "",
            "localhost",
            "10.0.0",
            "10.0.0.0/33",
            "::/129",
            "10.0.0.0/",
            "10.0.0.0/-1",
            "10.0.0.0/+8",
            "10.0.0.0/8/8",
            "unix",
            "10.0.0.1:80",
            "[::1]",
            "10.0.0.0/255.0.0.0",
            "::ffff:10.0.0.0/8",
            "fe80::1%eth0",
            " 10.0.0.1",
        ] {
            assert!(text.parse::<AddressRange>().is_err(), "{text}");
        }
    }
}
