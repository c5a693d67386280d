//! A rule: which orders it is about, and what becomes of them.

use std::sync::Arc;

use super::conditions::Conditions;
use crate::orders::reason_text::ReasonText;
use crate::values::{Decimal, Time};

/// How long an order is on its way, drawn by whoever places it: see [`crate::Exchange::pace_of`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// No time at all.
    None,
    /// Always as long.
    Fixed {
        /// So many microseconds.
        us: u64,
    },
    /// Evenly between two bounds, both included.
    Uniform {
        /// The shortest, in microseconds.
        min_us: u64,
        /// The longest, in microseconds.
        max_us: u64,
    },
    /// Log-normal.
    LogNormal {
        /// The median, in microseconds.
        median_us: u64,
        /// The standard deviation of the delay's natural logarithm: the bits of a double, which is no number here.
        sigma_bits: u64,
    },
}

/// How an order gets to the exchange.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Way {
    /// As any other.
    #[default]
    Usual,
    /// In a time of its own.
    Delayed(Pace),
    /// Not before somebody lets it go.
    Held,
}

/// How much of an order trades at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Share {
    /// So much.
    Quantity(Decimal),
    /// So many hundredths of all that was ordered, rounded down to whole lots.
    Percent(Decimal),
}

/// In which parts an order trades with the house, whatever is offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parts {
    /// One after the other; what is left then stays open.
    pub shares: Arc<[Share]>,
    /// Microseconds from one to the next.
    pub every_us: u64,
    /// At this price; else at the order's limit, or the quote where it has none.
    pub price: Option<Decimal>,
    /// When the first of those that are left trades; when the order has arrived where nothing is said.
    pub next_at: Option<Time>,
}

impl Share {
    /// The most digits behind the point of a percentage.
    pub const DECIMALS: u32 = 12;
}

impl Parts {
    /// How many there may be.
    pub const AT_MOST: usize = 100;
}

/// What becomes of an order when it arrives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// The exchange does not take it, for this reason.
    Reject(ReasonText),
    /// It trades in parts.
    Fill(Parts),
    /// It is cancelled.
    Cancel,
    /// Its time is over.
    Expire,
}

/// What was asked of an order, and is not yet decided: it is open meanwhile, and may trade.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PutOff {
    /// To cancel it.
    Cancel,
    /// To amend it, or to place another one in its place.
    Replace,
}

/// What a rule has in store for an order that is accepted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// How it gets to the exchange.
    pub way: Way,
    /// What becomes of it there, where that is not what its instrument would do.
    pub fate: Option<Fate>,
    /// How long it takes to cancel it, in microseconds.
    pub cancel_us: Option<u64>,
    /// How long it takes to amend or replace it, in microseconds.
    pub replace_us: Option<u64>,
    /// What was asked of it and is put off, and when it is decided.
    pub put_off: Option<(PutOff, Time)>,
}

impl Plan {
    /// Whether anything is left of it once its order is on its way.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.fate.is_none() && self.cancel_us.is_none() && self.replace_us.is_none()
    }
}

/// What becomes of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Does {
    /// What becomes of any other: no further rule is looked at.
    Nothing,
    /// It is refused, for this reason, and nothing of it is kept.
    Reject(ReasonText),
    /// It is accepted, and this is done.
    Plan(Plan),
}

/// A rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// By what people know it.
    pub name: Option<ReasonText>,
    /// Which orders it is about.
    pub conditions: Conditions,
    /// What becomes of them.
    pub does: Does,
    /// How often it decides; then the rules after it do. Without end where nothing is said.
    pub times: Option<u64>,
}

impl Rule {
    /// How many a list may have.
    pub const AT_MOST: usize = 100;
}
