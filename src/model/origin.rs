//! Origins: `scheme://host[:port]` as a browser writes one (RFC 6454, section 6.2).

/// Hosts that plain http is allowed on.
const LOOPBACK_HOSTS: [&str; 3] = ["127.0.0.1", "localhost", "[::1]"];

/// Whether `text` is an origin that secrets may travel to and pages may post from: https, or http on a loopback host.
/// Only the written form that a browser sends is taken: lower case, no default port, nothing after the host and port.
#[must_use]
pub fn is_secure_origin(text: &str) -> bool {
    match (text.strip_prefix("https://"), text.strip_prefix("http://")) {
        (Some(authority), _) => {
            let (host, port) = split_port(authority);
            is_port(port, 443) && (is_name(host) || LOOPBACK_HOSTS.contains(&host))
        }
        (None, Some(authority)) => {
            let (host, port) = split_port(authority);
            is_port(port, 80) && LOOPBACK_HOSTS.contains(&host)
        }
        (None, None) => false,
    }
}

/// The origin that PayTR's notifications of a link come to, from the one that the message which creates the link came by:
/// https and no port, but on a loopback host, where the sandbox is. `None` if PayTR cannot reach it.
#[must_use]
pub fn callback_origin(origin: &str) -> Option<String> {
    let authority = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"))?;
    let (host, _) = split_port(authority);
    if LOOPBACK_HOSTS.contains(&host) {
        return is_secure_origin(origin).then(|| origin.to_owned());
    }
    let host = host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase();
    is_public_name(&host).then(|| format!("https://{host}"))
}

/// Whether `text` is an https origin that everybody can reach, without a port.
#[must_use]
pub fn is_public_origin(text: &str) -> bool {
    text.strip_prefix("https://").is_some_and(is_public_name)
}

/// A name with a dot in it, and no address.
fn is_public_name(host: &str) -> bool {
    let top = host.rsplit('.').next().unwrap_or_default();
    is_name(host) && host.contains('.') && !top.bytes().all(|byte| byte.is_ascii_digit())
}

/// The colon of a port stands behind the bracket of an IPv6 address.
fn split_port(authority: &str) -> (&str, Option<&str>) {
    match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (authority, None),
    }
}

fn is_port(port: Option<&str>, default: u16) -> bool {
    port.is_none_or(|digits| {
        let canonical = !digits.starts_with('0') && digits.bytes().all(|byte| byte.is_ascii_digit());
        canonical && digits.parse::<u16>().is_ok_and(|port| port != default)
    })
}

fn is_name(host: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    host.len() <= 253 && host.split('.').all(is_label)
}
