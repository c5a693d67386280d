//! `tradepit health`: whether a server takes orders, as an exit code and one line, for containers and scripts.
//!
//! Owns the flags, the choice of whom to ask, and the words. `nearby` finds the server that runs on this machine, `ask`
//! asks; neither knows the other. Knows nothing of how a server is made: it is asked over HTTP like any other.

use std::env;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use super::ask;
use super::nearby::{self, Nearby};
use crate::asking::Trust;
use crate::say::{complain, say};
use tradepit_load::Target;

/// How long all of it may take: short for whoever waits for a container, long enough for a busy machine.
const LIMIT: Duration = Duration::from_secs(5);

/// Asks a server whether it takes orders.
///
/// That is `GET /ready`; one line tells the answer. Without --url it asks the one server that runs on this machine, or
/// in this container, from this program's own file, and finds it wherever it listens, whatever flags it was started
/// with, and by TLS where it speaks that; where there is no such server, or more than one, or no /proc, it asks where
/// TRADEPIT_HOST and TRADEPIT_PORT say. Exit code 0: it takes orders; 1: it does not, or does not answer within 5 s; 2:
/// bad flags.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Args {
    /// The server, as http://name:port, or https: then SSL_CERT_FILE may name a PEM file of those to trust.
    #[arg(long, value_name = "URL")]
    url: Option<Target>,
}

/// Why nobody was asked. Exit code 2.
#[derive(Debug, thiserror::Error)]
enum Unable {
    #[error("TRADEPIT_HOST and TRADEPIT_PORT name no server ({0}): name one with --url")]
    Environment(String),
    #[error("cannot start the runtime: {0}")]
    Runtime(io::Error),
}

/// Asks, and tells.
pub(crate) fn run(args: Args) -> ExitCode {
    match answer(args.url) {
        Ok((whom, Ok(()))) => {
            say(format_args!("{whom} takes orders"));
            ExitCode::SUCCESS
        }
        Ok((whom, Err(why))) => {
            complain(format_args!("tradepit health: {whom} {why}"));
            ExitCode::FAILURE
        }
        Err(unable) => {
            complain(format_args!("tradepit health: {unable}"));
            ExitCode::from(2)
        }
    }
}

/// Whom it asked, and what came of it.
fn answer(url: Option<Target>) -> Result<(Target, Result<(), ask::Failing>), Unable> {
    let (whom, tls) = match url {
        Some(url) => (url, None),
        None => of_this_machine()?,
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Unable::Runtime)?;
    // The server that runs here shows its own certificate, and is shown the same one.
    let trust = tls.map(|[cert, key]| Trust::files(&cert, &key)).transpose();
    let answer = match trust {
        Ok(trust) => runtime.block_on(ask::ready(&whom, trust.as_ref(), LIMIT)),
        Err(why) => Err(ask::Failing::Unreachable(why)),
    };
    Ok((whom, answer))
}

/// The server that runs here, with its files of TLS, or that the environment names.
fn of_this_machine() -> Result<(Target, Option<[PathBuf; 2]>), Unable> {
    let named = |name: &str| env::var(name).ok().filter(|value| !value.is_empty());
    let (authority, tls) = match nearby::server() {
        Some(Nearby { address, tls }) => (reachable(address.ip(), address.port()), tls),
        None => {
            let host = named("TRADEPIT_HOST").unwrap_or_else(|| "localhost".to_owned());
            let port = named("TRADEPIT_PORT").unwrap_or_else(|| "8000".to_owned());
            let authority = match (host.trim_matches(['[', ']']).parse(), port.parse()) {
                (Ok(address), Ok(port)) => reachable(address, port),
                _ => format!("{host}:{port}"),
            };
            let tls = named("TRADEPIT_TLS_CERT").zip(named("TRADEPIT_TLS_KEY"));
            (authority, tls.map(|(cert, key)| [cert.into(), key.into()]))
        }
    };
    let scheme = if tls.is_some() { "https" } else { "http" };
    let whom = format!("{scheme}://{authority}").parse().map_err(|_| Unable::Environment(authority))?;
    Ok((whom, tls))
}

/// How to reach who listens at this address: one that means all of them is no place to go to.
fn reachable(address: IpAddr, port: u16) -> String {
    let address = match address {
        IpAddr::V4(address) if address.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(address) if address.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        address => address,
    };
    SocketAddr::new(address, port).to_string()
}
