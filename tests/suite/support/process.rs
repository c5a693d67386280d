//! The real binary as a process: started, listened to, told to stop, and ended when its owner goes.
//!
//! `TRADEPIT_BIN` names another binary to test. No `TRADEPIT_…` variable of this process reaches it.

use std::ffi::OsString;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::in_time;

/// The binary to test: that of `TRADEPIT_BIN`, that of an archive of tests, or that which was built with the suite.
pub fn binary() -> OsString {
    let named = ["TRADEPIT_BIN", "NEXTEST_BIN_EXE_tradepit"].into_iter().find_map(std::env::var_os);
    named.unwrap_or_else(|| env!("CARGO_BIN_EXE_tradepit").into())
}

/// A stream on which every write fails.
pub fn full() -> Stdio {
    File::options().write(true).open("/dev/full").expect("Linux").into()
}

/// What happened to a process that has ended.
#[derive(Debug)]
pub struct Ended {
    /// Its exit code; `None` where a signal killed it.
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

/// A running `tradepit`. It is killed when dropped.
pub struct Process {
    child: Child,
    stdout: UnboundedReceiver<String>,
    stderr: UnboundedReceiver<String>,
    /// What was read of stdout so far.
    said: String,
}

impl Process {
    /// Starts `tradepit` with these arguments.
    pub fn start(args: &[&str]) -> Process {
        Process::start_with(args, &[])
    }

    /// Starts `tradepit` with these arguments and environment variables.
    pub fn start_with(args: &[&str], env: &[(&str, &str)]) -> Process {
        Process::spawn(args, env, Stdio::piped())
    }

    /// Starts `tradepit` with a stdout on which every write fails.
    pub fn start_deaf(args: &[&str]) -> Process {
        Process::spawn(args, &[], full())
    }

    /// Starts `tradepit` with this stderr; stdout is heard.
    pub fn start_complaining_to(stderr: impl Into<Stdio>, args: &[&str]) -> Process {
        Process::spawn_as(Command::new(binary()), args, &[], [Stdio::piped(), stderr.into()])
    }

    /// Starts `tradepit` where no file may grow beyond so many blocks: to it the disk is full then.
    pub fn start_limited(blocks: u32, args: &[&str]) -> Process {
        // Without the trap the signal would end it; with it, writing fails with EFBIG.
        Process::start_after(&format!(r#"trap "" XFSZ; ulimit -f {blocks}"#), args)
    }

    /// Starts `tradepit` in the place of a shell that has done this.
    pub fn start_after(done: &str, args: &[&str]) -> Process {
        let mut shell = Command::new("sh");
        shell.args(["-c", &format!(r#"{done}; exec "$0" "$@""#)]).arg(binary());
        Process::start_as(shell, args, &[])
    }

    /// Starts `tradepit`, or a copy of it, by a command that takes its arguments.
    pub fn start_as(command: Command, args: &[&str], env: &[(&str, &str)]) -> Process {
        Process::spawn_as(command, args, env, [Stdio::piped(), Stdio::piped()])
    }

    fn spawn(args: &[&str], env: &[(&str, &str)], stdout: Stdio) -> Process {
        Process::spawn_as(Command::new(binary()), args, env, [stdout, Stdio::piped()])
    }

    fn spawn_as(mut command: Command, args: &[&str], env: &[(&str, &str)], [stdout, stderr]: [Stdio; 2]) -> Process {
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("TRADEPIT_") || name == "RUST_LOG" {
                command.env_remove(name);
            }
        }
        command.args(args).envs(env.iter().copied());
        command.stdin(Stdio::null()).stdout(stdout).stderr(stderr);
        let mut child = command.spawn().expect("the binary starts");
        let stdout = child.stdout.take().map_or_else(|| unbounded_channel().1, lines);
        let stderr = child.stderr.take().map_or_else(|| unbounded_channel().1, lines);
        Process { child, stdout, stderr, said: String::new() }
    }

    /// Starts a server on a free port, at which no price moves by itself unless that is asked for, and waits until it
    /// says where it listens.
    pub async fn serve(args: &[&str]) -> (Process, SocketAddr) {
        Process::serve_with(args, &[]).await
    }

    /// The same, with environment variables.
    pub async fn serve_with(args: &[&str], env: &[(&str, &str)]) -> (Process, SocketAddr) {
        let env = [&[("TRADEPIT_MARKET", "frozen")], env].concat();
        let mut process = Process::start_with(&[&["serve", "--port", "0"], args].concat(), &env);
        let addr = process.address().await;
        (process, addr)
    }

    /// Where the server says that it listens: its first line.
    pub async fn address(&mut self) -> SocketAddr {
        let line = self.line().await.unwrap_or_default();
        let url = line.strip_prefix("tradepit listening on ").and_then(|rest| rest.strip_suffix('\n'));
        match url.and_then(|url| url.split_once("://")).and_then(|(_, addr)| addr.parse().ok()) {
            Some(addr) => addr,
            None => panic!("the first line is {line:?}"),
        }
    }

    /// The next line of stdout, its end included; `None` at the end.
    pub async fn line(&mut self) -> Option<String> {
        let line = in_time("a line on stdout", self.stdout.recv()).await?;
        self.said.push_str(&line);
        Some(line)
    }

    /// The next line of stderr that contains `part`.
    pub async fn complaint(&mut self, part: &str) -> String {
        loop {
            let line = in_time("a line on stderr", self.stderr.recv()).await;
            let line = line.unwrap_or_else(|| panic!("stderr ended without {part:?}"));
            if line.contains(part) {
                return line;
            }
        }
    }

    /// Its number.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends a signal: `TERM` or `INT`, or one that is not for the server to handle.
    pub fn signal(&self, name: &str) {
        // The shell's own `kill` is on every machine, the program of that name is not.
        let kill = format!("kill -{name} {}", self.child.id());
        let status = Command::new("sh").args(["-c", &kill]).status().expect("a shell");
        assert!(status.success(), "{kill}: {status}");
    }

    /// Kills it on the spot (SIGKILL), and waits until it is gone.
    pub async fn killed(mut self) -> Ended {
        // It fails where the process has ended already.
        let _ = self.child.kill();
        self.ended().await
    }

    /// Waits until the process has ended; what `stderr` holds is what was not read before.
    pub async fn ended(mut self) -> Ended {
        while self.line().await.is_some() {}
        let mut stderr = String::new();
        while let Some(line) = in_time("the end of stderr", self.stderr.recv()).await {
            stderr.push_str(&line);
        }
        // Both pipes are closed: there is nothing to wait for but the exit itself.
        let status = self.child.wait().expect("it is our child");
        Ended { code: status.code(), stdout: std::mem::take(&mut self.said), stderr }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It fails where the process has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The lines of a pipe, read on a thread of its own so that the process is never held up.
fn lines(pipe: impl Read + Send + 'static) -> UnboundedReceiver<String> {
    let (tell, told) = unbounded_channel();
    std::thread::spawn(move || {
        let mut pipe = BufReader::new(pipe);
        loop {
            let mut line = Vec::new();
            match pipe.read_until(b'\n', &mut line) {
                Ok(0) | Err(_) => return,
                Ok(_) => drop(tell.send(String::from_utf8_lossy(&line).into_owned())),
            }
        }
    });
    told
}

/// A signal that is ready to be sent.
pub struct Trigger {
    shell: Child,
}

impl Trigger {
    /// Prepares a signal: `TERM` or `INT`.
    pub fn ready(name: &str) -> Trigger {
        let mut shell = Command::new("sh");
        shell.args(["-c", &format!("echo; read pid; kill -{name} $pid")]);
        let mut shell = shell.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("a shell");
        let mut line = [0];
        shell.stdout.as_mut().expect("stdout is piped").read_exact(&mut line).expect("it runs");
        Trigger { shell }
    }

    /// Sends it.
    pub fn fire(&mut self, process: &Process) {
        let mut stdin = self.shell.stdin.take().expect("it is fired once");
        writeln!(stdin, "{}", process.child.id()).expect("the shell reads");
    }
}

impl Drop for Trigger {
    fn drop(&mut self) {
        let _ = self.shell.kill();
        let _ = self.shell.wait();
    }
}
