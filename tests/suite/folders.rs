//! What befalls a data folder from outside: links, second servers, other programs, a full disk, a folder that goes
//! away.

use std::os::unix::fs::symlink;
use std::path::Path;
use std::time::Duration;

use crate::support::folder::{DataFolder, read, write};
use crate::support::process::{Ended, Process};
use crate::support::{Line, pause};

fn text(path: &Path) -> &str {
    path.to_str().expect("plain")
}

async fn refused(dir: &str) -> Ended {
    let ended = Process::start(&["serve", "--port", "0", "--data-dir", dir]).ended().await;
    assert_eq!((ended.code, ended.stdout.as_str(), ended.stderr.lines().count()), (Some(2), "", 1), "{ended:?}");
    ended
}

#[tokio::test]
async fn a_link_into_a_folder_in_use_lets_nobody_in() {
    let (folder, other) = (DataFolder::new(), DataFolder::new());
    let (_server, addr) = folder.serve(&["--delay", "1h"]).await;
    symlink(folder.database(), other.database()).expect("an empty folder");
    let linked = refused(other.path()).await;
    assert!(linked.stderr.contains("is a link to") && linked.stderr.contains(folder.path()), "{linked:?}");
    std::fs::remove_file(other.database()).expect("it is there");
    std::fs::hard_link(folder.database(), other.database()).expect("one file system");
    let linked = refused(other.path()).await;
    assert!(linked.stderr.contains("hard links") && linked.stderr.contains(other.path()), "{linked:?}");
    std::fs::remove_file(other.database()).expect("it is there");
    // Another name of the folder is the folder.
    let name = other.file("name");
    symlink(folder.path(), &name).expect("a free name");
    assert!(refused(text(&name)).await.stderr.contains("another server"));
    assert_eq!(Line::open(addr).await.place("FIRST").await["seq"], 1);
}

#[tokio::test]
async fn a_lock_that_is_removed_lets_nobody_in() {
    let folder = DataFolder::new();
    let (_server, addr) = folder.serve(&["--delay", "1h"]).await;
    std::fs::remove_file(folder.file("tradepit.lock")).expect("it is there");
    assert!(refused(folder.path()).await.stderr.contains("another server"));
    assert_eq!(Line::open(addr).await.place("FIRST").await["seq"], 1);
    folder.check().await;
}

#[tokio::test]
async fn no_name_of_a_folder_or_file_is_read_as_a_uri() {
    let root = DataFolder::new();
    let serve = |name: &str| {
        let mut shell = std::process::Command::new("sh");
        shell.current_dir(root.path()).args(["-c", "exec \"$0\" \"$@\""]).arg(crate::support::process::binary());
        shell.args(["serve", "--port", "0", "--data-dir", name]);
        shell
    };
    std::fs::create_dir(root.file("y")).expect("a free name");
    let mut server = Process::start_as(serve("file:y"), &[], &[]);
    let addr = server.address().await;
    assert_eq!(Line::open(addr).await.place("HERE").await["seq"], 1);
    let to = "file:copy?mode=memory";
    let mut backup = std::process::Command::new(crate::support::process::binary());
    backup.current_dir(root.path()).args(["backup", "--data-dir", "file:y", "--to", to]);
    assert_eq!(Process::start_as(backup, &[], &[]).ended().await.code, Some(0));
    assert!(root.file("file:y").join("tradepit.db").exists() && root.file(to).exists());
    assert!(std::fs::read_dir(root.file("y")).expect("it is there").next().is_none());
}

/// What is done to a folder while a server works in it.
type Harm = fn(&DataFolder);

#[tokio::test]
async fn a_folder_that_is_taken_away_ends_the_server_and_nothing_more_is_acknowledged() {
    let harms: [(&str, Harm); 4] = [
        ("removed", |folder| std::fs::remove_dir_all(folder.path()).expect("it is there")),
        ("its database removed", |folder| std::fs::remove_file(folder.database()).expect("it is there")),
        ("its log removed", |folder| std::fs::remove_file(folder.file("tradepit.db-wal")).expect("it is there")),
        ("its database replaced", |folder| {
            write(&folder.file("copy"), read(&folder.database()));
            std::fs::rename(folder.file("copy"), folder.database()).expect("one folder");
        }),
    ];
    for (what, harm) in harms {
        for busy in [true, false] {
            let folder = DataFolder::new();
            let (server, addr) = folder.serve(&["--delay", "1h"]).await;
            let mut line = Line::open(addr).await;
            line.place("BEFORE").await;
            harm(&folder);
            if busy {
                let body = r#"{"stoks": "AFTER", "quantity": 7}"#;
                let length = body.len();
                line.try_send(format!("POST /orders HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n{body}"))
                    .await;
                let reply = line.try_reply().await;
                assert!(reply.as_ref().is_none_or(|reply| reply.status == 503), "{what}: {reply:?}");
            }
            let ended = server.ended().await;
            assert_eq!(ended.code, Some(1), "{what}: {ended:?}");
            let complaints: Vec<_> = ended.stderr.lines().filter(|line| line.starts_with("tradepit: ")).collect();
            assert!(complaints.len() == 1 && complaints[0].contains("is gone"), "{what}: {ended:?}");
            assert!(complaints[0].contains(folder.path()), "{what}: {ended:?}");
        }
    }
}

#[tokio::test]
async fn a_folder_that_is_taken_away_is_told_by_a_server_that_is_told_to_stop() {
    let folder = DataFolder::new();
    let (server, addr) = folder.serve(&["--delay", "1h"]).await;
    Line::open(addr).await.place("BEFORE").await;
    std::fs::remove_dir_all(folder.path()).expect("it is there");
    server.signal("TERM");
    let ended = server.ended().await;
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.stderr.contains("is gone"), "{ended:?}");
}

/// Where the frames end that the header of this log is of: each repeats the header's salts (the SQLite file format,
/// section 4.2).
fn end_of_log(log: &[u8]) -> usize {
    let (header, frames) = log.split_at(32);
    32 + 4_120 * frames.chunks_exact(4_120).take_while(|frame| frame[8..16] == header[16..24]).count()
}

/// With whatever room there is: a server that says that it is ready has kept what fell due while it was down; one that
/// cannot says why.
#[tokio::test]
async fn a_full_disk_at_the_start_is_told_before_the_ready_line_by_the_stores_own_reason() {
    let folder = DataFolder::new();
    let (server, addr) = folder.serve(&["--delay", "1s"]).await;
    let orders = Line::open(addr).await.place_many("DUE", 286).await;
    server.killed().await;
    // No order is due later than that.
    pause(Duration::from_millis(1_050)).await;
    let files = ["tradepit.db", "tradepit.db-wal", "tradepit.ack"];
    let left = files.map(|name| (name, read(&folder.file(name))));
    let (mut served, mut refused) = (0, 0);
    // Of 512 bytes in Debian's shell: from too few for the database as it is to enough for all that comes, and from
    // where the log ends on.
    let end = u32::try_from(end_of_log(&left[1].1) / 512).expect("not long");
    let blocks = (1..=10).map(|step| 40 * step).chain((0..10).map(|step| end + 8 + 16 * step)).chain([40_000]);
    for blocks in blocks {
        let folder = DataFolder::new();
        left.iter().for_each(|(name, bytes)| write(&folder.file(name), bytes));
        let args = ["serve", "--port", "0", "--data-dir", folder.path()];
        let mut server = Process::start_limited(blocks, &args);
        let Some(ready) = server.line().await else {
            let ended = server.ended().await;
            assert_eq!(ended.code, Some(2), "{blocks}: {ended:?}");
            let complaint = ended.stderr.lines().last().unwrap_or_default();
            assert!(complaint.contains("the disk is full") && complaint.contains(folder.path()), "{blocks}: {ended:?}");
            refused += 1;
            continue;
        };
        assert!(ready.starts_with("tradepit listening"), "{ready}");
        server.killed().await;
        let export = folder.tool("export", &["--format", "jsonl"]).await.stdout;
        let executed = export.lines().filter(|line| line.contains("EXECUTED")).count();
        assert_eq!(executed, orders.len(), "{blocks}: it was ready before all was kept");
        served += 1;
    }
    assert!(served > 0 && refused > 1, "{served} served, {refused} refused");
}
