//! The black-box suite: every sentence of the wire contract, through real sockets.
//!
//! It starts the server in-process on a free port. With `TRADEPIT_URL` set the tests of the contract run against that
//! server instead; tests that need a server of their own setting start one all the same. Tests share a server: each
//! looks only at its own orders, so they run in any order and as often as wanted.

#![allow(unreachable_pub, reason = "modules of one program")]

mod support;

mod announcements;
mod body;
mod broken;
mod copies;
mod crash;
mod dashboard;
mod documents;
mod durable;
mod earlier;
mod echo;
mod encodings;
mod exchange;
mod execution;
mod faults;
mod folders;
mod handshake;
mod health;
mod heartbeat;
mod hosts;
mod idempotency;
mod last;
mod limits;
mod list;
mod list_twin;
mod listening;
mod load;
mod methods;
mod ops;
mod orders;
mod origins;
mod poison;
mod prefix;
mod process;
mod recovering;
mod refusals;
mod rejects;
mod retention;
mod schedules;
mod since;
mod slow;
mod starting;
mod stop;
mod suspended;
mod tls;
mod tools;
mod venues;
