//! Servers as processes: start, CPU time, memory, end; and the table of results.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::bare;

#[derive(Default)]
pub struct Bench {
    missed: usize,
}

impl Bench {
    /// Prints a result and what it must reach.
    pub fn result(&mut self, what: &str, measured: &str, target: &str, reached: bool) {
        let verdict = if reached { "reached" } else { "MISSED" };
        println!("{what:<62} {measured:>24}   {target:<16} {verdict}");
        self.missed += usize::from(!reached);
    }

    /// Prints a figure without a target.
    pub fn note(&self, what: &str, measured: &str) {
        println!("  {what:<60} {measured:>24}");
    }

    /// Ends the run; with exit code 1 when a target was missed.
    pub fn finish(self) {
        if self.missed > 0 {
            println!("{} targets missed", self.missed);
            std::process::exit(1);
        }
    }
}

pub struct Server {
    child: Child,
    pub addr: SocketAddr,
}

impl Server {
    /// `tradepit serve` on processor 0 with one worker and these flags.
    pub fn start(flags: &[&str]) -> Server {
        let mut command = pinned("0", env!("CARGO_BIN_EXE_tradepit"));
        command.args(["serve", "--port", "0", "--workers", "1"]).args(flags).env("RUST_LOG", "error");
        Server::spawn(command)
    }

    /// The bare actix-web handler.
    pub fn start_bare() -> Server {
        let mut command = pinned("0", &this());
        command.arg(bare::ROLE);
        Server::spawn(command)
    }

    fn spawn(mut command: Command) -> Server {
        let mut child = command.stdout(Stdio::piped()).spawn().expect("taskset and the server can be started");
        let stdout = child.stdout.take().expect("stdout is piped");
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line).expect("the server tells where it listens");
        let addr = line.trim().rsplit('/').next().and_then(|addr| addr.parse().ok());
        Server { child, addr: addr.unwrap_or_else(|| panic!("no address in {line:?}")) }
    }

    /// The body of what the server answers to a GET.
    pub async fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(self.addr).await.expect("the server accepts");
        let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.expect("the server reads");
        let mut reply = String::new();
        stream.read_to_string(&mut reply).await.expect("the server answers");
        reply.split_once("\r\n\r\n").expect("a reply has a body").1.to_owned()
    }

    /// CPU time used so far, user and system, of all threads.
    pub fn cpu(&self) -> Duration {
        let tasks = std::fs::read_dir(format!("/proc/{}/task", self.child.id())).expect("the server lives");
        let of_task = |task: std::fs::DirEntry| {
            let schedstat = std::fs::read_to_string(task.path().join("schedstat")).ok()?;
            schedstat.split(' ').next()?.parse::<u64>().ok()
        };
        Duration::from_nanos(tasks.filter_map(|task| of_task(task.ok()?)).sum())
    }

    /// Waits until the server has nothing to do.
    pub fn rest(&self) {
        loop {
            let before = self.cpu();
            std::thread::sleep(Duration::from_millis(500));
            // A thread that ended takes its time along.
            if self.cpu().checked_sub(before).is_some_and(|used| used < Duration::from_millis(20)) {
                return;
            }
        }
    }

    pub fn memory(&self) -> u64 {
        self.status("VmRSS:")
    }

    /// The most resident memory so far, in bytes.
    pub fn peak_memory(&self) -> u64 {
        self.status("VmHWM:")
    }

    fn status(&self, name: &str) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("the server lives");
        let line = status.lines().find_map(|line| line.strip_prefix(name)).expect("the kernel tells it");
        1024 * line.trim().trim_end_matches(" kB").parse::<u64>().expect("a number of kB")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// This program's own file.
pub fn this() -> String {
    let this = std::env::current_exe().expect("the bench knows its own file");
    this.to_str().expect("its path is text").to_owned()
}

/// A program on these processors.
pub fn pinned(cpus: &str, program: &str) -> Command {
    let mut command = Command::new("taskset");
    command.args(["--cpu-list", cpus, program]);
    command
}

/// The load tool against a server, on this processor list; returns its figures.
pub fn load_tool(cpus: &str, server: &Server, flags: &[&str]) -> serde_json::Value {
    let file = std::env::temp_dir().join(format!("tradepit-bench-{}.json", std::process::id()));
    let mut command = pinned(cpus, env!("CARGO_BIN_EXE_tradepit"));
    command.args(["bench", "--host", &format!("http://{}", server.addr), "--json"]).arg(&file).args(flags);
    let status = command.stdout(Stdio::null()).status().expect("the load tool can be started");
    let text = std::fs::read_to_string(&file).expect("the load tool wrote its figures");
    let _ = std::fs::remove_file(&file);
    let mut figures: serde_json::Value = serde_json::from_str(&text).expect("its figures are JSON");
    figures["exit_code"] = status.code().into();
    figures
}

/// Moves this process, and what it starts, to a processor.
pub fn pin_to(cpu: usize) {
    let pid = std::process::id().to_string();
    let status = Command::new("taskset")
        .args(["--all-tasks", "--pid", "--cpu-list", &cpu.to_string(), &pid])
        .stdout(Stdio::null())
        .status();
    assert!(status.is_ok_and(|status| status.success()), "taskset (util-linux) and a processor {cpu} are needed");
}

pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// The value that `part` (0 to 1) of these lie below.
pub fn percentile(values: &mut [f64], part: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let rank = (part * values.len() as f64).ceil() as usize;
    values[rank.clamp(1, values.len()) - 1]
}
