//! What a client may call this server: a host and perhaps a port (RFC 9110 section 7.2, RFC 3986 section 3.2).
//!
//! Reads text alone, and knows neither requests nor settings. What passes here may stand in a URL and in a header as it
//! is: it has no space, no control character and no delimiter of either.

use std::net::{Ipv4Addr, Ipv6Addr};

/// A longer name is nobody's (RFC 1035 section 2.3.4).
const LONGEST: usize = 255;

/// A host, with its port where one is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Authority<'a> {
    text: &'a str,
    /// With its brackets, where it is an IPv6 address.
    host: &'a str,
    port: Option<u16>,
}

impl<'a> Authority<'a> {
    /// Reads `host` or `host:port`; nothing where it is none: empty, with a user's name, or not spelled as RFC 3986
    /// says.
    pub(crate) fn parse(bytes: &'a [u8]) -> Option<Authority<'a>> {
        let text = std::str::from_utf8(bytes).ok()?;
        // Most requests name this server by a plain name or address, and all pass here.
        let plain = bytes.iter().position(|&byte| !PLAIN[usize::from(byte)]).unwrap_or(bytes.len());
        let (end, is_host) = match bytes.get(plain) {
            None | Some(b':') => (plain, (1..=LONGEST).contains(&plain)),
            Some(_) => {
                let end = if bytes[0] == b'[' { text.find(']')? + 1 } else { text.find(':').unwrap_or(text.len()) };
                (end, is_host(&text[..end]))
            }
        };
        let (host, rest) = text.split_at(end);
        let port = match rest.strip_prefix(':') {
            None if rest.is_empty() => None,
            None => return None,
            Some("") => None,
            Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => Some(digits.parse().ok()?),
            Some(_) => return None,
        };
        is_host.then_some(Authority { text, host, port })
    }

    /// As it was written.
    pub(crate) fn as_str(&self) -> &'a str {
        self.text
    }

    /// The host, an IPv6 address with its brackets.
    pub(crate) fn host(&self) -> &'a str {
        self.host
    }

    pub(crate) fn port(&self) -> Option<u16> {
        self.port
    }

    /// Whether this can only mean the machine that the client is on: a loopback address, or a name that no name server
    /// gives away (RFC 6761 section 6.3).
    pub(crate) fn is_local(&self) -> bool {
        if let Some(literal) = ip_literal(self.host) {
            return literal.parse::<Ipv6Addr>().is_ok_and(|address| address.to_canonical().is_loopback());
        }
        let name = self.host.strip_suffix('.').unwrap_or(self.host);
        name.parse::<Ipv4Addr>().map_or_else(|_| is_localhost(name), |address| address.is_loopback())
    }
}

/// `localhost`, or a name below it.
fn is_localhost(name: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or(name);
    last.eq_ignore_ascii_case("localhost")
}

/// What stands between the brackets.
fn ip_literal(host: &str) -> Option<&str> {
    host.strip_prefix('[')?.strip_suffix(']')
}

/// The characters that a name may have as they are; every request's Host is looked through.
const PLAIN: [bool; 256] = {
    let mut plain = [false; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        plain[byte as usize] = byte.is_ascii_alphanumeric();
        byte += 1;
    }
    let marks = b"-._~!$&'()*+,;=";
    let mut mark = 0;
    while mark < marks.len() {
        plain[marks[mark] as usize] = true;
        mark += 1;
    }
    plain
};

/// Whether this is an IPv6 address in its brackets, or a registered name or an IPv4 address (RFC 3986 section 3.2.2),
/// and not empty, as that of http may not be (RFC 9110 section 4.2.1).
fn is_host(host: &str) -> bool {
    match ip_literal(host) {
        Some(literal) => literal.parse::<Ipv6Addr>().is_ok(),
        None => (1..=LONGEST).contains(&host.len()) && is_name(host.as_bytes()),
    }
}

/// Plain but for bytes that are written as `%` and two digits.
fn is_name(host: &[u8]) -> bool {
    let is_plain = |part: &[u8]| part.iter().all(|&byte| PLAIN[usize::from(byte)]);
    let mut parts = host.split(|&byte| byte == b'%');
    let is_begun_well = parts.next().is_some_and(is_plain);
    let is_escaped_well = |part: &[u8]| match part {
        [high, low, after @ ..] => high.is_ascii_hexdigit() && low.is_ascii_hexdigit() && is_plain(after),
        _ => false,
    };
    is_begun_well && parts.all(is_escaped_well)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Option<(&str, Option<u16>)> {
        Authority::parse(text.as_bytes()).map(|authority| (authority.host(), authority.port()))
    }

    #[test]
    fn a_host_may_have_a_port() {
        assert_eq!(parsed("localhost"), Some(("localhost", None)));
        assert_eq!(parsed("127.0.0.1:8000"), Some(("127.0.0.1", Some(8000))));
        assert_eq!(parsed("[::1]:8000"), Some(("[::1]", Some(8000))));
        assert_eq!(parsed("[2001:db8::1]"), Some(("[2001:db8::1]", None)));
        assert_eq!(parsed("Pit_1.example.:080"), Some(("Pit_1.example.", Some(80))));
        assert_eq!(parsed("xn--bcher-kva.example:"), Some(("xn--bcher-kva.example", None)));
        assert_eq!(parsed("b%C3%BCcher"), Some(("b%C3%BCcher", None)));
    }

    #[test]
    fn what_is_no_authority_is_none() {
        let broken = [
            "",
            ":",
            ":80",
            "a:b",
            "a:65536",
            "a:-1",
            "a:+1",
            "a: 80",
            "a:80:80",
            "a b",
            " a",
            "a\t",
            "a/b",
            "a?b",
            "a#b",
            "user@a",
            "user:word@a",
            "a>",
            "<a",
            "a\"",
            "a\\b",
            "a\x7f",
            "a\r\nb",
            "bücher",
            "%",
            "%4",
            "%zz",
            "[]",
            "[::1",
            "::1",
            "[::1]x",
            "[::1%eth0]",
            "[127.0.0.1]",
            "[::1]@a",
            "a]",
            "a[",
            "{a}",
            "a|b",
            "a^b",
            "`a`",
        ];
        for text in broken {
            assert_eq!(parsed(text), None, "{text:?}");
        }
        assert_eq!(parsed(&"a".repeat(LONGEST)).map(|(host, _)| host.len()), Some(LONGEST));
        assert_eq!(parsed(&"a".repeat(LONGEST + 1)), None);
        assert_eq!(Authority::parse(b"a\xff"), None);
    }

    #[test]
    fn local_is_what_no_name_server_can_give_to_another() {
        let is_local = |text: &str| Authority::parse(text.as_bytes()).expect("it is one").is_local();
        for text in ["localhost", "LOCALHOST:1", "localhost.", "pit.localhost", "127.0.0.1", "127.9.9.9:80", "[::1]:80"]
        {
            assert!(is_local(text), "{text}");
        }
        assert!(is_local("[::ffff:127.0.0.1]") && is_local("[0:0:0:0:0:0:0:1]"));
        for text in ["evil.example", "localhost.evil.example", "notlocalhost", "127.0.0.1.evil.example", "128.0.0.1"] {
            assert!(!is_local(text), "{text}");
        }
        assert!(!is_local("0.0.0.0") && !is_local("[::]") && !is_local("[2001:db8::1]") && !is_local("192.168.0.1"));
    }
}
