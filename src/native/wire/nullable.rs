//! Fields that are null where there is nothing to tell.

use std::fmt;

use tradepit_engine::{Step, Time};

use super::object::Object;

/// A price, with the decimals of its tick.
pub(super) fn write_price(name: &str, tick: Step, ticks: u64, json: &mut Object<'_>) {
    write_some(name, tick.price(ticks), json);
}

pub(super) fn write_some(name: &str, number: Option<impl fmt::Display>, json: &mut Object<'_>) {
    match number {
        Some(number) => json.decimal(name, number),
        None => json.null(name),
    }
}

pub(super) fn write_time(name: &str, time: Option<Time>, json: &mut Object<'_>) {
    match time {
        Some(time) => json.time(name, time),
        None => json.null(name),
    }
}
