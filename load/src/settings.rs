//! What a run was asked to do, as the page and the JSON tell it.
//!
//! Owns the names and units of the settings. Made from the flags at the start.

use serde::Serialize;

use super::args::Args;
use super::mix::Mix;

#[derive(Debug, Serialize)]
pub(super) struct Settings {
    /// When the run began, UTC, RFC 3339.
    pub(super) started_at: String,
    pub(super) host: String,
    #[serde(flatten)]
    pub(super) mode: Mode,
    pub(super) run_time_s: f64,
    pub(super) grace_s: f64,
    /// What was sent, where it was not native orders.
    #[serde(flatten)]
    pub(super) mixed: Option<Mixed>,
}

/// A mix, and what it traded.
#[derive(Debug, Serialize)]
pub(super) struct Mixed {
    pub(super) mix: Mix,
    pub(super) symbol: String,
}

/// How orders were placed.
#[derive(Debug, Serialize)]
#[serde(tag = "mode", rename_all = "lowercase")]
pub(super) enum Mode {
    /// Each user waits for one order before the next.
    Closed { users: u64, spawn_rate: f64, iterations: Option<u64> },
    /// A fixed schedule.
    Open { rate: f64, connections: u64 },
}

impl Settings {
    /// The settings of a run that begins at the wall-clock moment `started_at`.
    pub(super) fn new(args: &Args, started_at: String) -> Self {
        let mode = match args.rate {
            Some(rate) => Mode::Open { rate, connections: args.connections },
            None => Mode::Closed { users: args.users, spawn_rate: args.spawn_rate, iterations: args.iterations },
        };
        Self {
            started_at,
            host: args.host.to_string(),
            mode,
            run_time_s: args.run_time.as_secs_f64(),
            grace_s: args.grace.as_secs_f64(),
            mixed: args.mixed().map(|mix| Mixed { mix, symbol: args.symbol().to_owned() }),
        }
    }

    /// The mode in a few words.
    pub(super) fn sentence(&self) -> String {
        let limit = self.run_time_s;
        let things = if self.mixed.is_some() { "requests" } else { "orders" };
        let mode = match &self.mixed {
            Some(Mixed { mix, symbol }) => format!("mix {} of {symbol}, ", mix.name()),
            None => String::new(),
        };
        match &self.mode {
            Mode::Closed { users, spawn_rate, iterations } => {
                let orders = iterations.map_or(String::new(), |n| format!(", at most {n} {things}"));
                format!("{mode}closed loop: {users} users, {spawn_rate} started a second{orders}, {limit} s")
            }
            Mode::Open { rate, connections } => {
                format!("{mode}open loop: {rate} {things} a second for {limit} s over {connections} connections")
            }
        }
    }

    #[cfg(test)]
    pub(super) fn example() -> Self {
        Self {
            started_at: "2026-11-23T08:00:00Z".to_owned(),
            host: "http://127.0.0.1:8000".to_owned(),
            mode: Mode::Open { rate: 10.0, connections: 16 },
            run_time_s: 20.0,
            grace_s: 10.0,
            mixed: None,
        }
    }
}
