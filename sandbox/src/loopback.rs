//! Which host names are this machine.

use std::net::IpAddr;

/// `localhost`, an IPv4 address in 127.0.0.0/8, or `::1` with or without brackets.
pub(crate) fn is_loopback(host: &str) -> bool {
    let name = host.trim_start_matches('[').trim_end_matches(']');
    name.eq_ignore_ascii_case("localhost") || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}
