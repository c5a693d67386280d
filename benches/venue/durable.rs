//! What it costs to keep everything: the same server with `--data-dir`, against itself without.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use tokio::runtime::{Builder, Runtime};

use super::full_rate;
use super::posts::{Poster, place_many};
use super::process::{Bench, Server, median, percentile, pinned, this};

const PAIRS: usize = 5;
/// How long orders are placed as fast as the server answers.
const FULL_RATE_FOR: Duration = Duration::from_secs(4);

/// The argument that makes this program measure a sync.
pub const SYNC_ROLE: &str = "measure-sync";

/// A data folder on the disk that the build is on; removed when dropped.
pub struct DataDir(PathBuf);

impl DataDir {
    pub fn new() -> DataDir {
        let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("bench-data-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&dir);
        std::fs::create_dir_all(&dir).expect("the build's folder can be written");
        DataDir(dir)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    pub fn text(&self) -> &str {
        self.0.to_str().expect("the build's folder is text")
    }
}

impl Drop for DataDir {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// CPU of an order from its POST to its execution at full rate, durable against in memory.
pub fn cpu(bench: &mut Bench) {
    for connections in [64, 256] {
        let mut ratios = Vec::new();
        for _ in 0..PAIRS {
            let data = DataDir::new();
            let (memory, durable) = (Server::start(&[]), Server::start(&["--data-dir", data.text()]));
            let (memory, durable) = (cpu_of_an_order(&memory, connections), cpu_of_an_order(&durable, connections));
            let each = format!("{:.1} and {:.1} us", 1e6 * memory, 1e6 * durable);
            bench.note(&format!("CPU of an order in memory, and durable, {connections} in flight"), &each);
            ratios.push(durable / memory);
        }
        let ratio = median(ratios);
        let what = format!("CPU of a durable order, of one in memory, {connections} in flight");
        bench.result(&what, &format!("{ratio:.2}"), "<= 1.60", ratio <= 1.6);
    }
}

/// How many orders a second are accepted with many posts in flight.
pub fn rate(bench: &mut Bench) {
    let mut ratios = Vec::new();
    for _ in 0..PAIRS {
        let data = DataDir::new();
        let (memory, durable) = (Server::start(&[]), Server::start(&["--data-dir", data.text()]));
        for server in [&memory, &durable] {
            rate_of(server, 256, 2_000);
        }
        let (one, many) = (rate_of(&durable, 1, 2_000), rate_of(&durable, 256, 40_000));
        let in_memory = rate_of(&memory, 256, 40_000);
        let wanted = (15.0 * one).min(0.5 * in_memory);
        let rates = format!("{one:.0}, {many:.0}; {in_memory:.0}");
        bench.note("durable posts/s with 1 and 256 in flight; in memory with 256", &rates);
        ratios.push(many / wanted);
    }
    let ratio = median(ratios);
    let what = "256 durable posts in flight, of min(15 x one's, 0.5 x in memory)";
    bench.result(what, &format!("{ratio:.2}"), ">= 1.00", ratio >= 1.0);
}

/// What a POST to an idle server takes.
pub fn idle(bench: &mut Bench) {
    let mut over = Vec::new();
    for _ in 0..PAIRS {
        let data = DataDir::new();
        let (memory, durable) = (Server::start(&[]), Server::start(&["--data-dir", data.text()]));
        let runtime = runtime();
        let (memory, durable) = (runtime.block_on(p50_us(&memory)), runtime.block_on(p50_us(&durable)));
        let sync = sync_p50_us(data.path());
        bench.note("p50 in memory, durable, of one fdatasync", &format!("{memory:.0}, {durable:.0}, {sync:.0} us"));
        over.push((durable - memory) / sync);
    }
    let over = median(over);
    let what = "an idle durable POST's p50 beyond one in memory, in fdatasyncs";
    bench.result(what, &format!("{over:.2}"), "<= 2.00", over <= 2.0);
}

async fn p50_us(server: &Server) -> f64 {
    let mut poster = Poster::connect(server.addr).await;
    let mut took_us = Vec::new();
    for _ in 0..1_000 {
        let asked = Instant::now();
        poster.post().await;
        took_us.push(asked.elapsed().as_secs_f64() * 1e6);
    }
    percentile(&mut took_us, 0.5)
}

/// The p50 of one fdatasync, on the server's processor: where a sync is asked for matters, too.
fn sync_p50_us(dir: &Path) -> f64 {
    let output = pinned("0", &this()).arg(SYNC_ROLE).arg(dir.join("sync")).output().expect("taskset starts this bench");
    let text = String::from_utf8_lossy(&output.stdout);
    text.trim().parse().unwrap_or_else(|_| panic!("no time in {output:?}"))
}

/// Measures one fdatasync after some 16 KiB, as a commit of one order has them; prints the p50.
pub fn print_sync(path: &str) {
    let file = File::create(path).expect("the folder can be written");
    let page = [7; 16_384];
    for place in 0..64 {
        file.write_all_at(&page, place * page.len() as u64).expect("the folder can be written");
    }
    file.sync_all().expect("the disk works");
    let mut took_us: Vec<f64> = (0..500)
        .map(|number| {
            file.write_all_at(&page, number % 64 * page.len() as u64).expect("the folder can be written");
            let asked = Instant::now();
            file.sync_data().expect("the disk works");
            asked.elapsed().as_secs_f64() * 1e6
        })
        .collect();
    println!("{}", percentile(&mut took_us, 0.5));
}

fn cpu_of_an_order(server: &Server, connections: usize) -> f64 {
    let runtime = runtime();
    // The first requests of a process also pay for its first memory.
    runtime.block_on(place_many(server.addr, connections, 2_000));
    runtime.block_on(full_rate::cpu_of_an_order(server, connections, FULL_RATE_FOR))
}

fn rate_of(server: &Server, connections: usize, count: usize) -> f64 {
    let started = Instant::now();
    runtime().block_on(place_many(server.addr, connections, count));
    count as f64 / started.elapsed().as_secs_f64()
}

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().expect("a runtime")
}
