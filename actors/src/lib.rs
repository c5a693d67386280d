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
//! looks like on the wire comes in as [`Wire`].
//!
//! Start reading at [`OrderBook`].

mod asking;
mod chance;
mod clock;
mod feed;
pub mod guard;
mod order_book;
mod replay;
mod requests;
mod session;
mod stats;
mod subscription;
mod timer;
mod turn;
mod wire;

pub use asking::List;
pub use chance::{Chance, DELAY_CAP_US, DelayModel, Delays, Ids};
pub use clock::Clock;
pub use feed::{Announce, CloseAll, Feed, FeedHandle};
pub use order_book::{Due, OrderBook, OrderBookAddr, Refused, Restore, Setup, StartStore};
pub use requests::{
    Cancel, Compare, Delay, Find, FindNamed, Lookup, Placed, ReadChanges, ReadOpenOrders, Request, Scan, Start, Submit,
    Subscribe,
};
pub use session::{Begin, handshake, open};
pub use stats::{DropReason, Lateness, Stats};
pub use subscription::{CloseCode, Disconnect, Registration};
pub use wire::{Format, Wire};
