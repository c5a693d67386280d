//! The server that is measured: its URL, its addresses, a connection to it.
//!
//! Owns the reading of `--host` and the opening of TCP connections. Knows
//! nothing of what is said on them; `post` and `feed` speak over them.

use std::fmt;
use std::net::SocketAddr;
use std::str::FromStr;
use std::time::Duration;

use tokio::net::TcpStream;

use super::clock;
use super::failure::Failure;

/// How long a connection, or the upgrade of one to a WebSocket, may take.
pub(super) const CONNECT_LIMIT: Duration = Duration::from_secs(5);

/// A server by its URL, `http://name[:port]`, or https: the `--host` of a run, for one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    is_https: bool,
    /// What the Host header says: the name, and the port where one was given.
    authority: String,
}

impl FromStr for Target {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (is_https, rest) = match text.split_once("://") {
            Some(("http", rest)) => (false, rest),
            Some(("https", rest)) => (true, rest),
            _ => return Err("must begin with http:// or https://".to_owned()),
        };
        let authority = rest.strip_suffix('/').unwrap_or(rest);
        let uri: hyper::http::uri::Authority =
            authority.parse().map_err(|_| "must be http://name:port, without a path".to_owned())?;
        // A port that is present but wrong parses as an authority without one.
        let end = uri.as_str().strip_prefix(uri.host()).unwrap_or("@");
        if uri.host().is_empty() || !(end.is_empty() || uri.port_u16().is_some()) {
            return Err("must be http://name:port".to_owned());
        }
        Ok(Self { is_https, authority: authority.to_owned() })
    }
}

/// Reads the server of a run, which is asked without TLS.
pub(super) fn plain(text: &str) -> Result<Target, String> {
    let target: Target = text.parse()?;
    let told = "the load tool does not speak https: start a server without --tls-cert to measure it, or name the port \
                behind whatever ends TLS, as http://name:port";
    if target.is_https { Err(told.to_owned()) } else { Ok(target) }
}

impl Target {
    /// Whether TLS is spoken to it.
    pub fn is_https(&self) -> bool {
        self.is_https
    }

    /// What the Host header says: the name, and the port where one was given.
    pub fn authority(&self) -> &str {
        &self.authority
    }

    /// The name and the port to connect to.
    pub fn address(&self) -> String {
        let has_port = self.authority.parse::<hyper::http::uri::Authority>().is_ok_and(|uri| uri.port().is_some());
        let usual = if self.is_https { 443 } else { 80 };
        if has_port { self.authority.clone() } else { format!("{}:{usual}", self.authority) }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", if self.is_https { "https" } else { "http" }, self.authority)
    }
}

/// A target with its addresses looked up.
pub(super) struct Server {
    /// What the Host header says.
    pub(super) authority: String,
    addresses: Vec<SocketAddr>,
}

impl Server {
    /// Looks the target's name up, once for the whole run.
    pub(super) async fn resolve(target: &Target) -> Result<Self, Failure> {
        let found = tokio::net::lookup_host(target.address()).await;
        let addresses = found.map_err(|error| Failure::NoConnection(error.to_string()))?.collect();
        Ok(Self { authority: target.authority.clone(), addresses })
    }

    /// Opens a connection to the first address that takes one.
    pub(super) async fn connect(&self) -> Result<TcpStream, Failure> {
        let stream = clock::within(CONNECT_LIMIT, TcpStream::connect(&self.addresses[..]))
            .await
            .ok_or_else(|| Failure::NoConnection("timed out".to_owned()))?
            .map_err(|error| Failure::NoConnection(error.kind().to_string()))?;
        // Without it the kernel may hold a small request back for 40 ms.
        stream.set_nodelay(true).map_err(|error| Failure::NoConnection(error.kind().to_string()))?;
        Ok(stream)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_a_name_or_address_with_an_optional_port() {
        for text in ["http://127.0.0.1:8000", "http://[::1]:8000", "http://localhost"] {
            assert_eq!(text.parse::<Target>().unwrap().to_string(), text);
        }
        let slash: Target = "http://localhost:1/".parse().unwrap();
        assert_eq!(slash.to_string(), "http://localhost:1");
        assert_eq!((slash.authority(), slash.address().as_str()), ("localhost:1", "localhost:1"));
        let bare: Target = "http://[::1]".parse().unwrap();
        assert_eq!((bare.authority(), bare.address().as_str()), ("[::1]", "[::1]:80"));
    }

    #[test]
    fn over_https_the_usual_port_is_another() {
        let secure: Target = "https://localhost".parse().unwrap();
        assert!(secure.is_https() && secure.to_string() == "https://localhost");
        assert_eq!(secure.address(), "localhost:443");
        assert_eq!("https://[::1]:8443".parse::<Target>().unwrap().address(), "[::1]:8443");
    }

    #[test]
    fn the_load_tool_refuses_https_with_a_line_that_says_so() {
        let error = plain("https://localhost").unwrap_err();
        assert!(error.starts_with("the load tool does not speak https"), "{error}");
        assert!(plain("http://localhost").is_ok());
    }

    #[test]
    fn paths_and_other_schemes_are_refused() {
        for text in [
            "localhost:8000",
            "ftp://localhost",
            "http://",
            "http://localhost/api",
            "http://localhost:99999",
            "http://user@localhost",
        ] {
            assert!(text.parse::<Target>().is_err(), "{text} was accepted");
        }
    }
}
