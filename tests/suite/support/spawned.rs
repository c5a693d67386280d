//! The real binary in a process of its own, for what is measured on a process or done to one.

use super::process::binary;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};

/// A server in its own process. It is killed when dropped.
pub struct Spawned {
    pub addr: SocketAddr,
    child: Child,
}

/// Starts the binary with these flags, on a free port.
pub fn spawned(flags: &[&str]) -> Spawned {
    let mut command = Command::new(binary());
    command.args(["serve", "--port", "0"]).args(flags).env("RUST_LOG", "error");
    let mut child = command.stdout(Stdio::piped()).spawn().expect("the binary starts");
    let mut line = String::new();
    let mut stdout = BufReader::new(child.stdout.take().expect("its stdout is a pipe"));
    stdout.read_line(&mut line).expect("it tells where it listens");
    let addr =
        line.trim().rsplit('/').next().and_then(|addr| addr.parse().ok()).expect("its URL ends with the address");
    Spawned { addr, child }
}

impl Spawned {
    /// What the process holds in memory, in bytes.
    pub fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("the process lives");
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("it has memory");
        let kib: u64 = line.split_whitespace().nth(1).and_then(|kib| kib.parse().ok()).expect("a number of KiB");
        kib * 1024
    }

    /// Sends it a signal, by name.
    pub fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill").args(["-s", name, &pid]).status().expect("there is a kill command");
        assert!(sent.success());
    }
}

impl Drop for Spawned {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
