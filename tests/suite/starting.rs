//! A server that the machine has no room for, that cannot complain, or that is held up: it ends with a word and an exit
//! code, hears a signal at every moment, and never says that it is ready where it is not.

use std::io::{PipeReader, Write};
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::process::Command;

use futures_util::future::join_all;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tradepit_actors::Clock;

use crate::support::folder::DataFolder;
use crate::support::process::{Ended, Process, binary, full};
use crate::support::{Request, in_time, until};

const SERVE: [&str; 3] = ["serve", "--port", "0"];

/// It said one line, with all of these parts, and ended with exit code 2.
fn is_refused(ended: &Ended, parts: &[&str]) {
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""), "{ended:?}");
    let said: Vec<&str> = ended.stderr.lines().filter(|line| !line.contains("WARN")).collect();
    assert_eq!(said.len(), 1, "{ended:?}");
    for part in ["tradepit: cannot start", parts[0]].iter().chain(parts) {
        assert!(said[0].contains(part), "{part:?} is missing: {ended:?}");
    }
}

mod descriptors {
    use super::*;

    fn start(limit: usize, args: &[&str]) -> Process {
        Process::start_after(&format!("ulimit -n {limit}"), &[&SERVE[..], args].concat())
    }

    #[tokio::test]
    async fn too_few_for_one_worker_are_told_in_a_line() {
        for limit in (4..=16).chain([24, 32]) {
            let ended = start(limit, &["--workers", "1"]).ended().await;
            is_refused(&ended, &["1 worker:", &format!("may have {limit} file descriptors"), "ulimit -n"]);
        }
    }

    #[tokio::test]
    async fn too_few_for_so_many_workers_are_told_in_a_line() {
        let ended = start(64, &["--workers", "16"]).ended().await;
        is_refused(&ended, &["16 workers:", "may have 64 file descriptors", "ulimit -n", "--workers"]);
        let ended = start(1_024, &["--workers", "512"]).ended().await;
        is_refused(&ended, &["512 workers:", "may have 1024 file descriptors"]);
    }

    /// A few connections at once, each answered.
    async fn answers(addr: SocketAddr) {
        let replies = join_all((0..4).map(|_| Request::new("GET", "/health").send(addr))).await;
        assert!(replies.iter().all(|reply| reply.status == 200), "{replies:?}");
    }

    #[tokio::test]
    async fn a_server_that_says_it_is_ready_answers_however_few_there_are() {
        let mut ready = 0;
        for limit in (34..=110).step_by(4) {
            let folder = DataFolder::new();
            let args: &[&str] = if limit % 8 == 2 { &["--data-dir", folder.path()] } else { &[] };
            let mut server = start(limit, &[&["--workers", "2"], args].concat());
            let Some(line) = server.line().await else {
                is_refused(&server.ended().await, &["ulimit -n"]);
                assert_eq!(ready, 0, "{limit} were too few, and less were enough");
                continue;
            };
            ready += 1;
            let addr = line.trim_end().rsplit('/').next().and_then(|addr| addr.parse().ok()).expect("an address");
            answers(addr).await;
            server.signal("TERM");
            assert_eq!(server.ended().await.code, Some(0), "{limit}");
        }
        assert!((5..20).contains(&ready), "some were enough, and some were not: {ready}");
    }

    #[tokio::test]
    async fn connections_beyond_those_that_there_are_descriptors_for_are_told_so() {
        let mut server = start(120, &["--workers", "1"]);
        let warning = server.complaint("--max-connections").await;
        for part in ["--max-connections 8000 needs", "may have 120", "ulimit -n"] {
            assert!(warning.contains(part), "{warning}");
        }
        let addr = server.address().await;
        let (mut held, mut statuses) = (Vec::new(), Vec::new());
        for _ in 0..60 {
            let mut stream = TcpStream::connect(addr).await.expect("it accepts");
            stream.write_all(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n").await.expect("it takes a request");
            let mut reply = [0; 12];
            in_time("a reply", stream.read_exact(&mut reply)).await.expect("a reply");
            statuses.push(String::from_utf8_lossy(&reply[9..]).into_owned());
            held.push(stream);
        }
        let served = statuses.iter().take_while(|&status| status == "200").count();
        assert!((20..60).contains(&served), "{statuses:?}");
        assert!(statuses[served..].iter().all(|status| status == "503"), "{statuses:?}");
    }
}

mod threads {
    use super::*;

    /// Starts as a user of its own, who may have so many threads; where the tests' own user may not choose another, as
    /// that one, who has more than so many already.
    fn start(limit: u32, user: u32, args: &[&str]) -> (tempfile::TempDir, Process) {
        // Where any user may read it.
        let folder = tempfile::tempdir().expect("a folder");
        let copy = folder.path().join("tradepit");
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).expect("it is ours");
        // By another process: whatever this one starts meanwhile would hold a file open that it writes, and what
        // somebody may write cannot be run.
        let copied =
            Command::new("install").args(["-m", "755"]).args([binary().as_os_str(), copy.as_os_str()]).status();
        assert!(copied.expect("install is everywhere").success());
        let mut command = Command::new("sh");
        command.args(["-c", &format!(r#"ulimit -S -u {limit} 2>/dev/null || ulimit -S -p {limit}; exec "$0" "$@""#)]);
        command.arg(copy);
        let is_root = Command::new("id").arg("-u").output().expect("id is everywhere").stdout == b"0\n";
        if is_root {
            command.uid(user).gid(user);
        }
        (folder, Process::start_as(command, args, &[]))
    }

    #[tokio::test]
    async fn too_few_are_told_in_a_line() {
        for (limit, user) in [(1, 61_001), (2, 61_002), (3, 61_003), (5, 61_004)] {
            let (_folder, server) = start(limit, user, &[&SERVE[..], &["--workers", "2"]].concat());
            is_refused(&server.ended().await, &["2 workers:", "ulimit -u"]);
        }
    }
}

mod unwritable {
    use super::*;

    #[tokio::test]
    async fn a_stderr_that_takes_nothing_changes_no_exit_code() {
        let taken = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let taken = taken.local_addr().expect("its address").port().to_string();
        let cases: [(&[&str], i32); 10] = [
            (&["serve", "--port", &taken], 2),
            (&["serve", "--host", "nowhere.invalid"], 2),
            (&["serve", "--workers", "0"], 2),
            (&["serve", "--data-dir", "/dev/null"], 2),
            (&["trade"], 2),
            (&[], 2),
            (&["check", "--data-dir", "/nowhere"], 2),
            (&["export", "--data-dir", "/nowhere", "--format", "csv"], 2),
            (&["backup", "--data-dir", "/nowhere", "--to", "/nowhere/copy"], 2),
            (&["bench", "--host", "http://127.0.0.1:1"], 2),
        ];
        for (args, code) in cases {
            let ended = Process::start_complaining_to(full(), args).ended().await;
            assert_eq!(ended.code, Some(code), "{args:?}: {ended:?}");
            let ended = Process::start_after("exec 2>&-", args).ended().await;
            assert_eq!(ended.code, Some(code), "{args:?}, closed: {ended:?}");
        }
    }

    #[tokio::test]
    async fn nonsense_in_rust_log_is_told_and_passed_over() {
        let env = [("RUST_LOG", "tradepit=loud")];
        let (mut server, addr) = Process::serve_with(&[], &env).await;
        server.complaint("RUST_LOG is ignored").await;
        server.complaint("serving on").await;
        let taken = addr.port().to_string();
        let command = format!("export RUST_LOG={}; exec 2>/dev/full", env[0].1);
        let ended = Process::start_after(&command, &["serve", "--port", &taken]).ended().await;
        assert_eq!(ended.code, Some(2), "{ended:?}");
    }

    #[tokio::test]
    async fn a_stdout_that_takes_nothing_is_no_panic() {
        for args in [&["--help"][..], &["serve", "--help"], &["--version"]] {
            let ended = Process::start_deaf(args).ended().await;
            assert!(ended.code.is_some_and(|code| code <= 2) && !ended.stderr.contains("panic"), "{args:?}: {ended:?}");
        }
        let folder = DataFolder::new();
        drop(folder.venue(|_| {}));
        let ended = Process::start_deaf(&["check", "--data-dir", folder.path()]).ended().await;
        assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""), "what it found is its exit code");
        let ended = Process::start_deaf(&["export", "--format", "csv", "--data-dir", folder.path()]).ended().await;
        assert_eq!(ended.code, Some(2), "{ended:?}");
        assert!(ended.stderr.starts_with("tradepit: ") && ended.stderr.contains("stdout"), "{ended:?}");
    }

    #[tokio::test]
    async fn a_server_whose_log_goes_nowhere_serves_and_stops() {
        let mut server = Process::start_complaining_to(full(), &SERVE);
        let addr = server.address().await;
        assert_eq!(Request::new("GET", "/health").send(addr).await.status, 200);
        server.signal("TERM");
        assert_eq!(server.ended().await.code, Some(0));
    }
}

mod signals {
    use super::*;

    /// Whether it handles this signal, by its bit in the kernel's mask.
    fn hears(process: &Process, bit: u32) -> bool {
        let status = std::fs::read_to_string(format!("/proc/{}/status", process.id())).expect("it runs");
        let mask = status.lines().find_map(|line| line.strip_prefix("SigCgt:")).expect("Linux tells").trim();
        u64::from_str_radix(mask, 16).expect("a mask") >> bit & 1 == 1
    }

    #[tokio::test]
    async fn one_that_comes_while_it_starts_ends_it_in_order() {
        for round in 0..12 {
            let (name, bit) = [("TERM", 14), ("INT", 1)][round % 2];
            // Workers enough that starting them takes a while.
            let server = Process::start(&[&SERVE[..], &["--workers", "64"]].concat());
            while !hears(&server, bit) {
                tokio::task::yield_now().await;
            }
            for _ in 0..round * 40 {
                tokio::task::yield_now().await;
            }
            server.signal(name);
            let ended = server.ended().await;
            assert_eq!(ended.code, Some(0), "SIG{name} in round {round}: {ended:?}");
            assert!(ended.stdout.lines().count() <= 1, "{ended:?}");
        }
    }

    /// A pipe that is full and that nobody reads.
    fn full_pipe() -> (PipeReader, std::io::PipeWriter) {
        let (reader, mut writer) = std::io::pipe().expect("a pipe");
        writer.write_all(&[b'\n'; 65_536]).expect("Linux gives a pipe so much room");
        (reader, writer)
    }

    #[tokio::test]
    async fn one_counts_also_where_a_log_that_nobody_reads_holds_everything_up() {
        let (_unread, stderr) = full_pipe();
        // An address of the loopback network that no other test uses.
        let port = TcpListener::bind("127.0.58.1:0").await.expect("a port").local_addr().expect("its address");
        let args = ["serve", "--host", "127.0.58.1", "--port", &port.port().to_string()];
        let server = Process::start_complaining_to(stderr, &args);
        until("the server to be ready", async || {
            TcpStream::connect(port).await.ok()?;
            (Request::new("GET", "/ready").send(port).await.status == 200).then_some(())
        })
        .await;
        // It says that it serves, and hangs there.
        server.signal("TERM");
        let told = Clock::monotonic();
        let ended = server.ended().await;
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(1), ""), "{ended:?}");
        assert!((9.0..13.0).contains(&told.elapsed().as_secs_f64()), "it took {:?}", told.elapsed());
    }
}
