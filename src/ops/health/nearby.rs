//! Finds the server that runs on this machine, or in this container: where it listens, not where it was told to.
//!
//! Reads what the kernel tells of processes in /proc: which run this program's own file, which sockets they hold, and
//! which of those listen. So no server has to leave word of its address anywhere, and a root that is read-only will do.
//! Where there is no /proc, or processes are not shown, there is no server.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::fs;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// How /proc/net writes that a socket listens.
const LISTENS: &str = "0A";

/// A server that runs here.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Nearby {
    pub(super) address: SocketAddr,
    /// The certificate and the key that it was started with, where it speaks TLS.
    pub(super) tls: Option<[PathBuf; 2]>,
}

/// The one server that runs this program; `None` where there is none, or more than one.
pub(super) fn server() -> Option<Nearby> {
    one_server(Path::new("/proc"))
}

fn one_server(proc: &Path) -> Option<Nearby> {
    let own = file(&proc.join("self"))?;
    let processes = fs::read_dir(proc).ok()?.flatten().map(|entry| entry.path());
    let processes = processes.filter(|path| path.file_name().is_some_and(|name| name != "self"));
    let mut found = processes.filter(|path| file(path) == Some(own)).filter_map(|path| {
        let address = listens_at(&path)?;
        Some(Nearby { address, tls: tls(&path) })
    });
    let first = found.next()?;
    // Who cannot tell which is meant had better ask where the environment says.
    found.next().is_none().then_some(first)
}

/// The file that a process runs, as the file system knows it: its name may lead elsewhere by now.
fn file(process: &Path) -> Option<(u64, u64)> {
    fs::metadata(process.join("exe")).ok().map(|meta| (meta.dev(), meta.ino()))
}

/// The files that this process was told to speak TLS with, found as it finds them.
fn tls(process: &Path) -> Option<[PathBuf; 2]> {
    let parts = |name: &str| {
        let content = fs::read(process.join(name)).unwrap_or_default();
        content.split(|&byte| byte == 0).map(<[u8]>::to_vec).collect::<Vec<_>>()
    };
    let (arguments, variables) = (parts("cmdline"), parts("environ"));
    let path = |flag: &str, variable: &str| {
        let said =
            arguments.iter().enumerate().find_map(|(at, argument)| match argument.strip_prefix(flag.as_bytes())? {
                [] => arguments.get(at + 1).map(Vec::as_slice),
                [b'=', value @ ..] => Some(value),
                _ => None,
            });
        let set = || variables.iter().find_map(|set| set.strip_prefix(variable.as_bytes())?.strip_prefix(b"="));
        let value = said.or_else(set).filter(|value| !value.is_empty())?;
        Some(process.join("cwd").join(OsStr::from_bytes(value)))
    };
    Some([path("--tls-cert", "TRADEPIT_TLS_CERT")?, path("--tls-key", "TRADEPIT_TLS_KEY")?])
}

/// An address where this process listens: of IPv4 where there is one, as clients try it.
fn listens_at(process: &Path) -> Option<SocketAddr> {
    let links = fs::read_dir(process.join("fd")).ok()?.flatten();
    let sockets: HashSet<String> = links.filter_map(|entry| socket(&entry.path())).collect();
    ["tcp", "tcp6"].iter().find_map(|table| {
        let table = fs::read_to_string(process.join("net").join(table)).ok()?;
        table.lines().skip(1).find_map(|line| listening(line, &sockets))
    })
}

/// The number of the socket that this link of a process stands for.
fn socket(link: &Path) -> Option<String> {
    let target = fs::read_link(link).ok()?;
    Some(target.to_str()?.strip_prefix("socket:[")?.strip_suffix(']')?.to_owned())
}

/// Where the socket of this line listens, if it does and is one of these.
fn listening(line: &str, sockets: &HashSet<String>) -> Option<SocketAddr> {
    // sl local_address rem_address st tx_queue:rx_queue tr:tm->when retrnsmt uid timeout inode …
    let mut fields = line.split_ascii_whitespace();
    let (local, state, number) = (fields.nth(1)?, fields.nth(1)?, fields.nth(5)?);
    if state != LISTENS || !sockets.contains(number) {
        return None;
    }
    let (address, port) = local.split_once(':')?;
    Some(SocketAddr::new(read_address(address)?, u16::from_str_radix(port, 16).ok()?))
}

/// An address as /proc/net writes it: words of 32 bits in hexadecimal, each as the machine holds it.
fn read_address(text: &str) -> Option<IpAddr> {
    let word = |at: usize| Some(u32::from_str_radix(text.get(at * 8..at * 8 + 8)?, 16).ok()?.to_ne_bytes());
    match text.len() {
        8 => Some(Ipv4Addr::from(word(0)?).into()),
        32 => {
            let words = [word(0)?, word(1)?, word(2)?, word(3)?];
            let bytes: [u8; 16] = words.concat().try_into().ok()?;
            Some(Ipv6Addr::from(bytes).into())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    const HEAD: &str =
        "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";

    /// A line of a table; the rest of a real one is not read.
    fn line(local: &str, state: &str, socket: u32) -> String {
        format!(
            "   0: {local} 00000000:0000 {state} 00000000:00000000 00:00000000 00000000 65532        0 {socket} 1 0\n"
        )
    }

    /// A machine's /proc: this process, and what else a test starts.
    struct Machine {
        proc: tempfile::TempDir,
    }

    impl Machine {
        fn new() -> Machine {
            let machine = Machine { proc: tempfile::tempdir().unwrap() };
            fs::write(machine.proc.path().join("tradepit"), "").unwrap();
            fs::write(machine.proc.path().join("other"), "").unwrap();
            machine.start("9", "tradepit", &[], "", "");
            symlink("9", machine.proc.path().join("self")).unwrap();
            machine
        }

        fn start(&self, pid: &str, exe: &str, sockets: &[u32], tcp: &str, tcp6: &str) {
            let process = self.proc.path().join(pid);
            fs::create_dir_all(process.join("fd")).unwrap();
            fs::create_dir(process.join("net")).unwrap();
            symlink(self.proc.path().join(exe), process.join("exe")).unwrap();
            symlink("/dev/null", process.join("fd/0")).unwrap();
            for socket in sockets {
                symlink(format!("socket:[{socket}]"), process.join(format!("fd/{socket}"))).unwrap();
            }
            fs::write(process.join("net/tcp"), format!("{HEAD}{tcp}")).unwrap();
            fs::write(process.join("net/tcp6"), format!("{HEAD}{tcp6}")).unwrap();
        }

        fn server(&self) -> Option<String> {
            one_server(self.proc.path()).map(|nearby| nearby.address.to_string())
        }
    }

    /// As this machine writes words.
    fn hex(bytes: [u8; 4]) -> String {
        format!("{:08X}", u32::from_ne_bytes(bytes))
    }

    #[test]
    fn a_server_is_found_where_it_listens() {
        let machine = Machine::new();
        let local = hex([0, 0, 0, 0]);
        let table = line(&format!("{local}:2328"), "01", 70) + &line(&format!("{local}:2329"), "0A", 71);
        machine.start("1", "tradepit", &[70, 71], &table, "");
        assert_eq!(machine.server().unwrap(), "0.0.0.0:9001");
    }

    #[test]
    fn the_files_of_tls_are_those_of_its_flags_or_else_of_its_variables() {
        let machine = Machine::new();
        let table = line(&format!("{}:1F40", hex([127, 0, 0, 1])), "0A", 70);
        machine.start("1", "tradepit", &[70], &table, "");
        let process = machine.proc.path().join("1");
        let files = |cert: &str, key: &str| Some([process.join("cwd").join(cert), process.join("cwd").join(key)]);
        let cases = [
            ("tradepit\0serve\0", "PATH=/bin\0", None),
            ("tradepit\0serve\0", "TRADEPIT_TLS_CERT=\0TRADEPIT_TLS_KEY=\0", None),
            ("tradepit\0serve\0", "TRADEPIT_TLS_CERT=c\0TRADEPIT_TLS_KEY=/k\0", files("c", "/k")),
            ("tradepit\0serve\0--tls-cert\0a\0--tls-key=b\0", "TRADEPIT_TLS_CERT=c\0", files("a", "b")),
            ("tradepit\0--tls-client-ca\0a\0--tls-cert\0", "", None),
        ];
        for (arguments, variables, expected) in cases {
            fs::write(process.join("cmdline"), arguments).unwrap();
            fs::write(process.join("environ"), variables).unwrap();
            assert_eq!(one_server(machine.proc.path()).unwrap().tls, expected, "{arguments:?} {variables:?}");
        }
    }

    #[test]
    fn a_server_of_ipv6_alone_is_found_too() {
        let machine = Machine::new();
        let zero = hex([0; 4]);
        let local = format!("{zero}{zero}{zero}{}:1F40", hex([0, 0, 0, 1]));
        machine.start("1", "tradepit", &[70], "", &line(&local, "0A", 70));
        assert_eq!(machine.server().unwrap(), "[::1]:8000");
    }

    #[test]
    fn other_programs_other_sockets_and_this_process_itself_do_not_count() {
        let machine = Machine::new();
        let table = line(&format!("{}:1F40", hex([127, 0, 0, 1])), "0A", 70);
        machine.start("1", "other", &[70], &table, "");
        machine.start("2", "tradepit", &[71], &table, "");
        assert_eq!(machine.server(), None);
    }

    #[test]
    fn of_two_servers_none_is_meant() {
        let machine = Machine::new();
        let table = line(&format!("{}:1F40", hex([127, 0, 0, 1])), "0A", 70);
        machine.start("1", "tradepit", &[70], &table, "");
        assert!(machine.server().is_some());
        machine.start("2", "tradepit", &[70], &table, "");
        assert_eq!(machine.server(), None);
    }

    #[test]
    fn what_is_no_table_is_passed_over() {
        let sockets = HashSet::from(["70".to_owned()]);
        for local in ["", "0100007F", "0100007F:", "0100007F:123456", "\u{e4}\u{e4}\u{e4}\u{e4}:1F40", "0100007:1F40"] {
            assert_eq!(listening(&line(local, "0A", 70), &sockets), None, "{local:?}");
        }
        assert!(Machine::new().server().is_none() && one_server(Path::new("/nowhere")).is_none());
    }
}
