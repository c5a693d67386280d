//! The sockets that clients connect to: one for every address of the host that the server was told to listen on, all
//! with one port.
//!
//! Knows nothing of what is served there.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, ToSocketAddrs};

use socket2::{Domain, Protocol, Socket, Type};

/// The kernel's send buffer of a connection: it doubles this. A client that does not read is noticed after some
/// 300 KB instead of 4 MB, and costs the machine no more than that.
const SEND_BUFFER_BYTES: usize = 64 * 1024;
/// Connections that the kernel keeps until they are accepted.
const BACKLOG: i32 = 1_024;
/// The name that operators filter its lines by (RUST_LOG), wherever this file lies.
const LOG: &str = "tradepit::listen";
/// So many free ports of the first address are tried until one is free on all the others too.
const TRIES: usize = 16;

/// Why it cannot listen, and where: on an address, or on what was to be one.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) place: String,
    pub(crate) source: io::Error,
}

/// Listens on every address of `host`, in the order in which its name has them; there is at least one. Port 0 is a free
/// one, the same for all.
pub(crate) fn listen(host: &str, port: u16) -> Result<Vec<TcpListener>, Failure> {
    let addresses = addresses(host).map_err(|source| Failure { place: format!("{host}:{port}"), source })?;
    let mut tries = if port == 0 { TRIES } else { 1 };
    loop {
        tries -= 1;
        match listen_on(&addresses, port) {
            Err(failure) if failure.source.kind() == io::ErrorKind::AddrInUse && tries > 0 => {}
            listeners => return listeners,
        }
    }
}

/// The addresses that this host has: itself, or what the machine makes of the name.
fn addresses(host: &str) -> io::Result<Vec<IpAddr>> {
    // As the ready line writes it.
    let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    if host.eq_ignore_ascii_case("localhost") {
        // Whatever the machine's list of names leaves out (RFC 6761 section 6.3).
        return Ok(vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()]);
    }
    let mut addresses = Vec::new();
    for found in (host, 0).to_socket_addrs()? {
        if !addresses.contains(&found.ip()) {
            addresses.push(found.ip());
        }
    }
    Ok(addresses)
}

/// Listens on those of the addresses that the machine has; on none where one is taken.
fn listen_on(addresses: &[IpAddr], mut port: u16) -> Result<Vec<TcpListener>, Failure> {
    let mut listeners = Vec::new();
    let mut missing = None;
    for &address in addresses {
        let address = SocketAddr::new(address, port);
        match bind(address, addresses.len() == 1) {
            Ok((listener, taken)) => {
                listeners.push(listener);
                port = taken;
            }
            Err(source) => {
                let is_missing = is_missing(&source);
                let failure = Failure { place: address.to_string(), source };
                if !is_missing {
                    return Err(failure);
                }
                log::debug!(target: LOG, "not an address of this machine: {failure:?}");
                missing = Some(failure);
            }
        }
    }
    missing.filter(|_| listeners.is_empty()).map_or(Ok(listeners), Err)
}

/// Whether the machine does not have this address, or nothing of its kind.
fn is_missing(error: &io::Error) -> bool {
    // EAFNOSUPPORT has no kind of its own.
    const NO_SUCH_FAMILY: i32 = if cfg!(target_os = "linux") { 97 } else { 47 };
    error.kind() == io::ErrorKind::AddrNotAvailable || error.raw_os_error() == Some(NO_SUCH_FAMILY)
}

/// Listens on this address, beside others or `alone`; tells the port, too, which is a free one where none is named.
fn bind(address: SocketAddr, alone: bool) -> io::Result<(TcpListener, u16)> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    // A restart need not wait for the connections of the run before.
    socket.set_reuse_address(true)?;
    if address.is_ipv6() {
        // `::` means all addresses, whatever the machine's default is; beside one of IPv4 it means those of IPv6.
        socket.set_only_v6(!(alone && address.ip().is_unspecified()))?;
    }
    // Inherited by every connection.
    socket.set_send_buffer_size(SEND_BUFFER_BYTES)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    let listener = TcpListener::from(socket);
    let port = listener.local_addr()?.port();
    Ok((listener, port))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ports(listeners: &[TcpListener]) -> Vec<u16> {
        listeners.iter().map(|listener| listener.local_addr().expect("it is bound").port()).collect()
    }

    fn has_ipv6() -> bool {
        TcpListener::bind("[::1]:0").is_ok()
    }

    #[test]
    fn localhost_is_both_loopbacks_on_one_port() {
        let listeners = listen("localhost", 0).expect("loopback is there");
        assert_eq!(listeners[0].local_addr().expect("it is bound").ip(), Ipv4Addr::LOCALHOST);
        assert_eq!(listeners.len(), if has_ipv6() { 2 } else { 1 });
        let ports = ports(&listeners);
        assert!(ports.iter().all(|port| *port == ports[0] && *port != 0), "{ports:?}");
    }

    #[test]
    fn an_address_may_stand_in_brackets() {
        for host in ["::1", "[::1]"] {
            assert_eq!(addresses(host).expect("an address"), [IpAddr::from(Ipv6Addr::LOCALHOST)]);
        }
        assert_eq!(addresses("LocalHost").expect("a name").len(), 2);
        assert!(addresses("[localhost").is_err());
    }

    #[test]
    fn what_the_machine_does_not_have_is_left_out_and_what_is_taken_is_not() {
        // 192.0.2.0/24 is nobody's (RFC 5737).
        let (ours, nobodys) = (IpAddr::from(Ipv4Addr::LOCALHOST), IpAddr::from([192, 0, 2, 1]));
        let listeners = listen_on(&[nobodys, ours], 0).expect("one of them is ours");
        assert_eq!(listeners.len(), 1);
        let taken = ports(&listeners)[0];
        let failure = listen_on(&[ours], taken).expect_err("it is taken");
        assert_eq!((failure.source.kind(), failure.place), (io::ErrorKind::AddrInUse, format!("127.0.0.1:{taken}")));
        let failure = listen_on(&[nobodys], 0).expect_err("it is nobody's");
        assert_eq!((failure.source.kind(), failure.place.as_str()), (io::ErrorKind::AddrNotAvailable, "192.0.2.1:0"));
    }

    #[test]
    fn a_free_port_is_one_that_is_free_on_all_addresses() {
        let others: Vec<TcpListener> =
            (0..4).flat_map(|_| listen("localhost", 0).expect("there are free ports")).collect();
        let mut ports = ports(&others);
        ports.dedup();
        assert_eq!(ports.len(), 4, "{ports:?}");
    }
}
