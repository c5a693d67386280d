//! What the simulated market costs: while orders rest in it, while it is followed, and where it is asked for bars.

use std::time::{Duration, Instant};

use tokio::io::AsyncReadExt;

use super::posts::{Asks, Poster};
use super::process::{Bench, Server, percentile};
use super::subscriber::subscribe_to;

const INSTRUMENTS: usize = 1_000;
/// That many on each side of the market.
const ORDERS: u32 = 5;
/// What is told in one request, at most.
const TOGETHER: usize = 250;
/// So long the server is looked at.
const LOOK: Duration = Duration::from_secs(10);
/// Requests for bars of each length.
const PAGES: usize = 30;

/// 1 000 instruments with 10 resting orders each, without anybody who follows them, and with somebody.
pub fn awake(bench: &mut Bench) {
    let server = Server::start(&["--delay", "none"]);
    server.rest();
    let idle = share(&server);
    bench.result("nothing rests: processor time", &percent(idle), "<= 0.5 %", idle <= 0.005);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(rest_in_all(&server));
    let open = runtime.block_on(server.get("/metrics"));
    let open = open.lines().find(|line| line.starts_with("tradepit_orders_open ")).unwrap_or_default().to_owned();
    bench.note("orders that rest", open.rsplit(' ').next().unwrap_or_default());
    std::thread::sleep(Duration::from_secs(2));
    let resting = share(&server);
    let what = "1 000 instruments with 10 resting orders each: processor time";
    bench.result(what, &percent(resting), "<= 10 %", resting <= 0.1);
    for (what, query) in [
        ("with bars of a second followed in all", "channels=bars&timeframe=1s"),
        ("with trades followed in all", "channels=trades"),
        ("with quotes followed in all", "channels=quotes"),
    ] {
        let followed = runtime.block_on(async {
            let query = format!("?format=json&{query}&symbols={}", symbols().join(","));
            let mut stream = subscribe_to(server.addr, &query).await;
            let reading = tokio::spawn(async move {
                let mut read = vec![0; 64 * 1024];
                while stream.read(&mut read).await.is_ok_and(|read| read > 0) {}
            });
            tokio::time::sleep(Duration::from_secs(2)).await;
            let before = server.cpu();
            tokio::time::sleep(LOOK).await;
            let used = server.cpu() - before;
            reading.abort();
            used.as_secs_f64() / LOOK.as_secs_f64()
        });
        bench.note(what, &percent(followed));
        server.rest();
    }
}

fn symbols() -> Vec<String> {
    (0..INSTRUMENTS).map(|number| format!("S{number}")).collect()
}

fn percent(share: f64) -> String {
    format!("{:.2} %", 100.0 * share)
}

/// How much of a processor the server takes.
fn share(server: &Server) -> f64 {
    let before = server.cpu();
    std::thread::sleep(LOOK);
    (server.cpu() - before).as_secs_f64() / LOOK.as_secs_f64()
}

/// Lists the instruments, and lets orders rest in them: from 0.5 % away from where each begins.
async fn rest_in_all(server: &Server) {
    let of_native = |symbol: &String| format!(r#"{{"place": {{"stoks": "{symbol}", "quantity": 1}}}}"#);
    place(server, symbols().iter().map(of_native).collect()).await;
    let mut orders = Vec::new();
    for symbol in symbols() {
        let quote = server.get(&format!("/quotes/{symbol}")).await;
        let quote: serde_json::Value = serde_json::from_str(&quote).expect("a quote");
        let bid: f64 = quote["bid"].as_str().and_then(|bid| bid.parse().ok()).expect("the house bids");
        for number in 1..=ORDERS {
            for (side, away) in [("buy", -0.005), ("sell", 0.005)] {
                let price = bid * (1.0 + away * f64::from(number));
                let terms = format!(r#""type": "limit", "side": "{side}", "qty": 1, "limit_price": "{price:.2}""#);
                orders.push(format!(r#"{{"place": {{"stoks": "{symbol}", {terms}}}}}"#));
            }
        }
    }
    place(server, orders).await;
}

async fn place(server: &Server, deeds: Vec<String>) {
    for deeds in deeds.chunks(TOGETHER) {
        let body = format!("[{}]", deeds.join(","));
        Poster::asking(server.addr, Asks { path: "/batch", body: &body, end: b"]" }).await.post().await;
    }
}

/// `GET /bars` of 1 000 bars of each length.
pub fn bars(bench: &mut Bench) {
    const SYMBOLS: [&str; 5] = ["EURUSD", "USDJPY", "AAPL", "MSFT", "BTC/USD"];
    let server = Server::start(&[]);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    for timeframe in ["1s", "1m", "5m", "15m", "1h", "1d"] {
        let (mut took_ms, before) = (Vec::new(), server.cpu());
        for symbol in SYMBOLS.iter().cycle().take(PAGES) {
            let asked = Instant::now();
            let page = runtime.block_on(server.get(&format!("/bars/{symbol}?timeframe={timeframe}&limit=1000")));
            took_ms.push(asked.elapsed().as_secs_f64() * 1e3);
            let bars: Vec<serde_json::Value> = serde_json::from_str(&page).expect("bars");
            // Of a second there may be none: those are left out.
            assert_eq!(bars.len(), 1_000, "{timeframe} of {symbol}");
        }
        let (p50, max) = (percentile(&mut took_ms, 0.5), percentile(&mut took_ms, 1.0));
        let what = format!("GET /bars, 1 000 of {timeframe}: p50, the longest of {PAGES}");
        bench.result(&what, &format!("{p50:.1}, {max:.1} ms"), "<= 50 ms", max <= 50.0);
        let each = (server.cpu() - before) / PAGES as u32;
        bench.note("server CPU of one", &format!("{:.1} ms", each.as_secs_f64() * 1e3));
    }
}
