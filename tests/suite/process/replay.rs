//! `tradepit replay`: a file of quotes comes to a server whole, or up to a line that is told.

use super::*;
use crate::support::folder::{DataFolder, write};

const ROWS: usize = 3_000;

/// When the row of a line stands: 2026-11-01 and so many seconds.
fn at(line: usize) -> String {
    let begin: jiff::Timestamp = "2026-11-01T00:00:00Z".parse().expect("a time");
    (begin + jiff::SignedDuration::from_secs(i64::try_from(line).expect("few lines"))).to_string()
}

/// A table, whose first row is on line 2; the given line has this in place of its row.
fn table(line: usize, faulty: &str) -> String {
    let row = |number: usize| if number == line { faulty.to_owned() } else { format!("{},1.08,1.09,7,", at(number)) };
    let rows: Vec<String> = (2..ROWS + 2).map(row).collect();
    format!("at,bid,ask,bid_size,ask_size\n{}\n", rows.join("\n"))
}

async fn replay(args: &[&str], url: &str) -> Ended {
    let common = ["replay", "--symbol", "EURUSD", "--url", url];
    Process::start(&[&common[..], args].concat()).ended().await
}

async fn count(addr: SocketAddr) -> u64 {
    get(addr, "/replay/EURUSD").await.json()["count"].as_u64().expect("a number")
}

#[tokio::test]
async fn a_table_of_many_rows_comes_whole_and_a_faulty_one_up_to_a_line_that_is_told() {
    let ((_server, addr), folder) = (Process::serve(&["--market", "none"]).await, DataFolder::new());
    let (url, file) = (format!("http://{addr}"), folder.file("quotes.csv"));
    let path = file.to_str().expect("a text");
    write(&file, table(2_900, "2026-11-01T00:48:20Z,1.08,1.080001,7,"));
    let ended = replay(&[path], &url).await;
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(1), ""), "{ended:?}");
    let told: Vec<&str> = ended.stderr.lines().collect();
    assert!(told[0].starts_with("tradepit replay: line 2900: ask: Input should be a multiple of"), "{told:?}");
    assert!(told[0].ends_with(r#"not "1.080001""#), "{told:?}");
    let (rows, line) = told[1].split_once(" rows of EURUSD were appended, up to line ").expect("both are told");
    let rows: u64 = rows.trim_start_matches("tradepit replay: ").parse().expect("a number");
    let line: u64 = line.trim_end_matches(", and none after it").parse().expect("a number");
    assert_eq!((count(addr).await, line), (rows, rows + 1), "the piece of the fault is not there");
    assert!((1_000..2_898).contains(&rows), "{rows}");
    // It is mended, and the rest is sent.
    write(&file, table(0, ""));
    let ended = replay(&[path, "--from-line", &(line + 1).to_string()], &url).await;
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let rest = ROWS as u64 - rows;
    let appended = format!("{rest} rows of EURUSD were appended: it has {ROWS}, ");
    assert!(ended.stdout.starts_with(&appended), "{ended:?}");
    let quote = get(addr, "/quotes/EURUSD").await.json();
    assert_eq!((&quote["bid"], &quote["bid_size"]), (&Value::from("1.08000"), &Value::from("7")));
    let again = replay(&[path], &url).await;
    assert!(again.stderr.starts_with("tradepit replay: line 2: at: Input should be later"), "{again:?}");
    assert!(again.stderr.contains("more faults\n") && again.stderr.ends_with("nothing was appended\n"), "{again:?}");
}

#[tokio::test]
async fn lines_of_json_come_from_stdin_too() {
    let ((_server, addr), folder) = (Process::serve(&[]).await, DataFolder::new());
    let (url, file) = (format!("http://{addr}"), folder.file("quotes.jsonl"));
    let row = |line| format!(r#"{{"at": "{}", "bid": 1.08, "ask": "1.09"}}"#, at(line)) + "\n";
    write(&file, [row(1), "\n".to_owned(), row(2)].concat());
    let args = ["replay", "-", "--symbol", "EURUSD", "--url", &url];
    let ended = Process::start_after(&format!("exec <'{}'", file.display()), &args).ended().await;
    let told = "2 rows of EURUSD were appended: it has 2, 2026-11-01T00:00:01.000000Z to 2026-11-01T00:00:02.000000Z\n";
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(0), told), "{ended:?}");
    assert_eq!(count(addr).await, 2);
}

#[tokio::test]
async fn what_cannot_be_sent_is_told_with_what_to_do() {
    let ((server, addr), folder) = (Process::serve(&[]).await, DataFolder::new());
    let (url, file) = (format!("http://{addr}"), folder.file("quotes"));
    let path = file.to_str().expect("a text");
    for (text, code, said) in [
        (None, 2, "cannot open "),
        (Some("time,bid,ask\n"), 1, "there is no column \"time\": the first line should be"),
        (Some("{\"at\": 7}\n"), 1, "line 1: at: "),
        (Some("{\"at\"\n"), 1, "line 1: "),
    ] {
        text.into_iter().for_each(|text| write(&file, text));
        let ended = replay(&[path], &url).await;
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(code), ""), "{text:?}: {ended:?}");
        assert!(ended.stderr.contains(said), "{text:?}: {ended:?}");
    }
    assert_eq!(count(addr).await, 0);
    write(&file, "");
    assert_eq!(replay(&[path], &url).await.stdout, format!("{path} has no rows, and nothing was done\n"));
    write(&file, format!("at,bid,ask\n{},1,2\n", at(1)));
    let unknown = Process::start(&["replay", path, "--symbol", "NOBODY", "--url", &url]).ended().await;
    let told = format!("tradepit replay: {url} answers 404: Instrument not found\n");
    assert_eq!((unknown.code, unknown.stderr.starts_with(&told)), (Some(1), true), "{unknown:?}");
    let bad = Process::start(&["replay", path, "--symbol", "a b", "--url", &url]).ended().await;
    assert_eq!((bad.code, bad.stderr.contains("A-Z a-z 0-9")), (Some(2), true), "{bad:?}");
    server.killed().await;
    let ended = replay(&[path], &url).await;
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.stderr.contains("cannot be reached") && ended.stderr.contains("nothing was appended"), "{ended:?}");
}
