//! What was asked of a run beside a report, and whether it came of it: its schedule, its users, its orders.
//!
//! Owns the words for what fell short. Filled in by `closed` or `open`; the report, the page and the JSON show it, and
//! with --strict the exit code follows it.

use super::pace::Pace;

/// What a run was to do, and how far it came.
#[derive(Debug, Clone, Copy)]
pub(super) enum Demand {
    /// The closed loop: users to start; orders to place, where their number was given.
    Users { asked: u64, started: u64, orders: Option<Orders> },
    /// The open loop.
    Rate(Pace),
}

/// Orders to place, or requests of a mix to send, and those that were tried.
#[derive(Debug, Clone, Copy)]
pub(super) struct Orders {
    pub(super) asked: u64,
    pub(super) tried: u64,
}

impl Demand {
    /// What fell short, in whole lines; `None` where all came of it. `things` are orders, or the requests of a mix.
    pub(super) fn shortfall(&self, things: &str) -> Option<String> {
        match self {
            Demand::Rate(pace) => pace.shortfall(things),
            // No users were missed where all orders are placed without them.
            Demand::Users { orders: Some(Orders { asked, tried }), .. } if tried >= asked => None,
            Demand::Users { orders: Some(Orders { asked, tried }), .. } => {
                Some(format!("Fell short: the time was over after {tried} of {asked} {things}."))
            }
            Demand::Users { asked, started, orders: None } if started < asked => {
                Some(format!("Fell short: the time was over when {started} of {asked} users had started."))
            }
            Demand::Users { orders: None, .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shortfall(started: u64, tried: Option<u64>) -> Option<String> {
        let orders = tried.map(|tried| Orders { asked: 10, tried });
        Demand::Users { asked: 5, started, orders }.shortfall("orders")
    }

    #[test]
    fn orders_count_where_their_number_was_given_and_else_users_do() {
        assert_eq!(shortfall(5, None), None);
        assert_eq!(shortfall(4, None).unwrap(), "Fell short: the time was over when 4 of 5 users had started.");
        assert_eq!(shortfall(3, Some(10)), None);
        assert_eq!(shortfall(5, Some(9)).unwrap(), "Fell short: the time was over after 9 of 10 orders.");
    }
}
