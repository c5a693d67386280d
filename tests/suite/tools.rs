//! `tradepit check`, `export` and `backup`: beside a running server, and without one.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use serde_json::{Value, json};

use crate::support::folder::{DataFolder, read, write};
use crate::support::{Line, Recorder, Request, id_of, in_time, seq_of};

/// Ordinary orders execute at once, long ones stay open.
const FLAGS: [&str; 4] = ["--delay", "none", "--long-delay", "1h"];

#[tokio::test]
async fn an_export_is_what_was_announced_byte_for_byte() {
    let folder = DataFolder::new();
    let (server, addr) = folder.serve(&[&FLAGS[..], &["--history", "10"]].concat()).await;
    let mut live = Recorder::subscribe(addr, "?format=json").await;
    let mut line = Line::open(addr).await;
    line.place_many("EXPORT", 1_500).await;
    let open = line.place_long("EXPORT").await;
    let cancelled = id_of(&line.place_long("a.B_c/9-").await);
    assert_eq!(line.cancel(&cancelled).await, 204);
    let mut announced = String::new();
    for _ in 0..3_003 {
        announced.push_str(&live.text().await);
        announced.push('\n');
    }
    let export = async |args: &[&str]| {
        let ended = folder.tool("export", args).await;
        assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""), "{ended:?}");
        ended.stdout
    };
    assert!(export(&["--format", "jsonl"]).await == announced, "beside the server");
    server.signal("TERM");
    assert_eq!(server.ended().await.code, Some(0));
    let exported = export(&["--format", "jsonl"]).await;
    assert!(exported == announced, "without the server");
    for since in [0, 1, 1_024, 3_002, 3_003, 9_999] {
        let lines: Vec<&str> = announced.lines().skip(since).collect();
        let exported = export(&["--format", "jsonl", "--since", &since.to_string()]).await;
        assert_eq!(exported.lines().collect::<Vec<_>>(), lines, "since {since}");
    }
    let table = export(&["--format", "csv", "--since", "3000"]).await;
    let rows: Vec<Vec<&str>> = table.lines().map(|row| row.split(',').collect()).collect();
    let names = ["seq", "at", "id", "stoks", "quantity", "status", "due_at", "client_order_id", "idempotency_key"];
    assert_eq!(rows[0], names);
    assert_eq!(rows.len(), 4);
    for (row, told) in rows[1..].iter().zip(announced.lines().skip(3_000)) {
        let told: Value = serde_json::from_str(told).expect("JSON");
        for (name, cell) in names.iter().zip(row) {
            let expected = match &told[name] {
                Value::Null => String::new(),
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            assert_eq!(*cell, expected, "{name} of {told}");
        }
    }
    assert_eq!(rows[1][2], id_of(&open));
}

#[tokio::test]
async fn a_table_has_texts_only_and_lines_have_the_names_as_they_are() {
    let folder = DataFolder::new();
    let venue = folder.venue(|_| {});
    // What was given, and the cell: no spreadsheet runs it, or splits it at another separator.
    let cases = [
        ("plain-1.2_3/4:5", "plain-1.2_3/4:5"),
        (r#"a,"b""#, r#""a,""b""""#),
        ("a;=1+1", r#""a;=1+1""#),
        ("=1+1", r#""'=1+1""#),
        ("+1", r#""'+1""#),
        ("-1", r#""'-1""#),
        ("@SUM(1)", r#""'@SUM(1)""#),
        (r#"=HYPERLINK("http://x","y")"#, r#""'=HYPERLINK(""http://x"",""y"")""#),
        ("'=1", r#""'=1""#),
        (r"\\", r#""\\""#),
    ];
    for (name, _) in cases {
        let body = json!({"stoks": "A", "quantity": 1, "client_order_id": name});
        let placed = Request::new("POST", "/orders").header("Idempotency-Key", &format!("k{name}"));
        let placed = placed.body(body.to_string()).send(venue.addr).await;
        assert_eq!(placed.status, 200, "{placed:?}");
    }
    let table = folder.tool("export", &["--format", "csv"]).await.stdout;
    let lines = folder.tool("export", &["--format", "jsonl"]).await.stdout;
    let accepted = |line: &&str| line.contains("PENDING");
    for ((name, cell), row) in cases.iter().zip(table.lines().filter(accepted)) {
        assert!(row.contains(&format!(",{cell},")), "{name}: {row}");
    }
    for ((name, _), line) in cases.iter().zip(lines.lines().filter(accepted)) {
        let change: Value = serde_json::from_str(line).expect("JSON");
        assert_eq!(
            (&change["client_order_id"], &change["idempotency_key"]),
            (&(*name).into(), &format!("k{name}").into())
        );
        let end = format!(",\"client_order_id\":{},\"idempotency_key\":{}}}", json!(name), json!(format!("k{name}")));
        assert!(line.contains(",\"due_at\":") && line.ends_with(&end), "both names, once, at the end: {line}");
    }
}

#[tokio::test]
async fn a_symbol_is_no_formula_either() {
    let folder = DataFolder::new();
    let venue = folder.venue(|_| {});
    venue.place("-A/B", 1).await;
    let table = folder.tool("export", &["--format", "csv"]).await.stdout;
    assert!(table.lines().nth(1).is_some_and(|row| row.contains(r#","'-A/B",1,PENDING"#)), "{table}");
}

/// Whoever waits for long work is told how far it is: here it waits itself, for a reader.
#[tokio::test]
async fn long_work_writes_a_line_now_and_then_where_stderr_is_no_terminal() {
    let folder = DataFolder::new();
    let (_server, addr) = folder.serve(&FLAGS).await;
    Line::open(addr).await.place_many("LONG", 1_000).await;
    let mut export = std::process::Command::new(crate::support::process::binary());
    export.args(["export", "--format", "jsonl", "--data-dir", folder.path()]);
    let mut export = export.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the binary starts");
    let (stdout, stderr) = (export.stdout.take().expect("piped"), export.stderr.take().expect("piped"));
    let read = move || {
        // The pipe is full long before all is told: until a line comes nobody reads.
        let mut line = String::new();
        BufReader::new(stderr).read_line(&mut line).expect("a line");
        (line, BufReader::new(stdout).lines().count())
    };
    let (line, exported) = in_time("a line", tokio::task::spawn_blocking(read)).await.expect("it does not panic");
    assert!(line.contains("exporting: ") && line.contains("left") || line.contains("so far"), "{line}");
    assert_eq!(exported, 2_000);
    assert!(export.wait().expect("it is our child").success());
}

#[tokio::test]
async fn a_check_prints_what_it_counted() {
    let folder = DataFolder::new();
    let (server, addr) = folder.serve(&FLAGS).await;
    let nothing = folder.check().await;
    assert!(nothing.contains("changes: 0") && nothing.contains("orders:  0 (0 open)"), "{nothing}");
    let mut line = Line::open(addr).await;
    line.place_many("CHECK", 40).await;
    line.place_long("CHECK").await;
    // A listing, 41 acceptances, and 40 times an arrival and a trade.
    for _ in 0..2 {
        let counted = folder.check().await;
        assert!(counted.contains("changes: 122 (without a gap from 1 to 122)"), "{counted}");
        assert!(counted.contains("orders:  41 (1 open)") && counted.ends_with("no fault\n"), "{counted}");
    }
    server.killed().await;
    assert!(folder.check().await.contains("changes: 122 "), "after a kill");
}

#[tokio::test]
async fn a_check_that_finds_damage_tells_which_and_ends_with_1() {
    let folder = DataFolder::new();
    let venue = folder.venue(|_| {});
    venue.place_long("SPOILED", 1).await;
    venue.stop().expect("it ends in order");
    let text = read(&folder.database());
    let at = text.windows(7).position(|bytes| bytes == b"SPOILED").expect("it is in the file");
    let mut spoiled = text.clone();
    spoiled[at] = b'Z';
    write(&folder.database(), spoiled);
    let ended = folder.tool("check", &[]).await;
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.stdout.contains("fault: ") && ended.stdout.ends_with("DAMAGED\n"), "{ended:?}");
    let export = folder.tool("export", &["--format", "jsonl"]).await;
    assert_ne!(export.code, Some(0), "what is damaged is not exported as if it were not: {export:?}");
}

#[tokio::test]
async fn a_backup_of_a_busy_server_is_whole_and_a_server_goes_on_from_it() {
    let (folder, copy) = (DataFolder::new(), DataFolder::new());
    let (_server, addr) = folder.serve(&["--delay", "20ms"]).await;
    let mut line = Line::open(addr).await;
    let before = line.place_many("BEFORE", 300).await;
    let to = copy.database();
    let to = to.to_str().expect("a plain path");
    let args = ["--to", to];
    let (backup, _) = tokio::join!(folder.tool("backup", &args), line.place_many("MEANWHILE", 300));
    assert_eq!((backup.code, backup.stderr.as_str()), (Some(0), ""), "{backup:?}");
    assert!(backup.stdout.contains(to), "{backup:?}");
    copy.check().await;
    let (_copied, copied_addr) = copy.serve(&[]).await;
    let mut replay = Recorder::subscribe(copied_addr, "?format=json&since=0").await;
    let mut original = Recorder::subscribe(addr, "?format=json&since=0").await;
    for order in &before {
        let shown = Request::new("GET", &format!("/orders/{}", id_of(order))).send(copied_addr).await;
        assert_eq!(shown.json()["seq"].as_u64() >= order["seq"].as_u64(), shown.status == 200, "{shown:?}");
    }
    for seq in 1..=300 {
        let text = replay.text().await;
        assert_eq!((seq_of(&text), &text), (seq, &original.text().await));
    }
}

#[tokio::test]
async fn a_backup_overwrites_nothing_and_leaves_nothing_half_done() {
    let folder = DataFolder::new();
    let _venue = folder.venue(|_| {});
    let to = folder.file("precious");
    write(&to, "mine");
    let ended = folder.tool("backup", &["--to", to.to_str().expect("plain")]).await;
    assert_eq!((ended.code, ended.stderr.lines().count()), (Some(2), 1), "{ended:?}");
    assert!(ended.stderr.contains("exists already") && ended.stderr.contains("another name"), "{ended:?}");
    assert_eq!(read(&to), b"mine");
    let ended = folder.tool("backup", &["--to", "/proc/nowhere/copy.db"]).await;
    assert_eq!((ended.code, ended.stderr.lines().count()), (Some(2), 1), "{ended:?}");
}

#[tokio::test]
async fn tools_refuse_a_folder_without_a_database_and_make_none() {
    let folder = DataFolder::new();
    let to = folder.file("copy.db");
    let tools: [(&str, &[&str]); 3] =
        [("check", &[]), ("export", &["--format", "jsonl"]), ("backup", &["--to", to.to_str().expect("plain")])];
    for (tool, args) in tools {
        let ended = folder.tool(tool, args).await;
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""), "{tool}: {ended:?}");
        assert_eq!(ended.stderr.lines().count(), 1, "{tool}: {ended:?}");
        assert!(ended.stderr.contains(folder.path()), "{tool}: {ended:?}");
    }
    assert!(folder.is_empty());
}
