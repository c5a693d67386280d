//! Backups and copies: a copy is a venue of its own, and what does not belong together is refused in words.

use std::net::SocketAddr;
use std::path::Path;

use serde_json::{Value, json};

use crate::support::folder::{DataFolder, read, write};
use crate::support::process::Process;
use crate::support::raw_ws::{ask, handshake};
use crate::support::rest::{assert_detail, path};
use crate::support::{Line, Recorder, Reply, Request, figures, id_of, seq_of};

/// Orders execute at once, long ones stay open.
const FLAGS: [&str; 4] = ["--delay", "none", "--long-delay", "1h"];

fn text(path: &Path) -> &str {
    path.to_str().expect("plain")
}

/// A server that was killed, and a backup of before its last 40 orders.
async fn killed_after_a_backup(backup: &Path) -> (DataFolder, Vec<Value>) {
    let folder = DataFolder::new();
    let (server, addr) = folder.serve(&FLAGS).await;
    let mut line = Line::open(addr).await;
    let mut kept = Vec::new();
    for order in line.place_many("KEPT", 3).await {
        // It is executed by the time that it is shown.
        kept.push(line.get(&path(&order)).await);
    }
    let copied = folder.tool("backup", &["--to", text(backup)]).await;
    assert_eq!(copied.code, Some(0), "{copied:?}");
    assert!(copied.stdout.contains("tradepit restore --from"), "{copied:?}");
    line.place_many("LATER", 40).await;
    server.killed().await;
    (folder, kept)
}

/// What it is refused with: one line, before any ready line.
async fn refusal(folder: &DataFolder) -> String {
    let ended = folder.refused().await;
    assert_eq!((ended.code, ended.stdout.as_str(), ended.stderr.lines().count()), (Some(2), "", 1), "{ended:?}");
    ended.stderr
}

#[tokio::test]
async fn a_backup_that_is_put_beside_a_log_is_refused_until_all_that_is_named_is_removed() {
    let copies = DataFolder::new();
    let (folder, kept) = killed_after_a_backup(&copies.file("monday.db")).await;
    write(&folder.database(), read(&copies.file("monday.db")));
    for removed in ["", "tradepit.ack"] {
        if !removed.is_empty() {
            std::fs::remove_file(folder.file(removed)).expect("it is there");
        }
        let refusal = refusal(&folder).await;
        assert!(refusal.contains("do not belong together") && refusal.contains("tradepit restore"), "{refusal}");
        for name in ["tradepit.db-wal", "tradepit.db-shm", "tradepit.ack"].iter().filter(|name| **name != removed) {
            assert!(refusal.contains(text(&folder.file(name))), "{name}: {refusal}");
        }
        let checked = folder.tool("check", &[]).await;
        assert_eq!(checked.code, Some(1), "{checked:?}");
        assert!(checked.stderr.contains("do not belong together"), "{checked:?}");
    }
    for name in ["tradepit.db-wal", "tradepit.db-shm"] {
        std::fs::remove_file(folder.file(name)).expect("it is there");
    }
    let venue = folder.venue(|_| {});
    assert_eq!(venue.get(&path(&kept[2])).await.json()["status"], "EXECUTED");
    assert_eq!(venue.place("GOES-ON", 1).await["seq"], 7);
}

#[tokio::test]
async fn restore_makes_a_folder_of_a_backup_and_sets_aside_what_was_there() {
    let copies = DataFolder::new();
    let backup = copies.file("monday.db");
    let (folder, kept) = killed_after_a_backup(&backup).await;
    let refused = folder.tool("restore", &["--from", text(&backup)]).await;
    assert_eq!((refused.code, refused.stderr.lines().count()), (Some(2), 1), "{refused:?}");
    assert!(refused.stderr.contains("--force") && refused.stderr.contains(folder.path()), "{refused:?}");
    let restored = folder.tool("restore", &["--from", text(&backup), "--force"]).await;
    assert_eq!((restored.code, restored.stderr.as_str()), (Some(0), ""), "{restored:?}");
    assert!(restored.stdout.contains("restored 3 orders (0 open) as of change 10"), "{restored:?}");
    assert!(restored.stdout.contains(text(&folder.file("replaced-1"))), "{restored:?}");
    folder.check().await;
    let (_server, addr) = folder.serve(&FLAGS).await;
    let shown = Request::new("GET", &path(&kept[0])).send(addr).await;
    assert_eq!(shown.json()["status"], "EXECUTED");
    // A folder that is in use is left alone.
    let refused = folder.tool("restore", &["--from", text(&backup), "--force"]).await;
    assert_eq!(refused.code, Some(2), "{refused:?}");
    assert!(refused.stderr.contains("another server"), "{refused:?}");
    assert_eq!(Line::open(addr).await.place("GOES-ON").await["seq"], 7);

    // What was set aside is all there.
    let aside = folder.file("replaced-1");
    let checked = Process::start(&["check", "--data-dir", text(&aside)]).ended().await;
    assert!(checked.stdout.contains("changes: 131 "), "{checked:?}");
    let (_other, other) = Process::serve(&[&["--data-dir", text(&aside)], &FLAGS[..]].concat()).await;
    assert_eq!(Line::open(other).await.place("OLD").await["seq"], 87);
}

#[tokio::test]
async fn restore_refuses_what_is_no_backup_and_makes_nothing() {
    let folder = DataFolder::new();
    let copies = DataFolder::new();
    write(&copies.file("text"), "no database");
    for (from, said) in [("text", "not a Tradepit database"), ("nothing", "No such file")] {
        let ended = folder.tool("restore", &["--from", text(&copies.file(from))]).await;
        assert_eq!((ended.code, ended.stderr.lines().count()), (Some(2), 1), "{ended:?}");
        assert!(ended.stderr.contains(said) && ended.stderr.contains(from), "{ended:?}");
    }
    assert!(folder.is_empty());
}

/// Two servers go on from the same state: nothing that one gave is given by the other.
#[tokio::test]
async fn a_copy_gives_ids_of_its_own() {
    let (folder, restored, copied) = (DataFolder::new(), DataFolder::new(), DataFolder::new());
    let (server, addr) = folder.serve(&FLAGS).await;
    let mut line = Line::open(addr).await;
    let first = line.place("ONE").await;
    let backup = restored.file("copy.db");
    assert_eq!(folder.tool("backup", &["--to", text(&backup)]).await.code, Some(0));
    // Stopped, so that its files are a database at rest.
    server.signal("TERM");
    assert_eq!(server.ended().await.code, Some(0));
    write(&copied.database(), read(&folder.database()));
    std::fs::rename(&backup, restored.database()).expect("the same folder");

    let mut noted = Vec::new();
    for folder in [&folder, &restored, &copied] {
        let venue = folder.venue(|_| {});
        let second = venue.place_long("TWO", 1).await;
        assert_eq!(second["seq"], 3);
        assert_eq!(venue.get(&path(&first)).await.status, 200, "what was there before is there");
        for other in &noted {
            assert_detail(&venue.get(&format!("/orders/{other}")).await, 404, "Order not found");
        }
        noted.push(id_of(&second));
        venue.stop().expect("it ends in order");
        // From here on it is what it is, and no copy.
        let venue = folder.venue(|_| {});
        assert_eq!(venue.get(&format!("/orders/{}", id_of(&second))).await.status, 200);
    }
    noted.sort();
    noted.dedup();
    assert_eq!(noted.len(), 3);
}

#[tokio::test]
async fn a_copy_with_a_seed_gives_the_ids_of_the_seed() {
    let (folder, copy) = (DataFolder::new(), DataFolder::new());
    let venue = folder.venue(|config| config.venue.seed = Some(7));
    venue.place_long("ONE", 1).await;
    let backup = copy.database();
    assert_eq!(folder.tool("backup", &["--to", text(&backup)]).await.code, Some(0));
    let expected = id_of(&venue.place_long("TWO", 1).await);
    let venue = copy.venue(|config| config.venue.seed = Some(7));
    assert_eq!(id_of(&venue.place_long("TWO", 1).await), expected);
}

/// The reply to a handshake.
async fn subscribe(addr: SocketAddr, query: &str) -> Reply {
    ask(addr, &handshake(&format!("?format=json&{query}"))).await
}

/// The number alone cannot tell once both have come as far: the venue's id can.
#[tokio::test]
async fn a_cursor_of_the_original_is_refused_by_its_copy() {
    let (folder, copy) = (DataFolder::new(), DataFolder::new());
    let original = folder.venue(|_| {});
    original.place_long("BOTH", 1).await;
    assert_eq!(folder.tool("backup", &["--to", text(&copy.database())]).await.code, Some(0));
    original.place_long("ORIGINAL", 1).await;
    let copied = copy.venue(|_| {});
    let id = |reply: &Reply| reply.header("tradepit-venue").map(str::to_owned);
    let (of_original, of_copy) =
        (id(&subscribe(original.addr, "since=2").await), id(&subscribe(copied.addr, "since=1").await));
    assert!(of_original.is_some() && of_copy.is_some() && of_original != of_copy);

    // Above what it has come to.
    let refused = subscribe(copied.addr, "since=2").await;
    assert_eq!((refused.status, &refused.json()["detail"][0]["loc"]), (422, &json!(["query", "since"])));
    copied.place_long("COPY", 1).await;
    copied.place_long("COPY", 1).await;
    let of_original = of_original.expect("checked");
    let refused = subscribe(copied.addr, &format!("since=2&venue={of_original}")).await;
    assert_eq!((refused.status, &refused.json()["detail"][0]["loc"]), (422, &json!(["query", "venue"])));
    let of_copy = of_copy.expect("checked");
    let mut own = Recorder::subscribe(copied.addr, &format!("?format=json&since=2&venue={of_copy}")).await;
    assert_eq!(seq_of(&own.text().await), 3);
    let mut original_again =
        Recorder::subscribe(original.addr, &format!("?format=json&since=1&venue={of_original}")).await;
    assert_eq!(seq_of(&original_again.text().await), 2);
    assert_eq!(figures::figure(copied.addr, &format!(r#"tradepit_venue_id{{id="{of_copy}"}}"#)).await, 1);
}

#[tokio::test]
async fn a_venue_in_memory_is_another_one_after_each_start() {
    let mut ids = Vec::new();
    for _ in 0..2 {
        let venue = crate::support::own_venue(|config| config.venue.seed = Some(7));
        let reply = subscribe(venue.addr, "since=0").await;
        ids.push(reply.header("tradepit-venue").expect("it is named").to_owned());
    }
    assert!(ids[0] != ids[1] && ids[0].len() == 16, "{ids:?}");
}
