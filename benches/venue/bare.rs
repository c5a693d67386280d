//! The yardstick of `POST /orders`: an actix-web server that parses the same JSON and answers the same, and does
//! nothing else.

use actix_web::{App, HttpServer, web};
use serde::{Deserialize, Serialize};

/// The bench starts itself with this word to be the yardstick.
pub const ROLE: &str = "bare-server";

#[derive(Deserialize)]
struct NewOrder {
    stoks: String,
    quantity: u64,
}

#[derive(Serialize)]
struct Order {
    id: &'static str,
    stoks: String,
    quantity: u64,
    status: &'static str,
    accepted_at: &'static str,
    due_at: &'static str,
    closed_at: Option<&'static str>,
    number: u64,
    accepted_number: u64,
}

async fn place(order: web::Json<NewOrder>) -> web::Json<Order> {
    let NewOrder { stoks, quantity } = order.into_inner();
    web::Json(Order {
        id: "1d70aeaa-658c-4799-819f-79c436d2dd18",
        stoks,
        quantity,
        status: "PENDING",
        accepted_at: "2026-11-22T08:00:00.123456Z",
        due_at: "2026-11-22T08:00:00.623456Z",
        closed_at: None,
        number: 42,
        accepted_number: 42,
    })
}

/// Serves until killed.
pub fn serve() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    let addr = listener.local_addr().expect("it is bound");
    let server = HttpServer::new(|| App::new().route("/orders", web::post().to(place)))
        .workers(1)
        .tcp_nodelay(true)
        .listen(listener)
        .expect("it listens");
    println!("bare handler on http://{addr}");
    actix::System::new().block_on(server.run()).expect("it serves");
}
