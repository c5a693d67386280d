//! What the tests stand on: servers, an HTTP client that shows every byte, and WebSocket subscribers.

pub mod figures;
pub mod folder;
mod http;
mod line;
mod pace;
pub mod places;
pub mod process;
pub mod raw_ws;
mod recorder;
pub mod rest;
mod server;
mod spawned;
pub mod tls;
mod ws;

pub use http::{Reply, Request, send_raw};
pub use line::Line;
pub use pace::{clock, pause, until};
pub use places::{in_its_time, venue};
pub use raw_ws::RawSocket;
pub use recorder::{Recorder, as_text, change, id_of, seq_of, text_at};
pub use server::{Base, Venue, own_venue, server};
pub use spawned::spawned;
pub use tradepit_kit::Dice;
pub use ws::Subscriber;

use std::time::Duration;

/// How long anything may take that is not about time. A test that waits so long has failed.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Waits for `future`, but not for ever.
pub async fn in_time<T>(what: &str, future: impl Future<Output = T>) -> T {
    match tokio::time::timeout(PATIENCE, future).await {
        Ok(value) => value,
        Err(_) => panic!("{what}: nothing came in {PATIENCE:?}"),
    }
}
