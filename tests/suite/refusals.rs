//! Failing well: one clear line, the right exit code, nothing half-told, and nothing made worse.

use std::collections::HashSet;
use std::path::Path;

use crate::support::folder::{DataFolder, read, write};
use crate::support::process::{Ended, Process};
use crate::support::rest::{Kept, id, path};
use crate::support::{Line, Recorder, Request};

/// It did not start: one line that says all of this, before any ready line.
#[track_caller]
fn assert_refused(ended: &Ended, parts: &[&str]) {
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""), "{ended:?}");
    assert_one_line(ended, parts);
}

#[track_caller]
fn assert_one_line(ended: &Ended, parts: &[&str]) {
    assert_eq!(ended.stderr.lines().count(), 1, "{ended:?}");
    for part in ["tradepit: "].iter().chain(parts) {
        assert!(ended.stderr.contains(part), "{part:?} is missing: {ended:?}");
    }
}

/// A folder with 100 orders, left in order or not. So few that all of them are still in the write-ahead log where the
/// server was killed, also where each was a commit of its own: at 1 000 pages, some 206 orders, SQLite empties it.
async fn used_folder(in_order: bool) -> DataFolder {
    let folder = DataFolder::new();
    let (server, addr) = folder.serve(&["--delay", "none"]).await;
    Line::open(addr).await.place_many("DAMAGE-ME", 100).await;
    if in_order {
        server.signal("TERM");
        assert_eq!(server.ended().await.code, Some(0));
    } else {
        server.killed().await;
    }
    folder
}

#[tokio::test]
async fn a_second_server_on_the_folder_is_refused_and_the_first_goes_on() {
    let folder = DataFolder::new();
    let (_first, addr) = folder.serve(&["--delay", "1h"]).await;
    for _ in 0..2 {
        assert_refused(&folder.refused().await, &["another server", folder.path(), "--data-dir"]);
    }
    let order = Line::open(addr).await.place("FIRST").await;
    assert_eq!(Request::new("GET", &path(&order)).send(addr).await.status, 200);
    folder.check().await;
}

#[tokio::test]
async fn the_folder_is_free_again_at_once_when_its_server_has_ended_in_whatever_way() {
    let folder = DataFolder::new();
    for round in 0..6 {
        let (server, _) = folder.serve(&[]).await;
        if round % 2 == 0 {
            server.killed().await;
        } else {
            server.signal("TERM");
            assert_eq!(server.ended().await.code, Some(0));
        }
    }
}

#[tokio::test]
async fn a_folder_that_cannot_be_made_or_written_is_refused() {
    let file = DataFolder::new();
    write(&file.file("taken"), "a file");
    let taken = file.file("taken");
    let below = taken.join("folder");
    for dir in ["/proc/tradepit", "/proc/self", taken.to_str().expect("plain"), below.to_str().expect("plain")] {
        let ended = Process::start(&["serve", "--port", "0", "--data-dir", dir]).ended().await;
        assert_refused(&ended, &[dir]);
    }
}

#[tokio::test]
async fn what_retains_needs_a_folder_and_a_sensible_value() {
    let cases: [(&[&str], &str); 6] = [
        (&["--retain", "30d"], "--data-dir"),
        (&["--retain-orders", "5"], "--data-dir"),
        (&["--data-dir", "/nowhere", "--retain-orders", "0"], "zero"),
        (&["--data-dir", "/nowhere", "--retain", "30"], "30d"),
        (&["--data-dir", "/nowhere", "--retain", "0s"], "too short"),
        (&["--data-dir", "/nowhere", "--retain", "1w"], "s, m, h or d"),
    ];
    for (name, value) in [("TRADEPIT_RETAIN", "30d"), ("TRADEPIT_RETAIN_ORDERS", "5")] {
        let ended = Process::start_with(&["serve", "--port", "0"], &[(name, value)]).ended().await;
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""), "{name}: {ended:?}");
        assert!(ended.stderr.contains("--data-dir"), "{name}: {ended:?}");
    }
    let help = Process::start(&["serve", "--help"]).ended().await.stdout;
    assert_eq!(help.matches("Needs --data-dir").count(), 2, "{help}");
    for (args, part) in cases {
        let ended = Process::start(&[&["serve"], args].concat()).ended().await;
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""), "{args:?}: {ended:?}");
        assert!(ended.stderr.contains(part), "{args:?}: {ended:?}");
    }
}

/// Replaces every `from` in the database by `to`, of the same length; there is one at least.
fn replace_all(folder: &DataFolder, from: &[u8], to: &[u8]) {
    assert_eq!(from.len(), to.len());
    let mut bytes = read(&folder.database());
    let places = (0..=bytes.len() - from.len()).filter(|&at| bytes[at..].starts_with(from)).collect::<Vec<_>>();
    assert!(!places.is_empty());
    places.into_iter().for_each(|at| bytes[at..at + to.len()].copy_from_slice(to));
    write(&folder.database(), bytes);
}

fn patch(file: &Path, at: usize, with: &[u8]) {
    let mut bytes = read(file);
    bytes[at..at + with.len()].copy_from_slice(with);
    write(file, bytes);
}

type Damage = (&'static str, fn(&DataFolder), &'static str);

/// What can have happened to a database, and what is said of it.
const DAMAGES: [Damage; 12] = [
    ("it is empty", |folder| write(&folder.database(), ""), "0 bytes"),
    ("it is cut within its header", |folder| cut(folder, |_| 50), "50 bytes"),
    ("half of it is missing", |folder| cut(folder, |length| length / 2), "damaged"),
    ("its last page is missing", |folder| cut(folder, |length| length - 4_096), "damaged"),
    ("it is a text", |folder| write(&folder.database(), "no database\n".repeat(1_000)), "not a Tradepit database"),
    ("it is of another program", |folder| patch(&folder.database(), 68, &[0; 4]), "not a Tradepit database"),
    ("it is of a newer Tradepit", |folder| patch(&folder.database(), 60, &[0, 0, 0, 9]), "newer Tradepit"),
    ("a page is zeros", |folder| patch(&folder.database(), 2 * 4_096, &[0; 4_096]), "damaged"),
    ("a value is another one", |folder| replace_all(folder, b"DAMAGE-ME", b"DAMAGE-MY"), "not what"),
    ("a name in its schema is another one", |folder| replace_all(folder, b"seq", b"sEq"), "damaged"),
    ("it is gone", |folder| std::fs::remove_file(folder.database()).expect("it is there"), "gone"),
    ("it is the one of yesterday", |folder| write(&folder.database(), yesterday()), "acknowledged"),
];

fn cut(folder: &DataFolder, length: impl Fn(usize) -> usize) {
    let mut bytes = read(&folder.database());
    bytes.truncate(length(bytes.len()));
    write(&folder.database(), bytes);
}

/// A database in which nothing happened yet.
fn yesterday() -> Vec<u8> {
    let fresh = DataFolder::new();
    fresh.venue(|_| {}).stop().expect("it ends in order");
    read(&fresh.database())
}

#[tokio::test]
async fn a_database_that_is_not_as_it_was_written_is_refused_and_left_as_it_is() {
    let used = used_folder(true).await;
    for (what, damage, said) in DAMAGES {
        let folder = DataFolder::new();
        for name in ["tradepit.db", "tradepit.ack"] {
            write(&folder.file(name), read(&used.file(name)));
        }
        damage(&folder);
        let database = || folder.database().exists().then(|| read(&folder.database()));
        let before = database();
        let ended = folder.refused().await;
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""), "{what}: {ended:?}");
        assert_eq!(ended.stderr.lines().count(), 1, "{what}: {ended:?}");
        assert!(ended.stderr.contains(said) && ended.stderr.contains(folder.path()), "{what}: {ended:?}");
        assert!(database() == before, "{what}: the server changed it");
        // A database of yesterday is whole; what is missing only the server knows.
        let code = folder.tool("check", &[]).await.code;
        let expected: &[i32] = if said == "acknowledged" { &[0] } else { &[1, 2] };
        assert!(code.is_some_and(|code| expected.contains(&code)), "{what}: check ended with {code:?}");
    }
}

#[tokio::test]
async fn a_write_ahead_log_that_went_missing_is_noticed() {
    let folder = used_folder(false).await;
    std::fs::remove_file(folder.file("tradepit.db-wal")).expect("a server that was killed leaves it");
    // The second time is as the first: nothing was repaired.
    for _ in 0..2 {
        assert_refused(&folder.refused().await, &["it ends at change 0, but change ", " was acknowledged"]);
    }
}

#[tokio::test]
async fn a_disk_that_is_full_from_the_beginning_is_told_before_the_ready_line() {
    for blocks in [0, 8, 40] {
        let folder = DataFolder::new();
        let args = ["serve", "--port", "0", "--data-dir", folder.path()];
        assert_refused(&Process::start_limited(blocks, &args).ended().await, &[folder.path()]);
        // Once there is room it starts from nothing.
        assert_eq!(folder.venue(|_| {}).get("/orders").await.body, "{}");
    }
}

/// Places orders with the longest names there are until the server refuses; returns those that were answered with 200.
async fn place_until_refused(client: usize, addr: std::net::SocketAddr) -> (Vec<serde_json::Value>, Vec<u16>) {
    let mut line = Line::open(addr).await;
    let (mut placed, mut refused) = (Vec::new(), Vec::new());
    for number in 0.. {
        let name = format!("{client}/{number}/{:x>240}", "");
        let body = format!(r#"{{"stoks": "FULL", "quantity": 7, "client_order_id": "{name}"}}"#);
        let head =
            format!("POST /orders HTTP/1.1\r\nHost: x\r\nIdempotency-Key: {name}\r\nContent-Length: {}", body.len());
        let request = format!("{head}\r\n\r\n{body}");
        line.try_send(&request).await;
        match line.try_reply().await {
            Some(reply) if reply.status == 200 => placed.push(reply.json()),
            Some(reply) => refused.push(reply.status),
            None => break,
        }
    }
    (placed, refused)
}

#[tokio::test]
async fn a_disk_that_fills_up_ends_the_server_with_one_line_and_nothing_told_is_lost() {
    let folder = DataFolder::new();
    let args = ["serve", "--port", "0", "--delay", "30ms", "--data-dir", folder.path()];
    // In dash these are 512 bytes each, in bash 1 024: room for the log, and for some thousand changes.
    let mut server = Process::start_limited(8_200, &args);
    let addr = server.address().await;
    let mut subscribers = [Recorder::subscribe(addr, "?format=json").await, Recorder::subscribe(addr, "").await];
    let clients = (0..8).map(|client| place_until_refused(client, addr));
    let (ended, told) = tokio::join!(server.ended(), futures_util::future::join_all(clients));
    assert_eq!((ended.code, ended.stdout.lines().count()), (Some(1), 1), "{ended:?}");
    let complaints: Vec<&str> = ended.stderr.lines().filter(|line| line.starts_with("tradepit: ")).collect();
    assert_eq!(complaints.len(), 1, "{ended:?}");
    assert!(complaints[0].contains(folder.path()) && complaints[0].contains("the disk is full"), "{ended:?}");
    assert!(!ended.stderr.contains("panicked"), "{ended:?}");
    let (placed, refused): (Vec<_>, Vec<_>) = told.into_iter().unzip();
    assert!(refused.concat().iter().all(|&status| status == 503), "{refused:?}");
    assert!(!refused.concat().is_empty(), "what was in flight is answered with 503");

    // The folder is whole, and has all that anybody was told of.
    folder.check().await;
    let venue = folder.venue(|_| {});
    let mut line = Kept::open(venue.addr).await;
    let placed = placed.concat();
    assert!(placed.len() > 20, "there was hardly any load");
    for order in &placed {
        let kept = line.ask("GET", &path(order), "").await;
        assert_eq!((kept.status, kept.json()["accepted_at"].clone()), (200, order["accepted_at"].clone()), "{order}");
    }
    let ids: HashSet<&str> = placed.iter().map(id).collect();
    let announced = subscribers[0].until_it_ends().await;
    let export = folder.tool("export", &["--format", "jsonl"]).await.stdout;
    let exported: Vec<&str> = export.lines().collect();
    for (text, kept) in announced.iter().zip(&exported) {
        // The names follow what was announced.
        assert!(kept.starts_with(text.trim_end_matches('}')), "announced, and not kept: {text} {kept}");
    }
    assert!(announced.len() <= exported.len(), "more was announced than kept");
    for id in ids {
        assert!(export.contains(id));
    }
}
