//! Orders as fast as a server answers, for some time, and everything that becomes of them.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use super::posts::{Asks, NATIVE, Poster};
use super::process::Server;

/// Between two looks at whether anything is left to do.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Places orders over so many connections, as fast as the server answers, for some time; returns how many.
pub async fn place_for(addr: SocketAddr, connections: usize, time: Duration) -> usize {
    ask_for(addr, NATIVE, connections, time).await
}

/// Asks for something, in the same way; returns how often.
pub async fn ask_for(addr: SocketAddr, asks: Asks<'_>, connections: usize, time: Duration) -> usize {
    let until = Instant::now() + time;
    let posting = (0..connections).map(|_| async move {
        let (mut poster, mut placed) = (Poster::asking(addr, asks).await, 0);
        while Instant::now() < until {
            poster.post().await;
            placed += 1;
        }
        placed
    });
    futures_util::future::join_all(posting).await.into_iter().sum()
}

/// CPU of one order from its POST to its execution, in seconds, at full rate over so many connections: all that the
/// server does in that time and until it has nothing left to do, divided by the orders.
pub async fn cpu_of_an_order(server: &Server, connections: usize, time: Duration) -> f64 {
    cpu_of_a_request(server, NATIVE, connections, time).await
}

/// The same of a request that places orders which all execute.
pub async fn cpu_of_a_request(server: &Server, asks: Asks<'_>, connections: usize, time: Duration) -> f64 {
    let before = server.cpu();
    let placed = ask_for(server.addr, asks, connections, time).await;
    all_closed(server).await;
    server.rest();
    (server.cpu() - before).as_secs_f64() / placed as f64
}

/// Waits until no order of the server is open.
async fn all_closed(server: &Server) {
    loop {
        let metrics = server.get("/metrics").await;
        let open = metrics.lines().find_map(|line| line.strip_prefix("tradepit_orders_open "));
        if open.expect("the server tells how many orders are open") == "0" {
            return;
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}
