//! Version 3 of the records: a JSON array each, in a list of them in a row.
//!
//! | record | places |
//! |---|---|
//! | an order is accepted | 0, µs after the row's `at`, id, symbol, quantity, µs until it is due; names, and what is rich of it, as below |
//! | an order is executed, cancelled | 1, 2; µs after the row's `at`, id, symbol, quantity, number of the change that accepted |
//! | a native order arrives, and buys all from the house | 3, and the same; price, fee (left out where there is none) |
//! | an order arrives | 4, and the same; the sum of 1 where it rests, 2 where a part of it traded before, 4 where it waited outside the book; what is rich of it where that begins here |
//! | an order trades | 5, and the same; `closes`, `rests` or `goes_on`, number of the trade, price, lot, quantity, `buy` or `sell`, account, fee, `maker` or `taker`, quantity so far, what that cost; account and fee of the other side, where the trade is settled by this part of it |
//! | an order ends | 6, and the same; why |
//! | an instrument is listed | 7, µs after the row's `at`, null, symbol, null, null; class and so on, as below |
//! | an order is amended | 8, and the same (the quantity is the new one); `keeps`, `to_end`, `leaves` or `waits`, what is rich of it from now on |
//! | the house is to quote by hand | 9, µs after the row's `at`, null, symbol, null, null; tick, lot; bid and its size, ask and its size (left out where the quote is taken back) |
//! | the price came about that an order waited for | 10, and the same; whether it rests from now on (0, 1) |
//! | an account is opened | 11, µs after the row's `at`, null, null, null, null; what it is, as below; then each currency that it begins with, and how much |
//! | money is transferred | 12, and the same; account, currency, amount |
//! | an order ends, and the next event accepts another one in its place | 13, µs after the row's `at`, id, symbol, quantity, number of the change that accepted; id of the other one, what is rich of it where that begins here |
//! | an instrument is otherwise | 14, µs after the row's `at`, null, symbol, null, null; `open`, `halted` or `closed`, fee of maker and of taker, whether it may be sold short (0, 1) |
//! | other rules are set | 18, µs after the row's `at`, null, null, null, null; what their chance follows from; then each, as below |
//! | a rule refuses an order | 19, and the same; why; then of each rule that looked at it four times its place, and 1 where it was about it, and 2 where it decided |
//! | a rule | name or null, how often it decides or null; symbol, account, side, type, time in force, pattern of `client_order_id`, how the quantity compares and with what, nth, every, probability, each or null; null, why it refuses, or what is in store for an order |
//! | what is in store for an order | null, `held`, or a list of how its delay is drawn; null, `cancel`, `expire`, or a list: `reject` and why, or `fill`, µs from one part to the next, a price or null, and each part; µs to cancel it, to amend it, or null |
//! | an order | number, seq and time (µs since 1970) of the change that accepted it, id, symbol, quantity, µs until it is due; its state (0 accepted, 1 new, 2 partly filled, 3 filled, 4 cancelled, 5 expired, 6 rejected, 7 replaced, -1 held), µs from accepted to closed, changes and changes of status from that one to its newest, price at which it all was bought (with a fee: a list of price, tick and fee) or null; names, and what is rich of it, as below |
//! | an account | time (µs since 1970) when it was opened, id, kind, currency, leverage, what becomes of an order that meets another one of it |
//! | what is listed | symbol, class, base, quote, tick, lot, least and greatest quantity or null, reference price, fee of maker and of taker, whether it may be sold short (0, 1), hours |
//!
//! Names are two places more, `client_order_id` and the idempotency key, each a string or null; where an order has
//! neither, and nothing follows, they are left out. What is rich of an order is a list: account, tick, lot, `buy` or
//! `sell`, its type, limit price or null, time in force, `post_only` (0, 1), quantity, time (µs since 1970) when it
//! expires or null; then how far it got: quantity that was traded, what that cost, when it arrived or null, when it
//! last changed, the change since which it stands in line or null, why it ended or null; where it waits for a price, a
//! list of whether that came about (0, 1) and how far the market has gone for it or null; where it has to do with other
//! orders, a list of the id of the one that it replaces and of the one that replaces it, each or null, and of the group
//! that it is of, as below, if there is one; then, where it was amended, what it asked for at first: quantity, and
//! the same places from `buy` or `sell` to when it expires.
//!
//! A type is `market` or `limit`; of an order that waits for a price it is a list: `stop` or `stop_limit` with that
//! price, `trailing_stop` with how far that is behind the market, `trailing_percent` with that in hundredths; of a
//! market order that says a sum in place of a quantity, `notional` with that.
//!
//! A group is a list: `bracket`, `oco` or `oto`; `parent`, `take_profit` or `stop_loss`, which this order is in it;
//! the change that accepted the group's first order; whether this one was accepted to wait for its parent (0, 1); the
//! ids of its parent and of its own legs, the one that takes a profit and the one that stops a loss, each or null; of
//! the group's first order also what was asked for of the legs: limit price of the one, stop price and limit price of
//! the other, each or null.
//!
//! A change has the number that follows from those before it in its row; one that buys from the house has two. Prices,
//! quantities and money are decimals in text (`amounts.rs`). What is read is what would be written, to the byte.

mod account;
mod event;
mod kin;
mod listing;
mod order;
mod quoted;
mod rich;
mod rule;
mod words;

pub(crate) use account::{push_account, read_account};
pub(crate) use event::{EVENT_BYTES, kind, push_event, read_events};
pub(crate) use listing::{push_listing, read_listing};
pub(crate) use order::{push_order, read_order};
pub(crate) use rule::{push_plan, push_rule, read_plan, read_rule};
pub(crate) use words::Word;

/// The version of these records.
pub(crate) const VERSION: i64 = 3;
