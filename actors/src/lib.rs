//! Every actor and every message of Tradepit: who talks to whom, and when something may be published.
//!
//! ```text
//! HTTP handler ── Request ──▶ OrderBook ── Announce ──▶ Feed (one a worker) ──▶ Session (one a WebSocket)
//!                             │  ▲
//!                     changes ▼  │ once durable
//!                             store
//! ```
//!
//! Owns the clock, chance and the delay timer. Knows no routes, JSON bodies or status codes: what an announcement
//! looks like on the wire comes in as [`Voice`].
//!
//! Start reading at [`OrderBook`].

mod ask;
mod chance;
mod clock;
mod feed;
mod order_book;
pub mod session;
mod stats;
mod timer;
mod turn;
mod venue;

pub use ask::{
    Cancel, Compare, Delay, Find, FindNamed, Lookup, Placed, ReadChanges, ReadOpenOrders, Request, Scan, Start, Submit,
    Subscribe,
};
pub use chance::{Chance, DELAY_CAP_US, DelayModel, Delays, Ids};
pub use clock::Clock;
pub use feed::link::Announce;
pub use feed::registry::Registration;
pub use feed::subscription::{CloseCode, Disconnect};
pub use feed::voice::{Gap, Voice};
pub use feed::{CloseAll, Feed, FeedHandle};
pub use order_book::{Due, OrderBook, OrderBookAddr, Refused, Restore, Setup, StartStore};
pub use session::{Begin, handshake, open};
pub use stats::{DropReason, Lateness, Stats};
pub use venue::List;
