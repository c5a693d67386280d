//! The load tool as a command: its reports, figures and exit codes.

use super::*;
use std::sync::atomic::{AtomicU64, Ordering};

use futures_util::{SinkExt, StreamExt};
use tokio_tungstenite::tungstenite::Message;

/// A file that goes with its owner.
struct Scratch(std::path::PathBuf);

impl Scratch {
    fn new(name: &str) -> Scratch {
        Scratch(std::env::temp_dir().join(format!("tradepit-{}-{name}", std::process::id())))
    }

    fn path(&self) -> &str {
        self.0.to_str().expect("a plain path")
    }

    fn read(&self) -> String {
        std::fs::read_to_string(&self.0).expect("the file was written")
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

async fn bench(args: &[&str]) -> Ended {
    Process::start(&[&["bench"], args].concat()).ended().await
}

/// The number in `prefix <number>ms` of the report.
fn figure(report: &str, prefix: &str) -> u64 {
    let line = report.lines().find_map(|line| line.strip_prefix(prefix)?.strip_suffix("ms"));
    line.and_then(|number| number.parse().ok()).unwrap_or_else(|| panic!("no {prefix:?} in {report}"))
}

#[tokio::test]
async fn a_run_tells_how_long_orders_take_on_the_terminal_as_json_and_as_a_page() {
    let (_server, addr) = Process::serve(&["--delay", "200ms"]).await;
    let (json, html) = (Scratch::new("run.json"), Scratch::new("run.html"));
    let host = format!("http://{addr}");
    let files = ["--json", json.path(), "--html", html.path()];
    let run = ["-u", "4", "-r", "100", "-i", "12", "-t", "15s", "--host", &host];
    let ended = bench(&[&run[..], &files[..]].concat()).await;
    assert_eq!(ended.code, Some(0), "{ended:?}");

    let report = &ended.stdout;
    assert!(report.starts_with("12 orders placed in "), "{report}");
    let lines = ["No failures.", "Response time percentiles", "Type     Name", "POST     /orders/"];
    for line in [&lines[..], &["WSR      EXECUTED msg received", "         Aggregated", "--------|"]].concat() {
        assert!(report.lines().any(|found| found.starts_with(line)), "{line:?} is missing in {report}");
    }
    assert!(report.lines().last().is_some_and(|last| last.starts_with("Average order execution is - ")), "{report}");
    let average = figure(report, "Average order execution is - ");
    assert!((200..3_000).contains(&average), "{average} ms on average, of a delay of 200 ms");
    figure(report, "Standard deviation is - ");
    assert!(!report.contains("LATE"), "{report}");

    let figures: Value = serde_json::from_str(&json.read()).expect("JSON");
    assert_eq!(figures["executed"]["count"], 12, "{figures}");
    assert_eq!(figures["post"]["count"], 12);
    assert_eq!(figures["aggregated"]["count"], 24);
    assert_eq!((&figures["failures"]["total"], &figures["lost"]), (&Value::from(0), &Value::from(0)));
    assert_eq!(figures["settings"]["users"], 4);
    assert_eq!(figures["settings"]["host"], host);
    let mean = figures["executed"]["mean_ms"].as_f64().expect("a mean");
    assert!((mean - average as f64).abs() <= 0.5, "{mean} in JSON, {average} on the terminal");
    let names = ["50%", "66%", "75%", "80%", "90%", "95%", "98%", "99%", "99.9%", "99.99%", "100%"];
    let percentiles = &figures["executed"]["percentiles_ms"];
    let ascending: Vec<f64> = names.iter().filter_map(|name| percentiles[name].as_f64()).collect();
    assert!(ascending.len() == names.len() && ascending.is_sorted() && ascending[0] >= 200.0, "{percentiles}");

    self_contained(&html.read(), &figures);
}

fn self_contained(page: &str, figures: &Value) {
    assert!(page.trim_end().ends_with("</html>"), "{page}");
    let small = page.to_ascii_lowercase();
    assert!(small.starts_with("<!doctype html>"), "{page}");
    for part in [" src=", "<link", "@import", "url(", "fetch(", "<iframe", "srcset"] {
        assert!(!small.contains(part), "{part:?} in {page}");
    }
    for (at, _) in small.match_indices("href=") {
        assert!(small[at..].starts_with("href=\"#"), "{}", &page[at..][..80.min(page.len() - at)]);
    }
    let average = format!("{:.0}", figures["executed"]["mean_ms"].as_f64().expect("a mean"));
    assert!(page.contains(&average), "the average {average} is not on the page");
    assert!(page.contains("EXECUTED msg received"), "{page}");
}

#[tokio::test]
async fn a_fixed_rate_reports_lateness_in_a_row_of_its_own() {
    let (_server, addr) = Process::serve(&["--delay", "50ms..150ms", "--workers", "2"]).await;
    let host = format!("http://{addr}");
    let json = Scratch::new("rate.json");
    let ended =
        bench(&["--rate", "50", "--connections", "4", "-t", "1s", "--host", &host, "--json", json.path()]).await;
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(ended.stdout.starts_with("50 orders placed in "), "{ended:?}");
    let late = ended.stdout.lines().find(|line| line.starts_with("LATE ")).unwrap_or_else(|| panic!("{ended:?}"));
    assert!(late.trim_end().ends_with(" 50"), "{late}");
    assert!(ended.stdout.contains("\nExecuted early: 0, lost: 0\n"), "{ended:?}");
    let figures: Value = serde_json::from_str(&json.read()).expect("JSON");
    assert_eq!((&figures["late"]["count"], &figures["late"]["early"]), (&Value::from(50), &Value::from(0)));
}

#[tokio::test]
async fn an_unreachable_server_is_told_in_one_line_with_exit_code_2() {
    // Port 1 of this machine: no server of a test ever gets it.
    for args in [&["--host", "http://127.0.0.1:1"][..], &["--host", "http://127.0.0.1:1", "--rate", "5"]] {
        let ended = bench(args).await;
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""), "{ended:?}");
        assert_eq!(ended.stderr.lines().count(), 1, "{ended:?}");
        assert!(ended.stderr.starts_with("tradepit bench: cannot reach http://127.0.0.1:1 "), "{ended:?}");
    }
}

#[tokio::test]
async fn a_file_that_cannot_be_written_is_told_before_the_run() {
    let (_server, addr) = Process::serve(&["--delay", "none"]).await;
    let host = format!("http://{addr}");
    let ended = bench(&["--host", &host, "-t", "1h", "--json", "/nowhere/at/all.json"]).await;
    assert_eq!((ended.code, ended.stderr.lines().count()), (Some(2), 1), "{ended:?}");
    assert!(ended.stderr.contains("/nowhere/at/all.json"), "{ended:?}");
}

#[tokio::test]
async fn an_order_that_is_not_executed_within_the_grace_is_listed_with_exit_code_1() {
    let server = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let host = format!("http://{}", server.local_addr().expect("its address"));
    tokio::spawn(forget_orders(server));
    for extra in [&["-u", "1", "-i", "2", "-t", "5s"][..], &["--rate", "4", "--connections", "1", "-t", "500ms"]] {
        let ended = bench(&[&["--host", &host, "--grace", "300ms"], extra].concat()).await;
        assert_eq!(ended.code, Some(1), "{ended:?}");
        assert!(ended.stdout.contains("Failures: 2\n       2  order not executed in time\n"), "{ended:?}");
        let (_, listed) = ended.stdout.split_once("\nOrders never seen executed:\n").expect("a list");
        let listed: Vec<&str> = listed.lines().take_while(|line| !line.is_empty()).collect();
        let of_ours = |line: &&str| line.starts_with(FORGOTTEN) && line.ends_with("  order not executed in time");
        assert!(listed.len() == 2 && listed.iter().all(of_ours), "{ended:?}");
        assert!(ended.stdout.ends_with("Average order execution is - n/a\n"), "{ended:?}");
    }
}

/// How a listed order begins; the rest of its id is its number.
const FORGOTTEN: &str = "  1d70aeaa-658c-4799-819f-";

/// A server that takes orders and subscribers, and never executes anything.
async fn forget_orders(server: TcpListener) {
    while let Ok((stream, _)) = server.accept().await {
        tokio::spawn(async move {
            let mut head = [0; 4];
            if stream.peek(&mut head).await.is_ok_and(|_| &head == b"POST") {
                accept_orders(stream).await;
            } else if let Ok(mut socket) = tokio_tungstenite::accept_async(stream).await {
                while let Some(Ok(message)) = socket.next().await {
                    if matches!(message, Message::Close(_)) {
                        let _ = socket.flush().await;
                    }
                }
            }
        });
    }
}

async fn accept_orders(mut stream: TcpStream) {
    static ORDERS: AtomicU64 = AtomicU64::new(0);
    let mut request = [0; 4096];
    // A request of the load tool comes in one piece, and the next one after its reply.
    while stream.read(&mut request).await.is_ok_and(|read| read > 0) {
        let (order, number) = (FORGOTTEN.trim(), ORDERS.fetch_add(1, Ordering::Relaxed));
        let body = format!(r#"{{"id": "{order}{number:012}", "stoks": "EURUSD", "status": "PENDING"}}"#);
        let reply = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len());
        if stream.write_all(reply.as_bytes()).await.is_err() {
            return;
        }
    }
}

#[tokio::test]
async fn orders_outstanding_when_a_run_is_broken_off_are_listed_with_exit_code_1() {
    let (_server, addr) = Process::serve(&["--delay", "1h"]).await;
    let host = format!("http://{addr}");
    let mut subscriber = Subscriber::connect(addr, "").await;
    let mut bench = Process::start(&["bench", "--host", &host, "-u", "1", "-t", "1h", "--grace", "1s"]);
    let pending = subscriber.text().await;
    let order = pending.strip_suffix(" is PENDING").expect("an order was placed");
    bench.signal("INT");
    bench.complaint("Ctrl-C again").await;
    bench.signal("INT");
    let ended = bench.ended().await;
    assert_eq!(ended.code, Some(1), "{ended:?}");
    let listed = format!("Orders never seen executed:\n  {order}  order not executed when the run was broken off\n");
    assert!(ended.stdout.contains(&listed), "{ended:?}");
}

#[tokio::test]
async fn a_cancelled_order_is_a_failure_and_listed() {
    let (_server, addr) = Process::serve(&["--delay", "1h"]).await;
    let host = format!("http://{addr}");
    let mut subscriber = Subscriber::connect(addr, "").await;
    let bench = Process::start(&["bench", "--host", &host, "-u", "1", "-i", "1", "-t", "1m"]);
    let pending = subscriber.text().await;
    let order = pending.strip_suffix(" is PENDING").expect("an order was placed");
    assert_eq!(Request::new("DELETE", &format!("/orders/{order}")).send(addr).await.status, 204);
    let ended = bench.ended().await;
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.stdout.contains(&format!("  {order}  order cancelled\n")), "{ended:?}");
}
