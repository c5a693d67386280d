//! The sockets that clients connect to: one for every address of the host that the server was told to listen on, all with one
//! port.
//!
//! Knows nothing of what is served there.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, ToSocketAddrs};

use socket2::{Domain, Protocol, Socket, Type};

use crate::config;

/// So many free ports of the first address are tried until one is free on all the others too.
const TRIES: usize = 16;

/// Listens on every address of `host`, in the order in which its name has them; there is at least one. Port 0 is a free
/// one, the same for all.
pub(crate) fn listen(host: &str, port: u16) -> io::Result<Vec<TcpListener>> {
    let addresses = addresses(host)?;
    let mut tries = if port == 0 { TRIES } else { 1 };
    loop {
        tries -= 1;
        match listen_on(&addresses, port) {
            Err(error) if error.kind() == io::ErrorKind::AddrInUse && tries > 0 => {}
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
fn listen_on(addresses: &[IpAddr], port: u16) -> io::Result<Vec<TcpListener>> {
    let mut listeners: Vec<TcpListener> = Vec::new();
    let mut missing = io::Error::from(io::ErrorKind::AddrNotAvailable);
    for &address in addresses {
        let port = listeners.first().map_or(Ok(port), |first| Ok::<_, io::Error>(first.local_addr()?.port()))?;
        match bind(SocketAddr::new(address, port), addresses.len() == 1) {
            Ok(listener) => listeners.push(listener),
            Err(error) if is_missing(&error) => {
                log::debug!("{address} is not an address of this machine: {error}");
                missing = error;
            }
            Err(error) => return Err(error),
        }
    }
    if listeners.is_empty() { Err(missing) } else { Ok(listeners) }
}

/// Whether the machine does not have this address, or nothing of its kind.
fn is_missing(error: &io::Error) -> bool {
    // EAFNOSUPPORT has no kind of its own.
    const NO_SUCH_FAMILY: i32 = if cfg!(target_os = "linux") { 97 } else { 47 };
    error.kind() == io::ErrorKind::AddrNotAvailable || error.raw_os_error() == Some(NO_SUCH_FAMILY)
}

fn bind(address: SocketAddr, alone: bool) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    // A restart need not wait for the connections of the run before.
    socket.set_reuse_address(true)?;
    if address.is_ipv6() {
        // `::` means all addresses, whatever the machine's default is; beside one of IPv4 it means those of IPv6.
        socket.set_only_v6(!(alone && address.ip().is_unspecified()))?;
    }
    // Inherited by every connection.
    socket.set_send_buffer_size(config::SEND_BUFFER_BYTES)?;
    socket.bind(&address.into())?;
    socket.listen(config::BACKLOG)?;
    Ok(socket.into())
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
        assert_eq!(listen_on(&[ours], taken).expect_err("it is taken").kind(), io::ErrorKind::AddrInUse);
        assert_eq!(listen_on(&[nobodys], 0).expect_err("it is nobody's").kind(), io::ErrorKind::AddrNotAvailable);
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
