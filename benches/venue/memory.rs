//! What an idle WebSocket and an order take.

use tokio::runtime::Builder;

use super::posts::place_many;
use super::process::{Bench, Server};
use super::subscriber::subscribe;

/// Resident memory per idle WebSocket and per order held.
pub fn per_socket_and_order(bench: &mut Bench) {
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
    let sockets = 2_000;
    let server = Server::start(&[]);
    let before = server.memory();
    let kept = runtime.block_on(async {
        let mut kept = Vec::new();
        for _ in 0..sockets {
            kept.push(subscribe(server.addr).await);
        }
        kept
    });
    let each = (server.memory() - before) as f64 / kept.len() as f64;
    let what = "resident bytes per idle WebSocket";
    bench.result(what, &format!("{each:.0}"), "<= 16 384", each <= 16_384.0);

    let orders = 100_000;
    let server = Server::start(&["--delay", "1h"]);
    // The connections are there before.
    runtime.block_on(place_many(server.addr, 32, 1_000));
    let before = server.memory();
    runtime.block_on(place_many(server.addr, 32, orders));
    let each = (server.memory() - before) as f64 / orders as f64;
    bench.result("resident bytes per order held, its change included", &format!("{each:.0}"), "<= 300", each <= 300.0);
}
