//! Every actor and every message of Tradepit: who talks to whom, and when something may be published.
//!
//! ```text
//! HTTP handler ── Venue ── question ──▶ OrderBook ── Announce ──▶ Feed (one a worker) ──▶ Session (one a WebSocket)
//!                             │  ▲
//!                     changes ▼  │ once durable
//!                             store
//! ```
//!
//! Owns the clock, chance and the delay timer. Knows no routes, JSON bodies or status codes: what an announcement
//! looks like on the wire comes in as [`Voice`].
//!
//! Start reading at [`Venue`], then `order_book/mod.rs`.

mod accounts;
mod ask;
mod chance;
mod clock;
mod faults;
mod feed;
mod order_book;
mod printing;
pub mod session;
mod stats;
mod turn;
mod venue;
mod venues;
mod visits;

pub use accounts::AccountIds;
pub use ask::{
    ActOn, Advance, Advanced, Amend, AppendRows, BarsTold, Cancel, CancelOpen, CancelledOpen, CannotAdvance,
    ChangeInstrument, ClockStanding, ClosePosition, Closing, Compare, Deed, Delay, DoTogether, Done, DoneTogether,
    DropRows, Find, FindFilled, FindNamed, List, ListInstrument, Listed, Moments, OpenAccount, Piece, Placed,
    ReadAccounts, ReadActivities, ReadBars, ReadChanges, ReadFills, ReadHistory, ReadInstruments, ReadKept,
    ReadOffered, ReadOpenOrders, ReadPositions, ReadRows, ReadTrades, Replace, RunClock, SetQuote, SetRules, Start,
    Submit, Trade, TradeId, Transfer, Which, WhichAccount, WhichPositions, Would,
};
pub use chance::{Chance, DELAY_CAP_US, DelayModel, Delays, FaultDraws, Ids};
pub use clock::{Clock, Mode, Speed};
pub use faults::{Between, Choice, DEFAULT_ACCOUNT, Matched, Probability, StreamDeed, StreamFault, StreamFaults};
pub use feed::FeedHandle;
pub use feed::aside::Aside;
pub use feed::channels::{ChannelVoice, Channels, Growth};
pub use feed::closing::{CloseCode, Disconnect};
pub use feed::market::Following;
pub use feed::registry::Registration;
pub use feed::voice::{Frames, Gap, Voice};
pub use order_book::Setup;
pub use order_book::addr::Refused;
pub use order_book::copying::{Likeness, Otherwise};
pub use order_book::durable::{Recovered, StartStore};
pub use session::{Begin, handshake, open};
pub use stats::{DropReason, Ended, Lateness, Stats};
pub use venue::past::Coded;
pub use venue::{Venue, VenueId};
pub use venues::{MAIN, Venues};
pub use visits::Visits;
