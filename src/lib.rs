//! Tradepit: a trading backend that you run yourself, to build and test trading clients against.
//!
//! Orders come in over REST, execute after a random delay, and every change is announced over WebSocket. This crate is
//! the outermost room: command line, the edge that every request passes, the surfaces behind it, and assembly. The
//! exchange lives in `tradepit-engine`, the actors in `tradepit-actors`, the load tool in `tradepit-load`.
//!
//! Start reading at [`server::serve`].

#![warn(clippy::print_stdout, clippy::print_stderr)]

mod asking;
pub mod cli;
pub mod config;
mod control;
mod delay;
mod doors;
mod edge;
mod keeping;
mod native;
mod ops;
mod progress;
mod renewal;
mod rules;
mod say;
pub mod server;
mod signals;
mod start;
mod surfaces;
mod time;
mod tools;
mod wall;
mod workers;
