//! What the client calls this server: by its `Host`, or as a proxy that is trusted tells it, with the scheme and the
//! prefix that it was asked under.
//!
//! Of what stands in a request nothing leaves this file unchecked: it goes into headers. What a proxy says that is not
//! trusted, or is not spelled right, is as if it had not been said.

use std::net::IpAddr;
use std::str::FromStr;

use actix_web::dev::RequestHead;
use actix_web::http::Version;
use actix_web::http::header::{self, HeaderName, HeaderValue};

use super::authority::Authority;

const X_FORWARDED_PREFIX: HeaderName = HeaderName::from_static("x-forwarded-prefix");
const X_REAL_IP: HeaderName = HeaderName::from_static("x-real-ip");

/// The addresses whose word on forwarded requests counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proxies(Vec<Network>);

/// An address, or all that share its first bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Network {
    address: IpAddr,
    bits: u32,
}

impl Proxies {
    /// What is trusted unless something else is said: whoever is on this machine.
    pub(crate) const DEFAULT: &str = "127.0.0.0/8,::1";

    fn trust(&self, peer: IpAddr) -> bool {
        // A socket that takes both families shows an IPv4 client as an IPv6 one.
        let peer = peer.to_canonical();
        self.0.iter().any(|network| network.contains(peer))
    }
}

impl FromStr for Proxies {
    type Err = String;

    fn from_str(text: &str) -> Result<Proxies, String> {
        if text == "none" {
            return Ok(Proxies(Vec::new()));
        }
        text.split(',').map(|part| Network::parse(part.trim())).collect::<Option<_>>().map(Proxies).ok_or_else(|| {
            "addresses or networks are expected, such as 10.0.0.7, 10.0.0.0/8 or ::1, with commas between; or none"
                .to_owned()
        })
    }
}

impl Network {
    fn parse(text: &str) -> Option<Network> {
        let (address, bits) = text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
        let address: IpAddr = address.trim_start_matches('[').trim_end_matches(']').parse().ok()?;
        let all = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Some(all), |bits| bits.parse().ok())?;
        (bits <= all).then_some(Network { address, bits })
    }

    fn contains(self, peer: IpAddr) -> bool {
        match (self.address, peer) {
            (IpAddr::V4(address), IpAddr::V4(peer)) => {
                (address.to_bits() ^ peer.to_bits()).checked_shr(32 - self.bits).unwrap_or(0) == 0
            }
            (IpAddr::V6(address), IpAddr::V6(peer)) => {
                (address.to_bits() ^ peer.to_bits()).checked_shr(128 - self.bits).unwrap_or(0) == 0
            }
            _ => false,
        }
    }
}

/// What the server itself knows of how it is asked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Listening {
    /// The port that it listens on.
    pub(super) port: u16,
    /// Whether it speaks TLS there.
    pub(super) is_https: bool,
}

/// A request's scheme, host and prefix as its client knows them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Address<'a> {
    pub(crate) is_https: bool,
    /// None where a client of HTTP/1.0 did not say.
    pub(crate) authority: Option<Authority<'a>>,
    /// Empty, or `/` and more, without a slash at its end.
    prefix: &'a str,
    /// Something stands between that may have taken a prefix off, and did not say so.
    is_uncertain: bool,
}

impl<'a> Address<'a> {
    /// The address that this request was sent to.
    pub(super) fn of(head: &'a RequestHead, proxies: &Proxies, listening: Listening) -> Address<'a> {
        let peer = head.peer_addr.map(|peer| peer.ip());
        let told = if peer.is_some_and(|peer| proxies.trust(peer)) { Told::by(head) } else { Told::default() };
        let host = head.headers.get(header::HOST).and_then(|host| Authority::parse(host.as_bytes()));
        let is_told = told.host.is_some() || told.prefix.is_some();
        Address {
            is_https: told.scheme.map_or(listening.is_https, |scheme| scheme.eq_ignore_ascii_case("https")),
            authority: told.host.or(host),
            prefix: told.prefix.unwrap_or_default(),
            is_uncertain: !is_told && was_passed_on(head, peer, host, listening.port),
        }
    }

    /// The URL that this server's paths are appended to, where it is known for sure.
    pub(crate) fn base(&self) -> Option<String> {
        let authority = self.authority.filter(|_| !self.is_uncertain)?;
        let scheme = if self.is_https { "https" } else { "http" };
        Some(format!("{scheme}://{}{}", authority.as_str(), self.prefix))
    }
}

/// What a proxy says of the request that it passes on.
#[derive(Default)]
struct Told<'a> {
    scheme: Option<&'a str>,
    host: Option<Authority<'a>>,
    prefix: Option<&'a str>,
}

impl<'a> Told<'a> {
    /// `Forwarded` (RFC 7239) first, then the older headers. Of several the last counts: it is what the trusted proxy
    /// itself added, whatever came to it.
    fn by(head: &'a RequestHead) -> Told<'a> {
        let forwarded = last(head, &header::FORWARDED, ',').unwrap_or_default();
        let parameter = |name: &str| {
            let mut pairs = forwarded.split(';').filter_map(|pair| pair.split_once('='));
            let (_, value) = pairs.find(|(key, _)| key.trim().eq_ignore_ascii_case(name))?;
            let value = value.trim();
            Some(value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).unwrap_or(value))
        };
        let scheme = parameter("proto").or_else(|| last(head, &header::X_FORWARDED_PROTO, ','));
        let host = parameter("host").or_else(|| last(head, &header::X_FORWARDED_HOST, ','));
        Told {
            scheme: scheme.filter(|scheme| ["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known))),
            host: host.and_then(|host| Authority::parse(host.as_bytes())),
            prefix: last(head, &X_FORWARDED_PREFIX, ',').and_then(prefix),
        }
    }
}

/// The last item of the last header of this name.
fn last<'a>(head: &'a RequestHead, name: &HeaderName, separator: char) -> Option<&'a str> {
    let value = head.headers.get_all(name).last()?.to_str().ok()?;
    value.rsplit(separator).next().map(str::trim)
}

/// A path of whole segments, without the slash at its end.
fn prefix(text: &str) -> Option<&str> {
    let path = text.strip_suffix('/').unwrap_or(text);
    let is_segment = |segment: &str| {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~!$&'()*+;=:@%".contains(&byte);
        !matches!(segment, "" | "." | "..") && segment.bytes().all(is_plain)
    };
    match path.strip_prefix('/') {
        Some(segments) => segments.split('/').all(is_segment).then_some(path),
        None => path.is_empty().then_some(path),
    }
}

/// Whether something shows that the client did not send this to us: a proxy's headers, HTTP/1.0, which hardly anybody
/// else speaks, a connection's header that a client would not send, or a port of this machine that is not ours.
fn was_passed_on(head: &RequestHead, peer: Option<IpAddr>, host: Option<Authority<'_>>, port: u16) -> bool {
    let has = |name: &HeaderName| head.headers.contains_key(name);
    let asks = |value: &HeaderValue| value.as_bytes().eq_ignore_ascii_case(b"upgrade");
    let is_ours = |host: Authority<'_>| !host.is_local() || host.port().is_none_or(|named| named == port);
    head.version < Version::HTTP_11
        || [&header::FORWARDED, &header::VIA, &header::X_FORWARDED_FOR, &X_REAL_IP].into_iter().any(has)
        || (head.headers.get(header::CONNECTION).is_some_and(asks) && !has(&header::UPGRADE))
        || (peer.is_some_and(|peer| peer.to_canonical().is_loopback()) && !host.is_none_or(is_ours))
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    /// What a request from this peer is taken to be addressed to, on port 8000, where `10.0.0.0/8` and `::1` are
    /// trusted.
    fn base(peer: &str, headers: &[(&str, &str)]) -> Option<String> {
        let peer = peer.parse().expect("an address and a port");
        let request =
            headers.iter().fold(TestRequest::get().peer_addr(peer), |request, header| request.append_header(*header));
        let request = request.to_http_request();
        let proxies = "10.0.0.0/8, ::1".parse().expect("a list");
        let listening = Listening { port: 8000, is_https: false };
        Address::of(request.head(), &proxies, listening).base()
    }

    #[test]
    fn where_tls_is_spoken_the_scheme_is_https_unless_a_trusted_proxy_says_otherwise() {
        let base = |told: &[(&str, &str)]| {
            let request = TestRequest::get().peer_addr(HERE.parse().expect("an address"));
            let request = told
                .iter()
                .fold(request.append_header(("host", "a:8000")), |request, header| request.append_header(*header));
            let proxies = "127.0.0.1".parse().expect("a list");
            let listening = Listening { port: 8000, is_https: true };
            Address::of(request.to_http_request().head(), &proxies, listening).base()
        };
        assert_eq!(base(&[]).as_deref(), Some("https://a:8000"));
        let told = [("x-forwarded-proto", "http"), ("x-forwarded-host", "pit.example")];
        assert_eq!(base(&told).as_deref(), Some("http://pit.example"));
    }

    const PROXY: &str = "10.1.2.3:4711";
    const OTHER: &str = "11.1.2.3:4711";
    const HERE: &str = "127.0.0.1:4711";

    #[test]
    fn a_trusted_proxy_tells_scheme_host_and_prefix() {
        let host = ("host", "10.0.0.1:8000");
        let cases: [(&[(&str, &str)], &str); 9] = [
            (&[("x-forwarded-host", "pit.example")], "http://pit.example"),
            (&[("x-forwarded-proto", "HTTPS"), ("x-forwarded-host", "pit.example:1")], "https://pit.example:1"),
            (&[("x-forwarded-proto", "https")], "https://10.0.0.1:8000"),
            (&[("x-forwarded-host", "a"), ("x-forwarded-prefix", "/pit/")], "http://a/pit"),
            (&[("x-forwarded-prefix", "/pit/b")], "http://10.0.0.1:8000/pit/b"),
            (&[("x-forwarded-prefix", "/")], "http://10.0.0.1:8000"),
            (&[("x-forwarded-host", "evil.example, pit.example")], "http://pit.example"),
            (
                &[("forwarded", "for=1.2.3.4;proto=http;host=a, for=b;host=\"[::1]:80\";proto=https")],
                "https://[::1]:80",
            ),
            (&[("forwarded", "host=a"), ("x-forwarded-host", "b"), ("x-forwarded-proto", "https")], "https://a"),
        ];
        for (told, expected) in cases {
            let headers = [&[host], told].concat();
            assert_eq!(base(PROXY, &headers).as_deref(), Some(expected), "{told:?}");
            let told_by_other = base(OTHER, &headers);
            assert!(told_by_other.is_none_or(|base| base == "http://10.0.0.1:8000"), "{told:?}");
        }
    }

    #[test]
    fn what_is_told_wrong_is_not_told() {
        for told in [
            ("x-forwarded-host", "a>; rel=\"prev\", <http://evil.example/"),
            ("x-forwarded-host", "user@evil.example"),
            ("x-forwarded-host", ""),
            ("x-forwarded-proto", "javascript"),
            ("x-forwarded-proto", "https://evil.example/"),
            ("x-forwarded-prefix", "pit"),
            ("x-forwarded-prefix", "//evil.example"),
            ("x-forwarded-prefix", "/a/../b"),
            ("x-forwarded-prefix", "/a b"),
            ("x-forwarded-prefix", "/a>"),
            ("x-forwarded-prefix", "/a?b"),
            ("x-forwarded-prefix", "/é"),
        ] {
            assert_eq!(base(PROXY, &[("host", "a:8000"), told]).as_deref(), Some("http://a:8000"), "{told:?}");
        }
    }

    #[test]
    fn where_something_stands_between_and_does_not_say_its_prefix_nothing_is_sure() {
        for sign in [
            ("x-forwarded-for", "1.2.3.4"),
            ("x-real-ip", "1.2.3.4"),
            ("via", "1.1 a"),
            ("forwarded", "for=1.2.3.4"),
            ("connection", "upgrade"),
        ] {
            assert_eq!(base(OTHER, &[("host", "a:8000"), sign]), None, "{sign:?}");
        }
        assert_eq!(base(HERE, &[("host", "localhost:9000")]), None);
        for host in ["localhost:8000", "localhost", "127.0.0.1:8000", "[::1]:8000", "pit.example:9000"] {
            assert_eq!(base(HERE, &[("host", host)]), Some(format!("http://{host}")));
        }
        assert_eq!(base(OTHER, &[("host", "localhost:9000")]).as_deref(), Some("http://localhost:9000"));
        assert_eq!(base(HERE, &[]), None);
    }

    #[test]
    fn networks_contain_what_shares_their_first_bits() {
        let trusts = |proxies: &str, peer: &str| {
            let proxies: Proxies = proxies.parse().expect(proxies);
            proxies.trust(peer.parse().expect(peer))
        };
        assert!(trusts("10.0.0.0/8", "10.255.0.1") && !trusts("10.0.0.0/8", "11.0.0.1"));
        assert!(trusts("10.0.0.7", "10.0.0.7") && !trusts("10.0.0.7", "10.0.0.6"));
        assert!(trusts("127.0.0.0/8,::1", "::ffff:127.0.0.1") && trusts("::1", "::1") && !trusts("::1", "::2"));
        assert!(trusts("0.0.0.0/0", "1.2.3.4") && !trusts("0.0.0.0/0", "::1") && trusts("::/0", "2001:db8::1"));
        assert!(trusts("2001:db8::/33", "2001:db8:7fff::1") && !trusts("2001:db8::/33", "2001:db8:8000::1"));
        assert!(!trusts("none", "127.0.0.1"));
        for broken in ["", "10.0.0.0/33", "::1/129", "10.0.0/8", "localhost", "10.0.0.1,", "10.0.0.1/x", "/8"] {
            assert!(broken.parse::<Proxies>().is_err(), "{broken:?}");
        }
    }
}
